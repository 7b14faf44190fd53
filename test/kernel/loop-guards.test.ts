import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { Tslab, type Outcome } from "../../environment/kernel/dist/tslab.js";

const FLAG = new Int32Array(new SharedArrayBuffer(4));
const WAIT_AND_SET = `const { workerData: { flag, after } } = require("node:worker_threads");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, after);
  Atomics.store(flag, 0, 1);`;

// a process has one Tslab; the flag is set by another thread, as the kernel does it while a loop runs
const tslab = new Tslab(() => "jupyter-cell-1", FLAG);

/** Runs a cell that is interrupted, by the flag alone, after so many milliseconds. */
async function interrupted(code: string, after = 500): Promise<Outcome> {
  const worker = new Worker(WAIT_AND_SET, { eval: true, workerData: { flag: FLAG, after } });
  const outcome = await tslab.execute(code);
  await worker.terminate();
  return outcome;
}

async function valueOf(code: string): Promise<unknown> {
  const outcome = await tslab.execute(code);
  assert.ok(outcome.kind === "value", JSON.stringify(outcome));
  return outcome.value;
}

describe("loops of cells", () => {
  beforeEach(() => {
    FLAG[0] = 0;
  });
  after(() => {
    tslab.close();
  });

  it("stop once the flag is set, in every form and place", async () => {
    for (const loop of [
      "for (;;);",
      "for (;;) {}",
      "while (true) n += 1;",
      "do { n += 1; } while (true);",
      "for (const x of endless()) n += x;",
      "for (const key in new Proxy({}, { ownKeys: () => { setFlag(); return ['a', 'b'] }, getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) })) { n += key.length }\nfor (;;);",
      "outer: while (true) { for (const a of [1, 2]) { if (a === 2) continue outer; n += a; } }",
      "for await (const x of endless()) n += x;",
      "await null; for (;;) n += 1;",
      "const f = () => { while (true) n += 1; }; f();",
      "const f = async () => { await null; while (true) await null; }; await f();",
      "await new Promise((_, reject) => setTimeout(() => { try { for (;;) n += 1; } catch (e) { reject(e) } }, 1));",
      "class Endless { run() { for (;;); } }; new Endless().run();",
    ]) {
      FLAG[0] = 0;
      const outcome = await interrupted(
        `let n = 0; const setFlag = () => {};\nfunction* endless() { for (let i = 0; i < 1e12; i++) yield i; }\n${loop}`,
      );
      assert.ok(outcome.kind === "thrown" && tslab.isInterruption(outcome.error), loop);
    }
  });

  it("run their finally blocks on the way out, and leave what was declared", async () => {
    await interrupted("const log: string[] = [];\ntry { for (;;); } finally { log.push('cleaned'); }");
    FLAG[0] = 0;
    assert.deepEqual(await valueOf("log"), ["cleaned"]);
  });

  it("do not begin where the reader interrupted the cell while its types were checked", async () => {
    FLAG[0] = 1;
    const outcome = await tslab.execute("const ran = true;");
    assert.ok(outcome.kind === "thrown" && tslab.isInterruption(outcome.error));
  });

  it("mean what they meant", async () => {
    const code = `const seen: unknown[] = [];
      for (var i = 0; i < 2; i++);
      seen.push(i);
      a: for (const x of [1, 2, 3]) { b: for (const y of [1, 2]) { if (y === 2) continue a; if (x === 3) break a; seen.push(x * y); } }
      for (const key in { k: 1 }) if (key) seen.push(key); else seen.push("no");
      let n = 0; do n++; while (n < 3); while (n --> 0) seen.push(n);
      const fs = []; for (let j = 0; j < 2; j++) fs.push(() => j); seen.push(...fs.map((f) => f()));
      seen`;
    assert.deepEqual(await valueOf(code), [2, 1, 2, "k", 2, 1, 0, 0, 1]);
  });

  it("run where there is no kernel as well, in a function that travels as text", async () => {
    const code = `import { Worker } from "node:worker_threads";
      const sum = (to: number): number => { let total = 0; for (let i = 0; i < to; i++) total += i; return total; };
      const worker = new Worker(\`require("node:worker_threads").parentPort.postMessage((\${sum.toString()})(5))\`, { eval: true });
      await new Promise((resolve) => worker.once("message", resolve))`;
    assert.equal(await valueOf(code), 10);
  });
});
