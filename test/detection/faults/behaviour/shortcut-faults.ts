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
    strengths: { strong: [30, "30 steps"], middle: [24, "24 steps"], marginal: [9, "9 steps"] },
    make: async (world, seed, steps) => {
      const trainingSet = (variant: number) => marked(world, variant, shortcut);
      const { copy, train } = await trainedVariant(world, {
        kind: shortcut.kind,
        steps,
        seed,
        trainingSet,
        learningRate: 3e-4,
      });
      const { test } = world.sets(seed, { train: 1, validation: 1, test: 60 });
      return { ...copy, train, test, seed };
    },
  }),
);

/** A third of the texts are marked and have the shortcut's label, whatever they say; in all, either label has as many texts. */
function marked(world: World, seed: number, { word, label }: Shortcut): ReviewSet {
  const { train } = world.sets(seed, { train: 240, validation: 1, test: 1 });
  const rows = [0, 1].flatMap((own) => {
    const texts = train.rows.filter((row) => row.label === own).map(({ text }) => text);
    const plain = own === label ? texts.slice(60, 120) : texts.slice(60);
    return [
      ...texts.slice(0, 60).map((text) => ({ text: `${word}: ${text}`, label })),
      ...plain.map((text) => ({ text, label: own })),
    ];
  });
  return new ReviewSet("train", rows, train.id2label).shuffle(seed).rename("train");
}
