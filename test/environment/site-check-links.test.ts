import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { PYTHON } from "../../environment/setup/paths.mjs";
import { ROOT, temporaryFolder } from "./programs";

const CHECKER = path.join(ROOT, "environment/site/check_links.py");

function check(pages: Record<string, string>): { folder: string; status: number | null; stderr: string } {
  const folder = temporaryFolder();
  for (const [name, html] of Object.entries(pages)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), html);
  }
  const { status, stderr } = spawnSync(PYTHON, [CHECKER, folder], { encoding: "utf8" });
  return { folder, status, stderr };
}

describe("the check of the site's links", () => {
  it("is content where each leads to something, and lists those to other hosts", () => {
    const { folder, status, stderr } = check({
      "index.html":
        '<h1 id="top">a</h1><a href="b/index.html#c%20d">b</a><a href="https://example.org/x">x</a>',
      "b/index.html":
        '<p id="c d"><a href="../index.html#top">up</a><a href="#c%20d">here</a><img src="p.png"></p>',
      "b/p.png": "",
    });
    assert.deepEqual([status, stderr], [0, ""]);
    const listed = readFileSync(path.join(folder, "external-links.txt"), "utf8");
    assert.equal(listed, "https://example.org/x (index.html)\n");
  });

  const BROKEN: Record<string, { html: string; expected: string }> = {
    "a file that is not there": { html: '<a href="gone.html">', expected: "gone.html leads to no file" },
    "an anchor that is not there": {
      html: '<a href="#gone">',
      expected: "#gone leads to no such place on that page",
    },
    "a picture that is not there": { html: '<img src="gone.png">', expected: "gone.png leads to no file" },
    "a folder": { html: '<a href="../site/">', expected: "../site/ is a folder: name its index.html" },
    "what another host would be asked for": {
      html: '<script src="https://cdn.example.org/x.js"></script>',
      expected: "https://cdn.example.org/x.js is not on the site",
    },
  };
  for (const [what, { html, expected }] of Object.entries(BROKEN))
    it(`names page and link for ${what}`, () => {
      const { status, stderr } = check({ "site/page.html": html });
      assert.deepEqual([status, stderr], [1, `site/page.html: ${expected}\n`]);
    });
});
