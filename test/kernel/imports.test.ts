import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import ts from "typescript";
import { KernelClient, makeFolder } from "./kernel-client";

const SOURCE = `export interface Row { label: number }

/** Doubles a label. */
export function double(row: Row): number {
  if (row.label < 0) throw new RangeError("negative label");
  return row.label * 2;
}
`;

/** Makes a compiled CommonJS package, linked into node_modules as npm does with a workspace. */
function makeWorkspace(): string {
  const root = makeFolder("workspace");
  const dist = path.join(root, "lib/dist");
  for (const folder of [
    dist,
    path.join(root, "lib/src"),
    path.join(root, "notebooks"),
    path.join(root, "node_modules/@some"),
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(path.join(root, "lib/src/index.ts"), SOURCE);
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true };
  const compiled = ts.transpileModule(SOURCE, { compilerOptions, fileName: "../src/index.ts" });
  writeFileSync(path.join(dist, "index.js"), compiled.outputText);
  writeFileSync(
    path.join(dist, "index.js.map"),
    (compiled.sourceMapText ?? "").replace('"index.ts"', '"../src/index.ts"'),
  );
  const types = "export interface Row { label: number }\nexport declare function double(row: Row): number;\n";
  writeFileSync(path.join(dist, "index.d.ts"), types);
  const manifest = { name: "@some/lib", version: "1.0.0", main: "dist/index.js", types: "dist/index.d.ts" };
  writeFileSync(path.join(root, "lib/package.json"), JSON.stringify(manifest));
  symlinkSync("../../lib", path.join(root, "node_modules/@some/lib"));
  return root;
}

describe("what cells import", () => {
  let root: string;
  let kernel: KernelClient;
  before(async () => {
    root = makeWorkspace();
    kernel = await KernelClient.start(path.join(root, "notebooks"));
  });
  after(async () => {
    await kernel.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("takes code and types from a workspace package", async () => {
    const cell = await kernel.run(
      "import { double, type Row } from '@some/lib';\nconst row: Row = { label: 21 };\ndouble(row)",
    );
    assert.equal(cell.value, "42");
    assert.equal((await kernel.run("double(row) + 1")).value, "43");
    const wrong = await kernel.run("double({ label: 'x' })");
    assert.equal(wrong.one("error")["ename"], "TypeScriptError");
  });

  it("shows the package's own TypeScript lines in a traceback", async () => {
    const cell = await kernel.run("double({ label: -1 })");
    const [message, first, second, ...others] = cell.one("error")["traceback"] as string[];
    assert.equal(message, "RangeError: negative label");
    assert.match(String(first), /^ {4}at double \(.*lib\/src\/index\.ts:5:28\)$/);
    assert.match(String(second), /^ {4}at cell \d+:1:1$/);
    assert.deepEqual(others, []);
    assert.ok(!cell.traceback.includes(root));
  });

  it("takes Node's modules, CommonJS and ES modules", async () => {
    const cell = await kernel.run(
      "import path from 'node:path';\nimport * as os from 'os';\nconst { setTimeout: sleep } = await import('node:timers/promises');\nawait sleep(1);\npath.basename('/a/b') + typeof os.cpus",
    );
    assert.equal(cell.value, "'bfunction'");
  });
});
