// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Says how a story came out; returns the exit code.
 * @param {import("./summary.mjs").Summary} summary
 * @param {string} folder in which it lies
 */
export function conclude({ ok, seconds, peakMemoryBytes, notebooks }, folder) {
  const verdicts = notebooks.flatMap((notebook) => notebook.verdicts);
  const right = verdicts.filter((verdict) => verdict.ok).length;
  const done = notebooks.filter((notebook) => notebook.ok).length;
  const made = path.relative(process.cwd(), folder);
  // a story that was stopped has none
  const page = existsSync(path.join(folder, "index.html")) ? path.join(made, "index.html") : made;
  console.log(`To read: ${page}; the figures: ${path.join(made, "summary.json")}`);
  console.log(
    `${ok ? "The story holds" : "The story does NOT hold"}: ${done} of ${notebooks.length} notebooks, ${right} of ${verdicts.length} verdicts ok, ${Math.round(seconds)} s, at most ${(peakMemoryBytes / 1e9).toFixed(1)} GB.`,
  );
  return ok ? 0 : 1;
}
