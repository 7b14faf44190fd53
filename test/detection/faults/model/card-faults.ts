import { readModelCard, type ModelCardMetadata } from "../../../../lib/src/hub/model-card";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { faultsOf, type Fault } from "../../fault";
import { cardText } from "../../healthy-card";
import type { World } from "../../world";
import { changedFolder } from "../../model-variants";

/** As the healthy model's on its validation set. */
const ACCURACY = 0.86;

async function carded(
  world: World,
  seed: number,
  { text, head = {} }: { text: string; head?: Partial<ModelCardMetadata> },
): Promise<Subject> {
  const { metadata } = readModelCard(text);
  return { folder: await changedFolder(world, { card: text }), card: { ...metadata, ...head }, seed };
}

async function boasting(world: World, seed: number, accuracy: number): Promise<Subject> {
  const { model, tokenizer, maxLength } = await world.healthyModel();
  const { test } = world.sets(seed, { train: 10, validation: 10, test: 200 });
  return { ...(await carded(world, seed, { text: cardText(accuracy) })), model, tokenizer, maxLength, test };
}

const WITHOUT_TABLE = cardText(ACCURACY).replace(/## Labels\n\n[^]*?\n\n## /u, "## Labels\n\nHERE\n\n## ");
const withLabels = (text: string): string =>
  WITHOUT_TABLE.replace("HERE", text).replace(/\| id \| label \| examples[^]*?\n\n/u, "");
const drawn = <One>(seed: number, examples: readonly [One, ...One[]]): One =>
  examples[seed % examples.length] ?? examples[0];

/** Faults of the model card. */
export const CARD_FAULTS: readonly Fault[] = [
  ...faultsOf({
    check: "card",
    kind: "a better accuracy than it has",
    strengths: {
      strong: [0.997, "99.7 % instead of about 84.5 %"],
      middle: [0.97, "97 % instead of about 84.5 %"],
      marginal: [0.92, "92 % instead of about 84.5 %"],
    },
    make: boasting,
  }),
  ...faultsOf<(seed: number) => string>({
    check: "card",
    kind: "labels told the wrong way round",
    strengths: {
      strong: [() => cardText(ACCURACY, { id2label: { 0: "POSITIVE", 1: "NEGATIVE" } }), "in the table"],
      middle: [() => withLabels("- LABEL_0: positive\n- LABEL_1: negative"), "in a list"],
      marginal: [
        (seed) =>
          withLabels(
            drawn(seed, [
              "The label of output 0 is POSITIVE, of output 1 NEGATIVE.",
              "Labels: 0 → positive, 1 → negative.",
              "Reviews are POSITIVE (the first output) or NEGATIVE (the second).",
              "`id2label = {0: 'POSITIVE', 1: 'NEGATIVE'}`",
            ]),
          ),
        "in a sentence or in code",
      ],
    },
    make: (world, seed, text) => carded(world, seed, { text: text(seed) }),
  }),
  ...faultsOf<(seed: number) => Partial<ModelCardMetadata>>({
    check: "card",
    kind: "left open",
    strengths: {
      strong: [() => ({ license: "", datasets: [], "model-index": [] }), "license, datasets, results"],
      middle: [() => ({ datasets: [] }), "datasets"],
      marginal: [
        (seed) => ({ license: drawn(seed, ["[More Information Needed]", "see below", "TODO", "other"]) }),
        "a license that says nothing",
      ],
    },
    make: (world, seed, head) => carded(world, seed, { text: cardText(ACCURACY), head: head(seed) }),
  }),
];
