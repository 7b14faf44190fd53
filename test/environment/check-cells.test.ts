import assert from "node:assert/strict";
import { readFileSync, truncateSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { checkRules, checkSize } from "../../environment/notebooks/cell-rules.mjs";
import { listNotebooks, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { code, notebook, notebookFolder, prose } from "./notebooks";
import { runNode, sayingLines } from "./programs";

const GOOD = notebook(
  prose("# Good"),
  code('import path from "node:path";\n\nconst name: string = path.basename("a/b");'),
  code("Math.random();", { tags: ["nbval-ignore-output"] }),
  code("const rows = [{ label: name }];\nrows[0].label.length + (await Promise.resolve(1));"),
);
const long = Array.from({ length: 15 }, (_, index) => `console.log(${index});`).join("\n");

/** What the checker says of a notebook whose last cell (or, if given, all of them) differs from a good one. */
function findings(...cells: Parameters<typeof notebook>): { status: number | null; lines: string[] } {
  const folder = notebookFolder({ "01-tried": notebook(...GOOD.cells, ...cells) });
  const { status, stderr } = runNode(["environment/check-cells.mjs", "--folder", folder]);
  return {
    status,
    lines: sayingLines(stderr).map((line) => line.replace(/^.*?01-tried\.ipynb/, "01-tried")),
  };
}

describe("the check of the cells", () => {
  it("is content with good ones", () => {
    assert.deepEqual(findings(), { status: 0, lines: [] });
  });

  it("names notebook, cell and line of a wrong type", () => {
    const { status, lines } = findings(prose("between"), code("const a = 1;\nconst b: string = null;"));
    assert.equal(status, 1);
    assert.deepEqual(lines, [
      "01-tried, cell [4], line 2: Type 'null' is not assignable to type 'string'. (TS2322)",
    ]);
  });

  it("sees a wrong use of what an earlier cell, or lib, declares", () => {
    const { lines } = findings(
      code('import * as lib from "@finetune-debug/lib";\n\nname.toFixed(lib.notThere);'),
    );
    assert.equal(lines.length, 2);
    assert.match(lines.join("\n"), /cell \[4\], line 3: Property 'toFixed' does not exist on type 'string'/);
    assert.match(lines.join("\n"), /'notThere' does not exist/);
  });

  it("is red for what is not TypeScript at all", () => {
    const { status, lines } = findings(code("const = ;"));
    assert.equal(status, 1);
    assert.match(lines.join("\n"), /cell \[4\]: prettier cannot read it/);
    assert.match(lines.join("\n"), /cell \[4\], line 1: .*TS\d+/);
  });

  it("is red for a cell that prettier would write differently", () => {
    const { status, lines } = findings(code("const a = 1;\nconst b = [1,2];"));
    assert.equal(status, 1);
    assert.deepEqual(lines, [
      "01-tried, cell [4], line 2: not formatted: expected `const b = [1, 2];` (npm run format:fix)",
    ]);
  });

  it("is red for a cell of 15 lines, an empty one, and one that was not saved", () => {
    const { lines } = findings(code(long), code(""), code("1;", { count: null }));
    assert.deepEqual(lines, [
      "01-tried, cell [4]: 15 lines; a code cell has under 15",
      "01-tried, cell [5]: is empty",
      "01-tried: 1 of 6 code cells have no saved output, and nbval would not compare them: npm run notebooks:save",
    ]);
  });

  it("is red where most cells are ignored, or nothing compared follows an ignored one", () => {
    const ignored = code("Math.random();", { tags: ["nbval-ignore-output"] });
    assert.deepEqual(findings(ignored, ignored).lines, [
      "01-tried: 3 of 5 code cells are tagged nbval-ignore-output; at most half may be",
      "01-tried, cell [5]: is ignored, and no compared cell follows it",
    ]);
  });

  it("is red for what cells cannot do", () => {
    const traps = ["const c = await (name ? Promise.resolve(1) : 2);", "export const d = 1;"];
    const { lines } = findings(...traps.map((source) => code(source)));
    assert.match(lines.join("\n"), /cell \[4\], line 1: `await \(\.\.\.\)` fails in a cell/);
    assert.match(lines.join("\n"), /cell \[5\], line 1: `export` has no meaning in a cell/);
    assert.match(
      findings(code("for await (const one of [1]) console.log(one);")).lines.join("\n"),
      /top-level `for await` fails in a cell/,
    );
  });

  it("is red for a picture without alt text", () => {
    const shows = (metadata: Record<string, unknown>): ReturnType<typeof code> =>
      code("1;", { outputs: [{ output_type: "display_data", data: { "image/png": "iVBOR" }, metadata }] });
    assert.deepEqual(findings(shows({ "image/png": { alt: "a chart" } })).lines, []);
    assert.deepEqual(findings(shows({})).lines, ["01-tried, cell [4]: shows a picture without alt text"]);
  });

  it("is red for an image in HTML without alt text, a script, and what tells of a machine", () => {
    const shows = (html: string): ReturnType<typeof code> =>
      code("1;", { outputs: [{ output_type: "display_data", data: { "text/html": html }, metadata: {} }] });
    assert.deepEqual(checkRules(notebook(shows('<img src="x" alt="a chart">'))), []);
    const bad = ['<img src="x">', '<img src="x" alt=" ">', "<script>draw()</script>", "/home/ann/x"];
    assert.deepEqual(
      checkRules(notebook(...bad.map(shows))).map(({ cell, message }) => [cell, message]),
      [
        [1, "shows a picture in HTML without alt text"],
        [2, "shows a picture in HTML without alt text"],
        [3, "shows what a script draws: GitHub, and JupyterLab before one trusts it, run none"],
        [undefined, "tells of the machine that made it: cell [4] shows /home/ann"],
      ],
    );
  });

  it("is red for notebooks that are too large together", () => {
    const folder = notebookFolder({ "01-large": notebook(code("1;")), "02-large": notebook(code("1;")) });
    const files = ["01-large.ipynb", "02-large.ipynb"].map((name) => path.join(folder, name));
    assert.deepEqual(checkSize(files), []);
    for (const file of files) truncateSync(file, 1_500_000);
    assert.match(checkSize(files)[0]?.message ?? "", /take 3000000 bytes together; they stay under 3000000/);
  });

  it("is content with the saved notebooks", () => {
    const files = listNotebooks();
    assert.deepEqual(checkSize(files), []);
    assert.deepEqual(
      files.flatMap((file) => checkRules(readNotebook(file))),
      [],
    );
  });

  it("formats cells in place, once and for all", () => {
    const folder = notebookFolder({ "01-tried": notebook(code("const b = [1,2]\nb"), code("b;")) });
    const file = path.join(folder, "01-tried.ipynb");
    const fix = ["environment/check-cells.mjs", "format", "--fix", "--folder", folder];
    assert.equal(runNode(fix).status, 0);
    const fixed = readFileSync(file, "utf8");
    assert.match(fixed, /const b = \[1, 2\];\\n/);
    assert.equal(runNode(["environment/check-cells.mjs", "--folder", folder]).status, 0);
    runNode(fix);
    assert.equal(readFileSync(file, "utf8"), fixed);
  });

  it("refuses a check that it does not know", () => {
    const { status, stderr } = runNode(["environment/check-cells.mjs", "speling"]);
    assert.equal(status, 2);
    assert.equal(stderr, "There is no check speling (there are: types, format, rules).\n");
  });
});
