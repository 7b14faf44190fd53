import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Resvg } from "@resvg/resvg-js";

import { FONT_FAMILY, fontFiles, textWidth, wrapText } from "../../../lib/src/display/font-metrics";

/** What resvg, which reads the font by itself, needs for one more of a character. */
function resvgAdvance(character: string): number {
  const inkWidth = (count: number): number => {
    const text = `<text y="100" font-family="${FONT_FAMILY}" font-size="100">${character.repeat(count)}</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="200">${text}</svg>`;
    const options = { font: { loadSystemFonts: false, fontFiles: [fontFiles().regular] } };
    return new Resvg(svg, options).innerBBox()?.width ?? 0;
  };
  return (inkWidth(11) - inkWidth(1)) / 10;
}

describe("textWidth", () => {
  it("agrees with what is drawn", () => {
    for (const character of ["i", "W", "m", "0", "%", "é", "→", "✓"]) {
      const [measured, drawn] = [textWidth(character, 100), resvgAdvance(character)];
      assert.ok(Math.abs(measured - drawn) < 0.5, `${character}: ${measured} measured, ${drawn} drawn`);
    }
  });

  it("adds characters up and knows bold", () => {
    assert.equal(textWidth("iW", 100), textWidth("i", 100) + textWidth("W", 100));
    assert.ok(textWidth("W", 100, true) > textWidth("W", 100));
  });

  it("has a width for what the font has not", () => {
    assert.ok(textWidth("😀漢", 12) > 0);
  });
});

describe("wrapText", () => {
  it("keeps lines within the width and every word", () => {
    const text = "This movie is absolutely amazing and I would see it again";
    const lines = wrapText(text, 120, 13);
    assert.ok(lines.length > 2 && lines.every((line) => textWidth(line, 13) <= 120));
    assert.equal(lines.join(" "), text);
  });

  it("leaves a word alone that is wider than the line", () => {
    assert.deepEqual(wrapText("a Donaudampfschifffahrt b", 40, 13), ["a", "Donaudampfschifffahrt", "b"]);
    assert.deepEqual(wrapText("", 40, 13), [""]);
  });
});
