import { afterEach, beforeEach, mock } from "node:test";
import { reportingTrackers } from "../../../lib/src/tracking/reporting-trackers";
import { setTrackerFactory } from "../../../lib/src/training/tracking";

/** Lets the Trainers of each test of a file report, and keeps what is said meanwhile instead of printing it. */
export function saidLines(): string[] {
  const said: string[] = [];
  beforeEach(() => {
    setTrackerFactory(reportingTrackers);
    said.length = 0;
    for (const method of ["log", "warn"] as const)
      mock.method(console, method, (line: string) => void said.push(line));
  });
  afterEach(() => {
    mock.restoreAll();
    setTrackerFactory(undefined);
    delete process.env["TRACKING_PYTHON"];
  });
  return said;
}
