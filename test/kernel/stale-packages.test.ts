import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient, makeFolder, type Cell } from "./kernel-client";

/** The kernel looks at the disk once a second, at most. */
const UNTIL_NEXT_LOOK = 1100;

/** Writes the compiled code of a package, which gives a number. */
function build(folder: string, name: string, number: number): void {
  mkdirSync(path.join(folder, "dist"), { recursive: true });
  const manifest = { name, version: "1.0.0", main: "dist/index.js", types: "dist/index.d.ts" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "dist/index.js"), 'exports.given = () => require("./number").number;\n');
  writeFileSync(path.join(folder, "dist/number.js"), `exports.number = ${number};\n`);
  const types = `export declare function given(): number;\nexport declare const version: "v${number}";\n`;
  writeFileSync(path.join(folder, "dist/index.d.ts"), types);
}

describe("a package that is rebuilt while a kernel runs", () => {
  let root: string;
  let kernel: KernelClient;
  const inRoot = (...names: string[]): string => path.join(root, ...names);
  const warning = (cell: Cell): string => cell.text("stderr");
  before(async () => {
    root = makeFolder("workspace");
    for (const folder of ["notebooks", "node_modules/@some"]) mkdirSync(inRoot(folder), { recursive: true });
    build(inRoot("lib"), "@some/lib", 1);
    symlinkSync("../../lib", inRoot("node_modules/@some/lib"));
    build(inRoot("node_modules/installed"), "installed", 1);
    kernel = await KernelClient.start(inRoot("notebooks"));
    const imports = "import { given } from '@some/lib';\nimport * as installed from 'installed';";
    const cell = await kernel.run(`${imports}\ngiven() + installed.given()`);
    assert.deepEqual([cell.value, warning(cell)], ["2", ""]);
  });
  after(async () => {
    await kernel.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("is named in the next cell, once, and its old code runs on", async () => {
    build(inRoot("lib"), "@some/lib", 2);
    await sleep(UNTIL_NEXT_LOOK);
    const cell = await kernel.run("given()");
    assert.equal(cell.value, "1");
    assert.match(warning(cell), /^@some\/lib was rebuilt .* old code .* Restart .*0 0\)\.\n$/);
    await sleep(UNTIL_NEXT_LOOK);
    const checked = await kernel.run(
      "import { version } from '@some/lib';\nconst mine: 'v2' = version;\n[mine]",
    );
    assert.deepEqual([checked.value, warning(checked)], ["[ undefined ]", ""], "new types, old code");
    build(inRoot("lib"), "@some/lib", 3);
    await sleep(UNTIL_NEXT_LOOK);
    assert.match(warning(await kernel.run("given()")), /^@some\/lib was rebuilt/);
  });

  it("is not named where its code is what it was", async () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(inRoot("lib/dist/number.js"), later, later);
    await sleep(UNTIL_NEXT_LOOK);
    assert.equal(warning(await kernel.run("given()")), "");
    // what the kernel runs was rebuilt again: nothing differs any more
    build(inRoot("lib"), "@some/lib", 1);
    await sleep(UNTIL_NEXT_LOOK);
    assert.equal(warning(await kernel.run("given()")), "");
  });

  it("is not named where it is installed, or gone for the moment", async () => {
    build(inRoot("node_modules/installed"), "installed", 22);
    rmSync(inRoot("lib/dist"), { recursive: true });
    await sleep(UNTIL_NEXT_LOOK);
    assert.equal(warning(await kernel.run("installed.given()")), "");
  });
});
