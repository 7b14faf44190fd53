import { DataError } from "../runtime/errors";
import type { LoggedPrediction } from "../serving/logged-prediction";

/** Which of two versions did better on one occasion. */
export type Preference = "left" | "right" | "neither";

/**
 * Two versions that each got a random part of the requests, compared arrival by arrival: the first that one answered with the first of
 * the other, and so on. Where both please as often, either wins such a pair as often, also if the world changes for both on the way
 * (Wald 1947, Sequential Analysis, "double dichotomies"). What one has more than the other waits for its partner.
 *
 * @returns a preference for each pair, in the order of arrival
 */
export function pairArrivals(params: {
  /** Whether each answer of the left version was liked, in the order of arrival. */
  left: readonly boolean[];
  right: readonly boolean[];
}): Preference[] {
  const { left, right } = params;
  const pairs = Math.min(left.length, right.length);
  return left
    .slice(0, pairs)
    .map((liked, index) => (liked === right[index] ? "neither" : liked ? "left" : "right"));
}

/** A text that two versions answered differently. */
export interface Disagreement {
  readonly time: string;
  readonly requestId: string;
  readonly text: string;
  /** What each said. */
  readonly left: string;
  readonly right: string;
}

/**
 * What two versions answered differently, where both answered every request (one of them in the shadow): all that has to be judged,
 * since on the rest neither is better.
 *
 * @throws DataError if the logs are not of the same texts in the same order
 */
export function disagreements(params: {
  left: readonly LoggedPrediction[];
  right: readonly LoggedPrediction[];
}): Disagreement[] {
  const { left, right } = params;
  if (left.length !== right.length)
    throw new DataError(
      `One version answered ${left.length} texts and the other ${right.length}; expected the same ones.`,
    );
  return left.flatMap(({ time, requestId, text, label }, index): Disagreement[] => {
    const other = right[index];
    if (other?.text !== text || other.requestId !== requestId)
      throw new DataError(
        `Answer ${index} is to request ${requestId} in one log and to ${other?.requestId ?? "none"} in the other; expected the same texts in the same order.`,
      );
    return label === other.label ? [] : [{ time, requestId, text, left: label, right: other.label }];
  });
}
