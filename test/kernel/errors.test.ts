import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient, ROOT } from "./kernel-client";

describe("what a failing cell says", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("publishes an error with its name, its message and the lines of the cell (defect 2)", async () => {
    const cell = await kernel.run(
      `interface Row { label: number }

function check(row: Row): never {
  throw new TypeError("label " + row.label);
}

check({ label: 7 });`,
    );
    const number = cell.reply["execution_count"] as number;
    assert.deepEqual(cell.one("error"), {
      ename: "TypeError",
      evalue: "label 7",
      traceback: ["TypeError: label 7", `    at check (cell ${number}:4:9)`, `    at cell ${number}:7:1`],
    });
    assert.equal(cell.reply["status"], "error");
    assert.equal(cell.reply["ename"], "TypeError");
    assert.equal(cell.reply["evalue"], "label 7");
  });

  it("names the lines of earlier cells and of cells that await", async () => {
    const definition = await kernel.run(
      "\nconst later = async (x: number): Promise<void> => {\n  await null;\n  throw new Error(`x${x}`);\n};",
    );
    const cell = await kernel.run("const one: number = 1;\nawait later(one);");
    const [first, second] = [definition, cell].map((each) => String(each.reply["execution_count"]));
    assert.deepEqual(cell.one("error")["traceback"], [
      "Error: x1",
      `    at later (cell ${first}:4:9)`,
      `    at async cell ${second}:2:1`,
    ]);
  });

  it("shows neither frames of the kernel nor paths of this machine", async () => {
    const cell = await kernel.run(
      "import { readFileSync } from 'node:fs'; readFileSync(process.cwd() + '/missing.csv')",
    );
    assert.match(cell.traceback, /no such file or directory, open 'missing\.csv'/);
    for (const hidden of ["node_modules", "dist/", "node:", ROOT])
      assert.ok(!cell.traceback.includes(hidden), cell.traceback);
    const printed = await kernel.run("console.error(new Error('printed'))");
    assert.match(printed.text("stderr"), /^Error: printed\n {4}at cell \d+:1:15\n$/);
  });

  it("names the line of an await in a function that is not async", async () => {
    const misplaced = [
      ["const a = {\n  load() { return await 1; }\n};", "2:19"],
      ["const a = {\n  get x() { return await 1; }\n};", "2:20"],
      ["const A = class {\n  load() { return await 1; }\n};", "2:19"],
      ["const A = class {\n  x = await 1;\n};", "2:7"],
    ] as const;
    for (const [code, place] of misplaced) {
      const cell = await kernel.run(code);
      assert.equal(cell.one("error")["ename"], "TypeScriptError", code);
      assert.match(
        cell.traceback,
        new RegExp(`^${place} - 'await' expressions are only allowed within async`),
      );
    }
    const own = 'const b = { [await "k"]: await 2 }; new (class { [await "m"]() {} })(); b.k';
    assert.equal((await kernel.run(own)).value, "2");
  });

  it("tells the causes of an error", async () => {
    const cell = await kernel.run("throw new Error('outer', { cause: new RangeError('inner') })");
    assert.match(cell.traceback, /^Error: outer\n.*\nCaused by: RangeError: inner\n {4}at cell/);
  });

  it("reports whatever is thrown", async () => {
    for (const [code, evalue] of [
      ["throw 'text'", "text"],
      ["throw { code: 7 }", "{ code: 7 }"],
      ["throw undefined", "undefined"],
      ["await Promise.reject(null)", "null"],
    ] as const) {
      const cell = await kernel.run(code);
      assert.equal(cell.reply["status"], "error", code);
      assert.equal(cell.one("error")["evalue"], evalue);
    }
  });

  it("reports, and outlives, errors that cannot be read as errors", async () => {
    const strange = [
      'Object.assign(new Error("x"), { message: { code: 1 } })',
      'Object.assign(new Error("x"), { name: Symbol("mine") })',
      'Object.defineProperty(new Error("x"), "message", { get() { throw new Error("unreadable") } })',
      '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("unreadable") } })',
    ];
    for (const thrown of strange) {
      for (const code of [
        `throw ${thrown}`,
        `setTimeout(() => { throw ${thrown} }, 0); undefined`,
        `void Promise.reject(${thrown})`,
      ])
        assert.equal((await kernel.run(code)).reply["status"], "error", code);
      await kernel.run(`void setTimeout(() => { throw ${thrown} }, 20)`);
      await kernel.call("publications", { seconds: 0.2 }); // it comes between cells
      assert.equal((await kernel.run("'alive'")).value, "'alive'", thrown);
    }
  });

  it("checks types strictly, says where, and runs nothing (defect 7)", async () => {
    const cell = await kernel.run('console.log("ran");\nconst x: string = null;\nlet y = (z) => z;');
    assert.deepEqual(cell.one("error"), {
      ename: "TypeScriptError",
      evalue: "2:7 - Type 'null' is not assignable to type 'string'.",
      traceback: [
        "2:7 - Type 'null' is not assignable to type 'string'.",
        "3:10 - Parameter 'z' implicitly has an 'any' type.",
      ],
    });
    assert.equal(cell.text(), "");
    assert.equal(cell.reply["status"], "error");
  });

  it("knows ES2023, and leaves indexed access readable (defect 7)", async () => {
    assert.equal((await kernel.run("[3, 1, 2].toSorted()[0].toFixed(1)")).value, "'1.0'");
    assert.equal((await kernel.run("[1, 2, 3].findLast((n) => n < 3)")).value, "2");
    assert.equal((await kernel.run("new Float32Array([2, 1]).toSorted().join()")).value, "'1,2'");
  });

  it("fails the cell whose promise is rejected and never awaited (defect 9)", async () => {
    for (const code of [
      "Promise.reject(new Error('floating')); 1",
      "void (async () => { await null; throw new Error('floating') })()",
      "await null; setTimeout(() => { throw new Error('floating') }, 0)",
      "setTimeout(() => void Promise.reject(new Error('floating')), 0); undefined",
    ]) {
      const cell = await kernel.run(code);
      assert.equal(cell.reply["status"], "error", code);
      assert.equal(cell.one("error")["evalue"], "floating");
      assert.match(cell.traceback, /cell \d+:1:/);
    }
    const healthy = await kernel.run(
      "const early = Promise.reject(new Error('awaited later')); await new Promise((r) => setTimeout(r, 20)); await early.catch(() => 'caught')",
    );
    assert.equal(healthy.value, "'caught'");
    assert.equal(healthy.reply["status"], "ok");
  });

  it("shows an error that comes between cells, and lives on (defect 9)", async () => {
    await kernel.run("void setTimeout(() => { throw new Error('much later') }, 150)");
    const published = (await kernel.call("publications", { seconds: 0.6 })) as {
      content: { name?: string; text?: string };
    }[];
    const shown = published
      .filter(({ content }) => content.name === "stderr")
      .map(({ content }) => content.text);
    assert.match(shown.join(""), /^Error: much later\n {4}at .*cell \d+:1:/);
    assert.equal((await kernel.run("'alive'")).value, "'alive'");
  });

  it("checks cells that define a module, and refuses cells for the browser", async () => {
    assert.equal(
      (await kernel.run("/** @module sums */\nexport const sum: number = 4;")).reply["status"],
      "ok",
    );
    assert.equal((await kernel.run("import { sum } from './sums';\nsum")).value, "4");
    const wrong = await kernel.run("/** @module wrong */\nexport const sum: string = 4;");
    assert.match(wrong.traceback, /^wrong\.ts 2:14 - Type 'number'/);
    assert.match((await kernel.run("/** @browser */\nconst x = 1;")).traceback, /not supported/);
  });

  it("does not let a cell end the kernel", async () => {
    const cell = await kernel.run("process.exit(1)");
    assert.match(String(cell.one("error")["evalue"]), /would end the kernel/);
    assert.equal((await kernel.run("'alive'")).value, "'alive'");
  });
});
