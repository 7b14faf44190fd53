import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KernelClient } from "../kernel/kernel-client";

const CELLS = 2000;
/** The first cells fill caches that stay. */
const WARM = 200;
/** So many are sent at once. */
const BATCH = 50;
const MEGABYTE = 1 << 20;

const KINDS = {
  "a trivial cell": "1 + 1",
  "a cell that declares 1 MB anew":
    "const numbers = Array.from({ length: 131_072 }, (_, i) => i / 2); numbers.length",
  "a cell that imports":
    'import path from "node:path";\nimport { readFileSync } from "node:fs";\npath.basename("a/b") + readFileSync.name',
};
/** V8 gives freed pages back a while after it collected, and some only after the next time. */
const MEASURE = `require("node:v8").setFlagsFromString("--expose-gc");
let least = process.memoryUsage();
for (let times = 0; times < 8; times++) {
  require("node:vm").runInNewContext("gc")();
  await new Promise<void>((resolve) => setTimeout(resolve, 300));
  if (process.memoryUsage().rss < least.rss) least = process.memoryUsage();
}
JSON.stringify(least)`;

describe(`the same cell ${CELLS} times`, () => {
  for (const [kind, code] of Object.entries(KINDS))
    it(`costs no memory: ${kind}`, { timeout: 900_000 }, async (t) => {
      const kernel = await KernelClient.start();
      try {
        /** Bytes after a garbage collection: of JavaScript's objects, and of the whole process. */
        const memory = async (): Promise<{ heapUsed: number; rss: number }> =>
          JSON.parse(String((await kernel.run(MEASURE)).value).slice(1, -1)) as {
            heapUsed: number;
            rss: number;
          };
        const runTo = async (from: number, to: number): Promise<void> => {
          for (let ran = from; ran < to; ran += BATCH) {
            const cells = await kernel.runAll(Array.from({ length: BATCH }, () => code));
            for (const cell of cells) assert.equal(cell.reply["status"], "ok");
          }
        };
        await runTo(0, WARM);
        const early = await memory();
        await runTo(WARM, CELLS);
        const late = await memory();
        for (const name of ["heapUsed", "rss"] as const) {
          const [before, after] = [early[name], late[name]].map((bytes) => Math.round(bytes / MEGABYTE));
          t.diagnostic(`${kind}: ${name} ${before} MB at cell ${WARM}, ${after} MB at cell ${CELLS}`);
        }
        assert.ok(late.heapUsed - early.heapUsed < 50 * MEGABYTE, "JavaScript's objects");
        assert.ok(late.rss - early.rss < 50 * MEGABYTE, "the whole process");
      } finally {
        await kernel.close();
      }
    });
});
