/**
 * Fine-tunes the packaged encoder on 2,000 IMDB reviews and measures it on 2,000 others, beside transformers' Trainer: `npm run bench -- quality`.
 * Both begin with the same weights, head included, and read the same batches in the same order; only dropout differs.
 */
import { parseArgs } from "node:util";
import { loadImdb } from "../../lib/src/data/imdb";
import type { ReviewSet } from "../../lib/src/data/review-set";
import { balanced } from "../../lib/src/data/splits";
import { argmax } from "../../lib/src/evaluation/predict";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { encodeReviews } from "../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { epochBatches } from "../../lib/src/training/sampler";
import { Trainer } from "../../lib/src/training/trainer";
import { trainingArguments } from "../../lib/src/training/training-arguments";
import { ENCODER, NO_IMDB, outputPath } from "./fixtures";
import { missingPackage, PythonWorker, type PythonVersions } from "./python-worker";
import { conditions, markdownTable, writeIntoReadme } from "./report";

const [PER_LABEL, MAX_LENGTH, EPOCHS] = [1000, 128, 2];
const RECIPE = { learningRate: 5e-5, perDeviceTrainBatchSize: 16, numTrainEpochs: EPOCHS };

/** Which reviews of the test set each side got right. */
interface Round {
  seed: number;
  ours: boolean[];
  theirs: boolean[];
}

async function run(seeds: number[]): Promise<void> {
  const [train, test] = [await chosen("train"), await chosen("test")];
  const python = new PythonWorker();
  try {
    const rounds: Round[] = [];
    for (const seed of seeds) {
      rounds.push(await roundOf({ seed, train, test, python }));
      console.log(table(rounds));
    }
    const text = `${conditions(await python.ask<PythonVersions>("describe"))}\n\n${table(rounds)}`;
    if (seeds.length >= 3) writeIntoReadme("quality", text);
  } finally {
    python.close();
  }
}

/** As many reviews of each label; the same in every round. */
async function chosen(split: "train" | "test"): Promise<ReviewSet> {
  return balanced(await loadImdb(split), { perLabel: PER_LABEL, seed: 0 });
}

async function roundOf(params: {
  seed: number;
  train: ReviewSet;
  test: ReviewSet;
  python: PythonWorker;
}): Promise<Round> {
  const { seed, train, test, python } = params;
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const [trainDataset, testDataset] = [train, test].map((set) =>
    encodeReviews(set, { tokenizer, maxLength: MAX_LENGTH }),
  );
  if (!trainDataset || !testDataset) throw new Error("two sets were expected");
  const args = { outputDir: outputPath("run"), saveStrategy: "no" as const, seed, ...RECIPE };
  const model = DistilBertForSequenceClassification.fromFolder(ENCODER, {
    id2label: { 0: "NEGATIVE", 1: "POSITIVE" },
    seed,
  });
  const begin = outputPath("quality");
  model.savePretrained(begin);
  const trainer = new Trainer({ model, args, trainDataset, padTokenId: tokenizer.padTokenId });
  await trainer.train();
  const { predictions } = await trainer.predict(testDataset);
  const ours = predictions.map((logits, at) => argmax(logits) === testDataset[at]?.label);
  model.dispose();
  const orders = Array.from({ length: EPOCHS }, (_, epoch) =>
    epochBatches(trainingArguments(args), trainDataset, epoch).flat(),
  );
  const shared = { model: begin, tokenizer: ENCODER, train: trainDataset, test: testDataset, orders, seed };
  const theirs = await python.ask<boolean[]>("fineTune", { ...shared, recipe: RECIPE, out: args.outputDir });
  return { seed, ours, theirs };
}

function table(rounds: readonly Round[]): string {
  const rows = rounds.map(({ seed, ours, theirs }) => [
    ...[String(seed), percent(share(ours)), percent(share(theirs)), difference([{ seed, ours, theirs }])],
  ]);
  const all = (side: "ours" | "theirs"): boolean[] => rounds.flatMap((round) => round[side]);
  rows.push(["all", percent(share(all("ours"))), percent(share(all("theirs"))), difference(rounds)]);
  return markdownTable(["seed", "ours", "transformers' Trainer", "ours - its, paired 95 % interval"], rows);
}

/** Points between the two, with the interval of a mean of paired differences: of a review's over the rounds, as rounds share reviews. */
function difference(rounds: readonly Round[]): string {
  const reviews = rounds[0]?.ours.length ?? 0;
  const paired = Array.from({ length: reviews }, (_, at) =>
    mean(rounds.map(({ ours, theirs }) => Number(ours[at]) - Number(theirs[at]))),
  );
  const center = mean(paired);
  const spread = Math.sqrt(mean(paired.map((value) => (value - center) ** 2)) / (reviews - 1));
  const [low, high] = [center - 1.96 * spread, center + 1.96 * spread];
  return `${points(center)} (${points(low)} to ${points(high)})`;
}

function share(right: readonly boolean[]): number {
  return mean(right.map(Number));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

function points(value: number): string {
  return `${value < 0 ? "" : "+"}${(100 * value).toFixed(2)}`;
}

const skipped = NO_IMDB ?? missingPackage("accelerate");
const { values } = parseArgs({ options: { seeds: { type: "string", default: "1,2,3" } } });
if (skipped === undefined) void run(values.seeds.split(",").map(Number));
else console.log(`skipped: ${skipped}`);
