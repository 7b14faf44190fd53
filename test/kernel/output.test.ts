import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient } from "./kernel-client";

const HOOK = `(globalThis as any)[Symbol.for("jupyter.display")]`;

describe("what a cell shows", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("delivers 20,000 lines of a synchronous cell whole, in order and in few messages (defect 5)", async () => {
    const cell = await kernel.run("for (let i = 0; i < 20000; i++) console.log('line', i)");
    const wanted = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");
    assert.equal(cell.text(), wanted);
    assert.ok(cell.all("stream").length < 100, `${cell.all("stream").length} messages`);
    assert.equal(cell.reply["status"], "ok");
  });

  it("delivers 5,000 displays of a synchronous cell (defect 5)", async () => {
    const cell = await kernel.run(
      `for (let i = 0; i < 5000; i++) ${HOOK}.display({ "text/plain": String(i), "text/html": "x".repeat(4000) })`,
    );
    const shown = cell
      .all("display_data")
      .map((content) => (content["data"] as { "text/plain": string })["text/plain"]);
    assert.deepEqual(
      shown,
      Array.from({ length: 5000 }, (_, i) => String(i)),
    );
  });

  it("streams as a cell goes, not only at its end", async () => {
    const cell = await kernel.run(
      "for (let i = 0; i < 5; i++) { console.log(i); await new Promise<void>((r) => setTimeout(r, 60)) }",
    );
    assert.equal(cell.text(), "0\n1\n2\n3\n4\n");
    assert.ok(cell.all("stream").length >= 4);
  });

  it("keeps text, displays, results and errors in the order of their making", async () => {
    const cell = await kernel.run(
      `console.log("a"); ${HOOK}.display({ "text/plain": "b" }); console.error("c"); console.log("d"); throw new Error("e")`,
    );
    const order = cell.published.map(({ type, content }) => content["text"] ?? type).slice(2, -1);
    assert.deepEqual(order, ["a\n", "display_data", "c\n", "d\n", "error"]);
  });

  it("writes bytes and divided characters to the streams", async () => {
    const cell = await kernel.run(
      "const euro = Buffer.from('€'); process.stdout.write(euro.subarray(0, 1)); process.stdout.write(euro.subarray(1), () => console.log('!'));",
    );
    assert.equal(cell.text().replace("\n", ""), "€!");
  });

  it("keeps the streams open, knows encodings, and leaves the pipe that Jupyter shares with it as it is", async () => {
    const ended = await kernel.run("process.stdout.end('last words', () => console.log(', and more'));");
    assert.equal(
      ended.text() + (await kernel.run("console.log('still here')")).text(),
      "last words, and more\nstill here\n",
    );
    assert.equal((await kernel.run("process.stdout.write('aGk=', 'base64'); undefined")).text(), "hi");
    const flags = await kernel.run(
      `import { existsSync, readFileSync } from "node:fs";
      const info = existsSync("/proc/self/fdinfo/2") ? readFileSync("/proc/self/fdinfo/2", "utf8") : "flags: 0";
      parseInt(/flags:\\s*(\\d+)/.exec(info)?.[1] ?? "", 8) & 0o4000`,
    );
    assert.equal(flags.value, "0", "O_NONBLOCK of the real stderr");
  });

  it("publishes the value of the last expression as a result (defect 8)", async () => {
    for (const [code, text] of [
      ["1 + 2", "3"],
      ["'text'", "'text'"],
      ["null", "null"],
      ["[1, { a: 'b' }]", "[ 1, { a: 'b' } ]"],
      ["await Promise.resolve(5)", "5"],
    ] as const) {
      const cell = await kernel.run(code);
      assert.equal(cell.value, text);
      assert.equal(cell.one("execute_result")["execution_count"], cell.reply["execution_count"]);
      assert.equal(cell.text(), "");
    }
    for (const code of ["undefined", "const statement = 1", "", "// nothing", "console.log('x')"]) {
      const cell = await kernel.run(code);
      assert.equal(cell.reply["status"], "ok");
      assert.deepEqual(cell.all("execute_result"), []);
    }
  });

  it("asks a value for its own MIME bundle", async () => {
    const bundle = `{ "text/html": "<b>1</b>", "image/png": new Uint8Array([1, 2]), "application/json": { a: 1 } }`;
    for (const code of [
      `({ toMimeBundle: () => (${bundle}) })`,
      `({ toMimeBundle: async () => (${bundle}) })`,
    ]) {
      const result = (await kernel.run(code)).one("execute_result");
      assert.deepEqual(result["data"], {
        "text/html": "<b>1</b>",
        "image/png": "AQI=",
        "application/json": { a: 1 },
      });
    }
    const failed = await kernel.run(`({ toMimeBundle() { throw new RangeError("no picture") } })`);
    assert.equal(failed.one("error")["ename"], "RangeError");
    assert.equal((await kernel.run("({ toMimeBundle: () => ({ big: 1n }) })")).reply["status"], "error");
  });

  it("lets libraries display, change and clear output without importing the kernel", async () => {
    const cell = await kernel.run(
      `const hook = ${HOOK};
      hook.display({ "text/plain": "one", "text/html": "<i>one</i>" }, { displayId: "d", metadata: { m: 1 } });
      hook.display({ "text/plain": "two" }, { displayId: "d", update: true });
      hook.clearOutput(true); hook.clearOutput();`,
    );
    assert.deepEqual(cell.one("display_data"), {
      data: { "text/plain": "one", "text/html": "<i>one</i>" },
      metadata: { m: 1 },
      transient: { display_id: "d" },
    });
    assert.deepEqual(cell.one("update_display_data")["transient"], { display_id: "d" });
    assert.deepEqual(cell.all("clear_output"), [{ wait: true }, { wait: false }]);
  });

  it("keeps tslab's own display working", async () => {
    const cell = await kernel.run(
      "import * as tslab from 'tslab'; tslab.display.html('<i>x</i>'); const d = tslab.newDisplay(); d.text('a'); d.text('b')",
    );
    const [html, text] = cell.all("display_data").map((content) => content["data"]);
    assert.deepEqual([html, text], [{ "text/html": "<i>x</i>" }, { "text/plain": "a" }]);
    assert.deepEqual(cell.one("update_display_data")["data"], { "text/plain": "b" });
  });

  it("delivers 30 MB of output", async () => {
    const cell = await kernel.run("console.log('x'.repeat(30_000_000))");
    assert.equal(cell.text().length, 30_000_001);
  });
});
