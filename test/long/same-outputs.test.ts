import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { plainJupyterEnvironment } from "../../environment/jupyter-environment.mjs";
import { joined, readNotebook, type Output } from "../../environment/notebooks/notebook.mjs";
import { PYTHON } from "../kernel/kernel-client";
import { writeNotebook } from "../kernel/notebook-file";
import { LabPage, NO_BROWSER } from "./lab-page";

const HOOK = `(globalThis as any)[Symbol.for("jupyter.display")]`;
const FALLS = ["raises-exception"];
/** nbval 0.11 knows neither clear_output nor the update of a display by a later cell: it compares what was there before. */
const CHANGES = ["nbval-ignore-output"];
/** A little of everything that a notebook can show. */
const CELLS: readonly [code: string, tags?: string[]][] = [
  ["const rows = [{ label: 1 }, { label: 0 }];\nrows"],
  ["console.log('one'); console.error('two'); console.log('three');\n'a value beside streams'"],
  [`const hook = ${HOOK};\nhook.display({ "text/plain": "bold", "text/html": "<b>bold</b>" });`],
  [`hook.display({ "text/plain": "0 %" }, { displayId: "progress" });`, CHANGES],
  [`hook.display({ "text/plain": "100 %" }, { displayId: "progress", update: true });`],
  ["console.log('gone'); hook.clearOutput(); console.log('stays');", CHANGES],
  ["console.log('gone, once there is more'); hook.clearOutput(true); console.log('more');", CHANGES],
  ["throw new RangeError('as expected')", FALLS],
  ["void Promise.reject(new Error('nobody awaits'));", FALLS],
  ["const name: string = rows[0].label;", FALLS],
  [
    "const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));\nfor (let i = 0; i < 3; i++) {\n  console.log(i);\n  await sleep(60);\n}\nawait Promise.resolve('awaited')",
  ],
  ["for (let i = 0; i < 5000; i++) console.log('line', i);"],
  [
    "({ toMimeBundle: () => ({ 'text/plain': 'a table', 'text/html': '<table></table>', 'application/json': { rows: 2 } }) })",
  ],
  ["rows.length"],
];

/**
 * What a reader sees of each cell. What differs by design between programs is made the same:
 * - text is one string or a list of lines (nbformat allows both);
 * - JupyterLab joins texts of one stream that follow each other, nbclient and nbconvert keep them as they came.
 * When a cell began and ended, which only some note in its metadata, is not looked at.
 */
function outputsOf(file: string): { count: unknown; outputs: Output[] }[] {
  return readNotebook(file).cells.map((cell) => ({
    count: cell.execution_count,
    outputs: (cell.outputs ?? []).reduce<Output[]>((outputs, output) => {
      const plain = plainOutput(output);
      const last = outputs.at(-1);
      if (last?.output_type !== "stream" || last.name !== plain.name) return [...outputs, plain];
      return [...outputs.slice(0, -1), { ...last, text: joined(last.text) + joined(plain.text) }];
    }, []),
  }));
}

function plainOutput(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) };
  if (!output.data) return output;
  const data = Object.entries(output.data).map(([type, part]) => [
    type,
    type === "application/json" ? part : joined(part as string | string[]),
  ]);
  return { ...output, data: Object.fromEntries(data) as Record<string, unknown> };
}

const NBCLIENT = `
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook).execute()
nbformat.write(notebook, sys.argv[1])
`;

describe("the same notebook", { skip: NO_BROWSER, timeout: 600_000 }, () => {
  const lab = new LabPage();
  const file = (program: string): string => path.join(lab.folder, `${program}.ipynb`);
  const python = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(PYTHON, args, {
      cwd: lab.folder,
      env: plainJupyterEnvironment(),
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };

  /** Lets nbval compare notebooks with what their cells give; returns its report. */
  const nbval = (...files: string[]): string =>
    python("-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "--rootdir", lab.folder, ...files);

  before(async () => {
    writeNotebook(
      file("lab"),
      CELLS.map(([code, tags = []]) => ({ code, tags })),
    );
    for (const program of ["nbconvert", "nbclient"]) copyFileSync(file("lab"), file(program));
    python("-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", file("nbconvert"));
    python("-c", NBCLIENT, file("nbclient"));
    await lab.launch();
    await lab.open("lab.ipynb");
    await lab.runAll();
    await lab.command("docmanager:save");
    await lab.screenshot("same-outputs");
  });
  after(() => lab.close());

  it("shows what it should under nbconvert", () => {
    const cells = outputsOf(file("nbconvert"));
    assert.deepEqual(
      cells.map(({ count }) => count),
      CELLS.map((_, index) => index + 1),
    );
    const shown = cells.map(({ outputs }) =>
      outputs.map((one) => one.ename ?? one.text ?? one.data?.["text/plain"]),
    );
    assert.deepEqual(shown.with(11, []), [
      ["[ { label: 1 }, { label: 0 } ]"],
      ["one\n", "two\n", "three\n", "'a value beside streams'"],
      ["bold"],
      ["100 %"],
      [],
      ["stays\n"],
      ["more\n"],
      ["RangeError"],
      ["Error"],
      ["TypeScriptError"],
      ["0\n1\n2\n", "'awaited'"],
      [],
      ["a table"],
      ["2"],
    ]);
    assert.deepEqual(shown[11], [Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join("")]);
  });

  it("shows the same under nbclient, and in JupyterLab in a browser", () => {
    const wanted = outputsOf(file("nbconvert"));
    assert.deepEqual(outputsOf(file("nbclient")), wanted);
    assert.deepEqual(outputsOf(file("lab")), wanted);
  });

  it("passes nbval, whoever has saved it", () => {
    const saved = ["nbconvert", "nbclient", "lab"].map(file);
    assert.match(nbval(...saved), new RegExp(`${CELLS.length * saved.length} passed`));
  });

  it("fails nbval where a saved output is another", () => {
    const changed = readFileSync(file("lab"), "utf8").replace('"line 4321\\n"', '"line 1234\\n"');
    writeFileSync(file("lab"), changed);
    assert.throws(() => nbval(file("lab")), /1 failed/);
  });
});
