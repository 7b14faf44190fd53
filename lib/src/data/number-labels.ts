import type { RawLabel, RawReviews } from "./raw-reviews";

/** What numbers mean which labels, as far as that is known before the labels are read. */
export interface KnownLabels {
  /** Names of the labels by id, as they are meant: these ids and names hold. */
  id2label?: Readonly<Record<number, string>>;
  /**
   * Names of a model's outputs: taken where neither `id2label` nor a file says what the labels are, and they fit: the labels
   * are numbers, or some of them have these names.
   */
  outputs?: Readonly<Record<number, string>>;
}

/** Labels as numbers, and what these mean. */
export interface NumberedLabels {
  readonly id2label: Record<number, string>;
  /** `[files][reviews]` */
  readonly ids: readonly number[][];
}

/**
 * Numbers the labels of files that belong together.
 *
 * A number stays that number. A name has the number of the same name, whatever its case, in what is known, and otherwise, in the
 * order of the alphabet, the first ones that are free: no label is dropped because it is not known.
 */
export function numberLabels(files: readonly RawReviews[], known: KnownLabels = {}): NumberedLabels {
  const named = files.map((file) => withNames(file, known.id2label));
  const different = [...new Set(named.flat())];
  const base = knownNames(files, different, known);
  const idOfName = new Map(Object.entries(base).map(([id, name]) => [plain(name), Number(id)]));
  const areNames = different.every((label) => idOfName.has(plain(label)));
  const idOf = new Map<RawLabel, number>();
  const id2label = { ...base };
  for (const label of different) {
    const id = typeof label === "string" || areNames ? idOfName.get(plain(label)) : label;
    if (id === undefined) continue;
    idOf.set(label, id);
    id2label[id] ??= `LABEL_${id}`;
  }
  let free = 0;
  for (const name of different
    .filter((label) => !idOf.has(label))
    .map(String)
    .sort()) {
    while (free in id2label) free += 1;
    idOf.set(name, free);
    id2label[free] = name;
  }
  return { id2label, ids: named.map((labels) => labels.map((label) => idOf.get(label) ?? -1)) };
}

/** A file's own names in place of its numbers: another file may number them otherwise. What was asked for overrules them. */
function withNames(
  { labels, labelNames = [] }: RawReviews,
  asked: KnownLabels["id2label"],
): readonly RawLabel[] {
  const askedNames = new Set(Object.values(asked ?? {}).map(plain));
  const isOverruled = asked !== undefined && !labelNames.every((name) => askedNames.has(plain(name)));
  if (isOverruled) return labels;
  return labels.map((label) => (typeof label === "number" ? (labelNames[label] ?? label) : label));
}

function knownNames(
  files: readonly RawReviews[],
  different: readonly RawLabel[],
  { id2label, outputs = {} }: KnownLabels,
): Readonly<Record<number, string>> {
  if (id2label) return id2label;
  const own = files.find(({ labelNames }) => labelNames !== undefined)?.labelNames;
  if (own) return Object.fromEntries(own.map((name, id) => [id, name]));
  const names = new Set(Object.values(outputs).map(plain));
  const doFit =
    different.every((label) => typeof label === "number") ||
    different.some((label) => names.has(plain(label)));
  return doFit ? outputs : {};
}

function plain(label: RawLabel): string {
  return String(label).trim().toLowerCase();
}
