import { behaviourCases } from "../../data/behaviour-cases";
import { wilsonInterval } from "../../evaluation/metrics";
import { argmax } from "../../evaluation/predict";
import { seededRandom } from "../../runtime/random";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Answerable, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { counted, percent, quoted } from "../wording";
import { perturbations, type Perturbation, type TextPair } from "./perturbations";
import { askProbabilities } from "./probabilities";
import { textsToChange } from "./texts-to-change";

/** Texts that the model is unsure of turn at a touch: it is measured on those it is this sure of. */
const SURE = 0.7;
/** Fewer texts of which it is sure cannot show anything. */
const FEWEST_SURE = 20;
/** As many times what is tolerated: the label says as much of how a text is written as of what it says. */
const FAIL_TIMES = 2.5;

/** A pair with the model's answers. */
interface AnsweredPair extends TextPair {
  readonly confidence: number;
  /** Numbers of the outputs. */
  readonly said: readonly [before: number, after: number];
}

/** How often one change turned the label. */
interface FlipScore {
  readonly perturbation: Perturbation;
  readonly pairs: readonly AnsweredPair[];
  readonly flips: number;
  /** Texts of which the model was sure. */
  readonly sure: number;
  readonly sureFlips: number;
  /** Share of the sure ones that turned, 0 where there is none. */
  readonly rate: number;
  readonly interval: readonly [number, number];
}

/** Changes that leave a text's meaning alone must leave its label alone (CheckList's invariance test). */
export const invariance = defineCheck({
  name: "invariance",
  area: "model",
  question:
    "Does the label stay when only names, spelling, case, spacing, HTML or a neutral sentence change?",
  needs: ["classifier"],
  run: async (examination) => {
    const texts = textsToChange(examination);
    return findFlips(await scorePerturbations(examination, texts), examination.classifier.model.id2label);
  },
});

async function scorePerturbations(
  examination: Answerable<"classifier">,
  texts: readonly string[],
): Promise<FlipScore[]> {
  const random = seededRandom(examination.seed);
  const changes = perturbations(behaviourCases());
  const all = changes.flatMap((perturbation) =>
    texts
      .map((text) => ({ perturbation, ...perturbation.change(text, random) }))
      .filter(({ before, after }) => before !== after),
  );
  const probabilities = await askProbabilities(
    examination,
    [...all.map(({ before }) => before), ...all.map(({ after }) => after)],
    "Asking about changed texts",
  );
  const answered = all.map((pair, index) => {
    const before = probabilities[index] ?? [];
    const after = probabilities[all.length + index] ?? [];
    return { ...pair, confidence: Math.max(...before), said: [argmax(before), argmax(after)] as const };
  });
  return changes.map((perturbation) =>
    scoreFlips(
      perturbation,
      answered.filter((pair) => pair.perturbation === perturbation),
    ),
  );
}

function scoreFlips(perturbation: Perturbation, pairs: readonly AnsweredPair[]): FlipScore {
  const flipped = pairs.filter(({ said: [before, after] }) => before !== after);
  const sure = pairs.filter(({ confidence }) => confidence >= SURE).length;
  const sureFlips = flipped.filter(({ confidence }) => confidence >= SURE).length;
  return {
    ...{ perturbation, pairs, flips: flipped.length, sure, sureFlips },
    rate: sure > 0 ? sureFlips / sure : 0,
    interval: sure > 0 ? wilsonInterval(sureFlips, sure) : [0, 1],
  };
}

/** How many times what is tolerated surely turned. */
function excess({ perturbation, interval }: FlipScore): number {
  return interval[0] / perturbation.tolerated;
}

function findFlips(scores: readonly FlipScore[], id2label: Readonly<Record<number, string>>): Finding {
  const ordered = scores
    .filter(({ sure }) => sure >= FEWEST_SURE)
    .sort((left, right) => excess(right) - excess(left));
  const [worst] = ordered;
  if (!worst)
    return {
      verdict: "pass",
      found: `The model is sure (${percent(SURE)} or more) of at most ${Math.max(0, ...scores.map(({ sure }) => sure))} texts, too few for a change of label to say anything.`,
    };
  const low = worst.interval[0];
  const verdict = excess(worst) > FAIL_TIMES ? "fail" : excess(worst) > 1 ? "warn" : "pass";
  const told = scores.map(({ perturbation: { name }, rate, interval }): [string, number][] => [
    [`${name}: turned`, rate],
    [`${name}: turned, low`, interval[0]],
    [`${name}: turned, high`, interval[1]],
  ]);
  const tables = [flipTable(scores), ...flippedTexts(ordered, id2label)];
  return {
    verdict,
    found: `Of ${counted(worst.sure, "text")} that the model is sure of, ${percent(worst.rate)} get another label by ${worst.perturbation.name} (95 % interval ${percent(low)} to ${percent(worst.interval[1])}; ${percent(worst.perturbation.tolerated)} are tolerated), the worst of ${counted(ordered.length, "change")} that mean nothing.`,
    advice: worst.perturbation.advice,
    numbers: Object.fromEntries([
      ["texts", Math.max(...scores.map(({ pairs }) => pairs.length))],
      ...told.flat(),
    ]),
    evidence: verdict === "pass" ? tables : [...tables, flipChart(scores)],
  };
}

function flipTable(scores: readonly FlipScore[]): TableSpec {
  return {
    kind: "table",
    title: "Labels turned by changes that mean nothing",
    columns: ["change", "texts", "turned", "sure of", "of these turned", "share", "from", "to", "tolerated"],
    rows: scores.map(({ perturbation, pairs, flips, sure, sureFlips, rate, interval }) => [
      ...[perturbation.name, pairs.length, flips, sure, sureFlips],
      ...(sure > 0 ? [rate, ...interval] : [null, null, null]),
      perturbation.tolerated,
    ]),
    format: { share: "percent", from: "percent", to: "percent", tolerated: "percent" },
    note: `Sure of: texts with a probability of ${SURE} or more, which decide; from and to hold the true share with 95 % confidence (Wilson).`,
  };
}

const MOST_SHOWN = 12;
const MOST_PER_CHANGE = 4;

function flippedTexts(scores: readonly FlipScore[], id2label: Readonly<Record<number, string>>): TableSpec[] {
  const rows = scores.flatMap(({ perturbation, pairs }) =>
    pairs
      .filter(({ said: [before, after], confidence }) => before !== after && confidence >= SURE)
      .slice(0, MOST_PER_CHANGE)
      .map(({ after, confidence, said }) => [
        ...[perturbation.name, quoted(after), confidence],
        said.map((output) => id2label[output] ?? "").join(" → "),
      ]),
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      title: "Some of the texts whose label turned",
      columns: ["change", "changed text", "confidence before", "label"],
      rows: rows.slice(0, MOST_SHOWN),
      format: { "confidence before": "percent" },
    },
  ];
}

function flipChart(scores: readonly FlipScore[]) {
  return barChart({
    title: "Labels turned by changes that mean nothing",
    categories: scores.map(({ perturbation }) => perturbation.name),
    series: [{ name: "turned", values: scores.map(({ rate }) => rate) }],
    yTitle: "share of sure answers",
  });
}
