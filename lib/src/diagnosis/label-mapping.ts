import type { ObviousCase } from "../data/obvious-cases";
import type { ReviewSet } from "../data/review-set";
import { wilsonInterval } from "../evaluation/metrics";
import { argmax, predictLogits } from "../evaluation/predict";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { ArgumentError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { encodeReviews } from "../tokenization/encode-reviews";
import type { Tokenizer } from "../tokenization/tokenizer";

/** How a model fares if its outputs are taken to mean this. */
export interface ReadingScore {
  id2label: Record<number, string>;
  accuracy: number;
  /** Of the accuracy, with 95 % confidence. */
  interval: [number, number];
  /** How many of the obvious cases come out right. */
  obviousRight: number;
}

/**
 * What the data say of a model's label names: they are right, they are wrong, they are not the reviews' labels (LABEL_0, say),
 * or no reading is shown to be better than another.
 */
export type LabelMappingFinding = "right" | "wrong" | "unnamed" | "undecided";

/** More labels have too many readings to try: 4 have 24. */
const MOST_LABELS = 4;

/** Every reading of a model's outputs beside what the data say. */
export class LabelMappingCheck extends Presentable {
  /** Best first. */
  readonly readings: ReadingScore[];

  constructor(
    readings: ReadingScore[],
    /** The names that the model's config.json gives. */
    readonly declared: Readonly<Record<number, string>>,
    private readonly counted: { reviews: number; cases: number },
  ) {
    super();
    this.readings = [...readings].sort((left, right) => right.accuracy - left.accuracy);
  }

  /** The reading that fits the data best. */
  get best(): ReadingScore {
    const [best] = this.readings;
    if (!best) throw new ArgumentError("A label mapping was checked without a reading; expected some.");
    return best;
  }

  /** What the data say of the declared names. */
  get finding(): LabelMappingFinding {
    const second = this.readings[1];
    // intervals that overlap: the difference may be chance
    if (second && second.interval[1] >= this.best.interval[0]) return "undecided";
    if (sameNames(this.declared, this.best.id2label)) return "right";
    return this.readings.some(({ id2label }) => sameNames(this.declared, id2label)) ? "wrong" : "unnamed";
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["if the outputs mean", "accuracy", "from", "to", "obvious cases right", "config.json"],
      rows: this.readings.map(({ id2label, accuracy, interval, obviousRight }) => [
        describe(id2label),
        accuracy,
        ...interval,
        `${obviousRight} of ${this.counted.cases}`,
        sameNames(id2label, this.declared) ? "says this" : "",
      ]),
      format: { accuracy: 3, from: 3, to: 3 },
      note: this.#note(),
    };
  }

  #note(): string {
    const declared = describe(this.declared);
    switch (this.finding) {
      case "right":
        return `The names in config.json (${declared}) are those that the data ask for.`;
      case "wrong":
        return `The names in config.json (${declared}) are wrong: the data ask for ${describe(this.best.id2label)}.`;
      case "unnamed":
        return `config.json says ${declared}, which are not the labels of the reviews; the data ask for ${describe(this.best.id2label)}.`;
      case "undecided":
        return `On ${this.counted.reviews} reviews no reading is shown to be better. Either they are too few, or the model does not tell the labels apart, which no names can mend.`;
    }
  }
}

/**
 * Asks the data what a model's outputs mean: counts how often the model would be right under every way of naming them.
 *
 * @throws ArgumentError if the model has not as many outputs as the reviews have labels, or more than 4
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
  if (names.length !== outputs || outputs > MOST_LABELS)
    throw new ArgumentError(
      `The model has ${outputs} outputs and "${reviews.name}" the labels ${names.join(", ")}; expected as many, and at most ${MOST_LABELS}.`,
    );
  const { padTokenId } = tokenizer;
  const predict = async (features: { inputIds: number[] }[]): Promise<number[]> =>
    (await predictLogits({ model, features, padTokenId })).map(argmax);
  const said = await predict(encodeReviews(reviews, { tokenizer, maxLength }));
  const saidOfCases = await predict(cases.map(({ text }) => tokenizer.encode(text, { maxLength })));
  const truth = reviews.labels.map((label) => reviews.id2label[label]);
  const readings = permutations(names).map((order): ReadingScore => {
    const right = said.filter((id, index) => order[id] === truth[index]).length;
    return {
      id2label: Object.fromEntries(order.entries()),
      accuracy: right / truth.length,
      interval: wilsonInterval(right, truth.length),
      obviousRight: saidOfCases.filter((id, index) => order[id] === cases[index]?.label).length,
    };
  });
  return new LabelMappingCheck(readings, model.id2label, { reviews: reviews.length, cases: cases.length });
}

function permutations(names: readonly string[]): string[][] {
  if (names.length === 0) return [[]];
  return names.flatMap((first, index) =>
    permutations(names.toSpliced(index, 1)).map((others) => [first, ...others]),
  );
}

/** Whether two mappings say the same: "negative" is NEGATIVE. */
function sameNames(one: Readonly<Record<number, string>>, other: Readonly<Record<number, string>>): boolean {
  return describe(one).toLowerCase() === describe(other).toLowerCase();
}

function describe(id2label: Readonly<Record<number, string>>): string {
  return Object.entries(id2label)
    .map(([id, name]) => `${id} ${name}`)
    .join(", ");
}
