import { ReviewSet } from "../../../../lib/src/data/review-set";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { seededRandom } from "../../../../lib/src/runtime/random";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";

/** Labels that are wrong, each drawn by itself, so that the number varies. */
function withWrongLabels(
  set: ReviewSet,
  { seed, shareOf }: { seed: number; shareOf: (label: number) => number },
): ReviewSet {
  const random = seededRandom(seed);
  const rows = set.rows.map(({ text, label }) => ({
    text,
    label: random() < shareOf(label) ? 1 - label : label,
  }));
  return new ReviewSet(set.name, rows, set.id2label);
}

/** The healthy model with sets whose labels, but for train, are partly wrong. */
async function mislabelled(
  world: World,
  params: { seed: number; perLabel: number; shareOf: (label: number) => number },
): Promise<Subject> {
  const { model, tokenizer, maxLength } = await world.healthyModel();
  const { perLabel } = params;
  const sets = world.sets(params.seed, { train: 10, validation: perLabel, test: perLabel });
  const validation = withWrongLabels(sets.validation, params);
  const test = withWrongLabels(sets.test, { ...params, seed: params.seed + 1_000 });
  return { train: sets.train, validation, test, model, tokenizer, maxLength };
}

/** Faults that `label-noise` must see. */
export const LABEL_NOISE_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "label-noise",
    kind: "held-out labels swapped at random",
    strengths: {
      strong: [0.25, "25 % of 2,600 labels"],
      middle: [0.15, "15 % of 2,600 labels"],
      marginal: [0.05, "5 % of 2,600 labels"],
    },
    make: (world, seed, share) => mislabelled(world, { seed, perLabel: 650, shareOf: () => share }),
  }),
  ...faultsOf({
    check: "label-noise",
    kind: "held-out labels swapped in one class",
    strengths: {
      strong: [0.25, "25 % of one class, 800 texts"],
      middle: [0.15, "15 % of one class, 800 texts"],
      marginal: [0.04, "4 % of one class, 800 texts"],
    },
    make: (world, seed, share) =>
      mislabelled(world, { seed, perLabel: 200, shareOf: (label) => (label === 1 ? share : 0) }),
  }),
];
