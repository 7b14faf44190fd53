import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { textWidth } from "../../../lib/src/display/font-metrics";
import { drawSvg } from "../../../lib/src/display/plotly-window";
import { textBox, type MeasuredElement } from "../../../lib/src/display/svg-text-box";

const SIZE = { width: 900, height: 300 };

function figure(names: readonly string[]) {
  const data = names.map((name) => ({ type: "scatter", name, x: [1, 2], y: [1, 2] }));
  const legend = { orientation: "h", font: { size: 13 } };
  return { data, layout: { ...SIZE, showlegend: true, legend }, config: {} };
}

/** Where the legend's entries begin, in pixels. */
function legendPlaces(svg: string): number[] {
  return [...svg.matchAll(/<g class="traces"[^>]* transform="translate\(([\d.]+)/gu)].map((match) =>
    Number(match[1]),
  );
}

describe("drawSvg", () => {
  it("draws the same file every time", async () => {
    const [first, second] = [
      await drawSvg(figure(["a", "b"]), SIZE),
      await drawSvg(figure(["a", "b"]), SIZE),
    ];
    assert.equal(first, second);
    assert.match(first, /font-family: Open Sans,/u);
  });

  it("leaves a legend entry the room that its text needs", async () => {
    for (const name of ["iiiiiiiiiiiiiiiiiiiiiiii", "WWWWWWWWWWWWWWWWWWWWWWWW"]) {
      const [first = 0, second = 0] = legendPlaces(await drawSvg(figure([name, "b"]), SIZE));
      const room = second - first - textWidth(name, 13);
      assert.ok(room > 40 && room < 70, `${room} pixels for the symbol and the gaps`);
    }
  });
});

describe("textBox", () => {
  const attributes = { x: "10", y: "20", "text-anchor": "end", style: "font-size: 10px; fill: red" };

  /** `<text>` with one text node, in a turned group. */
  function element(transform: string): MeasuredElement {
    const withAttributes = (map: Record<string, string>) => (name: string) => map[name] ?? null;
    const group = { nodeName: "g", textContent: "iW", parentNode: null, getAttribute: withAttributes({}) };
    const text = { nodeName: "text", textContent: "iW", parentNode: group };
    const node = { nodeName: "#text", textContent: "iW", childNodes: [], parentNode: text };
    const getAttribute = withAttributes({ ...attributes, transform });
    const querySelectorAll = (selector: string): MeasuredElement[] =>
      selector === "text" ? [text as never] : [];
    Object.assign(text, { getAttribute, childNodes: [node] });
    return Object.assign(group, { childNodes: [text as never], querySelectorAll });
  }

  it("stands at the text's place, by its anchor and size", () => {
    const { left, right, top, bottom } = textBox(element(""));
    assert.equal(right, 10);
    assert.ok(Math.abs(right - left - textWidth("iW", 10)) < 1e-9);
    assert.ok(top < 20 && bottom > 20 && bottom - top < 13);
  });

  it("turns with the text, as a vertical axis' title does", () => {
    const [flat, turned] = [textBox(element("")), textBox(element("rotate(-90,10,20)"))];
    assert.ok(Math.abs(turned.height - flat.width) < 1e-9 && Math.abs(turned.width - flat.height) < 1e-9);
    assert.equal(textBox(element("translate(5,7)")).right, 15);
  });
});
