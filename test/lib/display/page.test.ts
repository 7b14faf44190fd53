import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { htmlPage } from "../../../lib/src/display/page";
import type { Spec } from "../../../lib/src/runtime/presentation";

const table: Spec = { kind: "table", columns: ["text", "n"], rows: [["<script>alert(1)</script>", 3]] };
const chart: Spec = {
  ...{ kind: "chart", title: "It rises", altText: "1, 2" },
  ...{ data: [{ type: "scatter", x: [0, 1], y: [1, 2] }], layout: {}, width: 300, height: 200 },
};

describe("a page", () => {
  it("stands by itself: its pictures are in it, and other people's words are no markup", async () => {
    const details: Spec = { kind: "details", summary: "Why <b>?", specs: [table, chart], inText: true };
    const html = await htmlPage({ title: "Naïve & <b>", lead: "2 < 3", shown: [table, details] });
    assert.match(html, /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/u);
    assert.match(
      html,
      /<title>Naïve &amp; &lt;b&gt;<\/title>[^]*<h1>Naïve &amp; &lt;b&gt;<\/h1>\n<p>2 &lt; 3<\/p>/u,
    );
    assert.match(html, /<td[^>]*>&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/td>/u);
    assert.match(html, /<details><summary>Why &lt;b&gt;\?<\/summary>/u);
    assert.doesNotMatch(html, /<(script|link|iframe|b)\b/u);
    assert.equal(html.match(/<img src="data:image\/png;base64,/gu)?.length, 1);
    assert.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src 'none';/u);
    assert.doesNotMatch(html, /url\(|@import|https?:/u);
  });

  it("shows a chart alone as a picture too", async () => {
    const html = await htmlPage({ title: "Chart", shown: chart });
    assert.match(
      html,
      /<h1>Chart<\/h1>\n<img src="data:image\/png;base64,iVBOR[^"]+" width="300" alt="1, 2">/u,
    );
  });
});
