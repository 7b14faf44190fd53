import { normalQuantile } from "../../evaluation/significance/distributions";

/**
 * The normal deviate of each confidence's rank: so large that a share u of all deviates exceed it in size, where u is the share
 * of the confidences that are larger (and half of those that are equal). The surest of many is at 3 or 4, the least sure at 0.
 */
export function confidenceRanks(confidences: readonly number[]): number[] {
  const order = [...confidences.keys()].sort(
    (left, right) => (confidences[right] ?? 0) - (confidences[left] ?? 0),
  );
  const deviates = new Array<number>(confidences.length).fill(0);
  let begin = 0;
  while (begin < order.length) {
    const value = confidences[order[begin] ?? 0];
    let end = begin + 1;
    while (end < order.length && confidences[order[end] ?? 0] === value) end += 1;
    const deviate = normalQuantile(1 - (begin + end) / 2 / order.length / 2);
    for (const index of order.slice(begin, end)) deviates[index] = deviate;
    begin = end;
  }
  return deviates;
}
