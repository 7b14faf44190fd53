import type { ReviewSet } from "../../data/review-set";
import { wilsonInterval } from "../../evaluation/metrics";
import { sum } from "../../evaluation/significance/counts";
import { defineCheck, type Answerable, type Finding } from "../check";
import { lineChart } from "../evidence-charts";
import { ConstantPredictors } from "../constant-predictor";
import { counted, percent, rounded } from "../wording";
import { loggedValues, type LoggedValue } from "./training-log";

/**
 * Half the width of the 95 % interval of the mean value, beyond which a set is too small to choose by: checkpoints of a run that
 * learns lie a few points apart, and one that cannot see ten sees none of it.
 */
const WIDE = 0.1;
/** Of what a constant answer gets wrong: a best checkpoint that mends less than a fifth of it may be that constant answer. */
const LEAST_GAIN = 0.2;
/** That many checkpoints of the same best value, and half of all, are no coincidence: the metric has too few steps. */
const MANY_TIES = 3;
const HALF = 0.5;

type Asked = Answerable<"run" | "validation">;

/** Whether the metric that chose the best checkpoint can tell one from another. */
export const checkpointChoice = defineCheck({
  name: "checkpoint-choice",
  area: "training",
  question: "Could the metric that chose the best checkpoint tell one from another?",
  needs: ["run", "validation"],
  run: (asked) => {
    const { run, args, validation } = asked;
    const metric = (run.metricForBestModel ?? args?.metricForBestModel)?.replace(/^eval_/, "");
    if (metric !== undefined) {
      const choice = choiceOf(metric, asked);
      const finding = judge(choice);
      return { ...finding, evidence: evidenceOf(choice, finding) };
    }
    const step = run.bestGlobalStep ?? undefined;
    if (step === undefined)
      return {
        verdict: "pass",
        found: "No metric chose a checkpoint: the last one was kept.",
        numbers: { checkpoints: 0 },
      };
    return (
      ofOneLabel(validation, "whatever metric") ?? {
        verdict: "pass",
        found: `Step ${step} was chosen; by which metric, its run does not tell.`,
        numbers: { bestStep: step },
      }
    );
  },
});

/** What was chosen from, and by what. */
interface Choice {
  metric: string;
  validation: ReviewSet;
  /** The metric at every check, as far as it is a number. */
  values: LoggedValue[];
  best: LoggedValue;
  /** What the best constant answer has of this metric; `undefined` where nobody knows. */
  constant: number | undefined;
  isShare: boolean;
}

function choiceOf(metric: string, { run, validation }: Asked): Choice {
  const values = loggedValues(run.logHistory, `eval_${metric}`).filter(({ value }) => Number.isFinite(value));
  const chosen = values.find(({ step }) => step === run.bestGlobalStep);
  const isLoss = metric.endsWith("loss");
  const isBetter = (value: number, than: number): boolean => (isLoss ? value < than : value > than);
  const best = values.reduce(
    (found, entry) => (isBetter(entry.value, found.value) ? entry : found),
    chosen ?? values[0] ?? { step: 0, value: NaN },
  );
  return {
    ...{ metric, validation, values, best, constant: constantScore(metric, validation) },
    isShare: !isLoss && values.every(({ value }) => value >= 0 && value <= 1),
  };
}

function constantScore(metric: string, validation: ReviewSet): number | undefined {
  if (validation.length === 0) return undefined;
  const { scores, bestAccuracy } = new ConstantPredictors(validation);
  if (metric === "accuracy") return bestAccuracy;
  return metric === "balanced_accuracy"
    ? Math.max(...scores.map(({ balancedAccuracy }) => balancedAccuracy))
    : undefined;
}

function judge(choice: Choice): Finding {
  const { metric, validation, values } = choice;
  const numbers = { checkpoints: values.length, rows: validation.length };
  const useless = ofOneLabel(validation, metric);
  if (useless) return { ...useless, numbers: { ...numbers, ...ofBest(choice) } };
  if (values.length < 2)
    return {
      verdict: values.length === 0 ? "warn" : "pass",
      found: `The log of the run holds ${counted(values.length, `value`)} of eval_${metric}, so that ${values.length === 0 ? "nobody can see how the best was chosen" : "there was nothing to choose from"}.`,
      advice: "Keep the log of the evaluations: it is in trainer_state.json.",
      numbers,
    };
  return choice.isShare ? judgeShare(choice) : judgeOther(choice);
}

/** What is wrong with a set by which nothing can be chosen. */
function ofOneLabel({ name, length, labels }: ReviewSet, metric: string): Finding | undefined {
  if (new Set(labels).size > 1) return undefined;
  return {
    verdict: "fail",
    found:
      length === 0
        ? `${name} has 0 rows, so that ${metric} says nothing of a checkpoint.`
        : `${name} has one label alone in ${counted(length, "row")}, so that ${metric} takes the checkpoint that says it most often for the best.`,
    advice: "Choose by a set with rows of every label, in the shares in which they will be met.",
    numbers: { rows: length },
  };
}

function ofBest({ best }: Choice): Record<string, number> {
  return Number.isFinite(best.value) ? { best: best.value, bestStep: best.step } : {};
}

function judgeOther(choice: Choice): Finding {
  const { metric, values, best } = choice;
  const numbers = { checkpoints: values.length, rows: choice.validation.length, ...ofBest(choice) };
  const isEqual = values.every(({ value }) => value === best.value);
  return {
    ...{ verdict: isEqual ? "warn" : "pass", numbers },
    found: isEqual
      ? `eval_${metric} is ${rounded(best.value)} at all ${values.length} checkpoints, so that the first was kept.`
      : `eval_${metric} chose step ${best.step} (${rounded(best.value)}) of ${values.length} checkpoints, and tells them apart.`,
    advice: "Look at what the evaluation measures: it does not change.",
  };
}

/** A metric from 0 to 1, of which the interval is taken as that of a share of the validation set's rows. */
function judgeShare(choice: Choice): Finding {
  const { metric, validation, values, best, constant } = choice;
  const rows = validation.length;
  const mean = sum(values.map(({ value }) => value)) / values.length;
  const [from, to] = wilsonInterval(mean * rows, rows);
  const worst = Math.min(...values.map(({ value }) => value));
  const [low, high] = wilsonInterval(best.value * rows, rows);
  const ties = values.filter(({ value }) => value === best.value).length;
  const numbers = {
    ...{ checkpoints: values.length, rows, ...ofBest(choice), worst, mean, low, high, ties },
    ...(constant !== undefined && { constant }),
  };
  const name = `eval_${metric}`;
  const within = `${percent(best.value)} (${percent(low)} to ${percent(high)})`;
  if (constant !== undefined && low <= constant && best.value - constant < LEAST_GAIN * (1 - constant))
    return {
      ...{ verdict: "fail", numbers },
      found: `The best ${name} is ${within}, and always giving the same answer scores ${percent(constant)} on ${validation.name}: the metric has not seen a model that learned.`,
      advice: "Choose by balanced accuracy or the loss, on a set in which no label is most of the rows.",
    };
  if (ties === values.length || (ties >= MANY_TIES && ties >= HALF * values.length))
    return {
      ...{ verdict: "warn", numbers },
      found: `${name} is ${percent(best.value)} at ${ties} of ${values.length} checkpoints, so that the first of these was kept.`,
      advice:
        "Choose by eval_loss, which still tells apart what a count of right answers cannot, or by more rows.",
    };
  if (to - from > 2 * WIDE || worst >= low)
    return {
      ...{ verdict: "warn", numbers },
      found: `The best ${name} of ${values.length} checkpoints is ${within} on ${counted(rows, "row")}, the worst ${percent(worst)}: so few rows cannot tell them apart.`,
      advice: `Choose by more rows than ${rows}, or by eval_loss.`,
    };
  return {
    ...{ verdict: "pass", numbers },
    found: `The best ${name} of ${values.length} checkpoints is ${within} on ${counted(rows, "row")}, the worst ${percent(worst)}: the metric tells them apart.`,
  };
}

function evidenceOf(choice: Choice, { verdict, found }: Finding): NonNullable<Finding["evidence"]> {
  const { metric, values, best, constant } = choice;
  const steps = values.map(({ step }) => step);
  const table = {
    kind: "table" as const,
    columns: ["step", `eval_${metric}`, ""],
    rows: values.map(({ step, value }) => [step, value, step === best.step ? "chosen" : ""]),
    format: { [`eval_${metric}`]: 3 },
    ...(constant !== undefined && { note: `A constant answer scores ${percent(constant)}.` }),
  };
  if (verdict === "pass" || values.length < 2) return [table];
  const series = [{ name: metric, x: steps, y: values.map(({ value }) => value) }];
  const line =
    constant === undefined ? [] : [{ name: "a constant answer", x: steps, y: steps.map(() => constant) }];
  return [table, lineChart({ title: found, series: [...series, ...line], xTitle: "step", yTitle: metric })];
}
