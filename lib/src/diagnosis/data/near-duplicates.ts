import type { Cell, TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import type { RoleSplit } from "../examination";
import { counted, quoted } from "../wording";
import { copyFinding } from "./copy-finding";
import type { CopyCount } from "./copy-counts";
import { distinctTexts, isHeldOut, standsBefore, type DistinctText, type TextRow } from "./distinct-texts";
import { nearPairs } from "./near-pairs";
import { plainText, withoutMarkup } from "./plain-text";

const MOST_SHOWN = 15;
/** So much of what is alike is shown before the first difference. */
const LEAD = 40;

/** Two different texts that are nearly the same. */
interface NearTexts {
  readonly one: DistinctText;
  readonly other: DistinctText;
  readonly similarity: number;
}

/** Asks whether texts are nearly the same, within a set or in two of them; exact copies are left to `duplicates`. */
export const nearDuplicates = defineCheck({
  name: "near-duplicates",
  area: "data",
  question: "Are any texts nearly the same?",
  needs: ["splits"],
  run: async ({ splits }): Promise<Finding> => {
    const texts = distinctTexts(splits);
    const pairs = await nearTexts(texts);
    const partners = partnersOf(pairs);
    const counts = splits.flatMap((split) => countNear(split, partners));
    return copyFinding({
      splits,
      counts,
      none:
        texts.length > 1
          ? `Of ${counted(texts.length, "different text")} no two are nearly the same.`
          : "There are no two different texts to compare.",
      phrases: {
        leaked: (earlier) => `nearly copies of texts of ${earlier}`,
        repeated: () => "nearly copies of other rows of it",
        contradicting: () => "nearly copies of texts with another label",
      },
      numbers: {
        pairs: pairs.length,
        ...(texts.length > 0 && { textsWithNearDuplicateShare: partners.size / texts.length }),
      },
      evidence: pairs.length > 0 ? [pairTable(pairs)] : [],
    });
  },
});

async function nearTexts(texts: readonly DistinctText[]): Promise<NearTexts[]> {
  const plain = texts.map(({ rows }) => plainText(withoutMarkup(rows[0]?.text ?? "")));
  const found = await nearPairs(plain);
  return found.flatMap(({ similarity, ...pair }): NearTexts[] => {
    const [one, other] = [texts[pair.one], texts[pair.other]];
    return one && other ? [{ one, other, similarity }] : [];
  });
}

/** All texts that a text is nearly the same as. */
type Partners = ReadonlyMap<DistinctText, readonly DistinctText[]>;

function partnersOf(pairs: readonly NearTexts[]): Partners {
  const partners = new Map<DistinctText, DistinctText[]>();
  const add = (text: DistinctText, partner: DistinctText): void => {
    const known = partners.get(text);
    if (known) known.push(partner);
    else partners.set(text, [partner]);
  };
  for (const { one, other } of pairs) {
    add(one, other);
    add(other, one);
  }
  return partners;
}

function countNear({ role, set }: RoleSplit, partners: Partners): CopyCount[] {
  if (set.length === 0) return [];
  let [leaked, repeated] = [0, 0];
  for (const [{ rows }, others] of partners) {
    const first = firstIndex(rows, role);
    if (first === Infinity) continue;
    // an exact copy of it in the earlier set is what `duplicates` counts
    if (!standsBefore(role, rows) && others.some((other) => standsBefore(role, other.rows)))
      leaked += rows.filter((row) => row.role === role).length;
    if (others.some((other) => firstIndex(other.rows, role) < first)) repeated += 1;
  }
  return [
    ...(isHeldOut(role) ? [{ kind: "leaked" as const, role, count: leaked, rows: set.length }] : []),
    { kind: "repeated", role, count: repeated, rows: set.length },
  ];
}

function firstIndex(rows: readonly TextRow[], role: RoleSplit["role"]): number {
  return rows.find((row) => row.role === role)?.index ?? Infinity;
}

/** What is in two splits first, then what is most alike. */
function pairTable(pairs: readonly NearTexts[]): TableSpec {
  const isAcross = ({ one, other }: NearTexts): number => Number(one.rows[0]?.role !== other.rows[0]?.role);
  const sorted = pairs.toSorted(
    (left, right) => isAcross(right) - isAcross(left) || right.similarity - left.similarity,
  );
  const shown = sorted.slice(0, MOST_SHOWN);
  const cut =
    sorted.length > shown.length ? ` The first ${shown.length} of ${counted(sorted.length, "pair")}.` : "";
  return {
    kind: "table",
    title: "Texts that are nearly the same",
    columns: ["pair", "alike", "where (row from 0)", "label", "text"],
    rows: shown.flatMap((pair, index) => pairRows(pair, index + 1)),
    format: { alike: "percent" },
    note: `Alike: of all that either text has (runs of 4 letters; in long texts pairs of words), the share that both have.${cut}`,
  };
}

function pairRows({ one, other, similarity }: NearTexts, number: number): Cell[][] {
  const [left, right] = [one.rows[0], other.rows[0]];
  if (!left || !right) return [];
  const from = Math.max(0, firstDifference(left.text, right.text) - LEAD);
  const shown = ({ text }: TextRow): string => `${from > 0 ? "… " : ""}${quoted(text.slice(from))}`;
  const cells = (row: TextRow): Cell[] => [`${row.role} ${row.index}`, row.label, shown(row)];
  return [
    [number, similarity, ...cells(left)],
    [number, similarity, ...cells(right)],
  ];
}

function firstDifference(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return at;
  return length;
}
