import { readFileSync } from "node:fs";
import path from "node:path";

import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { REPOSITORY } from "../../../../lib/src/runtime/repository";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { faultsOf } from "../../fault";
import { assign, changedTokenizer, copyOfHealthy, mixWords } from "./changed-model";

const LAYERS = 6;
const INITIAL_SPREAD = 0.02;
/** Words of negation in the sentences, by what they stand in for. */
const NEGATIONS = [["not"], ["never"], ["isn", "t"]] as const;
const STOP_WORDS = "the was this is I did at all it a an and of to in".split(" ");
const NEUTRAL = ["quite", "also", "today", "here", "simply", "film", "just", "then"];

/** Faults that show in labelled sentences. */
export const SENTENCE_FAULTS = [
  ...faultsOf({
    check: "minimum-functionality",
    kind: "words of praise and of blame have changed places in the embeddings",
    strengths: { strong: [0.9, "90 % of the words"], middle: [0.5, "50 %"], marginal: [0.14, "14 %"] },
    make: async (world, seed, share) => {
      const copy = await copyOfHealthy(world);
      const pairs = opposites();
      const chosen = permutation(pairs.length, seededRandom(seed)).slice(0, Math.round(share * pairs.length));
      const swapped = chosen.flatMap((index) => {
        const [praise = "", blame = ""] = pairs[index] ?? [];
        return [[praise, blame] as const, [blame, praise] as const];
      });
      mixWords(copy, swapped, 1);
      return { ...copy, seed };
    },
  }),
  ...faultsOf({
    check: "minimum-functionality",
    kind: "layers were not found in the checkpoint and begin at random",
    strengths: { strong: [6, "all 6 layers"], middle: [4, "4 layers"], marginal: [2, "2 layers"] },
    make: async (world, seed, layers) => {
      const copy = await copyOfHealthy(world);
      const chosen = permutation(LAYERS, seededRandom(seed)).slice(0, layers);
      for (const [name, variable] of copy.model.variables)
        if (chosen.some((layer) => name.includes(`.layer.${layer}.`) && /lin\d?\.weight$/u.test(name)))
          assign(variable, () => tf.randomNormal(variable.shape, 0, INITIAL_SPREAD, "float32", seed));
      return { ...copy, seed };
    },
  }),
  ...faultsOf({
    check: "hard-language",
    kind: "words of negation are embedded like a word that says nothing",
    strengths: {
      strong: [1, "the same"],
      middle: [0.9, "nine tenths of the way"],
      marginal: [0.6, "three fifths"],
    },
    make: async (world, seed, amount) => {
      const copy = await copyOfHealthy(world);
      const neutral = NEUTRAL[seed % NEUTRAL.length] ?? "";
      mixWords(
        copy,
        NEGATIONS.flat().map((word) => [word, neutral] as const),
        amount,
      );
      return { ...copy, seed };
    },
  }),
  ...faultsOf({
    check: "hard-language",
    kind: "stop words, and negation with them, are removed before the model reads",
    strengths: {
      strong: [{ negations: 3, stopWords: STOP_WORDS }, "20 stop words"],
      middle: [{ negations: 3, stopWords: [] }, "not, never and isn't alone"],
      marginal: [{ negations: 2, stopWords: [] }, "two of these three"],
    },
    make: async (world, seed, { negations, stopWords }) => {
      const copy = await copyOfHealthy(world);
      const tokenizer = await changedTokenizer(world, (json) => {
        const kept = negations < NEGATIONS.length ? seed % NEGATIONS.length : -1;
        const words = [...NEGATIONS.filter((_, at) => at !== kept).flat(), ...stopWords];
        const pattern = { Regex: `\\b(${words.join("|")})\\b` };
        const replace = { type: "Replace", pattern, content: "" };
        json.normalizer = { type: "Sequence", normalizers: [replace, json.normalizer] };
      });
      return { ...copy, tokenizer, seed };
    },
  }),
];

/** Words of praise, each with one of blame, from the lists of the cases. */
function opposites(): (readonly [string, string])[] {
  const file = path.join(REPOSITORY, "data", "behaviour-cases.json");
  const { words } = JSON.parse(readFileSync(file, "utf8")) as { words: Record<string, string[]> };
  const lists = [
    ["praise", "blame"],
    ["liked", "disliked"],
    ["joy", "bore"],
  ] as const;
  return lists.flatMap(([good, bad]) =>
    (words[good] ?? []).map((word, index) => [word, words[bad]?.[index] ?? ""] as const),
  );
}
