/** What tslab puts before the JavaScript of a cell to run it. */
const TSLAB = {
  sync: "(function(exports, require) { ",
  async: "(async function(exports, require) { ",
};
/** What we put before the JavaScript of a cell: the reader may have interrupted it while its types were checked. */
const GUARD = "__tslab__.guard(); ";
/** What we put around the JavaScript of a cell that awaits, within tslab's. */
const DRIVE = { before: "return __tslab__.drive(function*() { ", after: "\n});" };

/** The code of a cell as tslab is to run it, and how far its first line is moved to the right by what stands before it. */
export function wrapCell(javascript: string, awaits: boolean): { code: string; indent: number } {
  const guarded = GUARD + javascript;
  return awaits
    ? {
        code: DRIVE.before + guarded + DRIVE.after,
        indent: (TSLAB.async + DRIVE.before + GUARD).length,
      }
    : { code: guarded, indent: (TSLAB.sync + GUARD).length };
}
