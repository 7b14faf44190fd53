"""Asks a server with huggingface_hub's InferenceClient what test/long/serving.test.ts gives it as JSON; prints the answers as JSON."""

import json
import sys

from huggingface_hub import InferenceClient, get_session
from huggingface_hub.errors import HfHubHTTPError
from transformers import pipeline

given = json.load(sys.stdin)
texts, url, token = given["texts"], given["url"], given["token"]


def elements(found):
    return [[element.label, element.score] for element in found]


def error_of(ask):
    try:
        ask()
    except HfHubHTTPError as error:
        return [error.response.status_code, str(error)]
    return None


client = InferenceClient(model=url, token=token)
by_base_url = InferenceClient(base_url=url, api_key=token)
session = get_session()
headers = {"Authorization": f"Bearer {token}"}
batch = session.post(url, json={"inputs": texts}, headers=headers).json()
whole = session.post(url, json={"inputs": texts, "parameters": {"top_k": 2}}, headers=headers).json()
reference = pipeline("text-classification", model=given["model"])
print(
    json.dumps(
        {
            "single": [elements(client.text_classification(text)) for text in texts],
            "by_base_url": elements(by_base_url.text_classification(texts[0])),
            "top": elements(client.text_classification(texts[0], top_k=1)),
            "none": elements(client.text_classification(texts[0], function_to_apply="none")),
            "batch": batch,
            "whole": whole,
            "reference": reference(texts, truncation=True),
            "reference_whole": reference(texts, truncation=True, top_k=2),
            "reference_none": reference(texts[0], function_to_apply="none", top_k=2),
            "wrong_token": error_of(lambda: InferenceClient(model=url, token="hf_wrong").text_classification("A gem.")),
            "empty": error_of(lambda: client.text_classification("")),
            "other_model": error_of(lambda: client.text_classification("A gem.", model=f"{url}-other")),
        }
    )
)
