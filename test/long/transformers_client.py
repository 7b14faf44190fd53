"""Loads models with Python's transformers and prints what it makes of them, as JSON on the last line.

stdin: {"models": [{"name": a folder or a repository, "revision": optional}], "texts": [...], "saveTo": optional,
"maxShardSize": optional}. HF_ENDPOINT and HF_HOME say which
Hub is asked, and which cache is filled. With saveTo, the last model and its tokenizer are written there by transformers.
"""

import json
import sys

import torch
from huggingface_hub import ModelCard
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline


def main():
    request = json.load(sys.stdin)
    texts = request["texts"]
    answers = []
    for wanted in request["models"]:
        source = {"revision": wanted["revision"]} if "revision" in wanted else {}
        model = AutoModelForSequenceClassification.from_pretrained(wanted["name"], **source).eval()
        tokenizer = AutoTokenizer.from_pretrained(wanted["name"], **source)
        batch = tokenizer(texts, padding=True, truncation=True, max_length=64, return_tensors="pt")
        batch.pop("token_type_ids", None)
        with torch.no_grad():
            logits = model(**batch).logits
        classify = pipeline("text-classification", model=model, tokenizer=tokenizer)
        answer = {
            "architecture": type(model).__name__,
            "id2label": model.config.id2label,
            "label2id": model.config.label2id,
            "ids": [tokenizer(text)["input_ids"] for text in texts],
            "scores": torch.softmax(logits, -1).tolist(),
            "labels": [one["label"] for one in classify(texts)],
        }
        if "revision" in wanted:
            # no revision: the card is that of main
            data = ModelCard.load(wanted["name"]).data
            results = [[one.metric_type, one.metric_value] for one in data.eval_results or []]
            answer["card"] = {"license": data.license, "base_model": data.base_model, "results": results}
        answers.append(answer)
    if "saveTo" in request:
        model.save_pretrained(request["saveTo"], max_shard_size=request.get("maxShardSize", "50GB"))
        tokenizer.save_pretrained(request["saveTo"])
    print(json.dumps(answers))


main()
