"""What PyTorch, transformers and Rust's tokenizers do of a benchmark: a long-lived process that does one round when it is asked to.

Started by python-worker.ts. A line of JSON comes in, `{"task": ..., ...}`; a line of JSON goes out: the result, or `{"error": ...}`.
"""

import contextlib
import gc
import json
import os
import sys
import time
import traceback

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")

import tokenizers
import torch
import transformers
from transformers import (
    AutoTokenizer,
    DataCollatorWithPadding,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    Trainer,
    TrainingArguments,
    pipeline,
)

MAX_GRAD_NORM = 1.0


def load_model(folder, device):
    model = DistilBertForSequenceClassification.from_pretrained(folder, num_labels=2, attn_implementation="sdpa")
    return model.to(device)


def read_json(file):
    with open(file, encoding="utf-8") as stream:
        return json.load(stream)


class Step:
    """Training steps on one batch, all of whose texts are as long as the batch; ids and labels are those of step.ts."""

    def __init__(self, model, batch, length, bf16, device, gradientCheckpointing=False, gradientAccumulationSteps=1):
        self.device = torch.device(device)
        self.model = load_model(model, self.device).train()
        if gradientCheckpointing:
            self.model.gradient_checkpointing_enable()
        self.parts = gradientAccumulationSteps
        batch //= self.parts
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-6, weight_decay=0.0, fused=True)
        rows = [[1000 + (row * 7919 + at * 1047) % 20000 for at in range(length)] for row in range(batch)]
        self.inputs = {
            "input_ids": torch.tensor(rows, device=self.device),
            "attention_mask": torch.ones(batch, length, dtype=torch.long, device=self.device),
            "labels": torch.tensor([row % 2 for row in range(batch)], device=self.device),
        }
        self.cast = (
            torch.autocast(self.device.type, torch.bfloat16) if bf16 else contextlib.nullcontext()
        )

    def run(self, steps):
        losses = []
        begin = time.perf_counter()
        for _ in range(steps):
            for _ in range(self.parts):
                with self.cast:
                    loss = self.model(**self.inputs).loss / self.parts
                loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), MAX_GRAD_NORM)
            self.optimizer.step()
            self.optimizer.zero_grad()
            losses.append(self.parts * loss.item())
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return {"seconds": time.perf_counter() - begin, "loss": losses[0]}


class Epoch:
    """One epoch of transformers' Trainer over reviews, from texts to the last step; the model is loaded before the clock starts."""

    def __init__(self, model, tokenizer, file, batch, maxLength, device, out):
        self.folder, self.tokenizer, self.rows = model, tokenizer, read_json(file)
        self.batch, self.max_length, self.device, self.out = batch, maxLength, device, out

    def run(self):
        model = load_model(self.folder, self.device)
        args = TrainingArguments(
            output_dir=self.out,
            per_device_train_batch_size=self.batch,
            num_train_epochs=1,
            train_sampling_strategy="group_by_length",
            optim="adamw_torch_fused",
            use_cpu=self.device == "cpu",
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        begin = time.perf_counter()
        tokenizer = AutoTokenizer.from_pretrained(self.tokenizer)
        encoded = tokenizer([row["text"] for row in self.rows], truncation=True, max_length=self.max_length)
        features = [
            {"input_ids": ids, "labels": row["label"]} for ids, row in zip(encoded["input_ids"], self.rows)
        ]
        collator = DataCollatorWithPadding(tokenizer)
        output = Trainer(model=model, args=args, train_dataset=features, data_collator=collator).train()
        return {"seconds": time.perf_counter() - begin, "loss": output.training_loss}


class Tokenization:
    """Rust's tokenizers on all reviews; `fast` leaves out what only offsets need."""

    def __init__(self, model, file, fast):
        tokenizer = tokenizers.Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.encode = tokenizer.encode_batch_fast if fast else tokenizer.encode_batch
        self.texts = read_json(file)

    def run(self):
        begin = time.perf_counter()
        encodings = self.encode(self.texts)
        seconds = time.perf_counter() - begin
        return {"seconds": seconds, "tokens": sum(len(encoding.ids) for encoding in encodings)}


class Inference:
    """transformers' pipeline over reviews sorted by length."""

    def __init__(self, model, tokenizer, file, batch, maxLength, device):
        self.classify = pipeline(
            "text-classification", model=load_model(model, device).eval(), device=device,
            tokenizer=AutoTokenizer.from_pretrained(tokenizer),
        )
        self.options = {"batch_size": batch, "truncation": True, "max_length": maxLength}
        self.texts = sorted(read_json(file), key=len, reverse=True)

    def run(self):
        begin = time.perf_counter()
        answers = self.classify(self.texts, **self.options)
        labels = [answer["label"] for answer in answers]
        return {"seconds": time.perf_counter() - begin, "positive": sum(label.endswith("1") for label in labels)}


class InOrder(torch.utils.data.Sampler):
    """The examples in the order that another Trainer read them, epoch by epoch."""

    def __init__(self, orders):
        self.orders, self.epochs = orders, iter(orders)

    def __iter__(self):
        return iter(next(self.epochs))

    def __len__(self):
        return len(self.orders[0])


class TrainerInOrder(Trainer):
    def __init__(self, orders, **params):
        super().__init__(**params)
        self.orders = orders

    def _get_train_sampler(self, train_dataset=None):
        return InOrder(self.orders)


def fine_tune(model, tokenizer, train, test, orders, seed, recipe, out):
    """Fine-tunes on features that are tokenized already, and says which of the test set it gets right."""
    args = TrainingArguments(
        output_dir=out,
        seed=seed,
        num_train_epochs=recipe["numTrainEpochs"],
        learning_rate=recipe["learningRate"],
        per_device_train_batch_size=recipe["perDeviceTrainBatchSize"],
        use_cpu=not torch.cuda.is_available(),
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    features = [
        [{"input_ids": feature["inputIds"], "labels": feature["label"]} for feature in part] for part in (train, test)
    ]
    collator = DataCollatorWithPadding(AutoTokenizer.from_pretrained(tokenizer))
    network = load_model(model, "cpu")
    trainer = TrainerInOrder(orders, model=network, args=args, train_dataset=features[0], data_collator=collator)
    trainer.train()
    predictions = trainer.predict(features[1]).predictions.argmax(-1)
    return [bool(found == feature["labels"]) for found, feature in zip(predictions, features[1])]


def describe():
    return {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "tokenizers": tokenizers.__version__,
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.is_available(),
    }


def make_base_model(folder):
    """DistilBERT-base with random weights: what the benchmark needs of distilbert-base-uncased is its size."""
    torch.manual_seed(0)
    DistilBertForSequenceClassification(DistilBertConfig(num_labels=2)).save_pretrained(folder)


def make_classifier(encoder, folder):
    """An encoder with a head that is the same for all who load it."""
    torch.manual_seed(0)
    load_model(encoder, "cpu").save_pretrained(folder)


def export_onnx(model, file):
    """torch's own export, with batch and length left open."""
    network = load_model(model, "cpu").eval()
    ids = torch.randint(1000, 2000, (2, 16))
    free = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("length", min=2, max=512)}
    torch.onnx.export(
        network,
        (ids, torch.ones_like(ids)),
        file,
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes={"input_ids": free, "attention_mask": free},
    )


def peak_memory(steps, **params):
    """Highest resident memory of this process, which must have done nothing else."""
    Step(**params).run(steps)
    with open("/proc/self/status", encoding="ascii") as status:
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"bytes": kilobytes * 1024}


RIVALS = {"step": Step, "epoch": Epoch, "tokenization": Tokenization, "inference": Inference}
TASKS = {
    "describe": describe,
    "makeBaseModel": make_base_model,
    "makeClassifier": make_classifier,
    "exportOnnx": export_onnx,
    "peakMemory": peak_memory,
    "fineTune": fine_tune,
}


def answer(request, open_rivals):
    task = request.pop("task")
    if task == "open":
        name, kind = request.pop("name"), request.pop("kind")
        open_rivals[name] = RIVALS[kind](**request)
    elif task == "run":
        return open_rivals[request.pop("name")].run(**request)
    elif task == "close":
        open_rivals.clear()
        gc.collect()
    else:
        return TASKS[task](**request)
    return None


def main():
    # what libraries print must not come between the answers
    replies, sys.stdout = sys.stdout, sys.stderr
    transformers.logging.set_verbosity_error()
    open_rivals = {}
    for line in sys.stdin:
        try:
            reply = {"result": answer(json.loads(line), open_rivals)}
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), file=replies, flush=True)


main()
