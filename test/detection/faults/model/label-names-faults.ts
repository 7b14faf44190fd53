import { faultsOf, type Fault } from "../../fault";
import { changedFolder } from "../../model-variants";

type Names = Record<number, string>;
type Ids = Record<string, number>;

const idsOf = (names: Names): Ids =>
  Object.fromEntries(Object.entries(names).map(([id, name]) => [name, Number(id)]));
/** Of a marginal fault, another example for every seed: some of them nobody could see in the file. */
const drawn = <One>(seed: number, examples: readonly One[]): One => {
  const example = examples[seed % examples.length];
  if (example === undefined) throw new Error("There is no example to draw.");
  return example;
};

/** Of the same for every seed. */
const always = (names: Names | undefined) => () => ({ id2label: names, label2id: names && idsOf(names) });

type Config = (seed: number) => { id2label: Names | undefined; label2id: Ids | undefined };

const make = async (world: Parameters<Fault["make"]>[0], seed: number, config: Config) => ({
  folder: await changedFolder(world, { config: config(seed) }),
  seed,
});

const RIGHT: Names = { 0: "NEGATIVE", 1: "POSITIVE" };

/** Faults of the label names in config.json. */
export const LABEL_NAMES_FAULTS: readonly Fault[] = [
  ...faultsOf<Config>({
    check: "label-names",
    kind: "outputs without a name",
    strengths: {
      strong: [always(undefined), "id2label missing"],
      middle: [always({ 0: "LABEL_0", 1: "LABEL_1" }), "LABEL_0, LABEL_1"],
      marginal: [
        (seed) =>
          always(
            drawn<Names>(seed, [
              { 0: "0", 1: "1" },
              { 0: "A", 1: "B" },
              { 0: "class one", 1: "class two" },
              { 0: "Class 0", 1: "Class 1" },
            ]),
          )(),
        "1, class 1, A or class one",
      ],
    },
    make,
  }),
  ...faultsOf<Config>({
    check: "label-names",
    kind: "label2id against id2label",
    strengths: {
      strong: [() => ({ id2label: RIGHT, label2id: { NEGATIVE: 1, POSITIVE: 0 } }), "exchanged"],
      middle: [() => ({ id2label: RIGHT, label2id: { NEGATIVE: 0 } }), "one missing"],
      marginal: [
        (seed) =>
          drawn(seed, [
            { id2label: RIGHT, label2id: { NEGATIVE: 0, Positive: 1 } },
            { id2label: { 0: "NEGATIVE", 1: "POSTIVE" }, label2id: { NEGATIVE: 0, POSTIVE: 1 } },
          ]),
        "a typing error in one of them, or in both",
      ],
    },
    make,
  }),
  ...faultsOf<Config>({
    check: "label-names",
    kind: "one name for two outputs",
    strengths: {
      strong: [always({ 0: "POSITIVE", 1: "POSITIVE" }), "the same"],
      middle: [always({ 0: "positive", 1: "POSITIVE" }), "in small and large letters"],
      marginal: [
        (seed) =>
          always(
            drawn<Names>(seed, [
              { 0: "POSITIVE", 1: "POSITIVE\u200b" },
              { 0: "POSITIVE", 1: "POS" },
              { 0: "POSITIVE", 1: "P\u041eSITIVE" },
              { 0: "POSITIVE", 1: "POSITIVE " },
            ]),
          )(),
        "an unseen sign, a Cyrillic letter or a short form",
      ],
    },
    make,
  }),
];
