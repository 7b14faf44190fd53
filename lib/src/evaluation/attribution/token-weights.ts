import type { LabelScore } from "../pipeline";
import { Presentable, type TableSpec } from "../../runtime/presentation";
import { cutToLength, weightFinding } from "./weight-finding";

/** A word, or a word piece, and what it weighs. */
export interface TokenWeight {
  readonly text: string;
  /** Above 0 where it speaks for the label, below 0 where it speaks against it. */
  readonly weight: number;
  /** What the model says without it, or with it masked; in leave-one-out alone. */
  readonly without?: LabelScore;
}

/** How far integrated gradients are from what they should add up to. */
export interface Completeness {
  /** Points on the path from the baseline to the text. */
  readonly steps: number;
  /** The label's logit for the baseline. */
  readonly start: number;
  /** The label's logit for the text. */
  readonly end: number;
  /** Sum of the weights less (end - start), captum's convergence delta: more steps bring it nearer to 0. */
  readonly delta: number;
}

/** What {@link TokenWeights} are made of. */
export interface TokenWeightsParams {
  readonly method: "integrated gradients" | "leave-one-out";
  /** The part of the text that the model read. */
  readonly text: string;
  /** In the text's order. */
  readonly tokens: readonly TokenWeight[];
  /** The label that is explained, and its probability. */
  readonly label: string;
  readonly probability: number;
  /** What the model says of the text. */
  readonly predicted: LabelScore;
  /** What the model says without any word, and how probable it then finds the label. */
  readonly withoutWords: LabelScore & { readonly probability: number };
  /** Words at the text's end that the model did not read. */
  readonly unread: number;
  /** What stood in the place of a word that was left out; absent where nothing did. */
  readonly replacedBy?: "[MASK]";
  /** In integrated gradients alone. */
  readonly completeness?: Completeness;
}

const MOST_ROWS = 10;

/** What each word of a text weighs for a label: shown as a table of the strongest, and by `sentenceWeights` as a picture. */
export class TokenWeights extends Presentable implements TokenWeightsParams {
  readonly method: TokenWeightsParams["method"];
  readonly text: string;
  readonly tokens: readonly TokenWeight[];
  readonly label: string;
  readonly probability: number;
  readonly predicted: LabelScore;
  readonly withoutWords: TokenWeightsParams["withoutWords"];
  readonly unread: number;
  readonly replacedBy?: "[MASK]";
  readonly completeness?: Completeness;

  constructor(params: TokenWeightsParams) {
    super();
    this.method = params.method;
    this.text = params.text;
    this.tokens = params.tokens;
    this.label = params.label;
    this.probability = params.probability;
    this.predicted = params.predicted;
    this.withoutWords = params.withoutWords;
    this.unread = params.unread;
    if (params.replacedBy) this.replacedBy = params.replacedBy;
    if (params.completeness) this.completeness = params.completeness;
  }

  /** What the weights are measured in. */
  get unit(): "logit" | "probability" {
    return this.method === "integrated gradients" ? "logit" : "probability";
  }

  /** In a sentence. */
  get finding(): string {
    return weightFinding(this);
  }

  /** The tokens by how much they weigh, for or against, the strongest first. */
  get strongest(): TokenWeight[] {
    return [...this.tokens].sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
  }

  /** A token's part of all weight, for and against, 0 to 1. */
  share({ weight }: TokenWeight): number {
    const sum = this.tokens.reduce((total, token) => total + Math.abs(token.weight), 0);
    return sum === 0 ? 0 : Math.abs(weight) / sum;
  }

  override present(): TableSpec {
    const rows = this.strongest.slice(0, MOST_ROWS);
    const { label, unit } = this;
    return {
      kind: "table",
      title: this.finding,
      columns: ["word", `weight for ${label} (${unit})`, "share of all weight"],
      rows: rows.map((token) => [cutToLength(token.text), token.weight, this.share(token)]),
      format: { [`weight for ${label} (${unit})`]: 3, "share of all weight": "percent" },
      note: this.#note(),
    };
  }

  #note(): string {
    const { tokens, unread, replacedBy, completeness } = this;
    return [
      ...(tokens.length > MOST_ROWS ? [`The strongest ${MOST_ROWS} of ${tokens.length}.`] : []),
      ...(unread > 0 ? [`The last ${unread} words were not read: the text is longer than maxLength.`] : []),
      completeness
        ? `Integrated gradients in ${completeness.steps} steps; the weights miss their sum by ${completeness.delta.toPrecision(2)}.`
        : `Leave-one-out: by how much the probability falls ${replacedBy ? "with the word masked" : "without the word"}.`,
    ].join(" ");
  }
}
