import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import * as typescript from "@tslab/typescript-for-tslab";
import { readCellOptions } from "../../environment/kernel/src/compiler-options";
import { KernelClient, makeFolder, type Cell } from "./kernel-client";

const LAX = "const word: string = null;";
const UNCHECKED = "const first: number = [1][0];";

/** Makes a notebooks' folder with these files in it. */
function folderWith(files: Record<string, string>): string {
  const root = makeFolder("options");
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const folder = path.join(root, "notebooks");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** Runs cells in a folder with these files in it, in a kernel of its own. */
async function runBeside(files: Record<string, string>, cells: string[]): Promise<Cell[]> {
  const folder = folderWith(files);
  const kernel = await KernelClient.start(folder);
  try {
    const answers: Cell[] = [];
    for (const code of cells) answers.push(await kernel.run(code));
    for (const { published } of answers) assert.ok(!JSON.stringify(published).includes(folder), "no path");
    return answers;
  } finally {
    await kernel.close();
  }
}

const statuses = (cells: Cell[]): unknown[] => cells.map(({ reply }) => reply["status"]);
const warnings = (cells: Cell[]): string[] => cells.map((cell) => cell.text("stderr"));

describe("the options of cells", () => {
  it("are our own without a tsconfig.json, and with one in the folder above", async () => {
    const cells = await runBeside({ "../tsconfig.json": '{ "compilerOptions": { "strict": false } }' }, [
      UNCHECKED,
      LAX,
    ]);
    assert.deepEqual(statuses(cells), ["ok", "error"]);
    assert.deepEqual(warnings(cells), ["", ""]);
  });

  it("are those of a tsconfig.json beside the notebook, with what it extends", async () => {
    const files = {
      "tsconfig.json":
        '{ "extends": "./base.json", "compilerOptions": { "noUncheckedIndexedAccess": true } }',
      "base.json":
        '{ "compilerOptions": { "strictNullChecks": true, /* no DOM, says */ "lib": ["ES2020"] } }',
    };
    const code =
      'import path from "node:path";\nconst guess = (any) => path.basename(any);\n[2, 1].toSorted()';
    const cells = await runBeside(files, [code, UNCHECKED, LAX]);
    assert.deepEqual(statuses(cells), ["ok", "error", "error"]);
    assert.equal(cells[0]?.value, "[ 1, 2 ]");
    assert.deepEqual(warnings(cells), ["", "", ""]);
  });

  it("leave to the kernel what it needs, and say so once", async () => {
    const compilerOptions = {
      strict: false,
      module: "node20",
      target: "ES5",
      declaration: false,
      noEmit: true,
      outDir: "dist",
      inlineSourceMap: false,
      types: [],
      lib: ["DOM"],
      paths: { tslab: ["./mine"] },
      stirct: true,
      noImplicitReturns: "perhaps",
    };
    const cells = await runBeside({ "tsconfig.json": JSON.stringify({ compilerOptions }) }, [
      'import path from "node:path";\nclass Text { readonly #text = "a"; get text() { return this.#text; } }\npath.join(new Text().text, "b")',
      LAX,
      "interface Row { n: number }\n\nthrow new Error(String(document))",
    ]);
    assert.deepEqual(statuses(cells), ["ok", "ok", "error"]);
    assert.equal(cells[0]?.value, "'a/b'");
    const [first, ...others] = warnings(cells);
    assert.deepEqual(String(first).split("\n"), [
      "tsconfig.json: Unknown compiler option 'stirct'. Did you mean 'strict'?",
      "tsconfig.json: Compiler option 'noImplicitReturns' requires a value of type boolean.",
      "tsconfig.json: without effect on cells: module, target, declaration, noEmit, outDir, inlineSourceMap, paths.",
      "",
    ]);
    assert.deepEqual(others, ["", ""]);
    assert.match(String(cells[2]?.traceback), /^ReferenceError: document is not defined\n {4}at cell 3:3:/);
  });

  it("are our own where the tsconfig.json is broken, and the first cell says why", async () => {
    const cells = await runBeside({ "tsconfig.json": '{\n"compilerOptions": {,}' }, ["1 + 1", LAX]);
    assert.deepEqual(statuses(cells), ["ok", "error"]);
    assert.deepEqual(warnings(cells), [
      "tsconfig.json:2: Property assignment expected.\ntsconfig.json is not used.\n",
      "",
    ]);
  });
});

describe("reading the options of cells", () => {
  const broken: Record<string, [Record<string, string>, RegExp]> = {
    "is no object": [{ "tsconfig.json": "[]" }, /^tsconfig\.json:1: The root value .* object/],
    "extends itself": [
      { "tsconfig.json": '{ "extends": "./b.json" }', "b.json": '{ "extends": "./tsconfig.json" }' },
      /^tsconfig\.json: Circularity .*: tsconfig\.json -> b\.json -> tsconfig\.json/,
    ],
    "extends nothing": [{ "tsconfig.json": '{ "extends": "./none.json" }' }, /'none\.json'/],
    "extends a broken one": [
      { "tsconfig.json": '{ "extends": "./b.json" }', "b.json": "\n{" },
      /^b\.json:2: /,
    ],
    "extends what never ends": [{ "tsconfig.json": '{ "extends": "/dev/zero" }' }, /zero/],
    "is nested too deep": [{ "tsconfig.json": "[".repeat(100_000) }, /^tsconfig\.json: RangeError/],
    "is too large": [{ "tsconfig.json": `{}${" ".repeat(2 << 20)}` }, /^tsconfig\.json: Cannot read file/],
  };
  for (const [what, [files, expected]] of Object.entries(broken)) {
    it(`takes our own where the tsconfig.json ${what}`, () => {
      const folder = folderWith(files);
      const { options, problems } = readCellOptions(typescript, folder, {});
      assert.deepEqual(options, readCellOptions(typescript, folderWith({}), {}).options);
      assert.equal(options.strict, true);
      assert.match(String(problems[0]), expected);
      assert.equal(problems.at(-1), "tsconfig.json is not used.");
      assert.ok(!problems.join("\n").includes(path.dirname(folder)), problems.join("\n"));
    });
  }
});
