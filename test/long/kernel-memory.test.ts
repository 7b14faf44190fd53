import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KernelClient } from "../kernel/kernel-client";

const CELLS = 2000;
/** The first cells fill caches that stay. */
const WARM = 200;
/** So many are sent at once. */
const BATCH = 50;
const MEGABYTE = 1 << 20;

/** Bytes after a garbage collection: in use by JavaScript and what it holds outside its heap, and of the whole process. */
interface Memory {
  heapUsed: number;
  external: number;
  rss: number;
}

const KINDS = {
  "a trivial cell": "1 + 1",
  "a cell that declares 1 MB anew":
    "const numbers = Array.from({ length: 131_072 }, (_, i) => i / 2); numbers.length",
  "a cell that imports":
    'import path from "node:path";\nimport { readFileSync } from "node:fs";\npath.basename("a/b") + readFileSync.name',
};
/**
 * V8 gives freed pages back a while after it collected, some only after the next time, and on Node 20 some never: what is in use is exact,
 * the process as a whole is not (it varied by 80 MB from run to run), and only guards against native memory that nobody counts.
 */
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
        const memory = async (): Promise<Memory> =>
          JSON.parse(String((await kernel.run(MEASURE)).value).slice(1, -1)) as Memory;
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
        for (const name of ["heapUsed", "external", "rss"] as const) {
          const [before, after] = [early[name], late[name]].map((bytes) => Math.round(bytes / MEGABYTE));
          t.diagnostic(`${kind}: ${name} ${before} MB at cell ${WARM}, ${after} MB at cell ${CELLS}`);
        }
        const inUse = ({ heapUsed, external }: Memory): number => heapUsed + external;
        assert.ok(inUse(late) - inUse(early) < 50 * MEGABYTE, "what is in use");
        assert.ok(late.rss - early.rss < 200 * MEGABYTE, "the whole process");
      } finally {
        await kernel.close();
      }
    });
});
