import { ReviewSet } from "../../../../lib/src/data/review-set";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { faultsOf, type Fault } from "../../fault";
import type { HealthySets } from "../../world";
import { changed, quartered, thinned } from "./changed-sets";

function quarters({ train, validation, test }: HealthySets): HealthySets {
  return { train: quartered(train), validation: quartered(validation), test: quartered(test) };
}

/** A sorted set of which a share of the rows, chosen at random, is shuffled among its places. */
function partlySorted(set: ReviewSet, params: { shuffled: number; seed: number }): ReviewSet {
  const random = seededRandom(params.seed);
  const rows = [...set.sortByLabel().rows];
  const places = rows.flatMap((_, row) => (random() < params.shuffled ? [row] : []));
  const order = permutation(places.length, random);
  const mixed = rows.map((row) => row);
  for (const [index, place] of places.entries()) {
    const row = rows[places[order[index] ?? 0] ?? 0];
    if (row) mixed[place] = row;
  }
  return new ReviewSet(set.name, mixed, set.id2label);
}

/** The same rows in blocks of one label, then the other, of random length with this mean. */
function inBlocks(set: ReviewSet, params: { mean: number; seed: number }): ReviewSet {
  const random = seededRandom(params.seed);
  const blocks = set.rows.filter(({ label }) => label === 0 && random() < 1 / params.mean).length;
  const sides = [0, 1].map((label) => {
    const rows = set.rows.filter((row) => row.label === label);
    const places = permutation(rows.length - 1, random).map((place) => place + 1);
    const cuts = places.slice(0, Math.max(0, blocks - 1)).sort((one, other) => one - other);
    return [0, ...cuts].map((begin, block) => rows.slice(begin, cuts[block]));
  });
  const rows = (sides[0] ?? []).flatMap((block, index) => [...block, ...(sides[1]?.[index] ?? [])]);
  return new ReviewSet(set.name, rows, set.id2label);
}

/** Faults in how often each label occurs. */
export const LABEL_COUNT_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "label-balance",
    kind: "positives left out of the training set",
    strengths: {
      strong: [0.1, "10 to 1"],
      middle: [1 / 3, "3 to 1"],
      marginal: [0.5, "2 to 1"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      return { ...sets, train: thinned(sets.train, { label: 1, chance, seed }) };
    },
  }),
  ...faultsOf({
    check: "label-balance",
    kind: "one of four labels is rare in all sets",
    strengths: {
      strong: [1 / 20, "20 to 1"],
      middle: [1 / 7, "7 to 1"],
      marginal: [1 / 4, "4 to 1"],
    },
    make: (world, seed, chance) => {
      const { train, validation, test } = quarters(world.sets(seed));
      const thin = (set: ReviewSet): ReviewSet => thinned(set, { label: 3, chance, seed });
      return { train: thin(train), validation: thin(validation), test: thin(test) };
    },
  }),
  ...faultsOf({
    check: "split-balance",
    kind: "positives left out of the validation set",
    strengths: {
      strong: [0.1, "9 % of it, 50 % of the others"],
      middle: [0.35, "26 %, 50 % of the others"],
      marginal: [0.6, "37 %, 50 % of the others"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      return { ...sets, validation: thinned(sets.validation, { label: 1, chance, seed }) };
    },
  }),
  ...faultsOf({
    check: "split-balance",
    kind: "two of four labels are rarer in the test set",
    strengths: {
      strong: [0.1, "a tenth of them"],
      middle: [0.35, "a third of them"],
      marginal: [0.55, "a half of them"],
    },
    make: (world, seed, chance) => {
      const sets = quarters(world.sets(seed));
      const thin = (set: ReviewSet, label: number): ReviewSet => thinned(set, { label, chance, seed });
      return { ...sets, test: thin(thin(sets.test, 0), 1) };
    },
  }),
  ...faultsOf({
    check: "missing-label",
    kind: "positives left out of the validation set",
    strengths: {
      strong: [0, "none of 200 left"],
      middle: [0.02, "about 4 of 200 left"],
      marginal: [0.05, "about 10 of 200 left"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      return { ...sets, validation: thinned(sets.validation, { label: 1, chance, seed }) };
    },
  }),
  ...faultsOf({
    check: "missing-label",
    kind: "one of four labels left out of the training set",
    strengths: {
      strong: [0, "none of 500 left"],
      middle: [0.008, "about 4 of 500 left"],
      marginal: [0.02, "about 10 of 500 left"],
    },
    make: (world, seed, chance) => {
      const sets = quarters(world.sets(seed));
      return { ...sets, train: thinned(sets.train, { label: 2, chance, seed }) };
    },
  }),
];

/** Faults in the order and the names of labels. */
export const LABEL_ORDER_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "label-order",
    kind: "sorted by label, partly shuffled",
    strengths: {
      strong: [0, "sorted"],
      middle: [0.5, "half of the rows shuffled"],
      marginal: [0.79, "four in five rows shuffled"],
    },
    make: (world, seed, shuffled) => {
      const sets = world.sets(seed);
      return { ...sets, train: partlySorted(sets.train, { shuffled, seed }) };
    },
  }),
  ...faultsOf({
    check: "label-order",
    kind: "blocks of one label in the test set",
    strengths: {
      strong: [40, "of 40 rows on average"],
      middle: [5, "of 5 rows on average; shuffled, 2"],
      marginal: [2.4, "of 2.4 rows on average; shuffled, 2"],
    },
    make: (world, seed, mean) => {
      const sets = world.sets(seed);
      return { ...sets, test: inBlocks(sets.test, { mean, seed }) };
    },
  }),
  ...faultsOf({
    check: "unknown-labels",
    kind: "a third label in the training set",
    strengths: {
      strong: [0.1, "one row in 10"],
      middle: [0.01, "one row in 100"],
      marginal: [1 / 3_000, "each of 2,000 rows with a chance of 1 in 3,000"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      const id2label = { ...sets.train.id2label, 2: "MIXED" };
      const train = changed(sets.train, { chance, seed, id2label, change: () => ({ label: 2 }) });
      return { ...sets, train, id2label: sets.test.id2label };
    },
  }),
  ...faultsOf({
    check: "unknown-labels",
    kind: "a number in the test set that the model has not",
    strengths: {
      strong: [0.1, "one row in 10"],
      middle: [0.03, "one row in 33"],
      marginal: [1 / 600, "each of 400 rows with a chance of 1 in 600"],
    },
    make: async (world, seed, chance) => {
      const sets = world.sets(seed);
      const { model } = await world.healthyModel();
      const id2label = { 0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2" };
      const test = changed(sets.test, { chance, seed, id2label, change: () => ({ label: 2 }) });
      return { ...sets, test, model };
    },
  }),
];
