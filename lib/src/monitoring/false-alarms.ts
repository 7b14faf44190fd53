import { FEWEST_COMPARED } from "../diagnosis/data/drift-limits";
import { wilsonInterval } from "../evaluation/metrics";
import { ArgumentError, DataError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { startProgress } from "../runtime/progress";
import { permutation, seededRandom } from "../runtime/random";
import type { LoggedPrediction } from "../serving/logged-prediction";
import { ALERT_RULES, type AlertRule } from "./alert-rules";
import { raiseAlerts } from "./alerts";
import { checkLabels, checkLog } from "./check-log";
import { findDrift } from "./drift-finding";
import type { DriftWindow } from "./drift-report";
import type { TrafficBaseline } from "./traffic-baseline";

/** What is replayed, and how often. */
export interface FalseAlarmParams {
  readonly baseline: TrafficBaseline;
  /** Answers to texts of the kind that is normal, others than the baseline's: two replays' worth at least. */
  readonly healthy: readonly LoggedPrediction[];
  /** Sets of rules by name, each tried on the same replays; the default rules where nothing is said. */
  readonly rules?: Readonly<Record<string, readonly AlertRule[]>>;
  /** Answers in a window; 200 where nothing is said. */
  readonly window?: number;
  /** Windows of a replay, such as 7 for a week of days; 5 where nothing is said. */
  readonly windows?: number;
  /** How often; 40 where nothing is said. */
  readonly replays?: number;
  readonly seed?: number;
}

/** How often a set of rules alarms where nothing is wrong. */
export interface FalseAlarmRate {
  readonly name: string;
  readonly replays: number;
  /** Replays with an alert. */
  readonly alarmed: number;
  /** Of the share of replays with an alert, with 95 % confidence. */
  readonly interval: readonly [number, number];
}

/** False alarms of sets of rules, as a table. */
export class FalseAlarms extends Presentable {
  constructor(
    readonly rates: readonly FalseAlarmRate[],
    readonly windows: number,
  ) {
    super();
  }

  override present(): TableSpec {
    return {
      kind: "table",
      title: `Healthy replays of ${this.windows} windows each, and how many raised an alert`,
      columns: ["rules", "replays", "with an alert", "share", "from", "to"],
      rows: this.rates.map(({ name, replays, alarmed, interval }) => [
        ...[name, replays, alarmed, alarmed / replays],
        ...interval,
      ]),
      format: { share: "percent", from: "percent", to: "percent" },
    };
  }
}

/**
 * Replays healthy traffic many times, each time drawn anew and in another order, and counts the replays in which a rule alarms.
 * Replays draw from the same answers, so that they are not wholly independent: with more healthy answers they are more so.
 *
 * @throws DataError for answers that are too few for two replays, or cannot be compared
 * @throws ArgumentError for a number that is none
 * @throws InterruptedError when the reader stops it
 */
export async function falseAlarms(params: FalseAlarmParams): Promise<FalseAlarms> {
  const { rules = { "the default rules": ALERT_RULES }, windows = 5, replays = 40 } = params;
  checkParams(params);
  const progress = startProgress({ total: replays, label: "Replaying", unit: "replays" });
  const checkInterrupt = watchInterrupt();
  const random = seededRandom(params.seed ?? 1);
  const replayed: DriftWindow[][] = [];
  try {
    for (let replay = 0; replay < replays; replay += 1) {
      await checkInterrupt("Replaying healthy traffic");
      replayed.push(replayOnce(params, permutation(params.healthy.length, random)));
      progress.update(replay + 1);
    }
  } finally {
    progress.end();
  }
  const rates = Object.entries(rules).map(([name, set]): FalseAlarmRate => {
    const alarmed = replayed.filter(
      (one) => raiseAlerts({ windows: one, rules: set }).alerts.length > 0,
    ).length;
    return { name, replays, alarmed, interval: wilsonInterval(alarmed, replays) };
  });
  return new FalseAlarms(rates, windows);
}

function replayOnce(params: FalseAlarmParams, order: readonly number[]): DriftWindow[] {
  const { baseline, healthy, window = 200, windows = 5 } = params;
  return Array.from({ length: windows }, (_, index) => {
    const part = order.slice(index * window, (index + 1) * window).flatMap((at) => healthy[at] ?? []);
    // what chance makes of the words is dealt anew in each window
    const findings = findDrift({ baseline, log: part, seed: (order[index] ?? 0) + 1 });
    return { from: part[0]?.time ?? "", to: part.at(-1)?.time ?? "", count: part.length, findings };
  });
}

function checkParams({ baseline, healthy, window = 200, windows = 5, replays = 40 }: FalseAlarmParams): void {
  for (const [name, value, least] of [
    ["window", window, FEWEST_COMPARED],
    ["windows", windows, 1],
    ["replays", replays, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new ArgumentError(`${name} is ${value}; expected a whole number of at least ${least}.`);
  checkLog(healthy, "healthy traffic");
  checkLabels(healthy, baseline.labels);
  if (healthy.length < 2 * window * windows)
    throw new DataError(
      `Healthy traffic holds ${healthy.length} answers; expected at least ${2 * window * windows}, two replays' worth, so that replays differ.`,
    );
}
