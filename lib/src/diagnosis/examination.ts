import type { ReviewSet } from "../data/review-set";
import { predictLogits } from "../evaluation/predict";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { ArgumentError } from "../runtime/errors";
import type { Tokenizer } from "../tokenization/tokenizer";
import { alignLabels } from "./label-alignment";
import { Predictions } from "./predictions";
import { sentimentOf, type Sentiment } from "./sentiment";
import type { Subject } from "./subject";

const ROLES = ["train", "validation", "test", "incoming"] as const;
/** Tokens of a text that are read where nothing is said. */
export const DEFAULT_MAX_LENGTH = 128;

/** A set with what it is for. */
export interface RoleSplit {
  readonly role: (typeof ROLES)[number];
  readonly set: ReviewSet;
}

/** A model with what it needs to read texts. */
export interface Classifier {
  readonly model: SequenceClassificationModel;
  readonly tokenizer: Tokenizer;
  /** Tokens of a text that the model reads. */
  readonly maxLength: number;
}

/** What the checks look at: the subject, and what several of them need, computed once. */
export interface Examination extends Subject {
  /** The sets that are there, never an empty list. */
  readonly splits?: readonly RoleSplit[];
  /** The sets that are there beside the training set, never an empty list. */
  readonly others?: readonly RoleSplit[];
  /** What the model can be measured on: the test set or, where there is none, the validation set. */
  readonly heldOut?: ReviewSet;
  /** Model and tokenizer together. */
  readonly classifier?: Classifier;
  /** What stands for praise and for blame, where the classifier's outputs are named so. */
  readonly sentiment?: Sentiment;
  readonly maxLength: number;
  readonly seed: number;
  /**
   * What the model says of a set; asked once.
   *
   * @throws ArgumentError where there is no classifier
   */
  readonly predict: (set: ReviewSet) => Promise<Predictions>;
  /**
   * Logits of texts, one array a text.
   *
   * @throws ArgumentError where there is no classifier
   */
  readonly logitsOf: (texts: readonly string[], label?: string) => Promise<number[][]>;
}

/** Begins the examination of a subject. */
export function examine(subject: Subject): Examination {
  const { model, tokenizer, maxLength = DEFAULT_MAX_LENGTH, seed = 1 } = subject;
  const splits = ROLES.flatMap((role): RoleSplit[] => {
    const set = subject[role];
    return set ? [{ role, set }] : [];
  });
  const others = splits.filter(({ role }) => role !== "train");
  const heldOut = subject.test ?? subject.validation;
  const classifier = model && tokenizer && { model, tokenizer, maxLength };
  const sentiment = classifier && sentimentOf(classifier.model.id2label);
  const asked = new Map<ReviewSet, Promise<Predictions>>();
  const logitsOf: Examination["logitsOf"] = (texts, label) => askLogits(classifier, texts, label);
  const predict: Examination["predict"] = (set) => {
    const known = asked.get(set) ?? askLabels(classifier, set, logitsOf);
    asked.set(set, known);
    return known;
  };
  return {
    ...subject,
    ...(splits.length > 0 && { splits }),
    ...(others.length > 0 && { others }),
    ...(heldOut && { heldOut }),
    ...(classifier && { classifier }),
    ...(sentiment && { sentiment }),
    ...{ maxLength, seed, predict, logitsOf },
  };
}

async function askLogits(
  classifier: Classifier | undefined,
  texts: readonly string[],
  label?: string,
): Promise<number[][]> {
  const { model, tokenizer, maxLength } = expectClassifier(classifier);
  const features = await tokenizer.encodeBatch(texts, { maxLength });
  const named = label === undefined ? {} : { label };
  return predictLogits({ model, features, padTokenId: tokenizer.padTokenId, ...named });
}

async function askLabels(
  classifier: Classifier | undefined,
  set: ReviewSet,
  logitsOf: Examination["logitsOf"],
): Promise<Predictions> {
  const { id2label } = expectClassifier(classifier).model;
  const outputOf = alignLabels(set.id2label, id2label);
  const logits = await logitsOf(set.texts, `Classifying ${set.name}`);
  return new Predictions({ logits, labels: set.labels.map((label) => outputOf[label] ?? -1), id2label });
}

function expectClassifier(classifier: Classifier | undefined): Classifier {
  if (!classifier) throw new ArgumentError("There is no model with a tokenizer to ask; expected both.");
  return classifier;
}
