import type { Cell, TableSpec } from "../../runtime/presentation";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import type { RoleSplit } from "../examination";
import { counted, listed, percent, quoted } from "../wording";
import { shortness, type Shortness } from "./text-shortness";

/**
 * A text without a word teaches its label's frequency and nothing else, and no answer to it is right: 5 % of them move an
 * accuracy by up to 5 points. Few are worth a look, since something lost their words: punctuation alone may be meant, nothing is not.
 */
const WORDLESS = { warn: 0.001, fail: 0.05 };
/** One word may be a review ("Superb!"): some are no fault, and one in a hundred is worth a look. */
const ONE_WORD = { warn: 0.01, fail: 0.1 };
/** A set of 50 rows may have one or two by chance. */
const FEWEST_ONE_WORD = 3;
const MOST_EXAMPLES = 8;

const MOST_LABELS = 12;

const KINDS: readonly Shortness[] = ["blank", "without a word", "one word"];
const WORDED: Readonly<Record<Shortness, string>> = {
  blank: "blank",
  "without a word": "without a word",
  "one word": "of one word",
};

/** Asks whether texts are empty, blank, without a word, or one word long. */
export const shortTexts = defineCheck({
  name: "short-texts",
  area: "data",
  question: "Is there a text in every row?",
  needs: ["splits"],
  run: ({ splits }): Finding => {
    const filled = splits.filter(({ set }) => set.length > 0);
    if (filled.length === 0) return { verdict: "pass", found: "There are no rows, so no text is missing." };
    const judged = filled.map(judge);
    const short = judged.flatMap((split) => split.short);
    const numbers = Object.assign({}, ...judged.map(numbersOf)) as Record<string, number>;
    const rows = filled.reduce((sum, { set }) => sum + set.length, 0);
    const evidence = short.length > 0 ? [countTable(judged), exampleTable(short)] : [];
    const suspects = (["fail", "warn"] as const).flatMap((verdict) =>
      judged.filter((split) => split.verdict === verdict),
    );
    const [worst] = suspects;
    if (!worst) return { verdict: "pass", found: passText(short, rows), numbers, evidence };
    return {
      verdict: worst.verdict,
      found: `${suspects.map(splitText).join("; ")}.`,
      advice:
        "Look at those rows: take them out, or find what lost their words (a wrong column, a failed download, markup taken off).",
      ...{ numbers, evidence },
    };
  },
});

interface ShortRow extends RoleSplit {
  readonly kind: Shortness;
  readonly row: number;
}

interface JudgedSplit extends RoleSplit {
  readonly short: readonly ShortRow[];
  readonly verdict: CheckVerdict;
}

function judge(split: RoleSplit): JudgedSplit {
  const short = split.set.texts.flatMap((text, row): ShortRow[] => {
    const kind = shortness(text);
    return kind ? [{ ...split, kind, row }] : [];
  });
  const oneWord = countKind(short, "one word");
  const wordless = short.length - oneWord;
  const rows = split.set.length;
  const reaches = (level: "warn" | "fail"): boolean =>
    wordless / rows >= WORDLESS[level] || (oneWord >= FEWEST_ONE_WORD && oneWord / rows >= ONE_WORD[level]);
  const isWarned = reaches("warn") || countKind(short, "blank") > 0;
  return { ...split, short, verdict: reaches("fail") ? "fail" : isWarned ? "warn" : "pass" };
}

function countKind(short: readonly ShortRow[], kind: Shortness): number {
  return short.filter((one) => one.kind === kind).length;
}

function splitText({ role, set, short }: JudgedSplit): string {
  const kinds = KINDS.map((kind) => ({ kind, count: countKind(short, kind) })).filter(
    ({ count }) => count > 0,
  );
  const shares = kinds.map(
    ({ kind, count }) => `${count.toLocaleString("en-US")} ${WORDED[kind]} (${percent(count / set.length)})`,
  );
  return `${role} has ${counted(set.length, "text")}, of them ${listed(shares)}`;
}

function passText(short: readonly ShortRow[], rows: number): string {
  if (short.length === 0)
    return rows === 1
      ? "Yes: the row has two words or more."
      : `Yes: every one of ${counted(rows, "row")} has two words or more.`;
  const wordless = short.length - countKind(short, "one word");
  return `Of ${counted(rows, "row")} ${wordless} are without a word and ${countKind(short, "one word")} of one word: too few to matter.`;
}

function countTable(judged: readonly JudgedSplit[]): TableSpec {
  const rows = judged.flatMap(({ role, set, short }) =>
    Object.entries(set.labelCounts()).flatMap(([id, all]): Cell[][] => {
      const here = short.filter(({ row }) => set.rows[row]?.label === Number(id));
      if (here.length === 0) return [];
      const counts = KINDS.map((kind) => countKind(here, kind));
      return [[role, set.id2label[Number(id)] ?? "", all, ...counts, here.length / all]];
    }),
  );
  const hidden = rows.length - MOST_LABELS;
  return {
    kind: "table",
    title: "Short texts by set and label",
    columns: ["set", "label", "rows", ...KINDS, "share"],
    rows: rows.slice(0, MOST_LABELS),
    format: { share: "percent" },
    ...(hidden > 0 && { note: `And ${counted(hidden, "label")} more.` }),
  };
}

function exampleTable(short: readonly ShortRow[]): TableSpec {
  // some of each kind, also where one kind is frequent
  const perKind = Math.ceil(MOST_EXAMPLES / KINDS.length);
  const shown = KINDS.flatMap((kind) => short.filter((one) => one.kind === kind).slice(0, perKind));
  return {
    kind: "table",
    title: "Some of them",
    columns: ["set", "row", "label", "why", "text"],
    rows: shown.map(({ role, set, row, kind }): Cell[] => {
      const review = set.rows[row];
      return [role, row, set.id2label[review?.label ?? NaN] ?? "", kind, quoted(review?.text ?? "")];
    }),
    note: "Rows are counted from 0.",
  };
}

function numbersOf({ role, set, short }: JudgedSplit): Record<string, number> {
  const oneWord = countKind(short, "one word");
  return {
    [`${role}Blank`]: countKind(short, "blank"),
    [`${role}Wordless`]: short.length - oneWord,
    [`${role}OneWord`]: oneWord,
    [`${role}ShortShare`]: short.length / set.length,
  };
}
