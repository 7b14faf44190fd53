import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Published, withKernel } from "./kernel-client";

const FLAG = `(globalThis as any)[Symbol.for("jupyter.interrupt")]`;

describe("the thread beside the cells", () => {
  it("hears an interrupt while a synchronous loop runs, and its heart beats on", () =>
    withKernel(async (kernel) => {
      await kernel.run("const seen = { rounds: 0, stopped: false }");
      // as a library does it: the loops of a cell itself are guarded
      const polling = `new Function("flag", "seen", "while (!flag.requested) seen.rounds += 1; seen.stopped = true")(${FLAG}, seen);`;
      const begin = Date.now();
      const cell = await kernel.run(polling, {}, 0.3);
      assert.ok(Date.now() - begin < 2000);
      assert.equal((await kernel.run("[seen.rounds > 0, seen.stopped]")).value, "[ true, true ]");
      assert.equal(cell.reply["status"], "ok", "a loop that ends itself is no failure");

      await kernel.call("send", { code: "const until = Date.now() + 1500; while (Date.now() < until) {}" });
      assert.equal(await kernel.call("beats", { seconds: 1 }), "ping");
    }));

  it("gives code that looks at the flag the time to end itself, and no more", () =>
    withKernel(async (kernel) => {
      await kernel.run("'the compiler is loaded'");
      // as a library does it: the loops of a cell itself are guarded
      const tidy = `const turn = () => new Promise<void>((r) => setTimeout(r, 200));
        const polite = new Function("flag", "turn", \`return (async () => {
          while (!flag.requested) await turn();
          await turn();
          throw new RangeError("ended itself");
        })()\`);
        await polite(${FLAG}, turn);`;
      assert.equal((await kernel.run(tidy, {}, 0.3)).one("error")["ename"], "RangeError");
      const deaf = `${FLAG}.requested; await new Promise((r) => setTimeout(r, 20_000));`;
      const begin = Date.now();
      assert.equal((await kernel.run(deaf, {}, 0.3)).one("error")["ename"], "Interrupted");
      assert.ok(Date.now() - begin < 2500);
    }));

  it("stops synchronous code after an await, in the cell's loops and in a package's, and what it left goes on", () =>
    withKernel(async (kernel) => {
      await kernel.run(`const forever = new Function("for (;;) {}"); // like a package's
        const kept = { value: 41, cleaned: 0 };
        const deep = async () => { await null; for (;;) kept.value += 0; };`);
      for (const code of [
        "try { await null; while (true) {} } finally { kept.cleaned += 1; }",
        "try { await new Promise((r) => setTimeout(r, 10)); await deep(); } finally { kept.cleaned += 1; }",
        "try { for (;;) await null; } finally { kept.cleaned += 1; }",
        "await new Promise((r) => setTimeout(r, 10)); forever();",
      ]) {
        const begin = Date.now();
        const cell = await kernel.run(code, {}, 0.3);
        assert.equal(cell.one("error")["ename"], "Interrupted", code);
        assert.ok(Date.now() - begin < 3000, code);
        const alive = await kernel.run(
          "await new Promise((r) => setTimeout(r, 1)); await new Promise((r) => setImmediate(r)); kept.value + 1",
        );
        assert.equal(alive.value, "42", code);
      }
      assert.equal((await kernel.run("kept.cleaned")).value, "3", "finally blocks ran where they can");
    }));

  it("lets a cell clean up in loops, and stops the loops that it has left behind", () =>
    withKernel(async (kernel) => {
      await kernel.run(`const seen = { closed: [] as number[], ticks: 0 };
        const deep = async () => { for (;;) { await new Promise((r) => setTimeout(r, 100)); seen.ticks += 1; } };`);
      const cleaning =
        "try { while (true) {} } finally { for (const file of [1, 2]) seen.closed.push(file); for await (const file of [3]) seen.closed.push(file); }";
      assert.equal((await kernel.run(cleaning, {}, 0.3)).one("error")["ename"], "Interrupted");
      assert.equal((await kernel.run("seen.closed")).value, "[ 1, 2, 3 ]");
      assert.equal((await kernel.run("await deep()", {}, 0.3)).one("error")["ename"], "Interrupted");
      await kernel.call("publications", { seconds: 1.5 }); // no cell begins meanwhile
      await kernel.run("seen.ticks = 0;");
      assert.equal((await kernel.run("await new Promise((r) => setTimeout(r, 400)); seen.ticks")).value, "0");
    }));

  it("stops a value that takes for ever to show itself", () =>
    withKernel(async (kernel) => {
      const cell = await kernel.run("({ toMimeBundle: () => new Promise(() => {}) })", {}, 0.3);
      assert.equal(cell.one("error")["ename"], "Interrupted");
      assert.equal((await kernel.run("'alive'")).value, "'alive'");
    }));

  it("shuts down in a synchronous loop too", () =>
    withKernel(async (kernel) => {
      await kernel.call("send", { code: "while (true) {}" });
      const id = await kernel.call("send_only", {
        type: "shutdown_request",
        content: { restart: false },
        channel: "control",
      });
      const published = (await kernel.call("publications", { seconds: 3.5 })) as Published[];
      assert.ok(published.some(({ type, parent }) => type === "shutdown_reply" && parent === id));
    }));
});

describe("an error that no code waits for", () => {
  it("ends the cell that waits for what will never come", () =>
    withKernel(async (kernel) => {
      for (const stray of [
        "setTimeout(() => { throw new RangeError('in a timer') }, 50)",
        "setTimeout(() => void Promise.reject(new RangeError('nobody awaits')), 50)",
      ]) {
        const begin = Date.now();
        const cell = await kernel.run(`${stray};\nawait new Promise((r) => setTimeout(r, 20_000));`);
        assert.equal(cell.one("error")["ename"], "RangeError", stray);
        assert.match(cell.traceback, /cell \d+:1:/);
        assert.ok(Date.now() - begin < 4000, stray);
      }
      assert.equal((await kernel.run("'alive'")).value, "'alive'");
    }));

  it("does not end a cell that handles it within a second", () =>
    withKernel(async (kernel) => {
      const cell = await kernel.run(
        `const early = Promise.reject(new Error("handled"));
        await new Promise((r) => setTimeout(r, 500));
        await early.catch(() => "caught")`,
      );
      assert.equal(cell.value, "'caught'");
    }));
});
