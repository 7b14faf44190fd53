import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import type { RoleSplit } from "../examination";
import { counted, listed, quoted } from "../wording";
import { copyFinding } from "./copy-finding";
import type { CopyCount } from "./copy-counts";
import { contradict, distinctTexts, isHeldOut, standsBefore, type DistinctText } from "./distinct-texts";

const MOST_SHOWN = 20;

/** Asks whether texts stand there more than once: within a set, in two of them, or with two labels. */
export const duplicates = defineCheck({
  name: "duplicates",
  area: "data",
  question: "Does any text stand there twice?",
  needs: ["splits"],
  run: ({ splits }): Finding => {
    const texts = distinctTexts(splits);
    const copied = texts.filter(({ rows }) => rows.length > 1);
    const counts = splits.flatMap((split) => countCopies(split, copied));
    const rows = splits.reduce((sum, { set }) => sum + set.length, 0);
    return copyFinding({
      splits,
      counts,
      none:
        texts.length > 0
          ? `Of ${counted(rows, "row")} no text stands there twice.`
          : "There is no text to compare.",
      phrases: {
        leaked: (earlier) => `copies of texts of ${earlier}`,
        repeated: () => "copies of other rows of it",
        contradicting: () => "texts that have another label elsewhere",
      },
      evidence: copied.length > 0 ? [groupTable(copied)] : [],
    });
  },
});

function countCopies({ role, set }: RoleSplit, copied: readonly DistinctText[]): CopyCount[] {
  if (set.length === 0) return [];
  const here = copied.map(({ rows }) => ({ rows, count: rows.filter((row) => row.role === role).length }));
  const leaked = here.filter(({ rows }) => standsBefore(role, rows));
  const contradicting = here.filter(({ rows }) => contradict(rows));
  const sum = (of: typeof here): number => of.reduce((total, { count }) => total + count, 0);
  const repeats = here.reduce((total, { count }) => total + Math.max(0, count - 1), 0);
  return [
    ...(isHeldOut(role) ? [{ kind: "leaked" as const, role, count: sum(leaked), rows: set.length }] : []),
    { kind: "repeated", role, count: repeats, rows: set.length },
    // the labels of what came in later may be guesses
    ...(role === "incoming"
      ? []
      : [{ kind: "contradicting" as const, role, count: sum(contradicting), rows: set.length }]),
  ];
}

/** What contradicts itself first, then what leaks, then what is there most often. */
function groupTable(copied: readonly DistinctText[]): TableSpec {
  const rank = ({ rows }: DistinctText): number =>
    contradict(rows) ? 2 : Number(rows.some(({ role }) => standsBefore(role, rows)));
  const sorted = copied.toSorted(
    (left, right) => rank(right) - rank(left) || right.rows.length - left.rows.length,
  );
  const shown = sorted.slice(0, MOST_SHOWN);
  const cut =
    sorted.length > shown.length ? ` The first ${shown.length} of ${counted(sorted.length, "text")}.` : "";
  return {
    kind: "table",
    title: "Texts that stand there more than once",
    columns: ["rows", "where (rows from 0)", "labels", "text"],
    rows: shown.map(({ rows }) => [
      rows.length,
      placesText(rows),
      labelsText(rows),
      quoted(rows[0]?.text ?? ""),
    ]),
    note: `Case, white space and punctuation are not compared.${cut}`,
  };
}

function placesText(rows: DistinctText["rows"]): string {
  const roles = [...new Set(rows.map(({ role }) => role))];
  return roles
    .map((role) => {
      const places = rows.filter((row) => row.role === role).map(({ index }) => String(index));
      return `${role} ${listed(places)}`;
    })
    .join("; ");
}

function labelsText(rows: DistinctText["rows"]): string {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return listed([...counts].map(([label, count]) => `${label} (${count})`));
}
