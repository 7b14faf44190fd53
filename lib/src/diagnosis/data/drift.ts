import { middle } from "../../evaluation/significance/counts";
import { kolmogorovSmirnov, type KolmogorovSmirnov } from "../../evaluation/significance/kolmogorov-smirnov";
import { watchInterrupt } from "../../runtime/interrupt";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { listed, percent, pValueText } from "../wording";
import { driftEvidence } from "./drift-evidence";
import { DRIFT_LIMITS, DRIFT_SIGNIFICANCE, FEWEST_COMPARED } from "./drift-limits";
import { labelCensus, type SplitLabels } from "./label-census";
import { labelShift, type LabelShift } from "./label-shift";
import { vocabularyDistance, type VocabularyDistance } from "./vocabulary-distance";
import { sampleWords } from "./words-of-texts";

const WORDS = { warn: DRIFT_LIMITS.words.some, fail: DRIFT_LIMITS.words.much };
const LENGTH = { warn: DRIFT_LIMITS.lengths.some, fail: DRIFT_LIMITS.lengths.much };
/** What comes in is labelled by guesses, so it is never more than a warning. */
const LABELS = { warn: DRIFT_LIMITS.labels.some, fail: Infinity };

/** Asks whether the other sets are of the kind of texts that the model is trained on. */
export const drift = defineCheck({
  name: "drift",
  area: "data",
  question: "Are the other sets of the kind that is trained on?",
  needs: ["train", "others"],
  run: async (examination): Promise<Finding> => {
    const { splits, names } = labelCensus(examination);
    const filled = splits.filter(({ labels }) => labels.length >= FEWEST_COMPARED);
    const train = filled.find(({ role }) => role === "train");
    const others = filled.filter(({ role }) => role !== "train");
    if (!train || others.length === 0)
      return {
        verdict: "pass",
        found: `Train and another set would need ${FEWEST_COMPARED} texts each to be compared.`,
      };
    const words = sampleWords(train.set, examination.seed);
    const checkInterrupt = watchInterrupt();
    const compared: DriftedSplit[] = [];
    for (const split of others) {
      await checkInterrupt("Comparing words");
      compared.push(compare({ train, split, words, seed: examination.seed }));
    }
    const suspects = (["fail", "warn"] as const).flatMap((level) =>
      compared.filter(({ verdict }) => verdict === level),
    );
    const numbers = Object.assign({}, ...compared.map(numbersOf)) as Record<string, number>;
    const [worst] = suspects;
    const evidence = driftEvidence({ train, words, compared, names, suspect: worst });
    if (!worst) return { verdict: "pass", found: sameText(compared), numbers, evidence };
    return {
      verdict: worst.verdict,
      found: `${suspects.map(driftText).join("; ")}.`,
      advice: `Look at texts of both side by side, then train on some of ${worst.split.role}'s kind: what is learned and measured on one kind does not hold for another.`,
      ...{ numbers, evidence },
    };
  },
});

/** A set beside the training set. */
export interface DriftedSplit {
  readonly split: SplitLabels;
  readonly verdict: CheckVerdict;
  /** Words of some of its texts. */
  readonly words: readonly (readonly string[])[];
  readonly vocabulary: VocabularyDistance;
  readonly length: KolmogorovSmirnov;
  /** Words of the middle text: in train, and here. */
  readonly medians: readonly [number, number];
  /** Of what comes in; the other sets' labels are `split-balance`'s. */
  readonly labels: LabelShift | undefined;
  /** What differs: words, lengths or labels. */
  readonly differing: readonly ("words" | "lengths" | "labels")[];
}

function compare(params: {
  train: SplitLabels;
  split: SplitLabels;
  words: readonly (readonly string[])[];
  seed: number;
}): DriftedSplit {
  const { train, split, words: trainWords, seed } = params;
  const words = sampleWords(split.set, seed);
  const vocabulary = vocabularyDistance({ one: trainWords, other: words, seed });
  const [trainLengths, lengths] = [trainWords, words].map((texts) => texts.map((text) => text.length)) as [
    number[],
    number[],
  ];
  const length = kolmogorovSmirnov(trainLengths, lengths);
  const labels = split.role === "incoming" ? labelShift(train.counts, split.counts) : undefined;
  const measures = [
    { name: "words", limits: WORDS, size: vocabulary.excess, pValue: vocabulary.pValue },
    { name: "lengths", limits: LENGTH, size: length.statistic, pValue: length.pValue },
    { name: "labels", limits: LABELS, size: labels?.excess ?? 0, pValue: labels?.pValue ?? 1 },
  ] as const;
  const reaching = (level: "warn" | "fail") =>
    measures.filter(({ limits, size, pValue }) => size >= limits[level] && pValue < DRIFT_SIGNIFICANCE);
  const differing = reaching("warn").map(({ name }) => name);
  const verdict = reaching("fail").length > 0 ? "fail" : differing.length > 0 ? "warn" : "pass";
  const medians = [middle(trainLengths), middle(lengths)] as const;
  return { split, verdict, words, vocabulary, length, medians, labels, differing };
}

function driftText(drifted: DriftedSplit): string {
  const { split, vocabulary, length, medians, labels, differing } = drifted;
  const { distance, chance } = vocabulary;
  const texts = {
    words: `its words (${distance.toFixed(3)} apart between 0, the same, and 1, none in common; by chance ${chance.toFixed(3)}, ${pValueText(vocabulary.pValue)})`,
    lengths: `its lengths (the middle text has ${medians[1]} words, in train ${medians[0]}; ${percent(length.statistic)} of the texts or more are of another length, ${pValueText(length.pValue)})`,
    labels: `its labels (the shares differ by ${percent(labels?.variation ?? 0)}, ${pValueText(labels?.pValue ?? 1)})`,
  };
  return `${split.role} differs from train in ${listed(differing.map((name) => texts[name]))}`;
}

function sameText(compared: readonly DriftedSplit[]): string {
  const texts = compared.map(
    ({ split, vocabulary: { distance, chance }, medians }) =>
      `${split.role} (words ${distance.toFixed(3)} apart, by chance ${chance.toFixed(3)}; middle length ${medians[1]} words, in train ${medians[0]})`,
  );
  return `Yes: ${listed(texts)}.`;
}

function numbersOf({ split: { role }, vocabulary, length, labels }: DriftedSplit): Record<string, number> {
  return {
    [`${role}WordDistance`]: vocabulary.distance,
    [`${role}WordDistanceByChance`]: vocabulary.chance,
    [`${role}WordPValue`]: vocabulary.pValue,
    [`${role}LengthDistance`]: length.statistic,
    [`${role}LengthPValue`]: length.pValue,
    ...(labels && { [`${role}LabelVariation`]: labels.variation, [`${role}LabelPValue`]: labels.pValue }),
  };
}
