"""The same rows, encoder, batch size, epochs and learning rate as imdb-2000.ts, in PyTorch and transformers: prints the accuracy.

Run imdb-2000.ts first, then this in an environment with torch and transformers.
"""

import json
import os
import time

import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification, get_linear_schedule_with_warmup

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENCODER = os.path.join(ROOT, "data", "downloads", "encoder")
BATCH, EPOCHS, LEARNING_RATE = 16, 2, 5e-5


def main():
    with open(os.path.join(ROOT, "build", "bench", "imdb-2000.json"), encoding="utf-8") as file:
        data = json.load(file)
    torch.manual_seed(data["seed"])
    tokenizer = AutoTokenizer.from_pretrained(ENCODER)
    model = DistilBertForSequenceClassification.from_pretrained(ENCODER, num_labels=2)

    def batches(rows, order):
        for begin in range(0, len(order), BATCH):
            part = [rows[index] for index in order[begin : begin + BATCH]]
            texts = tokenizer(
                [row["text"] for row in part],
                truncation=True,
                max_length=data["maxLength"],
                padding=True,
                return_tensors="pt",
            )
            texts.pop("token_type_ids", None)
            yield texts, torch.tensor([row["label"] for row in part])

    train = data["train"]
    total = EPOCHS * -(-len(train) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, total)
    started = time.time()
    model.train()
    for _ in range(EPOCHS):
        for texts, labels in batches(train, torch.randperm(len(train)).tolist()):
            loss = model(**texts, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    runtime = time.time() - started
    model.eval()
    test = data["test"]
    by_length = sorted(range(len(test)), key=lambda index: len(test[index]["text"]))
    right = 0
    with torch.no_grad():
        for texts, labels in batches(test, by_length):
            right += int((model(**texts).logits.argmax(-1) == labels).sum())
    print(json.dumps({"accuracy": right / len(test), "trainRuntime": runtime}))


if __name__ == "__main__":
    main()
