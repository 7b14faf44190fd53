import { existsSync } from "node:fs";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { readConfig, type Config, type ConfigProblem } from "./config-file";

/** With what cells are checked and converted. */
export interface CellOptions {
  readonly options: TypeScript.CompilerOptions;
  /** What the reader should know of the tsconfig.json that was read, a line each. */
  readonly problems: readonly string[];
}

/** How cells are checked; shared with `npm run types`. */
const OWN_CONFIG = path.resolve(__dirname, "../tsconfig.cells.json");
/** Where the types `cells` are: additions to the library of tslab's old TypeScript. */
const CELL_TYPE_ROOT = path.resolve(__dirname, "../types");

/** The options with which a tsconfig.json can have its way: those that only decide what is an error. */
const CHECKS = [
  "allowUnreachableCode",
  "allowUnusedLabels",
  "exactOptionalPropertyTypes",
  "noFallthroughCasesInSwitch",
  "noImplicitAny",
  "noImplicitOverride",
  "noImplicitReturns",
  "noImplicitThis",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUnusedLocals",
  "noUnusedParameters",
  "strict",
  "strictBindCallApply",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
] as const;
const HEEDED = new Set<string>([...CHECKS, "lib", "types"]);

/**
 * Reads how the cells of a notebook are checked: as the tsconfig.json in its folder says, otherwise as our own does.
 * Libraries and types of a tsconfig.json come on top of ours: cells run on this Node whatever it says.
 *
 * @param folder - the notebook's; no folder above it is looked at
 * @param base - what tslab sets for itself
 */
export function readCellOptions(
  typescript: typeof TypeScript,
  folder: string,
  base: TypeScript.CompilerOptions,
): CellOptions {
  const own = readConfig(typescript, OWN_CONFIG);
  const file = path.join(folder, "tsconfig.json");
  const found = existsSync(file) ? readConfig(typescript, file) : undefined;
  const { options } = found?.usable ? found : own;
  const withOurs = (name: "lib" | "types"): string[] => [
    ...new Set([...(own.options[name] ?? []), ...(options[name] ?? [])]),
  ];
  const merged: TypeScript.CompilerOptions = {
    ...base,
    ...Object.fromEntries(CHECKS.map((name) => [name, options[name]])),
    lib: withOurs("lib"),
    types: [...withOurs("types"), "cells"],
    typeRoots: [...(base.typeRoots ?? []), CELL_TYPE_ROOT],
    // untyped JavaScript is none of the reader's doing
    checkJs: false,
    // the way back from a stack trace to the lines of the cell
    inlineSourceMap: true,
  };
  return { options: merged, problems: found ? problemsOf(found, merged) : [] };
}

function problemsOf({ options, usable, problems }: Config, given: TypeScript.CompilerOptions): string[] {
  if (!usable) return [...problems.map(({ text }) => text), "tsconfig.json is not used."];
  const matters = ({ option }: ConfigProblem): boolean => option === undefined || HEEDED.has(option);
  const misread = problems.filter((problem) => !matters(problem)).map(({ option }) => option ?? "");
  const differing = Object.keys(options).filter(
    (name) => (options[name] ?? false) !== (given[name] ?? false),
  );
  const ignored = new Set([...differing.filter((name) => !HEEDED.has(name)), ...misread]);
  const lines = problems.filter(matters).map(({ text }) => text);
  if (ignored.size > 0) lines.push(`tsconfig.json: without effect on cells: ${[...ignored].join(", ")}.`);
  return lines;
}
