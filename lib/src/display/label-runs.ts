/** A label as rows carry it: the id, or the name. */
export type Label = string | number;

/** That many rows in sequence with the same label. */
export type LabelRun = readonly [label: Label, count: number];

/** The labels of rows in their order, one by one or in runs: 50,000 sorted rows are two runs. */
export type LabelRows = readonly Label[] | readonly LabelRun[];

/** Which rows, and what their labels are called. */
export interface LabelledRows {
  readonly labels: LabelRows;
  /** Names of the label ids; a label without a name here is shown as it is. */
  readonly id2label?: Readonly<Record<string, string>>;
}

/** The rows as runs of label names, neighbours of the same label joined. */
export function toRuns({ labels, id2label = {} }: LabelledRows): (readonly [name: string, count: number])[] {
  const runs: [string, number][] = [];
  for (const row of labels) {
    const [label, count] = typeof row === "object" ? row : ([row, 1] as const);
    const name = id2label[String(label)] ?? String(label);
    const last = runs.at(-1);
    if (last?.[0] === name) last[1] += count;
    else if (count > 0) runs.push([name, count]);
  }
  return runs;
}

/** How many rows there are. */
export function countRows(runs: readonly LabelRun[]): number {
  return runs.reduce((rows, [, count]) => rows + count, 0);
}

/** How many of the rows from `from` up to, not including, `to` carry the label. */
export function countLabel(runs: readonly LabelRun[], label: Label, from: number, to: number): number {
  let start = 0;
  let found = 0;
  for (const [name, count] of runs) {
    if (name === label) found += Math.max(0, Math.min(to, start + count) - Math.max(from, start));
    start += count;
  }
  return found;
}

/** The labels' names in the order of `id2label`, then in that of their first row. */
export function labelNames({ labels, id2label = {} }: LabelledRows): string[] {
  const names = toRuns({ labels, id2label }).map(([name]) => name);
  return [...new Set([...Object.values(id2label), ...names])].filter((name) => names.includes(name));
}
