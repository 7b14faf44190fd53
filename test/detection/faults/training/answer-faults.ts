import { ReviewSet } from "../../../../lib/src/data/review-set";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { changedHealthyModel, changeParameters, keepSpare } from "./change-parameters";
import { drawnShare, exactShare } from "./label-shares";
import { SHORT_LENGTH, shortRun } from "./short-run";

const SMALL = { train: 100, validation: 1, test: 100 };

/** Labels of so many rows, as a share, dealt out anew among these: a row's label is that of another. */
function mislabelled(set: ReviewSet, share: number, seed: number): ReviewSet {
  const order = permutation(set.length, seededRandom(seed)).slice(0, Math.round(share * set.length));
  const dealt = new Map(
    order.map((row, place) => [row, set.rows[order[(place + 1) % order.length] ?? 0]?.label ?? 0]),
  );
  const rows = set.rows.map((row, index) => ({ ...row, label: dealt.get(index) ?? row.label }));
  return new ReviewSet(set.name, rows, set.id2label);
}

/** The healthy model with something added to the logit of label 0. */
async function biased(world: World, seed: number, bias: number): Promise<Subject> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const model = await changedHealthyModel(world, (changed) => {
    changeParameters(changed, /^classifier\.bias$/, (values) => tf.add(values, [bias, 0]));
  });
  return { ...world.sets(seed, SMALL), model, tokenizer, maxLength, seed };
}

/** Faults that `constant-answer` must see. */
const CONSTANT_ANSWER: readonly Fault[] = [
  ...faultsOf({
    check: "constant-answer",
    kind: "a validation set of nearly one label",
    strengths: {
      strong: [1, "all 200 rows"],
      middle: [0.96, "192 of 200 rows on average"],
      marginal: [0.9, "180 of 200 rows on average"],
    },
    make: (world, seed, share) => {
      const { validation } = world.sets(seed, { train: 1, validation: 300, test: 1 });
      return { validation: drawnShare(validation, { share, count: 200, seed }) };
    },
  }),
  ...faultsOf({
    check: "constant-answer",
    kind: "labels dealt out anew among the test rows",
    strengths: {
      strong: [1, "of all rows"],
      middle: [0.95, "of 95 %"],
      marginal: [0.72, "of 72 %"],
    },
    make: async (world, seed, share) => {
      const { model, tokenizer, maxLength } = await world.healthyModel();
      const { test } = world.sets(seed, { train: 1, validation: 1, test: 200 });
      return { test: mislabelled(test, share, seed), model, tokenizer, maxLength, seed };
    },
  }),
  ...faultsOf({
    check: "constant-answer",
    kind: "a head that is pushed towards one label",
    strengths: {
      strong: [10, "by 10 logits"],
      middle: [3.7, "by 3.7"],
      marginal: [3.22, "by 3.22"],
    },
    make: biased,
  }),
];

/** Faults that `collapsed-predictions` must see. */
const COLLAPSED: readonly Fault[] = [
  ...faultsOf({
    check: "collapsed-predictions",
    kind: "a head that is pushed towards one label",
    strengths: {
      strong: [10, "by 10 logits"],
      middle: [3.5, "by 3.5"],
      marginal: [3.03, "by 3.03"],
    },
    make: biased,
  }),
  ...faultsOf({
    check: "collapsed-predictions",
    kind: "a head whose weights are nearly 0",
    strengths: {
      strong: [0, "0"],
      middle: [0.03, "3 % of what they were"],
      marginal: [0.08, "8 % of what they were"],
    },
    make: async (world, seed, factor) => {
      const { tokenizer, maxLength } = await world.healthyModel();
      const model = await changedHealthyModel(world, (changed) => {
        changeParameters(changed, /^classifier\.weight$/, (values) => tf.mul(values, factor));
      });
      return { ...world.sets(seed, SMALL), model, tokenizer, maxLength, seed };
    },
  }),
  ...faultsOf({
    check: "collapsed-predictions",
    kind: "trained for 30 steps on nearly one label",
    strengths: {
      strong: [0.98, "98 % of 240 texts"],
      middle: [0.95, "95 %"],
      marginal: [0.55, "55 %"],
    },
    make: async (world, seed, share) => {
      const { tokenizer } = await world.healthyModel();
      const sets = world.sets(seed, { train: 300, validation: 100, test: 100 });
      const train = exactShare(sets.train, { share, count: 240, seed });
      const { model } = await shortRun({ world, seed, train, args: { learningRate: 2e-4 } });
      return { train, test: sets.test, model: keepSpare(model), tokenizer, maxLength: SHORT_LENGTH, seed };
    },
  }),
];

/** Faults of what a model answers. */
export const ANSWER_FAULTS: readonly Fault[] = [...CONSTANT_ANSWER, ...COLLAPSED];
