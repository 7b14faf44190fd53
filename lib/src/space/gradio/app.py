"""A demo of a text classifier, for Gradio: label, confidence, and what each word weighs.

app.json says which model; it is taken from the Hub that HF_ENDPOINT names, Hugging Face's own where nothing is set. A private model
needs HF_TOKEN among the Space's secrets.
"""

import json
import re
from pathlib import Path

import gradio as gr
from transformers import pipeline

APP = json.loads(Path(__file__).with_name("app.json").read_text(encoding="utf-8"))
# how often a text is asked about at most; of longer ones, neighbouring words are left out together
MOST_QUESTIONS = 60

classify = pipeline("text-classification", model=APP["model"], revision=APP["commit"], top_k=None)


def scores_of(texts: list[str]) -> list[dict[str, float]]:
    """The score of every label, for each text."""
    answers = classify(texts, batch_size=8, truncation=True)
    return [{answer["label"]: answer["score"] for answer in of_text} for of_text in answers]


def groups_of(text: str) -> list[tuple[int, int]]:
    """Where groups of neighbouring words begin and end, as small as so many questions allow."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    size = max(1, -(-len(words) // MOST_QUESTIONS))
    groups = [words[at : at + size] for at in range(0, len(words), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def answer(text: str) -> tuple[dict[str, float], list[tuple[str, float]]]:
    """Scores by label, and the text in pieces: how far the best label's score falls when a piece is left out (-1 to 1)."""
    if not text.strip():
        raise gr.Error("Type a text first.")
    groups = groups_of(text)
    rest = [(text[:start] + text[end:].lstrip()).strip() for start, end in groups]
    whole, *left = scores_of([text, *rest])
    label = max(whole, key=whole.get)
    pieces: list[tuple[str, float]] = []
    at = 0
    for (_, end), scores in zip(groups, left, strict=True):
        pieces.append((text[at:end], whole[label] - scores[label]))
        at = end
    return whole, pieces


demo = gr.Interface(
    fn=answer,
    inputs=gr.Textbox(label="Text to classify", lines=4),
    outputs=[
        gr.Label(label="Label"),
        gr.HighlightedText(
            label="What each word weighs: red speaks for the label, whose score falls without it; blue against it",
        ),
    ],
    examples=[[text] for text in APP["examples"]] or None,
    cache_examples=False,
    title=APP["title"],
    description=f"Asks {APP['model']} at {APP['commit'][:7]}, on this Space's machine.",
    flagging_mode="never",
    api_name="classify",
)

if __name__ == "__main__":
    demo.launch()
