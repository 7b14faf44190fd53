import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient } from "./kernel-client";

/** For how long a cell prints, in seconds; with KERNEL_DEEP=1 for a whole minute. */
const SECONDS = process.env["KERNEL_DEEP"] === "1" ? 60 : 6;
const LINES = SECONDS * 20;

const CELLS = {
  "that awaits": `for (let i = 0; i < ${LINES}; i++) {
    console.log("line", i);
    await new Promise<void>((resolve) => setTimeout(resolve, 50));
  }`,
  "that is one synchronous loop": `for (let i = 0; i < ${LINES}; i++) {
    console.log("line", i);
    const until = Date.now() + 50;
    while (Date.now() < until);
  }`,
};

describe(`a cell that prints for ${SECONDS} seconds`, () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  for (const [kind, code] of Object.entries(CELLS))
    it(`streams as it goes, one ${kind}`, { timeout: (SECONDS + 60) * 1000 }, async () => {
      // the client waits 30 s for each message, not for the whole cell
      const cell = await kernel.run(code);
      assert.equal(cell.text(), Array.from({ length: LINES }, (_, i) => `line ${i}\n`).join(""));
      const times = cell.published.filter(({ type }) => type === "stream").map(({ at }) => at);
      const [first = Infinity, end = 0] = [times[0], cell.published.at(-1)?.at];
      assert.ok(end - first > SECONDS * 0.8, `the first text came ${end - first} s before the end`);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      assert.ok(Math.max(...gaps) < 2, `a pause of ${Math.max(...gaps)} s between two texts`);
      assert.ok(times.length <= LINES, `${times.length} messages`);
    });
});
