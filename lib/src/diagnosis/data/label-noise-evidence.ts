import type { ChartSpec, TableSpec } from "../../runtime/presentation";
import { lineChart } from "../evidence-charts";
import { counted, percent, quoted } from "../wording";
import type { Suspect } from "./confident-joint";
import type { HeldOutAnswer } from "./held-out-answers";

const MOST_SHOWN = 20;
const PARTS = 10;

/** A tenth of the texts, by how sure the model is of its answer. */
export interface Tenth {
  readonly texts: number;
  /** How many labels the answer contradicts. */
  readonly contradicted: number;
  /** How many it would contradict if every label were right. */
  readonly expected: number;
}

/** The texts in ten parts, the surest answers first. */
export function byConfidence(answers: readonly HeldOutAnswer[], errorChances: readonly number[]): Tenth[] {
  const order = [...answers.keys()].sort(
    (left, right) => (answers[right]?.confidence ?? 0) - (answers[left]?.confidence ?? 0),
  );
  return Array.from({ length: PARTS }, (_, part) => {
    const [begin, end] = [part, part + 1].map((edge) => Math.round((edge / PARTS) * order.length));
    const members = order.slice(begin, end);
    return {
      texts: members.length,
      contradicted: members.filter((index) => answers[index]?.answer !== answers[index]?.label).length,
      expected: members.reduce((sum, index) => sum + (errorChances[index] ?? 0), 0),
    };
  });
}

/** How often the labels are contradicted, by how sure the model is. */
export function confidenceTable(tenths: readonly Tenth[]): TableSpec {
  return {
    kind: "table",
    title: "Where the model contradicts the labels",
    columns: ["answers", "texts", "contradict the label", "expected if all labels were right"],
    rows: tenths.map(({ texts, contradicted, expected }, part) => [
      part === 0 ? "the surest tenth" : `the ${ordinal(part + 1)}`,
      ...[texts, contradicted / texts, expected / texts],
    ]),
    format: { "contradict the label": "percent", "expected if all labels were right": "percent" },
    note: "A model errs where it is not sure; a wrong label contradicts it wherever it stands.",
  };
}

/** The table as lines. */
export function confidenceChart(tenths: readonly Tenth[]): ChartSpec {
  const [surest = { texts: 1, contradicted: 0, expected: 0 }] = tenths;
  const x = tenths.map((_, part) => part + 1);
  return lineChart({
    title: `Of its surest tenth of answers the model contradicts ${percent(surest.contradicted / surest.texts)} of the labels; ${percent(surest.expected / surest.texts)} would be its own errors`,
    series: [
      { name: "found", x, y: tenths.map(({ contradicted, texts }) => contradicted / texts) },
      {
        name: "expected if all labels were right",
        x,
        y: tenths.map(({ expected, texts }) => expected / texts),
      },
    ],
    xTitle: "tenth of the answers, the surest first",
    yTitle: "share that contradicts its label",
  });
}

/** The texts whose label the model doubts most. */
export function suspectTable(
  suspects: readonly Suspect[],
  answers: readonly HeldOutAnswer[],
  names: Readonly<Record<number, string>>,
): TableSpec {
  const shown = suspects.slice(0, MOST_SHOWN);
  const cut =
    suspects.length > shown.length
      ? ` The first ${shown.length} of ${counted(suspects.length, "suspect")}.`
      : "";
  return {
    kind: "table",
    title: "Labels that the model doubts most",
    columns: ["where (row from 0)", "text", "label", "model says", "probability of the label"],
    rows: shown.flatMap(({ index, suggested, selfConfidence }) => {
      const answer = answers[index];
      if (!answer) return [];
      const { role, text, label } = answer;
      return [
        [`${role} ${answer.index}`, quoted(text), names[label] ?? "", names[suggested] ?? "", selfConfidence],
      ];
    }),
    format: { "probability of the label": "percent" },
    note: `Found by confident learning; the model's own errors are among them.${cut}`,
  };
}

function ordinal(number: number): string {
  return `${number}${number === 2 ? "nd" : number === 3 ? "rd" : "th"}`;
}
