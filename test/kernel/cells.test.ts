import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { KernelClient, type Cell } from "./kernel-client";

/** Fails unless the cell succeeded. */
function assertOk(cell: Cell): void {
  assert.equal(cell.reply["status"], "ok", JSON.stringify(cell.reply));
}

describe("await outside of functions", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    assertOk(
      await kernel.run(
        `async function* numbers(): AsyncGenerator<number> {
           try { yield 1; yield 2; yield 3; } finally { console.log("closed"); }
         }`,
      ),
    );
  });
  after(() => kernel.close());

  it("is found wherever it stands, also before a parenthesis", async () => {
    for (const [code, value] of [
      ["await (Promise.resolve(1))", "1"],
      ["let sum = 0; for (const n of [1, 2]) { sum += await (Promise.resolve(n)) }; sum", "3"],
      [
        "if (await (Promise.resolve(true))) { try { await (Promise.reject(7)) } catch (e) { console.log(e) } }; 4",
        "4",
      ],
      ["`${await (Promise.resolve('in'))} a template`", "'in a template'"],
      ["const { a: [b] } = await (Promise.resolve({ a: [5] })); b + (await (Promise.resolve(await 1)))", "6"],
      [
        "const object = { value: await (Promise.resolve(8)), async own() { return await (Promise.resolve(9)) } }; object.value + await (object.own())",
        "17",
      ],
      ["const o: any = { [await (async () => 'go')()]() { return 3 } }; o.go()", "3"],
    ] as const) {
      assert.equal((await kernel.run(code)).value, value, code);
    }
  });

  it("is not seen in a nested async function", async () => {
    const cell = await kernel.run(
      "const nested = async () => { for await (const n of numbers()) await (n); return await (Promise.resolve(9)) };\nnested",
    );
    assert.equal(cell.value, "[AsyncFunction: nested]");
    assert.equal((await kernel.run("await (nested())")).value, "9");
  });

  it("is still checked for its types", async () => {
    const cell = await kernel.run("const x: string = await (Promise.resolve(1));");
    assert.equal(cell.one("error")["evalue"], "1:7 - Type 'number' is not assignable to type 'string'.");
    const loop = await kernel.run("for await (const n of numbers()) { const s: string = n; }");
    assert.match(loop.traceback, /^1:42 - Type 'number' is not assignable/);
  });

  it("keeps its place in stack traces", async () => {
    const cell = await kernel.run(
      "const late = async () => { await null; throw new Error('late') };\n\n  await (late());",
    );
    assert.match(cell.traceback, /^Error: late\n {4}at late \(cell \d+:1:46\)\n {4}at async cell \d+:3:3$/);
    const own = await kernel.run("await (null);\nwhile (true) { for (;;)\n  throw new Error('own') }");
    assert.match(own.traceback, /^Error: own\n {4}at cell \d+:3:9$/);
  });

  it("iterates by for await, over asynchronous and plain iterables", async () => {
    const cell = await kernel.run("let total = 0;\nfor await (const n of numbers()) total += n;\ntotal");
    assert.deepEqual([cell.value, cell.text()], ["6", "closed\n"]);
    const plain = await kernel.run(
      "for await (const { a, b = 2 } of [Promise.resolve<{ a: number; b?: number }>({ a: 1 })]) console.log(a, b);",
    );
    assert.equal(plain.text(), "1 2\n");
    const assigned = await kernel.run("let last = 0; for await (last of numbers());\nlast");
    assert.equal(assigned.value, "3");
  });

  it("leaves a for await by break, continue, labels and errors, and closes the iterator", async () => {
    const cell = await kernel.run(`outer: for await (const n of numbers()) {
      for await (const m of [1, 2]) {
        if (n === 2) continue outer;
        if (n === 3) break outer;
        console.log(n, m);
      }
    }`);
    assert.equal(cell.text(), "1 1\n1 2\nclosed\n");
    const thrown = await kernel.run("for await (const n of numbers()) throw new Error('body ' + n);");
    assert.deepEqual([thrown.one("error")["evalue"], thrown.text()], ["body 1", "closed\n"]);
    const rejected = await kernel.run(
      `const failing: any = { [Symbol.asyncIterator]: () => ({
         next: () => Promise.reject(new Error("next")), return: () => { console.log("returned"); throw 1; } }) };
       for await (const _ of failing);`,
    );
    assert.deepEqual([rejected.one("error")["evalue"], rejected.text()], ["next", ""]);
  });
});

describe("variables of several cells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("have one value for all cells and their functions", async () => {
    assertOk(await kernel.run("let count = 0; const inc = () => { count += 1 };"));
    assert.equal((await kernel.run("count = 5; inc(); count")).value, "6");
    assert.equal(
      (await kernel.run("[count] = [10]; count++; ({ count } = { count: count + 1 }); inc(); count")).value,
      "13",
    );
    assertOk(
      await kernel.run(
        "await null; let later: number; const set = () => { later = 7 }; await null; later = 1;",
      ),
    );
    assert.equal(
      (await kernel.run("later += 1; const read = later; set(); [read, later]")).value,
      "[ 2, 7 ]",
    );
  });

  it("may be declared in every way, and again", async () => {
    assertOk(
      await kernel.run(
        `import path, { join } from "node:path"; import * as os from "node:os"; import { statSync, type Stats } from "node:fs";
         let [p, { q, ...r }] = [1, { q: 2, z: 3 }]; var v = 3;
         class A { x = 1 } enum Color { Red, Green } namespace N { export const k = 4 } function make() { return new A() }`,
      ),
    );
    const cell = await kernel.run(
      "[join('a', 'b'), path.sep, typeof os.cpus, typeof statSync, p, q, r, v, make().x, Color.Green, N.k].join()",
    );
    assert.equal(cell.value, "'a/b,/,function,function,1,2,[object Object],3,1,1,4'");
    assertOk(
      await kernel.run(
        "const os = 'a constant'; let path = 1; const v = () => path; function q() { return 'f' }",
      ),
    );
    assert.equal((await kernel.run("path = 2; [os, path, v(), q()].join()")).value, "'a constant,2,2,f'");
    assertOk(await kernel.run("import path from 'node:path';"));
    assert.equal((await kernel.run("[path.sep, v()].join()")).value, "'/,2'");
  });

  it("are not kept alive when a cell is run again", async () => {
    const cell = "let data = new Array(1e6).fill(0); const read = () => data.length;"; // 8 MB
    await kernel.run(cell);
    const heap = async (): Promise<number> =>
      Number((await kernel.run("collect(); process.memoryUsage().heapUsed")).value);
    await kernel.run(
      "import v8 from 'node:v8'; import vm from 'node:vm'; v8.setFlagsFromString('--expose-gc'); const collect = vm.runInNewContext('gc') as () => void;",
    );
    const first = await heap();
    for (let n = 0; n < 60; n += 1) await kernel.run(cell);
    assert.ok((await heap()) - first < 40e6, "60 times 8 MB were not freed");
  });
});

describe("a cell that fails or is interrupted", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());
  afterEach(async () => {
    assert.equal((await kernel.run("'alive'")).value, "'alive'");
  });

  it("leaves the variables that it came to, with their types", async () => {
    await kernel.run(
      "interface Row { label: number }\nconst rows: Row[] = [{ label: 1 }];\nlet best = 0.5;\nthrow new Error('end');",
    );
    assert.equal(
      (await kernel.run("const more: Row = { label: 2 };\n[rows.length, best, more.label]")).value,
      "[ 1, 0.5, 2 ]",
    );
    assert.match((await kernel.run("const text: string = best;")).traceback, /'number' is not assignable/);
  });

  it("leaves alone what earlier cells declared by the names that it did not come to", async () => {
    assertOk(await kernel.run("const kept = 'old'; let other = 'old';\nimport { join } from 'node:path';"));
    await kernel.run(
      "const came: boolean = true; if (came) throw new Error('early');\nconst kept = 5, other = 6; let join = 7; const lost = 8;",
    );
    assert.equal(
      (await kernel.run("other = 'new'; [kept.length, other, join('a', 'b'), came]")).value,
      "[ 3, 'new', 'a/b', true ]",
    );
    assert.match((await kernel.run("lost")).traceback, /Cannot find name 'lost'/);
  });

  it("keeps what came before the await at which it was interrupted, and runs its finally blocks", async () => {
    const cell = await kernel.run(
      `const early = await (Promise.resolve(1));
       try { await new Promise(() => {}); } finally { await null; console.log("cleaned"); }
       const beyond = 1;`,
      {},
      1,
    );
    assert.equal(cell.one("error")["ename"], "Interrupted");
    assert.match(cell.text(), /^$|^cleaned\n$/); // the text may come with the next cell
    assert.equal((await kernel.run("early")).value, "1");
    assert.match((await kernel.run("beyond")).traceback, /Cannot find name 'beyond'/);
  });

  it("cannot declare anything once it is over", async () => {
    await kernel.run(
      "try { await new Promise(() => {}) } catch { await new Promise((r) => setTimeout(r, 200)) }\nvar ghost = 1;",
      {},
      1,
    );
    const cell = await kernel.run(
      "await new Promise((r) => setTimeout(r, 500)); Object.keys((globalThis as any).__tslab__.exports).includes('ghost')",
    );
    assert.equal(cell.value, "false");
  });

  it("can be interrupted in code of others that follows an await, and the event loop goes on", async () => {
    assertOk(await kernel.run("let ticks = 0; setInterval(() => { ticks += 1 }, 10).unref();"));
    const before = "await new Promise((r) => setTimeout(r, 5));\n";
    for (const heavy of [
      "/(a+)+$/.test('a'.repeat(60) + 'b')",
      "for await (const n of [1]) /(a+)+$/.test('a'.repeat(60) + 'b')",
      "new Function('for (;;);')()",
    ]) {
      const begin = Date.now();
      const cell = await kernel.run(before + heavy, {}, 1.5);
      assert.equal(cell.one("error")["ename"], "Interrupted", heavy);
      assert.ok(Date.now() - begin < 3500, heavy);
      const turns = await kernel.run(
        `ticks = 0;
         await new Promise((r) => setTimeout(r, 300));
         const { readFile } = await import("node:fs/promises");
         await new Promise((r) => setImmediate(r));
         await new Promise((r) => process.nextTick(r));
         [ticks > 0, (await readFile("/dev/null")).length]`,
      );
      assert.equal(turns.value, "[ true, 0 ]");
    }
  });

  it("waits for a thousand promises in little time", async () => {
    const cell = await kernel.run(
      "const begin = performance.now(); for (let n = 0; n < 1000; n++) await null; performance.now() - begin",
    );
    assert.ok(Number(cell.value) < 3000, `${String(cell.value)} ms`);
  });
});
