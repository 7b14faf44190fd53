import { normalLabel } from "../label-alignment";

/** Names of labels by id. */
type Names = Readonly<Record<number, string>>;

/** Of more names than this, those alone are told that differ, and as many of them. */
const MOST_TOLD = 4;

/** Ids whose names differ, whatever their case: "negative" is NEGATIVE. */
export function differingNames(declared: Names, other: Names): number[] {
  const ids = [...new Set([...Object.keys(declared), ...Object.keys(other)])];
  return ids.map(Number).filter((id) => normalLabel(declared[id] ?? "") !== normalLabel(other[id] ?? ""));
}

/** Other names, and what a reader knows them as. */
export interface KnownNames {
  readonly names: Names;
  readonly called: string;
}

/**
 * Names in a line: `0 NEGATIVE, 1 POSITIVE`; of many how they differ from others that a reader knows, or the first where none are
 * given.
 */
export function describeLabels(names: Names, known?: KnownNames): string {
  const ids = Object.keys(names).map(Number);
  if (ids.length <= MOST_TOLD || !known) return told(names, ids);
  const differing = differingNames(known.names, names);
  return differing.length === 0 ? known.called : `${known.called}, but ${told(names, differing)}`;
}

function told(names: Names, ids: readonly number[]): string {
  const parts = ids.slice(0, MOST_TOLD).map((id) => `${id} ${names[id] ?? ""}`);
  const more = ids.length > MOST_TOLD ? ` and ${ids.length - MOST_TOLD} more` : "";
  return `${parts.join(", ")}${more}`;
}
