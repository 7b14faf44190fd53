"""Loads BERT classifiers with Python's transformers and prints what it makes of them, as JSON on the last line.

stdin: {"folders": [...], "inputIds": one text, "tokenTypeIds": its types, "saveTo": where transformers saves the first model}.
"""

import json
import sys

import torch
from transformers import AutoModelForSequenceClassification


def main():
    request = json.load(sys.stdin)
    answers = []
    for folder in request["folders"]:
        model, info = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
        with torch.no_grad():
            ids, types = (torch.tensor([request[name]]) for name in ("inputIds", "tokenTypeIds"))
            logits = model.eval()(input_ids=ids, token_type_ids=types).logits[0].tolist()
        answers.append(
            {
                "architecture": type(model).__name__,
                "id2label": model.config.id2label,
                "missing": sorted(info["missing_keys"]),
                "unexpected": sorted(info["unexpected_keys"]),
                "logits": logits,
            }
        )
        if folder == request["folders"][0]:
            model.save_pretrained(request["saveTo"])
    print(json.dumps(answers))


main()
