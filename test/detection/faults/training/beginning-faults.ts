import type { ReviewSet } from "../../../../lib/src/data/review-set";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import type { Tensor } from "../../../../lib/src/runtime/tensor";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { changedNewModel, changeParameters } from "./change-parameters";

const SMALL = { train: 150, validation: 1, test: 1 };
const HEAD = /^(pre_classifier|classifier)\.weight$/;

/** A healthy recipe on reviews, with a new model that is changed. */
async function beginning(
  world: World,
  seed: number,
  change: (model: SequenceClassificationModel) => void,
): Promise<Subject & { train: ReviewSet }> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const { train } = world.sets(seed, SMALL);
  const newModel = () => changedNewModel(world, seed, change);
  return { train, tokenizer, maxLength, newModel, args: { learningRate: 5e-5 }, seed };
}

/** Makes a healthy beginning whose new model has some parameters changed, by an amount. */
function changed(names: RegExp, change: (values: Tensor, amount: number) => Tensor) {
  return (world: World, seed: number, amount: number): Promise<Subject> =>
    beginning(world, seed, (model) => {
      changeParameters(model, names, (values) => change(values, amount));
    });
}

const INITIAL_LOSS: readonly Fault[] = [
  ...faultsOf({
    check: "initial-loss",
    kind: "a head whose weights begin too large",
    strengths: {
      strong: [50, "a deviation of 1 instead of 0.02"],
      middle: [20, "a deviation of 0.4"],
      marginal: [5, "a deviation of 0.1"],
    },
    make: changed(HEAD, (values, factor) => tf.mul(values, factor)),
  }),
  ...faultsOf({
    check: "initial-loss",
    kind: "a head that favours one label from the beginning",
    strengths: {
      strong: [10, "by 10 logits"],
      middle: [2.5, "by 2.5"],
      marginal: [0.9, "by 0.9"],
    },
    make: changed(/^classifier\.bias$/, (values, bias) => tf.add(values, [0, bias])),
  }),
];

const withRate = async (world: World, seed: number, learningRate: number): Promise<Subject> => ({
  ...(await beginning(world, seed, () => undefined)),
  args: { learningRate },
});

const OVERFIT_BATCH: readonly Fault[] = [
  ...faultsOf({
    check: "overfit-batch",
    kind: "a learning rate that is too low",
    strengths: {
      strong: [1e-7, "1e-7"],
      middle: [5e-6, "5e-6"],
      marginal: [1.75e-5, "1.75e-5"],
    },
    make: withRate,
  }),
  ...faultsOf({
    check: "overfit-batch",
    kind: "a learning rate that is too high",
    strengths: {
      strong: [0.1, "0.1"],
      middle: [0.01, "0.01"],
      marginal: [0.002, "0.002"],
    },
    make: withRate,
  }),
  ...faultsOf({
    check: "overfit-batch",
    kind: "units of the head that never fire",
    strengths: {
      strong: [-1, "biases of -1"],
      middle: [-0.4, "biases of -0.4"],
      marginal: [-0.3, "biases of -0.3"],
    },
    make: changed(/^pre_classifier\.bias$/, (values, bias) => tf.fill(values.shape, bias)),
  }),
];

/** A model in which one word, or a layer, is no number: the words are those of so many rows of the training set. */
async function withoutNumber(world: World, seed: number, rows: number): Promise<Subject> {
  const whole = await beginning(world, seed, () => undefined);
  const { tokenizer } = await world.healthyModel();
  const { train } = whole;
  const picked = permutation(train.length, seededRandom(seed + 1)).slice(0, rows);
  const words = picked.map((row) => {
    const { inputIds } = tokenizer.encode(train.texts[row] ?? "", { maxLength: 64 });
    return inputIds[Math.floor(inputIds.length / 2)] ?? 0;
  });
  const change = (model: SequenceClassificationModel): void => {
    const table = model.variables.get(model.wordTable);
    tf.tidy(() => {
      const ids = [...new Set(words)];
      table?.assignRows(tf.tensor1d(ids, "int32"), tf.fill([ids.length, table.shape[1] ?? 0], NaN));
    });
  };
  return { ...whole, newModel: () => changedNewModel(world, seed, change) };
}

const GRADIENT_FLOW: readonly Fault[] = [
  ...faultsOf({
    check: "gradient-flow",
    kind: "a layer whose outputs are nearly 0, so that nothing passes its inner weights",
    strengths: {
      strong: [0, "weights of 0"],
      middle: [1e-4, "a ten-thousandth of what they were"],
      marginal: [5e-3, "5 thousandths"],
    },
    make: changed(/layer\.3\.(ffn\.lin2|attention\.out_lin)\./, (values, factor) => tf.mul(values, factor)),
  }),
  ...faultsOf({
    check: "gradient-flow",
    kind: "a layer whose weights are too large",
    strengths: {
      strong: [1_000, "1,000 times"],
      middle: [150, "150 times"],
      marginal: [75, "75 times"],
    },
    make: changed(/layer\.3\..*lin\d?\.weight$/, (values, factor) => tf.mul(values, factor)),
  }),
  ...faultsOf({
    check: "gradient-flow",
    kind: "a head whose weights begin too large, so that gradients explode",
    strengths: {
      strong: [100, "100 times"],
      middle: [40, "40 times"],
      marginal: [17, "17 times"],
    },
    make: changed(HEAD, (values, factor) => tf.mul(values, factor)),
  }),
  ...faultsOf({
    check: "gradient-flow",
    kind: "words whose embeddings are no numbers",
    strengths: {
      strong: [300, "one word of each of 300 texts"],
      middle: [100, "of 100 texts"],
      marginal: [1, "of 1 text"],
    },
    make: withoutNumber,
  }),
];

/** Faults of how a run begins. */
export const BEGINNING_FAULTS: readonly Fault[] = [...INITIAL_LOSS, ...OVERFIT_BATCH, ...GRADIENT_FLOW];
