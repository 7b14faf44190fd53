import type { ObviousCase } from "../data/obvious-cases";
import type { ReviewSet } from "../data/review-set";
import { wilsonInterval } from "../evaluation/metrics";
import { argmax, predictLogits } from "../evaluation/predict";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { ArgumentError, DataError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { encodeReviews } from "../tokenization/encode-reviews";
import type { Tokenizer } from "../tokenization/tokenizer";
import { normalLabel } from "./label-alignment";
import { readDeclared } from "./model/declared-reading";
import { weighReadings, type LabelEvidence } from "./model/label-evidence";
import { allReadings, hitsOf, meanRecall, type Reading } from "./model/reading";
import { describeLabels, differingNames } from "./model/reading-words";
import { counted } from "./wording";

/** How a model fares if its outputs are taken to mean this. */
export interface ReadingScore {
  id2label: Record<number, string>;
  accuracy: number;
  /** Of the accuracy, with 95 % confidence. */
  interval: [number, number];
  /** Mean over the labels of how many of each are recognised. */
  balancedAccuracy: number;
  /** How many of the obvious cases come out right. */
  obviousRight: number;
}

/**
 * What the data say of a model's label names: they are right, they are wrong, they are not the reviews' labels (LABEL_0, say),
 * or no reading is shown to be better than chance.
 */
export type LabelMappingFinding = "right" | "wrong" | "unnamed" | "undecided";

/** What a model said of examples, by number of its outputs, beside their labels. */
export interface LabelMappingAnswers {
  /** Names of the model's outputs by id. */
  declared: Readonly<Record<number, string>>;
  /** Names of the examples' labels by id. */
  id2label: Readonly<Record<number, string>>;
  labels: readonly number[];
  predictions: readonly number[];
  cases: readonly ObviousCase[];
  /** What the model said of the obvious cases. */
  casePredictions: readonly number[];
}

/** Of up to 3 labels every reading is shown: 6 of them. */
const MOST_SHOWN = 3;

/** The readings of a model's outputs, and what the data say of them. */
export class LabelMappingCheck extends Presentable {
  /** By how well they fit: of up to 3 labels all; of more the best, the declared, and the one that comes next. */
  readonly readings: readonly ReadingScore[];
  /** The names that the model's config.json gives. */
  readonly declared: Readonly<Record<number, string>>;
  /** The reading that the data ask for: the declared one, unless another is shown to be better. */
  readonly best: ReadingScore;
  /** How the declared names fare; labels that they do not name are read by their numbers. */
  readonly asDeclared: ReadingScore;
  /** Of the readings other than the best, the one that fits best; `undefined` where there is no other. */
  readonly second: ReadingScore | undefined;
  readonly evidence: LabelEvidence;
  readonly #answers: LabelMappingAnswers;
  readonly #isNamed: boolean;

  /**
   * @throws DataError if there is no example
   */
  constructor(answers: LabelMappingAnswers) {
    super();
    const { declared, id2label, labels, predictions } = answers;
    if (labels.length === 0)
      throw new DataError("A label mapping was asked of 0 examples; expected at least one.");
    const { labelIds, outputIds, reading, isNamed } = readDeclared(id2label, declared);
    this.declared = declared;
    this.#answers = answers;
    const occurring = new Set(labels);
    this.#isNamed = labelIds.every((label, index) => isNamed[index] || !occurring.has(label));
    this.evidence = weighReadings(
      {
        labels: labels.map((label) => labelIds.indexOf(label)),
        predictions: predictions.map((output) => outputIds.indexOf(output)),
        numLabels: labelIds.length,
        numOutputs: outputIds.length,
      },
      reading,
    );
    const { best, second } = this.evidence;
    const score = (shown: Reading): ReadingScore => this.#score(shown, { labelIds, outputIds });
    this.best = score(best);
    this.asDeclared = score(reading);
    this.second = second && score(second);
    const isSmall = Math.max(labelIds.length, outputIds.length) <= MOST_SHOWN;
    const others = isSmall
      ? allReadings(labelIds.length, outputIds.length).map(score)
      : [this.asDeclared, ...(this.second ? [this.second] : [])];
    this.readings = distinct([this.best, ...others]).sort(
      (left, right) => right.balancedAccuracy - left.balancedAccuracy,
    );
  }

  /** Number of examples. */
  get examples(): number {
    return this.#answers.labels.length;
  }

  /** Names of the labels, in the order of the evidence. */
  get labelNames(): string[] {
    return Object.values(this.#answers.id2label);
  }

  /** What the data say of the declared names. */
  get finding(): LabelMappingFinding {
    if (!this.evidence.isDecided) return "undecided";
    if (!this.#isNamed) return "unnamed";
    return differingNames(this.declared, this.best.id2label).length === 0 ? "right" : "wrong";
  }

  /** What the outputs mean under a reading, in a line; of many outputs, how it differs from what is known. */
  describe({ id2label }: ReadingScore): string {
    const declared = this.asDeclared.id2label;
    const best = this.best.id2label;
    const called = this.#isNamed ? "what config.json says" : "what the numbers say";
    const isBest = differingNames(best, id2label).length === 0;
    const isNearDeclared = differingNames(declared, id2label).length <= differingNames(best, id2label).length;
    return describeLabels(
      id2label,
      isBest || isNearDeclared ? { names: declared, called } : { names: best, called: "the best" },
    );
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["if the outputs mean", "accuracy", "from", "to", "obvious cases right", "config.json"],
      rows: this.readings.map((reading) => [
        this.describe(reading),
        reading.accuracy,
        ...reading.interval,
        `${reading.obviousRight} of ${this.#answers.cases.length}`,
        differingNames(this.declared, reading.id2label).length === 0 ? "says this" : "",
      ]),
      format: { accuracy: 3, from: 3, to: 3 },
      note: this.#note(),
    };
  }

  #score(reading: Reading, ids: { labelIds: readonly number[]; outputIds: readonly number[] }): ReadingScore {
    const { labels, cases, casePredictions } = this.#answers;
    const hits = hitsOf(this.evidence.counts, reading);
    const named = this.#namesOf(reading, ids);
    return {
      id2label: named,
      accuracy: hits / labels.length,
      interval: wilsonInterval(hits, labels.length),
      balancedAccuracy: meanRecall(this.evidence.counts, reading),
      obviousRight: casePredictions.filter(
        (id, index) => normalLabel(named[id] ?? "") === normalLabel(cases[index]?.label ?? ""),
      ).length,
    };
  }

  /** What the outputs mean under a reading; one that stands for no label keeps its name, unless that is a label's. */
  #namesOf(
    reading: Reading,
    { labelIds, outputIds }: { labelIds: readonly number[]; outputIds: readonly number[] },
  ): Record<number, string> {
    const { declared, id2label } = this.#answers;
    const taken = new Set(Object.values(id2label).map(normalLabel));
    return Object.fromEntries(
      outputIds.map((id, output): [number, string] => {
        const label = labelIds[reading.indexOf(output)];
        if (label !== undefined) return [id, id2label[label] ?? ""];
        const own = declared[id] ?? "";
        return [id, taken.has(normalLabel(own)) ? `LABEL_${id}` : own];
      }),
    );
  }

  #note(): string {
    const declared = describeLabels(this.declared);
    const asked = this.describe(this.best);
    switch (this.finding) {
      case "right":
        return `The names in config.json (${declared}) are those that the data ask for.`;
      case "wrong":
        return `The names in config.json (${declared}) are wrong: the data ask for ${asked}.`;
      case "unnamed":
        return `config.json says ${declared}, which are not the labels of the reviews; the data ask for ${asked}.`;
      case "undecided":
        return `On ${counted(this.examples, "review")} no reading is shown to be better than chance. Either they are too few, or the model does not tell the labels apart, which no names can mend.`;
    }
  }
}

/**
 * Asks the data what a model's outputs mean: which way of naming them makes the model right most often, and whether chance would
 * show the same. Any number of labels will do.
 *
 * @throws ArgumentError if the model has not as many outputs as the reviews have labels
 * @throws DataError if there is no review
 */
export async function checkLabelMapping(params: {
  model: SequenceClassificationModel;
  tokenizer: Tokenizer;
  /** Labelled by name, and not seen in training. */
  reviews: ReviewSet;
  cases: ObviousCase[];
  /** Tokens of a text that the model reads; 128 where nothing is said. */
  maxLength?: number;
}): Promise<LabelMappingCheck> {
  const { model, tokenizer, reviews, cases, maxLength = 128 } = params;
  const names = Object.values(reviews.id2label);
  const outputs = Object.keys(model.id2label).length;
  if (names.length !== outputs)
    throw new ArgumentError(
      `The model has ${outputs} outputs and "${reviews.name}" the labels ${names.join(", ")}; expected as many.`,
    );
  const { padTokenId } = tokenizer;
  const predict = async (features: { inputIds: number[] }[]): Promise<number[]> =>
    (await predictLogits({ model, features, padTokenId })).map(argmax);
  return new LabelMappingCheck({
    ...{ declared: model.id2label, id2label: reviews.id2label, labels: reviews.labels, cases },
    predictions: await predict(encodeReviews(reviews, { tokenizer, maxLength })),
    casePredictions: await predict(cases.map(({ text }) => tokenizer.encode(text, { maxLength }))),
  });
}

function distinct(scores: readonly ReadingScore[]): ReadingScore[] {
  const byNames = new Map(scores.map((score) => [JSON.stringify(score.id2label), score]));
  return [...byNames.values()];
}
