import path from "node:path";
import { it } from "node:test";

import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../../lib/src/data/snippets";
import type { Check } from "../../../../lib/src/diagnosis/check";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import type { Tensor } from "../../../../lib/src/runtime/tensor";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { ask, ODD_SETS } from "../data/odd-sets";

export const TOKENIZER = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const SIZES = { vocabSize: 30_522, maxPositionEmbeddings: 32, nLayers: 2, nHeads: 2, dim: 16, hiddenDim: 32 };

/** How a tiny model is made. */
interface TinyParams {
  id2label?: Record<number, string>;
  /** Large enough for so narrow a model to have gradients of the usual size. */
  initializerRange?: number;
  change?: (model: SequenceClassificationModel) => void;
}

/** What makes a model of milliseconds a step for the real tokenizer. */
export function tinyModel(params: TinyParams = {}): () => Promise<SequenceClassificationModel> {
  const { id2label = SENTIMENT, initializerRange = 0.2, change } = params;
  return () => {
    const model = DistilBertForSequenceClassification.fromConfig({ ...SIZES, initializerRange, id2label });
    change?.(model);
    return Promise.resolve(model);
  };
}

/** Changes the parameters whose names match. */
export function changing(names: RegExp, change: (values: Tensor) => Tensor) {
  return (model: SequenceClassificationModel): void => {
    for (const [name, variable] of model.variables)
      if (names.test(name))
        tf.tidy(() => {
          variable.assign(change(variable.read()));
        });
  };
}

/** What the checks of how a run begins are asked of. */
export function beginning(train: ReviewSet, params: TinyParams & Pick<Subject, "args"> = {}): Subject {
  const { args = { learningRate: 0.01 }, ...rest } = params;
  return { train, tokenizer: TOKENIZER, maxLength: 16, newModel: tinyModel(rest), args };
}

/** Tests that a check answers clearly whatever the set is. */
export function answersClearlyOf(check: Check, subjectOf: (set: ReviewSet) => Subject): void {
  for (const [odd, set] of Object.entries(ODD_SETS))
    it(`answers clearly for ${odd}`, async () => {
      await ask(check, subjectOf(set));
    });
}

/** Names for a model's outputs: those of a set, of which a model has two at least. */
export function outputsOf({ id2label }: ReviewSet): Record<number, string> {
  return Object.keys(id2label).length > 1 ? { ...id2label } : { 0: id2label[0] ?? "", 1: "OTHER" };
}
