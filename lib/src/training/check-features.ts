import { DataError } from "../runtime/errors";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Feature } from "../tokenization/collator";

/**
 * Refuses a set that a model cannot be trained or judged by.
 *
 * @throws DataError if it is empty, or a label is not one of the model's
 */
export function checkFeatures(what: string, features: Feature[], model: SequenceClassificationModel): void {
  if (features.length === 0) throw new DataError(`The ${what} set has 0 examples; expected at least one.`);
  const known = Object.keys(model.id2label).length;
  const bad = features.findIndex(
    ({ label }) => label === undefined || !Number.isInteger(label) || label < 0 || label >= known,
  );
  if (bad >= 0)
    throw new DataError(
      `Example ${bad} of the ${what} set has the label ${String(features[bad]?.label)}; the model knows ${JSON.stringify(model.id2label)}.`,
    );
}
