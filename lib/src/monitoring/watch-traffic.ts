import { watchInterrupt } from "../runtime/interrupt";
import { startProgress } from "../runtime/progress";
import type { LoggedPrediction } from "../serving/logged-prediction";
import { checkLabels, checkLog } from "./check-log";
import { findDrift } from "./drift-finding";
import { DriftReport, type DriftWindow } from "./drift-report";
import type { TrafficBaseline } from "./traffic-baseline";
import { cutWindows, type WindowSize } from "./traffic-windows";

/** How a log is watched. */
export interface WatchOptions {
  readonly baseline: TrafficBaseline;
  /** So many answers, or a day (UTC); 200 where nothing is said. Of 200, a shift of about 20 % is seen. */
  readonly window?: WindowSize;
  /** Deals texts at random to see what chance makes of them; 1 where nothing is said. */
  readonly seed?: number;
}

/**
 * Asks of a log, as a whole and window by window, whether texts and answers are still what they were in training and validation:
 * lengths, new words, word frequencies, answers and confidence.
 *
 * @throws DataError for a log of fewer than 20 answers, of several models, with a label that validation's answers do not have, or a
 * time that is none
 * @throws ArgumentError for a window of fewer than 20 answers
 * @throws InterruptedError when the reader stops it
 */
export async function watchTraffic(
  params: WatchOptions & { log: readonly LoggedPrediction[] },
): Promise<DriftReport> {
  const { baseline, log, seed = 1 } = params;
  const windows = await watchWindows(params);
  return new DriftReport(findDrift({ baseline, log, seed }), windows);
}

async function watchWindows(
  params: WatchOptions & { log: readonly LoggedPrediction[] },
): Promise<DriftWindow[]> {
  const { baseline, log, window = 200, seed = 1 } = params;
  checkLog(log, "the log");
  checkLabels(log, baseline.labels);
  const cut = cutWindows(log, window);
  const progress = startProgress({ total: cut.length, label: "Comparing", unit: "windows" });
  const checkInterrupt = watchInterrupt();
  const windows: DriftWindow[] = [];
  try {
    for (const { from, to, log: part } of cut) {
      await checkInterrupt("Comparing windows");
      windows.push({ from, to, count: part.length, findings: findDrift({ baseline, log: part, seed }) });
      progress.update(windows.length);
    }
  } finally {
    progress.end();
  }
  return windows;
}
