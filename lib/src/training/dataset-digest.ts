import { createHash } from "node:crypto";
import type { Feature } from "../tokenization/collator";

/** What a training set is, so that another one is recognised. */
export interface DatasetDigest {
  numExamples: number;
  /** Of all ids and labels, in order. */
  sha256: string;
  /** How much an example of each label counts; `null` where all count the same. */
  classWeights: readonly number[] | null;
}

/** The digest of a training set: a run that goes on must have the very same. */
export function datasetDigest(
  features: readonly Feature[],
  classWeights: readonly number[] | null = null,
): DatasetDigest {
  const hash = createHash("sha256");
  // the length goes first, so that no two sets give the same numbers in a row
  for (const { inputIds, label = -1 } of features)
    hash.update(Int32Array.of(inputIds.length, label, ...inputIds));
  return { numExamples: features.length, sha256: hash.digest("hex"), classWeights };
}
