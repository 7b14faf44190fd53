import { argmax, softmax } from "../evaluation/predict";

/** What a model said of a labelled set. Labels are the numbers of the model's outputs. */
export class Predictions {
  /** `[examples, outputs]`. */
  readonly logits: readonly number[][];
  /** The output that stands for each example's label, `[examples]`; -1 where the model has none. */
  readonly labels: readonly number[];
  /** Names of the outputs. */
  readonly id2label: Readonly<Record<number, string>>;
  #probabilities: number[][] | undefined;

  constructor(params: {
    logits: readonly number[][];
    labels: readonly number[];
    id2label: Readonly<Record<number, string>>;
  }) {
    this.logits = params.logits;
    this.labels = params.labels;
    this.id2label = params.id2label;
  }

  /** Number of examples. */
  get length(): number {
    return this.logits.length;
  }

  /** Number of the model's outputs. */
  get outputs(): number {
    return Object.keys(this.id2label).length;
  }

  /** The output that each example was given, `[examples]`. */
  get predictions(): number[] {
    return this.logits.map(argmax);
  }

  /** `[examples, outputs]`. */
  get probabilities(): readonly number[][] {
    this.#probabilities ??= this.logits.map(softmax);
    return this.#probabilities;
  }
}
