import { ArgumentError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { startProgress } from "../runtime/progress";
import { collate, type Feature } from "../tokenization/collator";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";

/** What a prediction needs. */
export interface PredictParams {
  model: SequenceClassificationModel;
  features: Feature[];
  padTokenId: number;
  /** Texts a forward pass; 64 where nothing is said. */
  batchSize?: number;
  /** What the progress line calls it; none is shown without. */
  label?: string;
}

/**
 * Logits of every feature, in the features' order, one array a feature.
 *
 * Texts of like length share a batch, so that little of it is padding.
 *
 * @throws ArgumentError for a batch size that is none
 * @throws InterruptedError when the reader stops it
 */
export async function predictLogits(params: PredictParams): Promise<number[][]> {
  const { model, features, padTokenId, batchSize = 64, label } = params;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new ArgumentError(`batchSize is ${batchSize}; expected a whole number above 0.`);
  const byLength = features
    .map((_, index) => index)
    .sort((left, right) => lengthAt(features, left) - lengthAt(features, right));
  const progress = label ? startProgress({ total: features.length, label, unit: "texts" }) : undefined;
  const checkInterrupt = watchInterrupt();
  const logits: number[][] = new Array<number[]>(features.length);
  try {
    for (let begin = 0; begin < byLength.length; begin += batchSize) {
      await checkInterrupt(label ?? "Evaluation");
      const indices = byLength.slice(begin, begin + batchSize);
      const batch = collate(
        indices.flatMap((index) => features[index] ?? []),
        padTokenId,
      );
      const output = model.logits(batch); // [batch, labels]
      const values = output.dataSync();
      output.dispose();
      const width = values.length / indices.length;
      for (const [row, index] of indices.entries()) {
        logits[index] = Array.from(values.slice(row * width, (row + 1) * width));
      }
      progress?.update(begin + indices.length);
    }
  } finally {
    progress?.end();
  }
  return logits;
}

/** Probabilities from logits, largest first subtracted so that nothing overflows. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

/** Index of the largest value; the first of equals, or the first that is not a number, as numpy's argmax. */
export function argmax(values: readonly number[]): number {
  const broken = values.findIndex(Number.isNaN);
  return broken >= 0 ? broken : values.indexOf(Math.max(...values));
}

function lengthAt(features: Feature[], index: number): number {
  return features[index]?.inputIds.length ?? 0;
}
