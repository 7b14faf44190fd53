import { alignLabels, normalLabel } from "../label-alignment";
import type { Reading } from "./reading";

/** What a model's names make of a data set's labels. */
export interface DeclaredReading {
  /** Numbers of the labels in the data, in the order in which the reading has them. */
  readonly labelIds: readonly number[];
  /** Numbers of the outputs. */
  readonly outputIds: readonly number[];
  /** The output of the same name or, where a label's name is none of the model's, of the same number or the next that is free. */
  readonly reading: Reading;
  /** Whether each label is the name of an output. */
  readonly isNamed: readonly boolean[];
}

/** Reads a model's outputs as its names, or else its numbers, say. */
export function readDeclared(
  labels: Readonly<Record<number, string>>,
  outputs: Readonly<Record<number, string>>,
): DeclaredReading {
  const labelIds = Object.keys(labels).map(Number);
  const outputIds = Object.keys(outputs).map(Number);
  const aligned = alignLabels(labels, outputs);
  const names = new Set(Object.values(outputs).map(normalLabel));
  const taken = new Set(Object.values(aligned));
  const reading = labelIds.map((label) => {
    const free = outputIds.filter((output) => !taken.has(output));
    const output = aligned[label] ?? (free.includes(label) ? label : free[0]);
    if (output === undefined) return -1;
    taken.add(output);
    return outputIds.indexOf(output);
  });
  return {
    ...{ labelIds, outputIds, reading },
    isNamed: Object.values(labels).map((name) => names.has(normalLabel(name))),
  };
}
