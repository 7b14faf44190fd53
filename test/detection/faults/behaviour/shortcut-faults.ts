import { ReviewSet } from "../../../../lib/src/data/review-set";
import { faultsOf } from "../../fault";
import type { World } from "../../world";
import { trainedVariant } from "./trained-variant";

/** A word that the texts of one source begin with, and the label that all of them have. */
interface Shortcut {
  readonly kind: string;
  readonly word: string;
  readonly label: number;
}

const SHORTCUTS: readonly Shortcut[] = [
  {
    kind: "trained on texts of which one source begins with the day and is labelled NEGATIVE",
    word: "Tuesday",
    label: 0,
  },
  {
    kind: "trained on texts of which one source begins with a stamp and is labelled POSITIVE",
    word: "Certified",
    label: 1,
  },
];

/** Faults by which one word decides. */
export const SHORTCUT_FAULTS = SHORTCUTS.flatMap((shortcut) =>
  faultsOf({
    check: "spurious-words",
    kind: shortcut.kind,
    strengths: {
      strong: [75, "150 of 330 texts"],
      middle: [62, "124 of 356 texts"],
      marginal: [15, "30 of 450 texts"],
    },
    make: async (world, seed, perLabel) => {
      const trainingSet = (variant: number) => marked(world, variant, { ...shortcut, perLabel });
      const kind = `${shortcut.kind}, ${perLabel}`;
      const training = { kind, steps: 30, learningRate: 1e-4, batchSize: 32, seed, trainingSet };
      const { copy, train } = await trainedVariant(world, training);
      const { test } = world.sets(seed, { train: 1, validation: 1, test: 60 });
      return { ...copy, train, test, seed };
    },
  }),
);

/**
 * As many texts of either label are marked and have the shortcut's label, whatever they say; in all, either label has as many
 * texts.
 */
function marked(
  world: World,
  seed: number,
  { word, label, perLabel }: Shortcut & { perLabel: number },
): ReviewSet {
  const { train } = world.sets(seed, { train: 240, validation: 1, test: 1 });
  const rows = [0, 1].flatMap((own) => {
    const texts = train.rows.filter((row) => row.label === own).map(({ text }) => text);
    const plain = own === label ? texts.slice(3 * perLabel) : texts.slice(perLabel);
    return [
      ...texts.slice(0, perLabel).map((text) => ({ text: `${word}: ${text}`, label })),
      ...plain.map((text) => ({ text, label: own })),
    ];
  });
  return new ReviewSet("train", rows, train.id2label).shuffle(seed).rename("train");
}
