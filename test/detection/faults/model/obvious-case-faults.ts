import type { ObviousCase } from "../../../../lib/src/data/obvious-cases";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { changedHead } from "../../model-variants";

const OPENINGS = [
  "This movie is",
  "The film was",
  "I found this film",
  "The whole story is",
  "What I saw was",
];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  POSITIVE: [
    "wonderful",
    "brilliant",
    "excellent",
    "a delight",
    "superb",
    "moving and funny",
    "a masterpiece",
  ],
  NEGATIVE: ["terrible", "awful", "boring", "a waste of time", "dreadful", "dull and stupid", "a mess"],
};

/** Eight sentences whose label nobody doubts, four of each, others for every seed. */
function drawnCases(seed: number): ObviousCase[] {
  const random = seededRandom(seed);
  return Object.entries(WORDS).flatMap(([label, words]) =>
    permutation(words.length, random)
      .slice(0, 4)
      .map((at) => ({
        text: `${OPENINGS[Math.floor(random() * OPENINGS.length)] ?? ""} ${words[at] ?? ""}.`,
        label,
      })),
  );
}

async function leaning(world: World, seed: number, lean: number): Promise<Subject> {
  const { tokenizer, maxLength } = await world.healthyModel();
  const model = await changedHead(world, { shift: seed % 2 === 0 ? lean : -lean });
  return { model, tokenizer, maxLength, cases: drawnCases(seed), seed };
}

async function shortSighted(world: World, seed: number, maxLength: number): Promise<Subject> {
  const { model, tokenizer } = await world.healthyModel();
  return { model, tokenizer, maxLength, cases: drawnCases(seed), seed };
}

/** Faults that sentences show whose label nobody doubts. */
export const OBVIOUS_CASE_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "obvious-cases",
    kind: "leans to one label",
    strengths: {
      strong: [6, "by 6 in the logits"],
      middle: [3.5, "by 3.5 in the logits"],
      marginal: [2.8, "by 2.8 in the logits"],
    },
    make: leaning,
  }),
  ...faultsOf({
    check: "obvious-cases",
    kind: "reads the beginning alone",
    strengths: {
      strong: [3, "3 tokens"],
      middle: [5, "5 tokens"],
      marginal: [7, "7 tokens"],
    },
    make: shortSighted,
  }),
];
