import type { Cell, TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import type { RoleSplit } from "../examination";
import { normalLabel } from "../label-alignment";
import { counted, listed, percent, quoted } from "../wording";
import { isUnnamed, meantLabels } from "./label-census";

const MOST_EXAMPLES = 8;

/** Asks whether the sets hold a label that the mapping has not: in training it has no output to learn, in a test none to be right. */
export const unknownLabels = defineCheck({
  name: "unknown-labels",
  area: "data",
  question: "Is every label of the sets one that is meant?",
  needs: ["splits"],
  run: (examination): Finding => {
    const meant = meantLabels(examination);
    const strangers = examination.splits.flatMap((split) => strangersOf(split, meant));
    const meantNames = listed(Object.values(meant).map((name) => quoted(name)));
    const numbers = Object.fromEntries(
      examination.splits.map(({ role }) => [`${role}Unknown`, countRows(strangers, role)]),
    );
    if (strangers.length === 0) {
      const all = `All labels are of ${meantNames}${unnamedText(examination)}.`;
      return { verdict: "pass", found: meantNames === "" ? "There are no labels." : all, numbers };
    }
    const roles = [...new Set(strangers.map(({ split }) => split.role))];
    // whoever sends texts may call them what they like, and two names for one number may mean the same
    const isGrave = strangers.some(({ split, isNumbered }) => split.role !== "incoming" && !isNumbered);
    return {
      verdict: isGrave ? "fail" : "warn",
      found: `${roles.map((role) => roleText(strangers, role)).join("; ")}; meant are ${meantNames}.`,
      advice: isGrave
        ? "Correct the names, take those rows out, or add the label to id2label and train with it."
        : "Give them the names that are meant, or make sure that their numbers mean the same.",
      ...{ numbers, evidence: [strangerTable(strangers), exampleTable(strangers)] },
    };
  },
});

/** A label that is not meant, with the rows that have it. */
interface Stranger {
  readonly split: RoleSplit;
  readonly id: number;
  readonly name: string;
  readonly rows: readonly number[];
  /** Whether it is read as the label of its number, because its set has no name that is meant. */
  readonly isNumbered: boolean;
}

function strangersOf(split: RoleSplit, meant: Readonly<Record<number, string>>): Stranger[] {
  const names = new Set(Object.values(meant).map(normalLabel));
  const areUnnamed = Object.values(meant).every(isUnnamed);
  const isMeant = (id: number, name: string): boolean =>
    names.has(normalLabel(name)) || ((areUnnamed || isUnnamed(name)) && id in meant);
  // as alignLabels does it
  const hasMeantName = Object.values(split.set.id2label).some((name) => names.has(normalLabel(name)));
  const rowsOf = new Map<number, number[]>();
  for (const [row, label] of split.set.labels.entries()) {
    const rows = rowsOf.get(label);
    if (rows) rows.push(row);
    else rowsOf.set(label, [row]);
  }
  return [...rowsOf].flatMap(([id, rows]): Stranger[] => {
    const name = split.set.id2label[id] ?? "";
    return isMeant(id, name) ? [] : [{ split, id, name, rows, isNumbered: !hasMeantName && id in meant }];
  });
}

function countRows(strangers: readonly Stranger[], role: string): number {
  return strangers.reduce((sum, { split, rows }) => sum + (split.role === role ? rows.length : 0), 0);
}

function roleText(strangers: readonly Stranger[], role: string): string {
  const here = strangers.filter(({ split }) => split.role === role);
  const count = countRows(here, role);
  const all = here[0]?.split.set.length ?? count;
  const names = listed(here.map(({ name }) => quoted(name)));
  const reading = here.every(({ isNumbered }) => isNumbered) ? ", read by number" : "";
  return `${role} has ${counted(count, "row")} (${percent(count / all)}) of ${names}${reading}`;
}

/** Numbers are taken for what they are, and said. */
function unnamedText({ splits }: { readonly splits: readonly RoleSplit[] }): string {
  const roles = splits
    .filter(({ set }) => set.length > 0 && Object.values(set.id2label).every(isUnnamed))
    .map(({ role }) => role);
  return roles.length > 0 ? `; ${listed(roles)} only number${roles.length > 1 ? "" : "s"} them` : "";
}

function strangerTable(strangers: readonly Stranger[]): TableSpec {
  return {
    kind: "table",
    title: "Labels that are not meant",
    columns: ["set", "number", "name", "rows", "share of the set"],
    rows: strangers.map(({ split, id, name, rows }): Cell[] => [
      ...[split.role, id, quoted(name), rows.length, rows.length / split.set.length],
    ]),
    format: { "share of the set": "percent" },
  };
}

function exampleTable(strangers: readonly Stranger[]): TableSpec {
  const examples = strangers.flatMap((stranger) =>
    stranger.rows.slice(0, 3).map((row) => ({ stranger, row })),
  );
  return {
    kind: "table",
    title: "Some of their rows",
    columns: ["set", "row", "label", "text"],
    rows: examples
      .slice(0, MOST_EXAMPLES)
      .map(({ stranger: { split, name }, row }): Cell[] => [
        ...[split.role, row, quoted(name), quoted(split.set.rows[row]?.text ?? "")],
      ]),
  };
}
