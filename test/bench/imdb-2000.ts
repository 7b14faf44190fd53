/**
 * Fine-tunes the packaged encoder on 2,000 IMDB reviews and measures it on 2,000 others, as far as the profile `full` goes on a CPU:
 * `IMDB_DIR=... node --import tsx test/bench/imdb-2000.ts`. Leaves the rows in build/bench/ for imdb_2000_pytorch.py, which does the same in PyTorch.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as lib from "../../lib/src/index";

const OUT = path.join(__dirname, "../../build/bench");
const [SEED, MAX_LENGTH, PER_LABEL] = [42, 256, 1000];

async function bench(): Promise<void> {
  process.env["STORY_REVIEWS"] = "stanfordnlp/imdb";
  process.env["STORY_BUILD"] = OUT;
  const story = lib.openStory("imdb-2000");
  const { train, test } = await story.reviews();
  const [trained, tested] = [train, test].map((set) =>
    lib.balanced(set, { perLabel: PER_LABEL, seed: SEED }),
  );
  if (!trained || !tested) throw new Error("two sets were expected");
  mkdirSync(OUT, { recursive: true });
  const rows = { train: trained.rows, test: tested.rows, maxLength: MAX_LENGTH, seed: SEED };
  writeFileSync(path.join(OUT, "imdb-2000.json"), JSON.stringify(rows));
  const { encoder } = story.settings;
  const tokenizer = await lib.Tokenizer.fromPretrained(encoder);
  const model = await lib.DistilBertForSequenceClassification.fromPretrained(encoder, {
    id2label: lib.SENTIMENT,
    seed: SEED,
  });
  const encode = (set: lib.ReviewSet) => lib.encodeReviews(set, { tokenizer, maxLength: MAX_LENGTH });
  const { padTokenId } = tokenizer;
  const args = {
    ...{ outputDir: path.join(OUT, "run"), saveStrategy: "no" as const, loggingSteps: 25, seed: SEED },
    ...{ numTrainEpochs: 2, learningRate: 5e-5, perDeviceTrainBatchSize: 16 },
  };
  const { trainRuntime } = await new lib.Trainer({
    ...{ model, args, padTokenId },
    trainDataset: encode(trained),
  }).train();
  const features = encode(tested);
  const report = await lib.classificationReport({
    name: "test",
    model,
    features,
    padTokenId,
    label: "Testing",
  });
  console.log(JSON.stringify({ accuracy: report.accuracy, trainRuntime, confusion: report.confusion }));
}

void bench();
