import type { CheckVerdict } from "../check";
import type { RoleSplit } from "../examination";

/** In which way rows are copies: of a split before theirs, of a row of their own split, or of one with another label. */
export type CopyKind = "leaked" | "repeated" | "contradicting";

/** How many rows of a split are copies in one way. */
export interface CopyCount {
  readonly kind: CopyKind;
  readonly role: RoleSplit["role"];
  readonly count: number;
  /** Of so many, at least one. */
  readonly rows: number;
}

/** Shares of a split. */
const LIMITS: Readonly<Record<CopyKind, { readonly warn: number; readonly fail: number }>> = {
  // on a row that it has learned a model cannot err: if it errs on one of three others, 3 % leaked are a point of accuracy for
  // nothing, which is what people choose models by. IMDB has 0.5 %, the sixth part of a point.
  leaked: { warn: 0.01, fail: 0.03 },
  // a row more or less often changes little, but a set with a fifth of copies is not the size that it seems, its intervals are
  // too narrow, and whoever splits it leaks. IMDB has 0.4 %.
  repeated: { warn: 0.05, fail: 0.2 },
  // of two labels for one text one is wrong: at 5 % no model can score more than 97.5 %
  contradicting: { warn: 0.01, fail: 0.05 },
};
/** One row or two are read, not mended: however small the set, they do not fail. */
const LEAST_FAILING = 3;

/** How grave a count is: by its share of the split. */
export function judgeCopies({ kind, count, rows }: CopyCount): CheckVerdict {
  const { warn, fail } = LIMITS[kind];
  const share = count / rows;
  if (share >= fail && count >= LEAST_FAILING) return "fail";
  return share >= warn ? "warn" : "pass";
}

/** How many times the share at which a count fails it is: what is gravest comes first. */
export function copyGravity({ kind, count, rows }: CopyCount): number {
  return count / rows / LIMITS[kind].fail;
}

/** The shares by name, such as `testLeakedShare`. */
export function copyNumbers(counts: readonly CopyCount[]): Record<string, number> {
  const entries = counts.map(({ kind, role, count, rows }): [string, number] => [
    `${role}${kind.charAt(0).toUpperCase()}${kind.slice(1)}Share`,
    count / rows,
  ]);
  return Object.fromEntries(entries);
}
