import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient, withKernel } from "./kernel-client";

interface Death {
  seconds: number;
  code: number | null;
}

describe("stopping a cell, and the kernel", () => {
  it("interrupts an awaiting cell and a synchronous loop, and keeps the variables; shuts down at once", () =>
    withKernel(async (kernel) => {
      await kernel.run("const kept = { value: 41 }");
      for (const code of ["await new Promise((r) => setTimeout(r, 20_000))", "while (true) {}"]) {
        const begin = Date.now();
        const cell = await kernel.run(code, {}, 0.3);
        assert.equal(cell.one("error")["ename"], "Interrupted", code);
        assert.ok(Date.now() - begin < 2000, code);
      }
      assert.equal((await kernel.run("kept.value + 1")).value, "42");
      const { reply, ...death } = (await kernel.call("shutdown")) as Death & {
        reply: Record<string, unknown>;
      };
      assert.deepEqual([reply["status"], reply["restart"], death.code], ["ok", false, 0]);
      assert.ok(death.seconds < 1, `${death.seconds} s`);
    }));

  it("lets libraries see the wish to stop, a new one for each cell; shuts down for a restart, in mid-cell", () =>
    withKernel(async (kernel) => {
      await kernel.run(
        "const seen: { stopped: boolean; flag?: { requested: boolean } } = { stopped: false }",
      );
      const loop = `const flag = (seen.flag = (globalThis as any)[Symbol.for("jupyter.interrupt")]);
        const turn = (): Promise<void> => new Promise((r) => setImmediate(r));
        while (!flag.requested) await turn();
        seen.stopped = true;`;
      await kernel.run(loop, {}, 0.3);
      assert.equal((await kernel.run("[seen.stopped, seen.flag?.requested]")).value, "[ true, true ]");
      assert.equal(
        (await kernel.run(`(globalThis as any)[Symbol.for("jupyter.interrupt")].requested`)).value,
        "false",
      );

      await kernel.run("void setInterval(() => {}, 10)");
      const { reply, ...death } = (await kernel.call("shutdown", { restart: true })) as Death & {
        reply: Record<string, unknown>;
      };
      assert.deepEqual([reply["restart"], death.code], [true, 0]);
      assert.ok(death.seconds < 1, `${death.seconds} s`);
    }));

  it("ends on SIGTERM, in a synchronous loop too", () =>
    withKernel(async (kernel) => {
      await kernel.call("send", { code: "while (true) {}" });
      const death = (await kernel.call("signal", { name: "SIGTERM" })) as Death;
      assert.equal(death.code, -15);
      assert.ok(death.seconds < 1, `${death.seconds} s`);
    }));

  it("ends when the process that started it is gone, in a synchronous loop too", async () => {
    const kernel = new KernelClient();
    try {
      const { pid } = (await kernel.call("start", { cwd: kernel.folder })) as { pid: number };
      await kernel.call("send", { code: "while (true) {}" });
      kernel.killDriver();
      const begin = Date.now();
      while (isAlive(pid) && Date.now() - begin < 5000) await sleep(50);
      assert.ok(!isAlive(pid), "the kernel outlived its parent");
    } finally {
      await kernel.close();
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
