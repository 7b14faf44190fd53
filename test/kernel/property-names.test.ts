import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { KernelClient, makeFolder } from "./kernel-client";

describe("names of properties in cells", () => {
  let folder: string;
  let kernel: KernelClient;
  before(async () => {
    folder = makeFolder("property-names");
    kernel = await KernelClient.start(folder);
    await kernel.run("const model = { layers: 6 };\nconst rate = 0.1;");
  });
  after(async () => {
    await kernel.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("take the variables of earlier cells in a shorthand", async () => {
    assert.equal(
      (await kernel.run("const args = { model, rate };\nargs")).value,
      "{ model: { layers: 6 }, rate: 0.1 }",
    );
  });

  it("take variables of the same cell, shadowing ones and globals as before", async () => {
    const cell = await kernel.run(
      "const own = 1;\nconst inner = (rate: number) => ({ rate, own });\n[inner(2), { JSON }.JSON === JSON, { rate }]",
    );
    assert.equal(cell.value, "[ { rate: 2, own: 1 }, true, { rate: 0.1 } ]");
  });

  it("are no variables in a destructuring pattern, where an earlier cell declared such a property", async () => {
    const cell = await kernel.run(
      "const { layers: count } = model;\nconst { inner: { layers } } = { inner: model };\n[count, layers, rate]",
    );
    assert.equal(cell.value, "[ 6, 6, 0.1 ]");
    const computed = await kernel.run(
      'const key = "layers" as const;\nconst { [key]: again } = model;\nagain',
    );
    assert.equal(computed.value, "6");
  });

  it("are still checked for their types", async () => {
    const cell = await kernel.run("const wrong: { rate: string } = { rate };");
    assert.equal(cell.one("error")["ename"], "TypeScriptError");
  });
});
