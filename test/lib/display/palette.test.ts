import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import { toFigure } from "../../../lib/src/display/figure";
import { INK, labelColor, labelInk, SERIES, seriesColor, shade } from "../../../lib/src/display/palette";
import { htmlPage } from "../../../lib/src/display/page";
import type { ChartSpec } from "../../../lib/src/runtime/presentation";
import { ROOT } from "../../environment/programs";
import { contrast, distance, hue, turnedOver, VISIONS } from "./color-vision";

const LABELS = ["NEGATIVE", "POSITIVE"];
const LABEL_COLORS = LABELS.map((name, id) => labelColor(name, id));
const FILTER = /filter: invert\(([\d.]+)\) hue-rotate\(180deg\)/u;

/** What stands together in one chart: curves of a run, bars that pass or not, the two labels. */
const TOGETHER = { series: SERIES, bars: [seriesColor(3), INK.rule], labels: LABEL_COLORS };

/** How far charts are inverted in JupyterLab's dark theme. */
function amount(): number {
  const css = readFileSync(path.join(ROOT, "environment/lab-config/custom.css"), "utf8");
  return Number(FILTER.exec(css)?.[1]);
}

function pairs(colors: readonly string[]): [string, string][] {
  return colors.flatMap((one, at) => colors.slice(at + 1).map((other): [string, string] => [one, other]));
}

function assertContrast(params: { color: string; ground: string; least: number }): void {
  const { color, ground, least } = params;
  const found = contrast(color, ground);
  assert.ok(found >= least, `${color} on ${ground}: ${found.toFixed(2)}, expected ${least}`);
}

describe("the palette", () => {
  for (const vision of Object.keys(VISIONS) as (keyof typeof VISIONS)[]) {
    it(`has colours that ${vision} can tell apart`, () => {
      for (const [where, colors] of Object.entries(TOGETHER))
        for (const [one, other] of pairs(colors)) {
          const found = distance(vision, one, other);
          assert.ok(found > 10, `${where}: ${one} and ${other} are ${found.toFixed(1)} apart`);
        }
      assert.ok(distance(vision, ...(LABEL_COLORS as [string, string])) > 80, "labels are far apart");
    });
  }

  it("has contrast: 3 for what is drawn and 4.5 for what is read (WCAG 2.2, 1.4.11 and 1.4.3)", () => {
    for (const color of [...SERIES, ...LABEL_COLORS, INK.rule])
      assertContrast({ color, ground: INK.ground, least: 3 });
    for (const color of [INK.text, INK.muted, ...LABELS.map(labelInk), labelInk("another")])
      assertContrast({ color, ground: INK.ground, least: 4.5 });
  });

  it("colours what names no colour", () => {
    const chart: ChartSpec = { kind: "chart", title: "", altText: "", data: [], layout: {} };
    assert.deepEqual(toFigure(chart).layout["colorway"], SERIES);
    assert.equal(seriesColor(SERIES.length), SERIES[0]);
  });

  it("keeps text readable on every ground of a cell", () => {
    for (let part = 0; part <= 1; part += 0.05)
      assertContrast({ color: INK.text, ground: shade(part), least: 4.5 });
    assert.deepEqual([shade(0), shade(1)], ["#ffffff", "#8cc0dc"]);
  });
});

describe("a chart in the dark", () => {
  const dark = (color: string): string => turnedOver(color, amount());

  it("keeps its contrast", () => {
    for (const color of [...SERIES, ...LABEL_COLORS, INK.rule])
      assertContrast({ color: dark(color), ground: dark(INK.ground), least: 3 });
    for (const color of [INK.text, INK.muted, ...LABELS.map(labelInk)])
      assertContrast({ color: dark(color), ground: dark(INK.ground), least: 4.5 });
    for (let part = 0; part <= 1; part += 0.05)
      assertContrast({ color: dark(INK.text), ground: dark(shade(part)), least: 4.5 });
  });

  it("keeps its hues, so that a label is known by its colour", () => {
    for (const color of [...SERIES.slice(0, 4), ...LABEL_COLORS]) {
      const turned = Math.abs(((hue(dark(color)) - hue(color) + 540) % 360) - 180);
      assert.ok(turned < 20, `${color} becomes ${dark(color)}, ${turned.toFixed(0)} degrees away`);
    }
  });

  it("has colours that everybody can tell apart", () => {
    for (const vision of Object.keys(VISIONS) as (keyof typeof VISIONS)[])
      for (const [one, other] of Object.values(TOGETHER).flatMap(pairs))
        assert.ok(distance(vision, dark(one), dark(other)) > 8, `${one} and ${other}, ${vision}`);
  });

  it("is turned over by a page as it is by JupyterLab", async () => {
    const page = await htmlPage({ title: "Empty", shown: [] });
    assert.equal(Number(FILTER.exec(page)?.[1]), amount());
  });
});
