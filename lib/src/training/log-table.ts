import { Presentable, type TableSpec } from "../runtime/presentation";
import { isSpeedMetric } from "./speed-metrics";
import type { LogEntry } from "./trainer-state";

/** The log of a run as a table, one row a step at which a loss or an evaluation was logged; how long they took is left out. */
export class LogTable extends Presentable {
  constructor(private readonly logHistory: readonly LogEntry[]) {
    super();
  }

  override present(): TableSpec {
    const isShown = (name: string): boolean =>
      name === "loss" || (name.startsWith("eval_") && !isSpeedMetric(name));
    const shown = this.logHistory.filter((entry) => Object.keys(entry).some(isShown));
    const metrics = [...new Set(shown.flatMap((entry) => Object.keys(entry)))].filter(isShown);
    const bySteps = new Map<number, Partial<LogEntry>>();
    for (const entry of shown) bySteps.set(entry.step, { ...bySteps.get(entry.step), ...entry });
    return {
      kind: "table",
      columns: ["step", ...metrics],
      rows: [...bySteps].map(([step, entry]) => [step, ...metrics.map((name) => entry[name] ?? null)]),
      format: Object.fromEntries(metrics.map((name) => [name, 3])),
    };
  }
}
