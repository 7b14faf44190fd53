/** Seconds, and examples and steps by second, rounded as transformers does (trainer_utils.py, `speed_metrics`). */
export function speedMetrics(params: {
  seconds: number;
  samples: number;
  steps: number;
}): Record<string, number> {
  const { seconds, samples, steps } = params;
  const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
  if (seconds === 0) return { runtime: 0 };
  return {
    runtime: rounded(seconds, 4),
    samples_per_second: rounded(samples / seconds, 3),
    steps_per_second: rounded(steps / seconds, 3),
  };
}

/** Whether a metric of this name, with whatever prefix, says how long something took: not the same in two runs that are. */
export function isSpeedMetric(name: string): boolean {
  return /(^|_)(runtime|(samples|steps)_per_second)$/.test(name);
}
