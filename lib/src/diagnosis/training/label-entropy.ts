import { sum } from "../../evaluation/significance/counts";

/**
 * Entropy of labels by their shares, in nats: the loss of the best answer that never looks at a text. 0 for no labels, or one
 * alone.
 */
export function labelEntropy(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return sum([...counts.values()].map((count) => (count / labels.length) * Math.log(labels.length / count)));
}
