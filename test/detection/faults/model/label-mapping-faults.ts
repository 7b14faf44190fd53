import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { loadedOnce, renamedModel } from "../../model-variants";
import { RATED, ratedFolder, ratedSet } from "./rated-world";

async function exchanged(world: World, seed: number, perLabel: number): Promise<Subject> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const { test } = world.sets(seed, { train: 10, validation: 10, test: perLabel });
  const model = await renamedModel(world, { 0: "POSITIVE", 1: "NEGATIVE" });
  return { model, tokenizer, maxLength, test, seed };
}

/** For each output, whose name it bears, and the number of reviews of each class. */
interface Permutation {
  readonly names: readonly number[];
  readonly perLabel: number;
}

async function permuted(world: World, seed: number, { names, perLabel }: Permutation): Promise<Subject> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const id2label = Object.fromEntries(names.map((name, output) => [output, RATED[name] ?? ""]));
  const model = await loadedOnce(world, await ratedFolder(world), id2label);
  return { model, tokenizer, maxLength, test: ratedSet(world, { perLabel, seed }), seed };
}

/** Faults of what the outputs mean. */
export const LABEL_MAPPING_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "label-mapping",
    kind: "two names exchanged",
    strengths: {
      strong: [200, "seen on 400 reviews"],
      middle: [40, "seen on 80 reviews"],
      marginal: [10, "seen on 20 reviews"],
    },
    make: exchanged,
  }),
  ...faultsOf<Permutation>({
    check: "label-mapping",
    kind: "names of four classes permuted",
    strengths: {
      strong: [{ names: [1, 2, 3, 0], perLabel: 100 }, "all four, on 400 reviews"],
      middle: [{ names: [2, 1, 0, 3], perLabel: 100 }, "two of them, on 400 reviews"],
      marginal: [{ names: [0, 1, 3, 2], perLabel: 120 }, "two neighbours, on 480 reviews"],
    },
    make: permuted,
  }),
];
