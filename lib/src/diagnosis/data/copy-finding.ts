import type { TableSpec } from "../../runtime/presentation";
import type { Finding } from "../check";
import type { RoleSplit } from "../examination";
import { counted, percent } from "../wording";
import { copyGravity, copyNumbers, judgeCopies, type CopyCount, type CopyKind } from "./copy-counts";
import { standsBefore } from "./distinct-texts";

const ADVICE: Readonly<Record<CopyKind, string>> = {
  leaked:
    "Take those rows out of the earlier set and train again: a score on texts that were learned says nothing.",
  repeated: "Keep each text once, and do so before the data is split.",
  contradicting: "Read those texts and settle on one label, or leave them out.",
};

/** What a check of copies found, the gravest first. */
export function copyFinding(params: {
  splits: readonly RoleSplit[];
  counts: readonly CopyCount[];
  /** What to say if there is no copy. */
  none: string;
  /** What rows of each kind are; `earlier` names the splits that a leaked row also stands in. */
  phrases: Readonly<Record<CopyKind, (earlier: string) => string>>;
  numbers?: Readonly<Record<string, number>>;
  evidence: readonly TableSpec[];
}): Finding {
  const { splits, counts, none, phrases, numbers, evidence } = params;
  const present = counts
    .filter(({ count }) => count > 0)
    .toSorted((left, right) => copyGravity(right) - copyGravity(left));
  const verdicts = present.map(judgeCopies);
  const verdict = verdicts.includes("fail") ? "fail" : verdicts.includes("warn") ? "warn" : "pass";
  const worst = present[verdicts.indexOf(verdict)];
  const parts = present.map((copy) => {
    const { kind, role, count, rows } = copy;
    const are = phrases[kind](earlierThan(copy, splits));
    return `${percent(count / rows)} of ${role} are ${are} (${count.toLocaleString("en-US")} of ${counted(rows, "row")})`;
  });
  return {
    verdict,
    found: parts.length > 0 ? `${parts.join("; ")}.` : none,
    ...(worst && verdict !== "pass" && { advice: ADVICE[worst.kind] }),
    ...{ numbers: { ...copyNumbers(counts), ...numbers }, evidence },
  };
}

function earlierThan({ role }: CopyCount, splits: readonly RoleSplit[]): string {
  const earlier = splits.filter((split) => standsBefore(role, [split]));
  return earlier.map((split) => split.role).join(" or ");
}
