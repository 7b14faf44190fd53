/**
 * Which output of a model stands for each label of a set: the one of the same name, whatever its case, where every label has
 * one; otherwise the one of the same number (`LABEL_1` is whatever the set calls 1). A label without an output is left out.
 */
export function alignLabels(
  labels: Readonly<Record<number, string>>,
  outputs: Readonly<Record<number, string>>,
): Record<number, number> {
  const byName = new Map(Object.entries(outputs).map(([id, name]) => [normalLabel(name), Number(id)]));
  const named = Object.entries(labels).map(([id, name]) => [Number(id), byName.get(normalLabel(name))]);
  const isNamed = named.some(([, output]) => output !== undefined);
  const pairs = isNamed ? named : Object.keys(labels).map((id) => [Number(id), Number(id)]);
  return Object.fromEntries(
    pairs.filter(([, output]) => output !== undefined && output in outputs),
  ) as Record<number, number>;
}

/** A label's name as it is compared: "Positive " is POSITIVE. */
export function normalLabel(name: string): string {
  return name.trim().toLowerCase();
}
