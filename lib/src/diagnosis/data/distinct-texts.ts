import type { RoleSplit } from "../examination";
import { normalLabel } from "../label-alignment";
import { plainText } from "./plain-text";

/** Where a text stands. */
export interface TextRow {
  readonly role: RoleSplit["role"];
  /** From 0, in the split of that role. */
  readonly index: number;
  readonly text: string;
  /** Name of its label in that split. */
  readonly label: string;
}

/** All rows whose plain text is the same. */
export interface DistinctText {
  /** See {@link plainText}. */
  readonly plain: string;
  /** In the order of the splits, then of the rows; at least one. */
  readonly rows: readonly TextRow[];
}

/** The different texts of all splits, each with every row where it stands; blank ones are left out. */
export function distinctTexts(splits: readonly RoleSplit[]): DistinctText[] {
  const byText = new Map<string, TextRow[]>();
  for (const { role, set } of splits)
    for (const [index, { text, label }] of set.rows.entries()) {
      const plain = plainText(text);
      if (plain === "") continue;
      const row = { role, index, text, label: set.id2label[label] ?? "" };
      const known = byText.get(plain);
      if (known) known.push(row);
      else byText.set(plain, [row]);
    }
  return [...byText].map(([plain, rows]) => ({ plain, rows }));
}

/** Whether rows contradict each other: their labels have different names. What came in later is not asked: its labels may be guesses. */
export function contradict(rows: readonly TextRow[]): boolean {
  const judged = rows.filter(({ role }) => role !== "incoming");
  return new Set(judged.map(({ label }) => normalLabel(label))).size > 1;
}

const IN_ORDER: readonly RoleSplit["role"][] = ["train", "validation", "test"];

/** Whether a split of this role is measured on: its texts must not stand in a split before it. */
export function isHeldOut(role: RoleSplit["role"]): boolean {
  return IN_ORDER.indexOf(role) > 0;
}

/** Whether one of the rows stands in a split that is used before this one: a model was trained on it, or chosen by it. */
export function standsBefore(role: RoleSplit["role"], rows: readonly Pick<TextRow, "role">[]): boolean {
  const place = IN_ORDER.indexOf(role);
  return rows.some((row) => IN_ORDER.includes(row.role) && IN_ORDER.indexOf(row.role) < place);
}
