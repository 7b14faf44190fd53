import { readFileSync } from "node:fs";
import path from "node:path";

import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { REPOSITORY } from "../../../../lib/src/runtime/repository";
import { faultsOf, type Fault } from "../../fault";
import { changed } from "./changed-sets";

const FEW = { train: 100, validation: 50, test: 50 };

/** The sentences of this project's licence: English, and no reviews. */
function licenceSentences(): string[] {
  const text = readFileSync(path.join(REPOSITORY, "LICENSE"), "utf8").replace(/\s+/gu, " ");
  return text.split(/(?<=[.;:]) /u).filter((sentence) => sentence.split(" ").length >= 6);
}

/** Several of a set's texts in one: as many as make it long. */
function joined(set: ReviewSet, first: number, count: number): string {
  return Array.from(
    { length: count },
    (_, offset) => set.rows[(first + offset) % set.length]?.text ?? "",
  ).join(" ");
}

/** Faults in what the texts are. */
export const TEXT_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "short-texts",
    kind: "blank texts in the training set",
    strengths: {
      strong: [0.1, "one text in 10"],
      middle: [0.01, "one text in 100"],
      marginal: [1 / 3_000, "each of 2,000 texts with a chance of 1 in 3,000"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      const change = (_: unknown, index: number) => ({
        text: ["", "  \n", "\u0000", "\u200b"][index % 4] ?? "",
      });
      return { ...sets, train: changed(sets.train, { chance, seed, change }) };
    },
  }),
  ...faultsOf({
    check: "short-texts",
    kind: "one word left of texts in the test set",
    strengths: {
      strong: [0.2, "of one text in 5"],
      middle: [0.05, "of one text in 20"],
      marginal: [0.01, "of one text in 100"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      const change = ({ text }: { text: string }) => ({ text: /\p{L}+/u.exec(text)?.[0] ?? "Fine" });
      return { ...sets, test: changed(sets.test, { chance, seed, change }) };
    },
  }),
  ...faultsOf({
    check: "truncation",
    kind: "a short maxLength",
    strengths: {
      strong: [8, "8 tokens"],
      middle: [20, "20 tokens"],
      marginal: [38, "38 tokens"],
    },
    make: async (world, seed, maxLength) => {
      const { tokenizer } = await world.healthyModel();
      return { ...world.sets(seed, FEW), tokenizer, maxLength };
    },
  }),
  ...faultsOf({
    check: "truncation",
    kind: "long texts: eight reviews in one",
    strengths: {
      strong: [0.8, "four in five"],
      middle: [0.3, "three in ten"],
      marginal: [0.1, "one in ten"],
    },
    make: async (world, seed, chance) => {
      const { tokenizer, maxLength } = await world.healthyModel();
      const sets = world.sets(seed);
      const change = (_: unknown, index: number) => ({ text: joined(sets.train, index, 8) });
      return { ...sets, train: changed(sets.train, { chance, seed, change }), tokenizer, maxLength };
    },
  }),
  ...faultsOf({
    check: "drift",
    kind: "texts of another domain come in",
    strengths: {
      strong: [1, "sentences of a licence"],
      middle: [0.3, "three in ten are sentences of a licence"],
      marginal: [0.04, "one in 25 is a sentence of a licence"],
    },
    make: (world, seed, chance) => {
      const { test: incoming, ...sets } = world.sets(seed);
      const sentences = licenceSentences();
      const change = (_: unknown, index: number) => ({ text: sentences[index % sentences.length] ?? "" });
      return { ...sets, incoming: changed(incoming, { chance, seed, change }) };
    },
  }),
  ...faultsOf({
    check: "drift",
    kind: "texts of the test set in capitals",
    strengths: {
      strong: [1, "all of them"],
      middle: [0.3, "three in ten"],
      marginal: [0.06, "one in 17"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      const change = ({ text }: { text: string }) => ({ text: text.toUpperCase() });
      return { ...sets, test: changed(sets.test, { chance, seed, change }) };
    },
  }),
  ...faultsOf({
    check: "drift",
    kind: "texts of the test set cut after five words",
    strengths: {
      strong: [1, "all of them"],
      middle: [0.5, "half of them"],
      marginal: [0.15, "one in seven"],
    },
    make: (world, seed, chance) => {
      const sets = world.sets(seed);
      const change = ({ text }: { text: string }) => ({ text: text.split(" ").slice(0, 5).join(" ") });
      return { ...sets, test: changed(sets.test, { chance, seed, change }) };
    },
  }),
];
