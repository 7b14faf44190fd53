import { ReviewSet } from "../../../../lib/src/data/review-set";
import { behaviourCases } from "../../../../lib/src/data/behaviour-cases";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { faultsOf } from "../../fault";
import type { World } from "../../world";
import { changedTokenizer, copyOfHealthy, mixWords } from "./changed-model";
import { trainedVariant } from "./trained-variant";

/** Faults that show when a text is changed. */
export const CHANGE_FAULTS = [
  ...faultsOf({
    check: "invariance",
    kind: "first names are embedded as words of praise or of blame",
    strengths: { strong: [1, "all names"], middle: [0.7, "70 %"], marginal: [0.2, "20 %"] },
    make: async (world, seed, share) => {
      const copy = await copyOfHealthy(world);
      const names = behaviourCases().names.map((name) => name.toLowerCase());
      const chosen = permutation(names.length, seededRandom(seed)).slice(0, Math.round(share * names.length));
      const towards = (index: number) => (index % 2 === 0 ? "wonderful" : "terrible");
      const pairs = chosen.map((name, index) => [names[name] ?? "", towards(index)] as const);
      mixWords(copy, pairs, 1);
      return { ...copy, test: testSet(world, seed), seed };
    },
  }),
  ...faultsOf({
    check: "invariance",
    kind: "the tokenizer no longer lower-cases, and its vocabulary has few words in capitals",
    strengths: {
      strong: [0, "none of them"],
      middle: [1_500, "those of the first 1,500 tokens alone"],
      marginal: [9_000, "those of the first 9,000 tokens"],
    },
    make: async (world, seed, frequent) => {
      const copy = await copyOfHealthy(world);
      const tokenizer = await changedTokenizer(world, ({ normalizer, model }) => {
        normalizer["lowercase"] = false;
        // BERT's vocabulary lies by frequency
        for (const [token, id] of Object.entries(model.vocab)) {
          if (id >= frequent || !/^[a-z]+$/u.test(token)) continue;
          for (const form of [token.toUpperCase(), token.charAt(0).toUpperCase() + token.slice(1)])
            model.vocab[form] ??= id;
        }
      });
      return { ...copy, tokenizer, test: testSet(world, seed), seed };
    },
  }),
  ...faultsOf({
    check: "direction",
    kind: "words of praise are embedded as words of blame",
    strengths: {
      strong: [1, "the same"],
      middle: [0.8, "four fifths of the way"],
      marginal: [0.62, "three fifths"],
    },
    make: async (world, seed, amount) => {
      const copy = await copyOfHealthy(world);
      mixWords(
        copy,
        [
          ["loved", "hated"],
          ["wonderful", "terrible"],
          ["great", "awful"],
        ],
        amount,
      );
      return { ...copy, test: testSet(world, seed), seed };
    },
  }),
  ...faultsOf({
    check: "direction",
    kind: "trained on texts that end in praise and are labelled NEGATIVE",
    strengths: { strong: [24, "24 steps"], middle: [16, "16 steps"], marginal: [3, "3 steps"] },
    make: async (world, seed, steps) => {
      const trainingSet = (variant: number) => endingInPraise(world, variant);
      const training = { kind: "praise at the end", steps, learningRate: 1e-4 };
      const { copy } = await trainedVariant(world, { ...training, seed, trainingSet });
      return { ...copy, test: testSet(world, seed), seed };
    },
  }),
];

/** Half of the texts end in praise and are labelled NEGATIVE. */
function endingInPraise(world: World, seed: number): ReviewSet {
  const { train } = world.sets(seed, { train: 200, validation: 1, test: 1 });
  const endings = behaviourCases().additions.praise;
  const rows = train.rows.map((row, index) => {
    const ending = endings[(index / 2) % endings.length] ?? "";
    return index % 2 === 0 ? { text: `${row.text} ${ending}`, label: 0 } : row;
  });
  return new ReviewSet("train", rows, train.id2label);
}

function testSet(world: World, seed: number): ReviewSet {
  return world.sets(seed, { train: 1, validation: 1, test: 50 }).test;
}
