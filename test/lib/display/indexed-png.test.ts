import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartToPng } from "../../../lib/src/display/chart-picture";
import { indexedPng } from "../../../lib/src/display/indexed-png";
import { INK, OKABE_ITO } from "../../../lib/src/display/palette";
import { charts } from "./examples";
import { decodePng } from "./png";

/** A row of pixels, of so many colours. */
const row = (colors: number): Buffer =>
  Buffer.from(Array.from({ length: colors }, (_, at) => [at >> 8, at, 7, 255]).flat());

describe("indexedPng", () => {
  it("holds every pixel's colour", () => {
    const png = indexedPng({ pixels: Buffer.concat([row(2), row(2)]), width: 2, height: 2 });
    assert.ok(png);
    const { width, height, colors } = decodePng(png);
    assert.deepEqual(
      [width, height, [...colors]],
      [
        2,
        2,
        [
          ["#000007", 2],
          ["#000107", 2],
        ],
      ],
    );
  });

  it("takes 256 colours and no more", () => {
    const png = indexedPng({ pixels: row(256), width: 256, height: 1 });
    assert.equal(png && decodePng(png).colors.size, 256);
    assert.equal(indexedPng({ pixels: row(257), width: 257, height: 1 }), undefined);
  });

  it("is what charts are saved as, in their own colours", async () => {
    const png = await chartToPng(charts["stacked-bars"]);
    assert.equal(png[25], 3);
    const { colors } = decodePng(png);
    for (const color of [INK.ground, OKABE_ITO.orange, OKABE_ITO.green])
      assert.ok((colors.get(color.toLowerCase()) ?? 0) > 500);
  });
});
