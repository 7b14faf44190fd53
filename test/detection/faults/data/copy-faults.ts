import { ReviewSet, type Review } from "../../../../lib/src/data/review-set";
import { permutation, seededRandom, type Random } from "../../../../lib/src/runtime/random";
import { faultsOf, type Fault } from "../../fault";
import type { HealthySets } from "../../world";

const SETS = { train: 400, validation: 100, test: 200 };
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Puts copies of some of a set's rows in the place of others; each row is drawn by itself, so that the number varies. */
function withCopies(params: {
  into: ReviewSet;
  of: ReviewSet;
  /** Of the rows of `of`. */
  share: number;
  seed: number;
  copy: (review: Review, random: Random) => Review;
}): ReviewSet {
  const { into, of, share, seed, copy } = params;
  const random = seededRandom(seed);
  const copied = of.rows.filter(() => random() < share);
  const rows = [...into.rows];
  // what is copied must not be overwritten where a set is copied into itself
  const free = permutation(rows.length, random).filter((place) => !copied.includes(rows[place] as Review));
  for (const [index, review] of copied.entries()) rows[free[index] ?? 0] = copy(review, random);
  return new ReviewSet(into.name, rows, into.id2label);
}

type Copy = (review: Review, random: Random) => Review;

/** The same text to a reader: in capitals, or with a white space or a punctuation mark more. */
const alike: Copy = ({ text, label }, random) => {
  const changes = [text, text.toUpperCase(), `  ${text.replaceAll(" ", "  ")}`, `${text}!`];
  return { text: changes[Math.floor(random() * changes.length)] ?? text, label };
};

/** The same text with the other label. */
const contradicting: Copy = ({ text, label }) => ({ text, label: 1 - label });

/** A letter too many, too few, or another one, in so many of the words. */
function withTypos(share: number): Copy {
  const spoil = (word: string, random: Random): string => {
    const at = 1 + Math.floor(random() * (word.length - 1));
    const letter = LETTERS.charAt(Math.floor(random() * LETTERS.length));
    const kept = Math.floor(random() * 3); // 0: one more, 1: another one, 2: one fewer
    return kept === 2
      ? word.slice(0, at) + word.slice(at + 1)
      : word.slice(0, at) + letter + word.slice(at + kept);
  };
  return ({ text, label }, random) => ({
    text: text
      .split(" ")
      .map((word) => (word.length > 2 && random() < share ? spoil(word, random) : word))
      .join(" "),
    label,
  });
}

const SENTENCES = [
  "That is all.",
  "I saw it on Sunday.",
  "Ask me anything about it.",
  "<br /><br />Review by a reader",
];

/** A sentence more, or a line of HTML. */
const withSentence: Copy = ({ text, label }, random) => ({
  text: `${text} ${SENTENCES[Math.floor(random() * SENTENCES.length)] ?? ""}`,
  label,
});

/** Test rows that were copied into train. */
function leak({ train, test }: HealthySets, seed: number, [share, copy]: readonly [number, Copy]): ReviewSet {
  return withCopies({ into: train, of: test, share, seed, copy });
}

/** Faults that `duplicates` must see. */
export const DUPLICATE_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "duplicates",
    kind: "rows of train that are there again",
    strengths: {
      strong: [0.3, "30 % of the rows"],
      middle: [0.12, "12 % of the rows"],
      marginal: [0.05, "5 % of the rows"],
    },
    make: (world, seed, share) => {
      const sets = world.sets(seed, SETS);
      return { ...sets, train: withCopies({ into: sets.train, of: sets.train, share, seed, copy: alike }) };
    },
  }),
  ...faultsOf({
    check: "duplicates",
    kind: "test rows in train",
    strengths: {
      strong: [0.2, "20 % of the test rows"],
      middle: [0.05, "5 % of the test rows"],
      marginal: [0.01, "1 % of the test rows"],
    },
    make: (world, seed, share) => {
      const sets = world.sets(seed, SETS);
      return { ...sets, train: leak(sets, seed, [share, alike]) };
    },
  }),
  ...faultsOf({
    check: "duplicates",
    kind: "one text with two labels in train",
    strengths: {
      strong: [0.1, "10 % of the texts"],
      middle: [0.03, "3 % of the texts"],
      marginal: [0.004, "0.4 % of the texts"],
    },
    make: (world, seed, share) => {
      const sets = world.sets(seed, SETS);
      return {
        ...sets,
        train: withCopies({ into: sets.train, of: sets.train, share, seed, copy: contradicting }),
      };
    },
  }),
];

/** Faults that `near-duplicates` must see. */
export const NEAR_DUPLICATE_FAULTS: readonly Fault[] = [
  ...faultsOf<readonly [number, Copy]>({
    check: "near-duplicates",
    kind: "test rows with typos in train",
    strengths: {
      strong: [[0.2, withTypos(0.15)], "20 % of the test rows, typos in 15 % of the words"],
      middle: [[0.06, withTypos(0.25)], "6 % of the test rows, typos in 25 % of the words"],
      marginal: [[0.013, withTypos(0.5)], "1.3 % of the test rows, typos in half of the words"],
    },
    make: (world, seed, amount) => {
      const sets = world.sets(seed, SETS);
      return { ...sets, train: leak(sets, seed, amount) };
    },
  }),
  ...faultsOf({
    check: "near-duplicates",
    kind: "rows of train that are there again with a sentence or HTML more",
    strengths: {
      strong: [0.3, "30 % of the rows"],
      middle: [0.12, "12 % of the rows"],
      marginal: [0.06, "6 % of the rows"],
    },
    make: (world, seed, share) => {
      const sets = world.sets(seed, SETS);
      return {
        ...sets,
        train: withCopies({ into: sets.train, of: sets.train, share, seed, copy: withSentence }),
      };
    },
  }),
];
