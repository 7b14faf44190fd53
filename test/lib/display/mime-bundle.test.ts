import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { renderMetadata, renderMimeBundle } from "../../../lib/src/display/mime-bundle";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { charts, hostile, table, verdict } from "./examples";
import { decodePng } from "./png";
import { assertSnapshot } from "./snapshot";

const PLOTLY = "application/vnd.plotly.v1+json";

function png(bundle: Record<string, unknown>): Buffer {
  return Buffer.from(bundle["image/png"] as string, "base64");
}

describe("a table", () => {
  it("is HTML and aligned text", async () => {
    const bundle = await renderMimeBundle(table);
    assert.deepEqual(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
    assertSnapshot("table.html", bundle["text/html"]);
    assertSnapshot("table.txt", bundle["text/plain"]);
  });

  it("keeps hostile text from becoming markup", async () => {
    const html = String((await renderMimeBundle({ ...table, title: hostile, note: hostile }))["text/html"]);
    assert.ok(!html.includes("<script"));
    assert.equal(
      html.split("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;").length,
      4,
    );
  });

  it("refuses a row that is too short", async () => {
    await assert.rejects(
      renderMimeBundle({ ...table, rows: [["one"]] }),
      /Row 0 has 1 cells, the table 4 columns/u,
    );
  });
});

describe("a verdict", () => {
  it("is one line", async () => {
    const bundle = await renderMimeBundle(verdict);
    assert.equal(bundle["text/plain"], "✓ balanced accuracy 0.81 (expected at least 0.78)");
    assert.equal(bundle["text/html"], "<p>✓ balanced accuracy 0.81 (expected at least 0.78)</p>");
    assert.match(specToText({ ...verdict, ok: false }), /^✗/u);
  });
});

describe("a chart", () => {
  for (const [name, chart] of Object.entries(charts)) {
    it(`${name} is plotly's JSON, text, and a picture of the right size with ink on a white ground`, async () => {
      const bundle = await renderMimeBundle(chart);
      assert.deepEqual(Object.keys(bundle).sort(), [PLOTLY, "image/png", "text/plain"]);
      assert.deepEqual(Object.keys(bundle[PLOTLY] as object).sort(), ["config", "data", "layout"]);
      assert.ok(JSON.stringify(bundle[PLOTLY]).length < 10_000, "plotly's JSON is small");
      assert.equal(bundle["text/plain"], `[chart] ${chart.title}\n${chart.altText}`);
      assert.ok(!JSON.stringify(bundle).includes(process.cwd()), "no path of this machine");

      const bytes = png(bundle);
      const { width, height, indexed, colors } = await decodePng(bytes);
      const { width: pageWidth = 720, height: pageHeight = 400 } = chart as {
        width?: number;
        height?: number;
      };
      assert.deepEqual([width, height], [2 * pageWidth, 2 * pageHeight]);
      assert.ok(indexed && bytes.length < 40_000, `${bytes.length} bytes: a notebook holds several pictures`);
      const white = (colors.get("#ffffff") ?? 0) / (width * height);
      assert.ok(white > 0.2 && white < 0.98, `${white} of the picture is white`);
      assert.ok((colors.get("#24292f") ?? 0) > 500, "text is drawn, so the font was found");
    });
  }

  it("is the same picture every time, also when others are drawn at the same time", async () => {
    const first = png(await renderMimeBundle(charts["metric-curves"]));
    const [second, , third] = await Promise.all([
      renderMimeBundle(charts["metric-curves"]),
      renderMimeBundle(charts["compare-bars"]),
      renderMimeBundle(charts["metric-curves"]),
    ]);
    assert.ok(png(second).equals(first) && png(third).equals(first));
    assert.ok(!png(await renderMimeBundle(charts["compare-bars"])).equals(first));
  });

  it("tells its size and alternative text in the metadata", () => {
    const { altText } = charts["metric-curves"];
    const expected = { "image/png": { width: 720, height: 400, alt: altText } };
    assert.deepEqual(renderMetadata(charts["metric-curves"]), expected);
    assert.deepEqual(renderMetadata(table), {});
  });
});

describe("several things in one bundle", () => {
  it("are one HTML, with the chart as picture", async () => {
    const bundle = await renderMimeBundle([table, charts["compare-bars"], verdict]);
    assert.deepEqual(Object.keys(bundle).sort(), ["image/png", "text/html", "text/plain"]);
    const html = String(bundle["text/html"]);
    assert.match(html, /<table>[^]*<img src="data:image\/png;base64,iVBOR[^]*alt="Leaving out[^]*<p>✓/u);
    assert.equal(bundle["text/plain"], [table, charts["compare-bars"], verdict].map(specToText).join("\n\n"));
  });

  it("have no picture of their own when there are two charts", async () => {
    const bundle = await renderMimeBundle([charts["compare-bars"], charts["metric-curves"]]);
    assert.deepEqual(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
  });
});
