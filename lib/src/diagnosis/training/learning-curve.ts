import { defineCheck, type Answerable, type Finding } from "../check";
import { lineChart } from "../evidence-charts";
import { rounded } from "../wording";
import { labelEntropy } from "./label-entropy";
import { endOf, fallAtEnd, loggedValues, type LoggedValue } from "./training-log";

/** A run that ends here, as a share of what knowing the labels' shares alone gives, has learned nothing: noise alone is 0.02. */
const NOTHING_LEARNED = 0.95;
/** Here it has learned little: three of ten texts are still wrong where labels come in equal shares. */
const LITTLE_LEARNED = 0.85;
/** Nobody who guesses loses so much more than one who knows the shares: only steps that are too large do. */
const THROWN = 1.5;
/** The loss of the same texts; it varies by a few hundredths from check to check without any overfitting. */
const ROSE = 0.15;
/** What a set of texts shows of a rise: the loss of one of them changes by about 0.5, and 2 standard errors are 1 / √texts. */
const NOISE_OF_ONE = 1;
/** A run that is half way to a loss of 0 on its own texts while the others' is that of guessing has learned by heart. */
const BY_HEART = 0.5;
/** Of what guessing loses, between the third and the last quarter of a run: at the end of a run it is a few hundredths. */
const STEEP = 0.1;
/** Where the training loss falls so far, that of the validation set has to fall half as much: otherwise it is learning by heart. */
const STEEP_ELSEWHERE = 0.05;
/** Below this share of what guessing loses there is little left to fall to. */
const NEARLY_DONE = 0.3;
/** Standard errors. */
const SURE = 2;
/** Ten times transformers' default: a run that learned nothing at such a rate did not lack a higher one. */
const HIGH_RATE = 5e-4;

type Asked = Answerable<"run">;

/** How the losses of a run went. */
interface Curve {
  train: LoggedValue[];
  evaluation: LoggedValue[];
  /** The loss of one who guesses by the labels' shares. */
  guessing: number;
  /** The highest learning rate that was logged, or the recipe's; `undefined` where nobody knows. */
  rate: number | undefined;
  /** Texts behind each value of the evaluation; `undefined` where nobody knows. */
  evaluated: number | undefined;
}

/** Whether a run went as runs should. */
export const learningCurve = defineCheck({
  name: "learning-curve",
  area: "training",
  question: "Did the run converge, or did it diverge, overfit, or end too early?",
  needs: ["run"],
  run: (asked) => {
    const curve = curveOf(asked);
    if (curve.train.length + curve.evaluation.length === 0)
      return {
        verdict: "warn",
        found: "The log of the run holds no loss, so that nobody can see how it went.",
        advice: "Log more often: set loggingSteps and evalSteps to a tenth of the run.",
        numbers: { losses: 0 },
      };
    const finding = judge(curve);
    return { ...finding, evidence: evidenceOf(curve, finding) };
  },
});

function curveOf({ run, args, train, validation, heldOut, model, id2label }: Asked): Curve {
  const log = run.logHistory;
  const losses = loggedValues(log, "loss");
  const evaluation = loggedValues(log, "eval_loss");
  const names = id2label ?? train?.id2label ?? heldOut?.id2label ?? model?.id2label;
  const byShares = labelEntropy(train?.labels ?? []);
  const byNames = names && Math.log(Object.keys(names).length);
  // without a set or a model, what the run began with
  const known = [byShares, byNames, losses[0]?.value, evaluation[0]?.value];
  const guessing = known.find((value) => value !== undefined && Number.isFinite(value) && value > 0) ?? 1;
  const rates = loggedValues(log, "learning_rate").map(({ value }) => value);
  const rate = rates.length > 0 ? Math.max(...rates) : args?.learningRate;
  return { train: losses, evaluation, guessing, rate, evaluated: validation?.length };
}

function judge(curve: Curve): Finding {
  return (
    brokenRun(curve) ??
    divergedRun(curve) ??
    overfittedRun(curve) ??
    unfinishedRun(curve) ??
    convergedRun(curve)
  );
}

/** The losses to judge the end of a run by. */
function mainLosses({ train, evaluation }: Curve): LoggedValue[] {
  return train.length > 0 ? train : evaluation;
}

function brokenRun({ train, evaluation }: Curve): Finding | undefined {
  const broken = [...train, ...evaluation].filter(({ value }) => !Number.isFinite(value));
  const [first] = broken.sort((left, right) => left.step - right.step);
  if (!first) return undefined;
  return {
    verdict: "fail",
    found: `The run diverged: its loss is no number from step ${first.step} on.`,
    advice: "Lower the learning rate, or warm it up over the first tenth of the steps.",
    numbers: { brokenStep: first.step },
  };
}

function divergedRun(curve: Curve): Finding | undefined {
  const { guessing } = curve;
  const losses = mainLosses(curve);
  const end = endOf(losses);
  const highest = Math.max(...losses.map(({ value }) => value));
  if (end < NOTHING_LEARNED * guessing || highest < THROWN * guessing) return undefined;
  return {
    verdict: "fail",
    found: `The run diverged: its loss rose to ${rounded(highest)} and ended at ${rounded(end)}, where guessing by the labels' shares has ${rounded(guessing)}.`,
    advice: "Lower the learning rate, or warm it up over the first tenth of the steps.",
    numbers: { highest, end, guessing },
  };
}

function overfittedRun(curve: Curve): Finding | undefined {
  const { evaluation, train, guessing, evaluated } = curve;
  if (evaluation.length === 0) return undefined;
  const lowest = evaluation.reduce((best, entry) => (entry.value < best.value ? entry : best));
  const last = evaluation.at(-1)?.value ?? NaN;
  const rise = last - lowest.value;
  const noise = evaluated === undefined ? 0 : NOISE_OF_ONE / Math.sqrt(Math.max(1, evaluated));
  const trainEnd = train.length > 0 ? endOf(train) : 0;
  const isByHeart = train.length > 0 && trainEnd < BY_HEART * guessing && last >= NOTHING_LEARNED * guessing;
  const hasRisen = rise >= ROSE * lowest.value && rise > noise && trainEnd < last;
  if (!isByHeart && !hasRisen) return undefined;
  const ending = train.length > 0 ? `, while that of the training texts is ${rounded(trainEnd)}` : "";
  return {
    verdict: last >= NOTHING_LEARNED * guessing ? "fail" : "warn",
    found: `The run overfitted: the validation loss was lowest at step ${lowest.step} (${rounded(lowest.value)}) and is ${rounded(last)} at the end${ending}.`,
    advice: `Stop about step ${lowest.step} or keep the checkpoint with the lowest loss; more texts help more than more steps.`,
    numbers: { lowest: lowest.value, lowestStep: lowest.step, last, trainEnd, guessing },
  };
}

function unfinishedRun(curve: Curve): Finding | undefined {
  const { guessing, rate } = curve;
  const losses = mainLosses(curve);
  const end = endOf(losses);
  const numbers = { end, guessing };
  const advice =
    rate !== undefined && rate >= HIGH_RATE
      ? `Lower the learning rate: it went up to ${rounded(rate)}, and 5e-5 is usual for fine-tuning.`
      : "Train longer, or at a higher learning rate: 5e-5 is usual for fine-tuning.";
  if (end >= LITTLE_LEARNED * guessing)
    return {
      ...{ verdict: end >= NOTHING_LEARNED * guessing ? "fail" : "warn", numbers, advice },
      found: `The run learned ${end >= NOTHING_LEARNED * guessing ? "nothing" : "little"}: its loss ended at ${rounded(end)}, where guessing by the labels' shares has ${rounded(guessing)}.`,
    };
  const fall = fallAtEnd(losses);
  const isSteep = fall && fall.size >= STEEP * guessing && fall.size >= SURE * fall.error;
  if (!isSteep || end < NEARLY_DONE * guessing || !fallsElsewhere(curve)) return undefined;
  return {
    ...{ verdict: "warn", numbers: { ...numbers, fall: fall.size, fallError: fall.error } },
    found: `The run ended too early: its loss still fell by ${rounded(fall.size)} ± ${rounded(SURE * fall.error)} in the last quarter of its steps, to ${rounded(end)}.`,
    advice: "Train longer: raise numTrainEpochs, or maxSteps.",
  };
}

/** Whether the validation loss, where there is one, fell in the last quarter of the steps too. */
function fallsElsewhere({ evaluation, guessing }: Curve): boolean {
  const last = evaluation.at(-1);
  const before = last && evaluation.findLast(({ step }) => step <= 0.75 * last.step);
  return !before || before.value - last.value >= STEEP_ELSEWHERE * guessing;
}

function convergedRun(curve: Curve): Finding {
  const { train, evaluation, guessing } = curve;
  const end = endOf(mainLosses(curve));
  const last = evaluation.at(-1);
  return {
    verdict: "pass",
    found: `The run converged: the ${train.length > 0 ? "training" : "validation"} loss ended at ${rounded(end)}${last && train.length > 0 ? ` and the validation loss at ${rounded(last.value)}` : ""}, where guessing by the labels' shares has ${rounded(guessing)}.`,
    numbers: { end, guessing, ...(last && { last: last.value }) },
  };
}

function evidenceOf(
  { train, evaluation, guessing }: Curve,
  { verdict, found }: Finding,
): NonNullable<Finding["evidence"]> {
  const steps = [...new Set([...train, ...evaluation].map(({ step }) => step))].sort(
    (left, right) => left - right,
  );
  const at = (losses: readonly LoggedValue[], step: number): number | null => {
    const value = losses.find((entry) => entry.step === step)?.value;
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const table = {
    kind: "table" as const,
    columns: ["step", "loss", "validation loss"],
    rows: steps.map((step) => [step, at(train, step), at(evaluation, step)]),
    format: { loss: 3, "validation loss": 3 },
    note: `Guessing by the labels' shares has a loss of ${rounded(guessing)}.`,
  };
  if (verdict === "pass") return [table];
  const lines = [
    { name: "training", losses: train },
    { name: "validation", losses: evaluation },
  ].map(({ name, losses }) => {
    const shown = losses.filter(({ value }) => Number.isFinite(value));
    return { name, x: shown.map(({ step }) => step), y: shown.map(({ value }) => value) };
  });
  const ends = [steps[0] ?? 0, steps.at(-1) ?? 0];
  const guess = { name: "guessing", x: ends, y: [guessing, guessing] };
  const series = [...lines.filter(({ x }) => x.length > 0), guess];
  return [table, lineChart({ title: found, series, xTitle: "step", yTitle: "loss" })];
}
