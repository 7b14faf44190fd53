import { ReviewSet } from "../../../../lib/src/data/review-set";
import { seededRandom } from "../../../../lib/src/runtime/random";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { faultsOf } from "../../fault";
import type { World } from "../../world";
import { assign, copyOfHealthy, variableOf } from "./changed-model";

const FILLER = "home film tv books music games news shop help menu login terms about press jobs map ";

/** Faults that show in what a model is given. */
export const INPUT_FAULTS = [
  ...faultsOf({
    check: "odd-input",
    kind: "the head's bias leans to one label before anything is read",
    strengths: {
      strong: [3, "by 3"],
      middle: [2.2, "by 2.2"],
      marginal: [1.45, "by 1.45, give or take 0.2"],
    },
    make: async (world, seed, lean) => {
      const copy = await copyOfHealthy(world);
      const bias = variableOf(copy.model, "classifier.bias");
      const jitter = lean < 2 ? 0.4 * (seededRandom(seed)() - 0.5) : 0;
      assign(bias, () => bias.read().add(tf.tensor1d([lean + jitter, 0])));
      return { ...copy, seed };
    },
  }),
  ...faultsOf({
    check: "odd-input",
    kind: "rows of the word embeddings are not numbers",
    strengths: { strong: [0.5, "half of them"], middle: [0.25, "a quarter"], marginal: [0.02, "2 %"] },
    make: async (world, seed, share) => {
      const copy = await copyOfHealthy(world);
      const table = variableOf(copy.model, copy.model.wordTable);
      const [rows = 0, width = 0] = table.shape;
      const random = seededRandom(seed);
      // the special tokens stay: without them no text at all has an answer
      const broken = Array.from({ length: rows }, (_, id) => id).filter((id) => id > 103 && random() < share);
      tf.tidy(() => {
        table.assignRows(tf.tensor1d(broken, "int32"), tf.fill([broken.length, width], NaN));
      });
      return { ...copy, seed };
    },
  }),
  ...faultsOf({
    check: "worst-slice",
    kind: "long texts were labelled by somebody who took the scale the wrong way round",
    strengths: { strong: [1, "all of them"], middle: [0.7, "70 %"], marginal: [0.4, "40 %"] },
    make: async (world, seed, share) => {
      const copy = await copyOfHealthy(world);
      const test = testSet(world, seed);
      const random = seededRandom(seed);
      const lengths = test.texts.map((text) => text.split(" ").length);
      const long = [...lengths].sort((left, right) => left - right)[Math.floor(0.75 * lengths.length)] ?? 0;
      const rows = test.rows.map((row, index) =>
        (lengths[index] ?? 0) > long && random() < share ? { ...row, label: 1 - row.label } : row,
      );
      return { ...copy, test: new ReviewSet("test", rows, test.id2label), seed };
    },
  }),
  ...faultsOf({
    check: "worst-slice",
    kind: "texts come with the head of their page, which pushes them out of what is read",
    strengths: {
      strong: [{ tokens: 64, every: 3 }, "a third of them, by all of 64 tokens"],
      middle: [{ tokens: 64, every: 4 }, "a quarter, by all of 64 tokens"],
      marginal: [{ tokens: 56, every: 4 }, "a quarter, by 56 tokens"],
    },
    make: async (world, seed, { tokens, every }) => {
      const copy = await copyOfHealthy(world);
      const test = testSet(world, seed);
      // <p> and </p> are 7 tokens
      const words = FILLER.repeat(4)
        .split(" ")
        .slice(0, tokens - 7);
      const rows = test.rows.map((row, index) =>
        index % every === 0 ? { ...row, text: `<p>${words.join(" ")}</p> ${row.text}` } : row,
      );
      return { ...copy, test: new ReviewSet("test", rows, test.id2label), seed };
    },
  }),
];

function testSet(world: World, seed: number): ReviewSet {
  return world.sets(seed, { train: 1, validation: 1, test: 200 }).test;
}
