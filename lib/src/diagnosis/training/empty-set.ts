import type { ReviewSet } from "../../data/review-set";
import type { Finding } from "../check";

/** What there is to say of a set without a row: `so` is what it makes impossible, such as "there is no batch". */
export function emptySet({ name }: ReviewSet, so: string): Finding {
  return {
    verdict: "fail",
    found: `${name} has 0 rows, so that ${so}.`,
    advice: "Give it rows of every label.",
  };
}
