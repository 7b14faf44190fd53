import type { Examination, RoleSplit } from "../examination";
import { alignLabels, normalLabel } from "../label-alignment";

/** The labels of one set, in the numbering that all sets share. */
export interface SplitLabels extends RoleSplit {
  /** Places in the census's names, one a row. */
  readonly labels: readonly number[];
  /** Rows of each name. */
  readonly counts: readonly number[];
}

/** Every set's labels in one numbering, also where the sets number theirs differently. */
export interface LabelCensus {
  /** The labels that are meant, by id, then whatever else the sets hold. */
  readonly names: readonly string[];
  /** How many of the names are meant: the first ones. */
  readonly meant: number;
  /** In the order train, validation, test, incoming. */
  readonly splits: readonly SplitLabels[];
}

/** Names that nobody gave: transformers' own, or mere numbers. */
const UNNAMED = /^\s*(label[_ -]?)?\d+\s*$/iu;

/** Whether a label's name says nothing, as `LABEL_0` or `1` do. */
export function isUnnamed(name: string): boolean {
  return UNNAMED.test(name);
}

/** The labels as they are meant: what the subject says or, where it says nothing, the model or the first set. */
export function meantLabels({ id2label, model, splits }: Examination): Readonly<Record<number, string>> {
  return id2label ?? model?.id2label ?? splits?.[0]?.set.id2label ?? {};
}

/** Counts the labels of all sets that there are. */
export function labelCensus(examination: Examination): LabelCensus {
  const meant = Object.entries(meantLabels(examination)).map(([id, name]) => ({ id: Number(id), name }));
  const splits = examination.splits ?? [];
  const names = meant.map(({ id, name }) => shownName({ id, name }, splits));
  const placeOfId = new Map(meant.map(({ id }, place) => [id, place]));
  const placeOfOther = new Map<string, number>();
  const placeOf = (name: string): number => {
    const known = placeOfOther.get(normalLabel(name));
    if (known !== undefined) return known;
    placeOfOther.set(normalLabel(name), names.length);
    return names.push(name) - 1;
  };
  const numbered = splits.map((split) => {
    const idOf = alignLabels(split.set.id2label, meantLabels(examination));
    const places = new Map<number, number>();
    const place = (label: number): number => {
      const known = places.get(label) ?? placeOfId.get(idOf[label] ?? NaN);
      const found = known ?? placeOf(split.set.id2label[label] ?? "");
      places.set(label, found);
      return found;
    };
    return { ...split, labels: split.set.labels.map(place) };
  });
  return {
    ...{ names, meant: meant.length },
    splits: numbered.map((split) => ({ ...split, counts: countsOf(split.labels, names.length) })),
  };
}

/** The splits that something is trained, chosen or measured on: labels of what comes in later may be guesses. */
export function labelledSplits({ splits }: LabelCensus): readonly SplitLabels[] {
  return splits.filter(({ role }) => role !== "incoming");
}

/** How often each of the numbers 0 to `size` - 1 occurs. */
export function countsOf(labels: readonly number[], size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Where the meant label has no name, what the sets call it. */
function shownName({ id, name }: { id: number; name: string }, splits: readonly RoleSplit[]): string {
  if (!isUnnamed(name)) return name;
  const named = splits.map(({ set }) => set.id2label[id]).find((other) => other && !isUnnamed(other));
  return named ?? name;
}
