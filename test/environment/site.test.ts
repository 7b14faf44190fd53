import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { joined, listNotebooks } from "../../environment/notebooks/notebook.mjs";
import { rewriteLinks } from "../../environment/site/links.mjs";
import { notebookPage } from "../../environment/site/notebook-page.mjs";
import { sections } from "../../environment/site/pages.mjs";
import { code, notebook, prose } from "./notebooks";
import { ROOT, temporaryFolder } from "./programs";

const PAGES = new Map([
  ["README.md", "index.md"],
  ["notebooks/01-a.ipynb", "notebooks/01-a.ipynb"],
  ["data/README.md", "data/index.md"],
]);

/** A repository of a few files. */
function repository(files: readonly string[]): string {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), "");
  }
  return root;
}

const root = repository([...PAGES.keys(), "LICENSE", "lib/src/index.ts", "notebooks/pictures/01-a.png"]);
const pictures: string[] = [];

function rewritten(markdown: string, given: { file?: string; address?: string } = {}): string {
  const { file = "README.md", address } = given;
  const onPicture = (name: string): number => pictures.push(name);
  const source = PAGES.get(file) ?? file;
  return rewriteLinks(markdown, { root, file, source, pages: PAGES, repository: address, onPicture });
}

describe("the site's navigation", () => {
  it("lists every notebook, in the order of the story", () => {
    const files = sections(ROOT).flatMap(({ pages }) => pages.map(({ file }) => file));
    const shown = files.filter((file) => /^notebooks\/.*\.ipynb$/.test(file));
    assert.deepEqual(
      shown,
      listNotebooks().map((file) => path.relative(ROOT, file)),
    );
    assert.equal(new Set(files).size, files.length, "no page stands there twice");
  });

  it("shows practice where there is some, and a README as its folder's page", () => {
    const other = repository([
      "build/site-workshop/practice/02-b.ipynb",
      "test/bench/README.md",
      "test/run.mjs",
    ]);
    const found = sections(other).map(({ caption, pages }) => [caption, pages.map(({ source }) => source)]);
    assert.deepEqual(found, [
      ["Practice", ["practice/02-b.ipynb"]],
      ["Behind it", ["test/bench/index.md"]],
    ]);
  });
});

describe("the site's links", () => {
  it("lead to pages, from wherever a page lies", () => {
    assert.equal(rewritten("[one](notebooks/01-a.ipynb)"), "[one](notebooks/01-a.ipynb)");
    assert.equal(
      rewritten("[`data`](data/) and [a](data/README.md#b)"),
      "[`data`](data/index.md) and [a](data/index.md#b)",
    );
    const file = "notebooks/01-a.ipynb";
    assert.equal(rewritten("[all](../README.md#two-commands)", { file }), "[all](../index.md#two-commands)");
    assert.equal(rewritten("[below](#The-model)", { file }), "[below](#the-model)");
  });

  it("become text where they lead to no page, or lead to the repository if it has an address", () => {
    const markdown = "see [the `lib`](lib/src) and [licence](LICENSE)";
    assert.equal(rewritten(markdown), "see the `lib` and licence");
    const address = "https://example.org/us/it";
    assert.equal(
      rewritten(markdown, { address }),
      `see [the \`lib\`](${address}/tree/HEAD/lib/src) and [licence](${address}/blob/HEAD/LICENSE)`,
    );
  });

  it("know a badge of GitHub's, which stands outside of the files", () => {
    const badge = "[![CI](../../actions/workflows/ci.yml/badge.svg)](../../actions/workflows/ci.yml)";
    assert.equal(rewritten(`Green: ${badge}`), "Green: CI");
    const address = "https://example.org/us/it/";
    assert.equal(
      rewritten(`Green: ${badge}`, { address }),
      "Green: [CI](https://example.org/us/it/actions/workflows/ci.yml)",
    );
    const licence = "[![licence](https://example.org/badge.svg)](LICENSE)";
    assert.equal(rewritten(`# One\n\n${badge}\n${licence}\n\nText.`).replaceAll(/\n+/g, "|"), "# One|Text.");
  });

  it("stay as they are where they lead to nothing, so that the check names them, and in code", () => {
    for (const same of [
      "[x](gone.md)",
      "`[x](LICENSE)`",
      "```md\n[x](LICENSE)\n```",
      "[x](https://example.org)",
    ])
      assert.equal(rewritten(same), same);
  });

  it("bring pictures along, and none from another host", () => {
    pictures.length = 0;
    assert.equal(
      rewritten(
        '[![a chart](notebooks/pictures/01-a.png)](notebooks/01-a.ipynb) <img alt="b" src="notebooks/pictures/01-a.png">',
      ),
      '[![a chart](notebooks/pictures/01-a.png)](notebooks/01-a.ipynb) <img alt="b" src="notebooks/pictures/01-a.png">',
    );
    assert.deepEqual(pictures, ["notebooks/pictures/01-a.png", "notebooks/pictures/01-a.png"]);
    assert.equal(rewritten("By [![licence](https://example.org/badge.svg)](LICENSE)"), "By licence");
    assert.equal(rewritten('<a href="data/README.md">d</a>'), '<a href="data/index.html">d</a>');
  });
});

describe("a notebook's page", () => {
  const figure = { data: [{ name: "</script>" }], layout: {}, config: {} };
  const chart = {
    output_type: "display_data",
    data: { "application/vnd.plotly.v1+json": figure, "image/png": "aGk=\n", "text/plain": "..." },
    metadata: { "image/png": { alt: 'falls "fast"', width: 720, height: 400 } },
  };
  const linking = {
    ...{ root, file: "notebooks/01-a.ipynb", source: "notebooks/01-a.ipynb", pages: PAGES },
    repository: undefined,
    onPicture: () => undefined,
  };
  const made = notebookPage(notebook(prose("# One\n\nText."), code("1", { outputs: [chart] })), linking);
  const html = joined(made.notebook.cells[1]?.outputs?.[0]?.data?.["text/html"] as string);

  it("shows a chart's picture with its description first", () => {
    assert.match(
      html,
      /<img src="charts\/01-a-1\.png" alt="falls &quot;fast&quot;" width="720" height="400"/,
    );
    assert.deepEqual(made.pictures, [{ name: "charts/01-a-1.png", base64: "aGk=" }]);
  });

  it("holds the chart's data, which no text in them ends", () => {
    const [, json = ""] = /<script type="application\/json">(.*)<\/script><\/figure>$/.exec(html) ?? [];
    assert.ok(!json.includes("<"));
    assert.deepEqual(JSON.parse(json), figure);
  });

  it("folds what JupyterLab folds, such as the solution of a task", () => {
    const metadata = { jupyter: { source_hidden: true }, tags: ["mine"] };
    const page = notebookPage(notebook(prose("# One"), { ...code("1"), metadata }), linking);
    assert.deepEqual(page.notebook.cells[1]?.metadata["tags"], ["mine", "hide-input"]);
    assert.deepEqual(made.notebook.cells[1]?.metadata["tags"] ?? [], []);
  });

  it("offers the file below the title", () => {
    assert.match(
      joined(made.notebook.cells[0]?.source),
      /^# One\n\n<p .*href="01-a\.ipynb" download>.*\n\n+Text\.$/s,
    );
  });
});

describe("the site's charts", () => {
  it("are turned over in the dark as JupyterLab's are", () => {
    const [site, lab] = ["site/static/site.css", "lab-config/custom.css"].map((file) => {
      const css = readFileSync(path.join(ROOT, "environment", file), "utf8");
      return new Set(css.match(/filter: invert.*/g));
    });
    assert.deepEqual(site, lab);
  });
});
