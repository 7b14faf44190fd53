import type { TrainingArguments } from "./training-arguments";

/** The name under which an evaluation reports the metric that chooses the best checkpoint; `null` where none does. */
export function bestMetricOf({ metricForBestModel }: TrainingArguments): string | null {
  return metricForBestModel?.replace(/^(eval_)?/, "eval_") ?? null;
}

/** Whether a value is strictly better than the best so far: the first of equals stays, and NaN is never better. */
export function isBetter(args: TrainingArguments, value: number, best: number | null): boolean {
  return args.greaterIsBetter ? value > (best ?? -Infinity) : value < (best ?? Infinity);
}
