import type { TrainerState } from "../training/trainer-state";
import { reportedMetrics } from "./metric-names";

/** What a run came to: each metric's name and its last value, the best one and its step first. */
type FinalTable = [metric: string, value: number][];

/** Sums a run up for a reader who looks at one table. */
export function finalTable({ logHistory, bestMetric, bestGlobalStep, globalStep }: TrainerState): FinalTable {
  const last = new Map<string, number>();
  for (const entry of logHistory)
    for (const [name, value] of Object.entries(reportedMetrics(entry))) last.set(name, value);
  const best: FinalTable =
    bestMetric === null
      ? []
      : [
          ["best_metric", bestMetric],
          ["best_global_step", bestGlobalStep ?? NaN],
        ];
  return [...best, ["global_step", globalStep], ...last];
}
