import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sentenceWeights } from "../../../lib/src/display/charts/sentence-weights";
import { wordPlaces } from "../../../lib/src/display/charts/word-places";
import { textWidth } from "../../../lib/src/display/font-metrics";
import { mixed } from "../../../lib/src/display/palette";
import { TokenWeights } from "../../../lib/src/evaluation/attribution/token-weights";
import { charts } from "./examples";

interface Boxes {
  type: string;
  base: number[];
  x: number[];
  y: number[];
  text: string[];
  marker: { color: string[] };
  hovertext: string[];
}

function boxesOf({ data }: { data: readonly unknown[] }): Boxes {
  const boxes = (data as Boxes[]).find(({ type }) => type === "bar");
  assert.ok(boxes);
  return boxes;
}

const said = { label: "NEGATIVE", score: 0.9 };
const review = (words: string[]) =>
  new TokenWeights({
    ...{ method: "leave-one-out", text: words.join(" "), label: "NEGATIVE", probability: 0.9, unread: 0 },
    tokens: words.map((text, at) => ({ text, weight: Math.sin(at) / (1 + at), without: said })),
    predicted: said,
    withoutWords: { label: "POSITIVE", score: 0.6, probability: 0.4 },
  });

describe("sentenceWeights", () => {
  it("sets a long review in lines, in its order, no word over another or over the edge", () => {
    const words = Array.from({ length: 250 }, (_, at) => "x".repeat(1 + ((at * 7) % 12)));
    const chart = sentenceWeights(review([...words, "y".repeat(400)]));
    const { base, x, y, text } = boxesOf(chart);
    assert.equal(text.length, 251);
    for (const [at, left] of base.entries()) {
      assert.ok(left >= 0 && left + (x[at] ?? NaN) <= 680);
      const sameLine = y[at] === y[at - 1];
      const end = (base[at - 1] ?? 0) + (x[at - 1] ?? 0);
      assert.ok(at === 0 || (sameLine ? left >= end : (y[at] ?? 0) >= (y[at - 1] ?? 0) + 30));
    }
    assert.ok((chart.height ?? 0) > (y.at(-1) ?? NaN) && (chart.height ?? 0) < 2_000);
    assert.match(text.at(-1) ?? "", /^y+…$/u);
    assert.ok(textWidth(text.at(-1) ?? "", 15) <= 680);
  });

  it("says the sign by form and number as well as by colour, and all of it in words", () => {
    const { data, altText } = charts["sentence-weights"];
    const lines = (data as { name?: string; line?: { dash?: string } }[]).filter(({ name }) => name);
    assert.deepEqual(
      lines.map(({ name, line }) => [name, line?.dash]),
      [
        ["adds to NEGATIVE's probability", undefined],
        ["takes from NEGATIVE's probability", "5px,3px"],
      ],
    );
    const { marker, text, hovertext } = boxesOf(charts["sentence-weights"]);
    assert.match(JSON.stringify(data), /"\+0\.70".*"−0\.05"/u);
    assert.equal(marker.color[1], "#ffffff", "too little to be coloured");
    assert.equal(hovertext[0], "not: +0.700 probability; without it POSITIVE (0.800)");
    assert.equal(text.at(-1), "… 12 more words not read");
    assert.match(
      altText,
      /Most for NEGATIVE, by probability: “not” \+0\.70.*against: “good” −0\.05.*12 words/u,
    );
  });

  it("has the label's own colour for what speaks for it", () => {
    const { marker } = boxesOf(charts["sentence-weights"]);
    const [red = 0, , blue = 0] = [1, 3, 5].map((at) =>
      parseInt(marker.color[0]?.slice(at, at + 2) ?? "", 16),
    );
    assert.ok(red > blue, "NEGATIVE is vermilion");
    assert.deepEqual(
      [mixed("#D55E00", 0), mixed("#D55E00", 1), mixed("#000000", 0.5)],
      ["#ffffff", "#d55e00", "#808080"],
    );
  });
});

describe("wordPlaces", () => {
  it("gives a short word the room that it is asked for", () => {
    const [first, second] = wordPlaces({
      words: ["a", "b"],
      leastWidth: () => 40,
      lineWidth: 100,
      fontSize: 15,
    });
    assert.deepEqual([first?.left, first?.width, second?.left], [0, 40, 42]);
  });
});
