import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { InterruptedError, LibError } from "../../../lib/src/runtime/errors";
import { watchInterrupt } from "../../../lib/src/runtime/interrupt";

const FLAG = Symbol.for("jupyter.interrupt");

/** Sets the running cell's flag as the kernel does. */
function setFlag(flag: { requested: boolean }): void {
  Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("watching for an interrupt", () => {
  it("lets other work of the process run", async () => {
    let ran = false;
    const check = watchInterrupt();
    setImmediate(() => (ran = true));
    await check("Work");
    assert.ok(ran);
  });

  it("passes outside a kernel, and as long as nothing is requested", async () => {
    await watchInterrupt()("Work");
    setFlag({ requested: false });
    await watchInterrupt()("Work");
  });

  it("stops, saying what was interrupted, once an interrupt is requested", async () => {
    const flag = { requested: false };
    setFlag(flag);
    const check = watchInterrupt();
    await check("Work");
    flag.requested = true;
    await assert.rejects(check("Training at step 3"), (error) => {
      assert.ok(error instanceof InterruptedError && error instanceof LibError);
      assert.equal(error.name, "InterruptedError");
      assert.match(error.message, /^Training at step 3 was interrupted/);
      return true;
    });
  });

  it("minds the flag of the cell that started the work, not of a later one", async () => {
    const started = { requested: false };
    setFlag(started);
    const check = watchInterrupt();
    setFlag({ requested: true });
    await check("Work");
    setFlag({ requested: false });
    started.requested = true;
    await assert.rejects(check("Work"), InterruptedError);
  });
});
