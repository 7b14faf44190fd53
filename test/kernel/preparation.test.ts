import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Preparation } from "../../environment/kernel/src/preparation";

describe("work ahead of its time", () => {
  it("waits while there is something to do, goes in steps, and outlives a step that fails", async () => {
    const taken: string[] = [];
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const preparation = new Preparation([
      () => {
        taken.push("first");
      },
      () => {
        throw new Error("meant to fail: this line belongs to the test");
      },
      () => {
        taken.push("last");
        finish();
      },
    ]);
    preparation.resume();
    preparation.pause();
    await sleep(500);
    assert.deepEqual(taken, []);
    preparation.resume();
    await done;
    assert.deepEqual(taken, ["first", "last"]);
  });
});
