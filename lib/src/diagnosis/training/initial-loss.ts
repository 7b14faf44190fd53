import type { ReviewSet } from "../../data/review-set";
import { predictLogits, softmax } from "../../evaluation/predict";
import { mean, sum } from "../../evaluation/significance/counts";
import { encodeReviews } from "../../tokenization/encode-reviews";
import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import { defineCheck, type Answerable, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { counted, percent, rounded } from "../wording";
import { emptySet } from "./empty-set";
import { withNewModel } from "./with-new-model";

/** Two of the story's batches of 64: the loss of a healthy beginning varies by 0.01 from text to text, so these are plenty. */
const TEXTS = 128;
/**
 * In nats above ln(classes). A new head says nearly the same of every label: its logits have a deviation of about 0.02 √(width),
 * which costs 0.001 to 0.02. 0.1 takes logits that differ by 1, five times what transformers' initialisation gives.
 */
const HIGH_EXCESS = 0.1;
/** As much as a head costs that gives the wrong one of two labels 90 % on half of the texts; steps go into unlearning that. */
const BROKEN_EXCESS = 0.5;
/** Of a 95 % interval. */
const Z = 1.96;

type Asked = Answerable<"newModel" | "train" | "tokenizer">;

/** Whether a model that has seen nothing is as unsure as it should be. */
export const initialLoss = defineCheck({
  name: "initial-loss",
  area: "training",
  question: "Does a new model begin with the loss of somebody who knows nothing, ln(classes)?",
  needs: ["newModel", "train", "tokenizer"],
  run: async (asked) => {
    const { train } = asked;
    if (train.length === 0) return emptySet(train, "there is nothing to take a loss of");
    return withNewModel(asked, async (model) => judge(train, await beginningOf(model, asked)));
  },
});

/** What a new model says of some texts. */
interface Beginning {
  /** `[texts, outputs]`. */
  logits: number[][];
  /** `[texts]`. */
  labels: number[];
  outputs: number;
}

async function beginningOf(
  model: SequenceClassificationModel,
  { train, tokenizer, maxLength, seed }: Asked,
): Promise<Beginning> {
  const drawn = train.sample(TEXTS, seed);
  const features = encodeReviews(drawn, { tokenizer, maxLength });
  const logits = await predictLogits({ model, features, padTokenId: tokenizer.padTokenId });
  return { logits, labels: drawn.labels, outputs: Object.keys(model.id2label).length };
}

function judge(train: ReviewSet, { logits, labels, outputs }: Beginning): Finding {
  // no model has one output alone
  const classes = Math.max(2, Object.keys(train.id2label).length);
  const losses = labels.map((label, index) => lossOf(logits[index] ?? [], label));
  const loss = mean(losses);
  if (!losses.every(Number.isFinite)) return notFinite(losses);
  const deviation = Math.sqrt(mean(losses.map((value) => (value - loss) ** 2)));
  const error = (Z * deviation) / Math.sqrt(losses.length);
  const expected = Math.log(classes);
  const excess = loss - expected;
  const favourite = favouriteOf(logits.map(softmax));
  const name = train.id2label[favourite.output] ?? `output ${favourite.output}`;
  const numbers = { loss, error, expected, excess, outputs, classes, favouriteShare: favourite.share };
  const found = `A new model begins with a loss of ${rounded(loss)} ± ${rounded(error)} on ${counted(losses.length, "text")}; ln(${classes}) is ${rounded(expected)}, and it gives ${name} ${percent(favourite.share)} on average.`;
  const table = {
    kind: "table" as const,
    columns: ["", "value"],
    rows: [
      ["loss of a new model", loss],
      ["ln(classes)", expected],
      ["classes of the set", classes],
      ["outputs of the model", outputs],
      ["texts", losses.length],
      [`mean probability of ${name}`, favourite.share],
    ],
  };
  const isHigh = excess >= HIGH_EXCESS && excess > error;
  if (!isHigh) return { verdict: "pass", found, numbers, evidence: [table] };
  const chart = barChart({
    title: `A new model begins with a loss of ${rounded(loss)} where ln(${classes}) is ${rounded(expected)}`,
    categories: ["a new model", `ln(${classes})`],
    series: [{ name: "loss", values: [loss, expected] }],
    yTitle: "loss",
  });
  return {
    ...{ verdict: excess >= BROKEN_EXCESS ? "fail" : "warn", found, numbers, evidence: [table, chart] },
    advice:
      outputs === classes
        ? "Look at how the head begins: weights of a deviation of about 0.02 and biases of 0, as transformers makes them."
        : `Make the model with ${counted(classes, "output")}, one for each label: it has ${outputs}.`,
  };
}

function notFinite(losses: readonly number[]): Finding {
  const broken = losses.filter((value) => !Number.isFinite(value)).length;
  return {
    verdict: "fail",
    found: `The loss of a new model is no finite number on ${broken} of ${counted(losses.length, "text")}.`,
    advice: "Look for weights that are no numbers, or huge, in what the model begins with.",
    numbers: { textsWithoutLoss: broken },
  };
}

/** Cross-entropy; the largest logit subtracted, so that huge ones give a huge loss and no infinite one. */
function lossOf(logits: readonly number[], label: number): number {
  const largest = Math.max(...logits);
  return largest + Math.log(sum(logits.map((value) => Math.exp(value - largest)))) - (logits[label] ?? NaN);
}

/** The output that is likeliest on average, and how likely. */
function favouriteOf(probabilities: readonly number[][]): { output: number; share: number } {
  const outputs = probabilities[0]?.length ?? 0;
  const shares = Array.from({ length: outputs }, (_, output) =>
    mean(probabilities.map((row) => row[output] ?? NaN)),
  );
  const share = Math.max(...shares);
  return { output: shares.indexOf(share), share };
}
