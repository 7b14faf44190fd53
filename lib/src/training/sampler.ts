import { permutation, seededRandom } from "../runtime/random";
import type { Feature } from "../tokenization/collator";
import type { TrainingArguments } from "./training-arguments";

/** Batches of which a group of like lengths is made, unless the set is too small for four groups. */
const GROUP_BATCHES = 50;

/** Numbers of the examples of every batch of one epoch, in order; the same for the same seed and epoch. */
export function epochBatches(
  args: TrainingArguments,
  features: readonly Feature[],
  epoch: number,
): number[][] {
  const batches = inGroups(epochOrder(args, features, epoch), args.perDeviceTrainBatchSize);
  const isWhole = ({ length }: number[]): boolean => length === args.perDeviceTrainBatchSize;
  return args.dataloaderDropLast ? batches.filter(isWhole) : batches;
}

/** The batches of one epoch by update, `gradientAccumulationSteps` each; the last update has the rest. */
export function epochUpdates(
  args: TrainingArguments,
  features: readonly Feature[],
  epoch: number,
): number[][][] {
  return inGroups(epochBatches(args, features, epoch), args.gradientAccumulationSteps);
}

/**
 * An order in which texts of like length stand together, though it differs with the order given: this is taken in groups of
 * 50 updates, each sorted from long to short, and the longest text of all comes first, so that a batch too large for the
 * memory shows at once (transformers/trainer_pt_utils.py, `get_length_grouped_indices`).
 *
 * @param params - `order`: the texts' numbers, shuffled; `batchSize`: texts of an update
 */
export function groupedByLength(params: {
  order: readonly number[];
  lengths: readonly number[];
  batchSize: number;
}): number[] {
  const { order, lengths, batchSize } = params;
  const lengthOf = (index: number | undefined): number => lengths[index ?? -1] ?? 0;
  const batches = Math.max(1, Math.min(Math.floor(order.length / (batchSize * 4)), GROUP_BATCHES));
  const groups = inGroups(order, batches * batchSize).map((group) =>
    group.sort((left, right) => lengthOf(right) - lengthOf(left)),
  );
  const firsts = groups.map(([first]) => lengthOf(first));
  const longest = groups[firsts.indexOf(Math.max(...firsts))];
  const [first] = groups;
  if (first && longest) [first[0], longest[0]] = [longest[0] ?? 0, first[0] ?? 0];
  return groups.flat();
}

function epochOrder(args: TrainingArguments, features: readonly Feature[], epoch: number): number[] {
  if (args.trainSamplingStrategy === "sequential") return features.map((_, index) => index);
  const order = permutation(features.length, seededRandom((args.dataSeed ?? args.seed) + epoch));
  if (args.trainSamplingStrategy === "random") return order;
  return groupedByLength({
    order,
    lengths: features.map(({ inputIds }) => inputIds.length),
    batchSize: args.perDeviceTrainBatchSize * args.gradientAccumulationSteps,
  });
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
}
