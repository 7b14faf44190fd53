import { labelRuns } from "../../data/review-set";
import { DataError } from "../../runtime/errors";
import { sum } from "./counts";
import { normalCdf } from "./distributions";

/** Whether labels lie in a random order. */
export interface RunsTestResult {
  /** How often the label changes, plus 1. */
  readonly runs: number;
  /** How many runs a random order has on average. */
  readonly expectedRuns: number;
  /** Standard deviations from there: far below 0 where equal labels lie together, above 0 where they alternate. */
  readonly z: number;
  readonly pValue: number;
}

/**
 * The runs test on the order of labels, two-sided, by the normal approximation.
 *
 * With two labels it is Wald and Wolfowitz's (1940; statsmodels' runstest_1samp without correction); for any number of them the
 * mean and the variance are Barton and David's (Biometrika 1957): with n examples, of which label i has n_i,
 * mean = (n (n + 1) - Σ n_i²) / n and variance = (Σ n_i² (Σ n_i² + n (n + 1)) - 2 n Σ n_i³ - n³) / (n² (n - 1)).
 * Where every order has as many runs (one label, or each once) nothing can be said: z is 0 and p 1.
 *
 * @throws DataError for no labels
 */
export function runsTest(labels: readonly number[]): RunsTestResult {
  if (labels.length === 0)
    throw new DataError("The order of 0 labels was tested; expected at least one label.");
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sizes = [...counts.values()];
  const n = labels.length;
  const squares = sum(sizes.map((size) => size ** 2));
  const cubes = sum(sizes.map((size) => size ** 3));
  const runs = labelRuns(labels).length;
  const expectedRuns = (n * (n + 1) - squares) / n;
  if (sizes.length === 1 || sizes.length === n || n === 2) return { runs, expectedRuns, z: 0, pValue: 1 };
  const variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n ** 3) / (n * n * (n - 1));
  const z = (runs - expectedRuns) / Math.sqrt(variance);
  return { runs, expectedRuns, z, pValue: Math.min(1, 2 * normalCdf(-Math.abs(z))) };
}
