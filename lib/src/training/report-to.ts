import { inspect } from "node:util";
import { ArgumentError } from "../runtime/errors";
import { nearestName } from "../runtime/nearest-name";

/** Programs that can show a run (transformers has more). */
const TRACKERS = ["tensorboard", "wandb", "trackio"] as const;

/** A program that can show a run. */
export type TrackerName = (typeof TRACKERS)[number];

/** Where a run is reported to: one program, several, "all" or "none". */
export type ReportTo = TrackerName | "all" | "none" | readonly TrackerName[];

/**
 * `reportTo` as a list, each name once (transformers' `TrainingArguments.__post_init__`, where "all" means all that are installed).
 *
 * @throws ArgumentError for anything else, with the nearest name
 */
export function trackerNames(reportTo: ReportTo): TrackerName[] {
  const given: unknown = reportTo;
  const names: unknown[] = Array.isArray(given) ? [...new Set<unknown>(given)] : [given];
  const [only] = names;
  if (names.length === 1 && only === "none") return [];
  if (names.length === 1 && only === "all") return [...TRACKERS];
  for (const name of names) if (!isTracker(name)) throw unknownTracker(name);
  return names.filter(isTracker);
}

const isTracker = (name: unknown): name is TrackerName => TRACKERS.some((tracker) => tracker === name);

function unknownTracker(name: unknown): ArgumentError {
  const known = [...TRACKERS, "all", "none"];
  const nearest = typeof name === "string" ? nearestName(name, known) : undefined;
  const hint = nearest === undefined ? "" : ` The nearest one is "${nearest}".`;
  const expected = TRACKERS.map((tracker) => `"${tracker}"`).join(", ");
  return new ArgumentError(
    `reportTo has ${inspect(name)}; expected ${expected}, a list of these, "all" or "none".${hint}`,
  );
}
