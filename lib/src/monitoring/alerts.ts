import { counted } from "../diagnosis/wording";
import { Presentable, type Spec } from "../runtime/presentation";
import { ALERT_RULES, checkRules, type AlertRule } from "./alert-rules";
import type { DriftWindow } from "./drift-report";

/** Somebody is told. */
export interface Alert {
  readonly rule: AlertRule;
  /** Number of the window that was one too many, from 0. */
  readonly window: number;
  /** When that window ended: ISO 8601. */
  readonly time: string;
  /** What was found in it. */
  readonly found: string;
}

/** Who was told of what, and when. */
export class Alerts extends Presentable {
  constructor(
    /** In the order of time. */
    readonly alerts: readonly Alert[],
    readonly windows: number,
  ) {
    super();
  }

  override present(): readonly Spec[] {
    const none = this.alerts.length === 0;
    const question = `alerts in ${counted(this.windows, "window")}:`;
    const rows = this.alerts.map(({ rule, window, time, found }) => [
      time.slice(0, 16).replace("T", " "),
      window + 1,
      rule.question,
      found,
      rule.advice,
    ]);
    return [
      { kind: "verdict", question, found: String(this.alerts.length), expected: "0", ok: none },
      ...(none
        ? []
        : [
            {
              kind: "table",
              columns: ["time (UTC)", "window", "drift of", "what was found", "what to do"],
              rows,
            } as const,
          ]),
    ];
  }
}

/**
 * Goes through windows as they came, and tells once of each rule whose threshold is passed in as many in a row as its patience;
 * again only after a window that does not count.
 *
 * @throws ArgumentError for a rule that cannot be kept
 */
export function raiseAlerts(params: {
  windows: readonly DriftWindow[];
  rules?: readonly AlertRule[];
}): Alerts {
  const { windows, rules = ALERT_RULES } = params;
  checkRules(rules);
  const inARow = rules.map(() => 0);
  const alerts: Alert[] = [];
  for (const [window, { to, findings }] of windows.entries()) {
    for (const [index, rule] of rules.entries()) {
      const finding = findings.find(({ asked }) => asked.name === rule.question);
      const counts = finding && finding.size >= rule.threshold && finding.adjustedPValue < rule.significance;
      const row = counts ? (inARow[index] ?? 0) + 1 : 0;
      inARow[index] = row;
      if (finding && row === rule.patience) alerts.push({ rule, window, time: to, found: finding.found });
    }
  }
  return new Alerts(alerts, windows.length);
}
