import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { changedHead } from "../../model-variants";

async function scaled(world: World, seed: number, scale: number): Promise<Subject> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const { validation, test } = world.sets(seed, { train: 10, validation: 150, test: 200 });
  return { model: await changedHead(world, { scale }), tokenizer, maxLength, validation, test, seed };
}

/** Faults of a model's confidence. The healthy model is a little too sure: at a scale of 0.76 it is as sure as it is right. */
export const CALIBRATION_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "calibration",
    kind: "too sure of itself",
    strengths: {
      strong: [4, "logits times 4"],
      middle: [2, "logits times 2"],
      marginal: [1.35, "logits times 1.35"],
    },
    make: scaled,
  }),
  ...faultsOf({
    check: "calibration",
    kind: "not sure enough",
    strengths: {
      strong: [0.1, "logits times 0.1"],
      middle: [0.25, "logits times 0.25"],
      marginal: [0.42, "logits times 0.42"],
    },
    make: scaled,
  }),
];
