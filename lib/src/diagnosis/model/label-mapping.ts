import type { ChartSpec, TableSpec } from "../../runtime/presentation";
import { argmax } from "../../evaluation/predict";
import { defineCheck, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { LabelMappingCheck, type ReadingScore } from "../label-mapping-check";
import { counted, listed, percent, pValueText } from "../wording";
import { brokenLogits } from "../broken-logits";
import { CONFIRMED } from "./label-evidence";
import { describeLabels, differingNames } from "./reading-words";

/** With fewer examples than this, that nothing is shown may be their number's fault. */
const FEW = 50;
/** As many names that differ are told in the sentence. */
const MOST_MOVES = 3;
/** And as many in a table. */
const MOST_ROWS = 100;

/** Whether the outputs mean what config.json says, asked of labelled examples: any number of labels. */
export const labelMapping = defineCheck({
  name: "label-mapping",
  area: "model",
  question: "Do the outputs mean what config.json says?",
  needs: ["classifier", "heldOut"],
  run: async ({ classifier, heldOut, cases = [], predict, logitsOf }): Promise<Finding> => {
    if (heldOut.length === 0)
      return {
        verdict: "warn",
        found: `"${heldOut.name}" is empty, so that nothing says what the outputs mean.`,
        advice: "Give a test set with labels.",
      };
    const { predictions, logits } = await predict(heldOut);
    const broken = brokenLogits(logits);
    if (broken) return broken;
    const caseLogits = await logitsOf(cases.map(({ text }) => text));
    return judgeLabelMapping(
      new LabelMappingCheck({
        ...{ declared: classifier.model.id2label, id2label: heldOut.id2label, predictions, cases },
        ...{ labels: heldOut.labels, casePredictions: caseLogits.map(argmax) },
      }),
    );
  },
});

/** Judges the names of a model by what labelled examples say of them. */
export function judgeLabelMapping(check: LabelMappingCheck): Finding {
  const { best, asDeclared, second, evidence } = check;
  const [low, high] = best.interval;
  const numbers = {
    ...{ examples: check.examples, accuracy: best.accuracy, accuracyLow: low, accuracyHigh: high },
    ...{ accuracyAsDeclared: asDeclared.accuracy, balancedAccuracy: best.balancedAccuracy },
    marginOverDeclared: best.balancedAccuracy - asDeclared.balancedAccuracy,
    pDeclaredByChance: evidence.pDeclared,
    ...(second && { marginOverSecond: best.balancedAccuracy - second.balancedAccuracy }),
    ...{ pSecondByChance: evidence.pSecond, pByChance: evidence.pChance },
  };
  const answer = answerOf(check);
  const evidenceShown: (TableSpec | ChartSpec)[] = [check.present()];
  const moved = differingNames(check.declared, best.id2label);
  if (moved.length > MOST_MOVES) evidenceShown.push(movedTable(check, moved));
  if (answer.verdict !== "pass") evidenceShown.push(readingChart(check));
  return { ...answer, numbers, evidence: evidenceShown };
}

function answerOf(check: LabelMappingCheck): Finding {
  const lost = lostLabels(check);
  if (lost.length > 0)
    return {
      verdict: "fail",
      found: `The model has no output for ${listed(lost)}, so that ${counted(lost.length, "label")} of the examples can never be right.`,
      advice: "Train a head with an output for every label, or leave out the examples that it cannot name.",
    };
  switch (check.finding) {
    case "right":
      return { verdict: "pass", found: rightText(check) };
    case "wrong":
      return {
        verdict: "fail",
        found: `${movedText(check)}: read so, ${rightShare(check.best)} are right instead of ${percent(check.asDeclared.accuracy)} (${pValueText(check.evidence.pDeclared)}).`,
        advice: `Mend id2label and label2id in config.json (mendLabelNames): ${check.describe(check.best)}.`,
      };
    case "unnamed":
      return unnamedAnswer(check);
    case "undecided":
      return undecidedAnswer(check);
  }
}

/** Labels that occur and that the best reading has no output for. */
function lostLabels({ evidence: { counts, best }, labelNames }: LabelMappingCheck): string[] {
  return best.flatMap((output, label) => {
    const occurs = counts[label]?.some((count) => count > 0) ?? false;
    return output < 0 && occurs ? [labelNames[label] ?? ""] : [];
  });
}

function rightText(check: LabelMappingCheck): string {
  const { best, second, evidence } = check;
  const share = `As config.json names the outputs, it is right on ${rightShare(best)} of ${counted(check.examples, "example")}`;
  if (!second) return `${share}, more than chance (${pValueText(evidence.pChance)}).`;
  const names = differingNames(best.id2label, second.id2label).map((id) => best.id2label[id] ?? "");
  return evidence.pSecond < CONFIRMED
    ? `${share}, and on ${percent(second.accuracy)} as they fit next best (${pValueText(evidence.pSecond)}).`
    : `${share}, more than chance (${pValueText(evidence.pChance)}); that ${listed(names)} are not exchanged, so few examples do not show (${pValueText(evidence.pSecond)}).`;
}

function unnamedAnswer(check: LabelMappingCheck): Finding {
  const { best, asDeclared, evidence, declared } = check;
  const isExchanged = differingNames(best.id2label, asDeclared.id2label).length > 0;
  const asked = `the data ask for ${describeLabels(best.id2label)}`;
  const names = listed(Object.values(declared));
  return {
    // whoever reads the outputs by their numbers is misled only where the numbers differ
    verdict: isExchanged ? "fail" : "warn",
    found: isExchanged
      ? `config.json calls the outputs ${names}, and not even their numbers are the labels': ${asked}, ${rightShare(best)} right instead of ${percent(asDeclared.accuracy)} (${pValueText(evidence.pDeclared)}).`
      : `config.json calls the outputs ${names}, which are not the labels; ${asked}, ${rightShare(best)} right (${pValueText(evidence.pChance)}).`,
    advice: "Write these names into id2label and label2id of config.json (mendLabelNames).",
  };
}

function undecidedAnswer(check: LabelMappingCheck): Finding {
  const { asDeclared, evidence, examples } = check;
  const occurring = evidence.counts.filter((row) => row.some((count) => count > 0)).length;
  const share = `As config.json names the outputs, it is right on ${rightShare(asDeclared)} of ${counted(examples, "example")}`;
  if (occurring < 2)
    return {
      verdict: "warn",
      found: `${share}, but all of them have one label, which does not show what the other outputs mean.`,
      advice: "Give a test set in which every label occurs.",
    };
  return {
    verdict: "warn",
    found: `${share}, which chance gives too (${pValueText(evidence.pChance)}), and no other reading is shown to be better.`,
    advice:
      examples < FEW
        ? "Give more labelled examples."
        : "The model does not tell the labels apart, which no names can mend: look at its training data and its training.",
  };
}

/** Which labels are where, such as `0 is NEGATIVE, config.json says POSITIVE`. */
function movedText({ best, declared }: LabelMappingCheck): string {
  const ids = differingNames(declared, best.id2label);
  const moves = ids.map(
    (id) => `${id} is ${best.id2label[id] ?? ""}, config.json says ${declared[id] ?? ""}`,
  );
  const what = ids.length === 2 ? "Two names are exchanged" : `${ids.length} names are permuted`;
  const more = moves.length > MOST_MOVES ? [`${moves.length - MOST_MOVES} more`] : [];
  return `${what} (${[...moves.slice(0, MOST_MOVES), ...more].join("; ")})`;
}

function movedTable({ declared, best }: LabelMappingCheck, ids: readonly number[]): TableSpec {
  return {
    kind: "table",
    title: "Names that differ",
    columns: ["output", "config.json says", "the data ask for"],
    rows: ids.slice(0, MOST_ROWS).map((id) => [id, declared[id] ?? null, best.id2label[id] ?? null]),
    ...(ids.length > MOST_ROWS && { note: `${ids.length - MOST_ROWS} more are not shown.` }),
  };
}

function rightShare({ accuracy, interval: [low, high] }: ReadingScore): string {
  return `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
}

function readingChart(check: LabelMappingCheck): ChartSpec {
  const { readings, best, asDeclared } = check;
  const title =
    best === asDeclared || best.accuracy === asDeclared.accuracy
      ? `No reading is better than config.json's: ${percent(asDeclared.accuracy)} right`
      : `Read as the data ask for, ${percent(best.accuracy)} are right instead of ${percent(asDeclared.accuracy)}`;
  return barChart({
    title,
    categories: readings.map((reading) => check.describe(reading)),
    series: [{ name: "accuracy", values: readings.map(({ accuracy }) => accuracy) }],
    xTitle: "if the outputs mean",
    yTitle: "share of examples that are right",
  });
}
