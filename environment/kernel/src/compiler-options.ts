import path from "node:path";
import type { CompilerOptions } from "@tslab/typescript-for-tslab";

/**
 * How cells are checked, over what tslab sets itself (it knows no `strict` and reads no tsconfig).
 * Indexed access stays unchecked: `rows[0].label` in a cell should read like the table that it shows.
 */
export const CELL_COMPILER_OPTIONS: CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: false,
  lib: ["lib.es2023.d.ts"],
  // only what cells can rely on: every other package of node_modules/@types would be read at each start
  types: ["node", "cells"],
  // untyped JavaScript is none of the reader's doing
  checkJs: false,
  // the way back from a stack trace to the lines of the cell
  inlineSourceMap: true,
};

/** Where the types `cells` are: additions to the library of tslab's old TypeScript. */
export const CELL_TYPE_ROOT = path.resolve(__dirname, "../types");
