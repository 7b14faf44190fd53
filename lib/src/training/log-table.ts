import { Presentable, type TableSpec } from "../runtime/presentation";
import type { LogEntry } from "./trainer-state";

/** The log of a run as a table, one row a step at which something was logged. */
export class LogTable extends Presentable {
  constructor(private readonly logHistory: readonly LogEntry[]) {
    super();
  }

  override present(): TableSpec {
    const metrics = [...new Set(this.logHistory.flatMap((entry) => Object.keys(entry)))].filter(
      (name) => name === "loss" || name.startsWith("eval_"),
    );
    const bySteps = new Map<number, Partial<LogEntry>>();
    for (const entry of this.logHistory) bySteps.set(entry.step, { ...bySteps.get(entry.step), ...entry });
    return {
      kind: "table",
      columns: ["step", ...metrics],
      rows: [...bySteps].map(([step, entry]) => [step, ...metrics.map((name) => entry[name] ?? null)]),
      format: Object.fromEntries(metrics.map((name) => [name, 3])),
    };
  }
}
