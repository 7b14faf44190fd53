import { behaviourCases } from "../../data/behaviour-cases";
import { wilsonInterval } from "../../evaluation/metrics";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Answerable, type CheckVerdict, type Finding } from "../check";
import { percent, quoted } from "../wording";
import { askProbabilities } from "./probabilities";
import { textsToChange } from "./texts-to-change";

/** As much as a probability may go the wrong way: less is the wobble of any addition (CheckList allows 0.1). */
const TOLERANCE = 0.05;
/** A model of 3,000 snippets never goes the wrong way: surely one text in twenty is no accident. */
const WARN_ABOVE = 0.05;
const FAIL_ABOVE = 0.2;

/** A text with a sentence added, and how the probability of praise moved. */
interface Addition {
  readonly text: string;
  readonly before: number;
  readonly after: number;
}

/** How often additions of one kind moved the probability the wrong way. */
interface DirectionScore {
  readonly added: "praise" | "blame";
  readonly additions: readonly Addition[];
  readonly violations: readonly Addition[];
  readonly rate: number;
  readonly interval: readonly [number, number];
}

/** Praise that is added must not make a text worse, nor blame better (CheckList's directional expectation test). */
export const direction = defineCheck({
  name: "direction",
  area: "model",
  question: "Does praise that is added make a text better, and blame worse?",
  needs: ["classifier", "sentiment"],
  run: async (examination) => findViolations(await scoreDirections(examination)),
});

async function scoreDirections(
  examination: Answerable<"classifier" | "sentiment">,
): Promise<DirectionScore[]> {
  const { positive } = examination.sentiment;
  const { additions } = behaviourCases();
  const texts = textsToChange(examination);
  const append = (sentences: readonly string[]) =>
    texts.map((text, index) => `${text} ${sentences[index % sentences.length] ?? ""}`);
  const praised = append(additions.praise);
  const blamed = append(additions.blame);
  const probabilities = await askProbabilities(
    examination,
    [...texts, ...praised, ...blamed],
    "Asking about praise and blame",
  );
  const praise = probabilities.map((answer) => answer[positive] ?? 0);
  const moved = (changed: readonly string[], offset: number): Addition[] =>
    changed.map((text, index) => ({
      text,
      before: praise[index] ?? 0,
      after: praise[offset + index] ?? 0,
    }));
  return [
    score("praise", moved(praised, texts.length), ({ before, after }) => before - after),
    score("blame", moved(blamed, 2 * texts.length), ({ before, after }) => after - before),
  ];
}

function score(
  added: DirectionScore["added"],
  additions: readonly Addition[],
  wrongWay: (addition: Addition) => number,
): DirectionScore {
  const violations = additions
    .filter((addition) => wrongWay(addition) > TOLERANCE)
    .sort((left, right) => wrongWay(right) - wrongWay(left));
  return {
    ...{ added, additions, violations, rate: violations.length / additions.length },
    interval: wilsonInterval(violations.length, additions.length),
  };
}

function findViolations(scores: readonly DirectionScore[]): Finding {
  const parts = scores.map(
    ({ added, rate, interval }) =>
      `${added} ${added === "praise" ? "lowers" : "raises"} the probability of POSITIVE in ${percent(rate)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])})`,
  );
  return {
    verdict: judge(Math.max(...scores.map(({ interval }) => interval[0]))),
    found: `Of ${scores[0]?.additions.length ?? 0} texts to which a sentence was added, ${parts.join(", and ")}, counting moves above ${TOLERANCE}.`,
    advice:
      "Read training texts that end in such a sentence: their labels, or what the tokenizer makes of these words, point the wrong way.",
    numbers: Object.fromEntries(
      scores.flatMap(({ added, additions, violations, rate, interval }): [string, number][] => [
        [`${added}: texts`, additions.length],
        [`${added}: wrong way`, violations.length],
        [`${added}: rate`, rate],
        [`${added}: rate, low`, interval[0]],
        [`${added}: rate, high`, interval[1]],
      ]),
    ),
    evidence: [shiftTable(scores), ...worstTexts(scores)],
  };
}

function judge(low: number): CheckVerdict {
  if (low > FAIL_ABOVE) return "fail";
  return low > WARN_ABOVE ? "warn" : "pass";
}

function shiftTable(scores: readonly DirectionScore[]): TableSpec {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    kind: "table",
    title: "Probability of POSITIVE, before and after a sentence was added",
    columns: ["added", "texts", "mean before", "mean after", "wrong way", "share", "from", "to"],
    rows: scores.map(({ added, additions, violations, rate, interval }) => [
      ...[added, additions.length],
      mean(additions.map(({ before }) => before)),
      mean(additions.map(({ after }) => after)),
      ...[violations.length, rate, ...interval],
    ]),
    format: { "mean before": 2, "mean after": 2, share: "percent", from: "percent", to: "percent" },
  };
}

const MOST_SHOWN = 5;

function worstTexts(scores: readonly DirectionScore[]): TableSpec[] {
  const rows = scores.flatMap(({ added, violations }) =>
    violations
      .slice(0, MOST_SHOWN)
      .map(({ text, before, after }) => [added, quoted(text, 120), before, after]),
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      title: "Texts that moved the wrong way, the furthest first",
      columns: ["added", "text", "before", "after"],
      rows,
      format: { before: 2, after: 2 },
    },
  ];
}
