import { sum } from "../../evaluation/significance/counts";
import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import { watchInterrupt } from "../../runtime/interrupt";
import { startProgress } from "../../runtime/progress";
import { collate, type Feature } from "../../tokenization/collator";
import { AdamW, adamWOptions } from "../../training/adamw";
import { TrainStep } from "../../training/train-step";
import { trainingArguments, type TrainingArguments } from "../../training/training-arguments";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { lineChart } from "../evidence-charts";
import { counted, rounded } from "../wording";
import { drawBatch } from "./draw-batch";
import { labelEntropy } from "./label-entropy";
import { withNewModel } from "./with-new-model";

const STEPS = 30;
/** Few enough to be learned by heart: 8 of few labels, more where 8 could not show them. */
const TEXTS = 8;
const TEXTS_OF_MANY_LABELS = 16;
const MANY_LABELS = 4;
/** The loss has to be halved: a rate of 2e-5, the lowest of BERT's own recipes, comes to 0.45 in 30 steps on the packaged encoder. */
const FITTED = 0.5;
/** A loss that has fallen by less than a tenth has not begun to fit; a run would need hundreds of steps for a batch alone. */
const UNMOVED = 0.9;
/** A loss that was twice what it began with was thrown about by its steps: where it came to rest is luck. */
const THROWN = 2;
/** On one and the same batch a loss falls from step to step; one that rises by a twentieth was overshot. */
const ROSE = 1.05;
/** transformers' default. */
const USUAL_RATE = 5e-5;

/** Whether a new model can learn one batch by heart with the recipe (Hugging Face course, chapter 8, "overfit one batch"). */
export const overfitBatch = defineCheck({
  name: "overfit-batch",
  area: "training",
  question: `Can a new model learn one batch by heart in ${STEPS} steps of the recipe's learning rate?`,
  needs: ["newModel", "train", "tokenizer", "args"],
  run: async (asked) => {
    const { train } = asked;
    const count = Object.keys(train.id2label).length > MANY_LABELS ? TEXTS_OF_MANY_LABELS : TEXTS;
    const features = train.length > 0 ? drawBatch({ ...asked, count }) : [];
    // what a batch's labels alone tell; a model that has learned no more has not looked at the texts
    const entropy = labelEntropy(features.map(({ label }) => label ?? NaN));
    if (entropy === 0) return nothingToTellApart(train.name, features.length);
    // nothing is written there
    const args = trainingArguments({ outputDir: "unused", ...asked.args });
    return withNewModel(asked, async (model) => {
      const losses = await overfit({ model, features, args, padTokenId: asked.tokenizer.padTokenId });
      return judge({ losses, features, entropy, learningRate: args.learningRate });
    });
  },
});

function nothingToTellApart(name: string, texts: number): Finding {
  return {
    verdict: texts === 0 ? "fail" : "warn",
    found: `${name} has ${texts === 0 ? "0 rows" : "rows of one label alone"}, so that there is nothing to learn from a batch.`,
    advice: "Give it rows of every label.",
    numbers: { texts },
  };
}

/** The loss before each step, and after the last. */
async function overfit(params: {
  model: SequenceClassificationModel;
  features: Feature[];
  args: TrainingArguments;
  padTokenId: number;
}): Promise<number[]> {
  const { model, features, args, padTokenId } = params;
  const progress = startProgress({ total: STEPS, label: "Overfitting one batch", unit: "steps" });
  const checkInterrupt = watchInterrupt();
  const optimizer = new AdamW(model.variables.values(), adamWOptions(args), model.wordTable);
  // without dropout, which would keep it from learning by heart
  const trainStep = new TrainStep({ model, optimizer, bf16: args.bf16 });
  const losses: number[] = [];
  try {
    const batch = collate(features, padTokenId);
    // the rate's peak, without warm-up: whether it is of use at all is the question
    const { learningRate } = args;
    for (let step = 1; step <= STEPS + 1; step += 1) {
      await checkInterrupt("Overfitting one batch");
      const { loss } = trainStep.run({ batch, learningRate, step });
      losses.push(loss);
      progress.update(Math.min(step, STEPS), `loss ${rounded(loss)}`);
      if (!Number.isFinite(loss)) break;
    }
    return losses;
  } finally {
    progress.end();
    trainStep.dispose();
    optimizer.dispose();
  }
}

/** How a batch went. */
interface Attempt {
  losses: readonly number[];
  features: readonly Feature[];
  /** Loss of somebody who knows the shares of the batch's labels alone. */
  entropy: number;
  learningRate: number;
}

function judge(attempt: Attempt): Finding {
  const { losses, features, entropy, learningRate } = attempt;
  const first = losses[0] ?? NaN;
  const last = losses.at(-1) ?? NaN;
  const steps = losses.length - 1;
  const texts = features.length;
  const floor = lowestLoss(features);
  const reference = Math.min(first, entropy);
  const verdict = verdictOf(losses, reference);
  const found = Number.isFinite(last)
    ? `In ${counted(steps, "step")} at a learning rate of ${learningRate} the loss of ${counted(texts, "text")} went from ${rounded(first)} to ${rounded(last)}${contradiction(features)}.`
    : `At a learning rate of ${learningRate} the loss of ${counted(texts, "text")} is no number after ${counted(steps, "step")}.`;
  const known = { first, last, lowest: Math.min(...losses), floor };
  const finite = Object.fromEntries(Object.entries(known).filter(([, value]) => Number.isFinite(value)));
  const numbers = { ...finite, steps, texts, learningRate };
  const table = {
    kind: "table" as const,
    columns: ["step", "loss"],
    rows: losses.map((loss, step) => [step, Number.isFinite(loss) ? loss : null]),
    format: { loss: 3 },
  };
  if (verdict === "pass") return { verdict, found, numbers, evidence: [table] };
  const shown = losses.filter(Number.isFinite);
  const chart = lineChart({
    title: found,
    series: [{ name: "loss", x: shown.map((_, step) => step), y: shown }],
    ...{ xTitle: "step", yTitle: "loss of the batch" },
  });
  const isContradicted = floor > FITTED * reference;
  return {
    ...{ found, numbers, evidence: [table, chart] },
    verdict: isContradicted ? "fail" : verdict,
    advice: isContradicted
      ? "Look at the labels of texts that read the same, or at a maxLength that cuts off what tells them apart."
      : adviceOf(attempt),
  };
}

function verdictOf(losses: readonly number[], reference: number): CheckVerdict {
  const last = losses.at(-1) ?? NaN;
  if (!(last < UNMOVED * reference)) return "fail";
  const isThrown = losses.some((loss) => loss > THROWN * (losses[0] ?? NaN));
  return last <= FITTED * reference && !isThrown ? "pass" : "warn";
}

function adviceOf({ losses, learningRate }: Attempt): string {
  const [first = NaN] = losses;
  const isThrown = losses.some((loss, step) => {
    const before = losses[step - 1] ?? loss;
    return !Number.isFinite(loss) || loss > ROSE * before || loss > THROWN * first;
  });
  if (isThrown) return "Lower the learning rate: its steps throw the loss about.";
  return learningRate < USUAL_RATE
    ? `Raise the learning rate: ${USUAL_RATE} is usual for fine-tuning.`
    : "Look at gradient-flow: at this learning rate a model whose layers all learn fits one batch.";
}

/**
 * The lowest loss that there is: texts that read the same to the model get the same answer, and the labels of those may differ.
 */
function lowestLoss(features: readonly Feature[]): number {
  return sum(sameTexts(features).map((labels) => (labels.length / features.length) * labelEntropy(labels)));
}

/** Of every text as the model reads it, the labels that it has. */
function sameTexts(features: readonly Feature[]): number[][] {
  const labelsOf = new Map<string, number[]>();
  for (const { inputIds, label = NaN } of features) {
    const key = inputIds.join();
    labelsOf.set(key, [...(labelsOf.get(key) ?? []), label]);
  }
  return [...labelsOf.values()];
}

function contradiction(features: readonly Feature[]): string {
  const contradicting = sameTexts(features).filter((labels) => new Set(labels).size > 1);
  const count = sum(contradicting.map(({ length }) => length));
  return count > 0 ? `; ${count} of them read the same to the model and have different labels` : "";
}
