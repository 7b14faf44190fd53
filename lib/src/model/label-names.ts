import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ModelError } from "../runtime/errors";
import { Presentable, type Cell, type TableSpec } from "../runtime/presentation";
import { shownPath } from "../runtime/repository";
import { label2idOf, parseConfigFile } from "./config-file";
import type { TensorInfo } from "./safetensors";
import { weightShapes } from "./weights";

/** What a model folder says of its labels, and what is wrong with that: nothing of it is taken for granted. */
export class LabelNames extends Presentable {
  /** What is wrong, a sentence each; empty where names and outputs fit. */
  readonly problems: string[];
  /** Those of the problems that no reader can get round: names that do not fit the outputs, or each other. */
  readonly contradictions: readonly string[];

  constructor(
    /** Outputs of the classifier; `undefined` for an encoder without a head. */
    readonly outputs: number | undefined,
    /** As config.json has it; `undefined` where it has none. */
    readonly id2label: Readonly<Record<string, string>> | undefined,
    /** As config.json has it; `undefined` where it has none. */
    readonly label2id: Readonly<Record<string, number>> | undefined,
  ) {
    super();
    this.contradictions = [...this.#contradictions()];
    this.problems = [...this.#unnamed(), ...this.contradictions];
  }

  override present(): TableSpec {
    const ids = [
      ...Array.from({ length: this.outputs ?? 0 }, (_, id) => String(id)),
      ...Object.keys(this.id2label ?? {}),
      ...Object.values(this.label2id ?? {}).map(String),
    ];
    const rows = [...new Set(ids)].map((id): Cell[] => {
      const back = Object.entries(this.label2id ?? {}).filter(([, to]) => String(to) === id);
      const output = Number.isNaN(Number(id)) ? id : Number(id);
      return [output, this.id2label?.[id] ?? null, back.map(([name]) => name).join(", ") || null];
    });
    return {
      kind: "table",
      title: "What config.json says",
      columns: ["output", "id2label", "label2id"],
      rows,
      note: this.problems.join(" ") || "Every output has a name, and the two lists agree.",
    };
  }

  *#unnamed(): Generator<string> {
    const { id2label } = this;
    if (!id2label) yield "id2label is missing: whoever loads the model sees LABEL_0, LABEL_1.";
    else if (Object.entries(id2label).every(([id, name]) => name === `LABEL_${id}`))
      yield "The names are transformers' own (LABEL_0, LABEL_1): nobody named the outputs.";
  }

  *#contradictions(): Generator<string> {
    const { outputs, id2label, label2id } = this;
    if (!id2label) return;
    yield* labelNameProblems(id2label, outputs);
    if (label2id && !sameMapping(label2id, label2idOf(id2label)))
      yield "label2id contradicts id2label: which of them counts depends on who reads the file.";
  }
}

/**
 * Reads what a model folder says of its labels.
 *
 * @throws ModelError if config.json is missing or no JSON object, its names are none, or the weights are broken
 */
export function readLabelNames(folder: string): LabelNames {
  const file = path.join(folder, "config.json");
  const { id2label, label2id } = parseConfigFile(file);
  if (!isRecordOf(id2label, "string") || !isRecordOf(label2id, "number"))
    throw new ModelError(
      `${shownPath(file)} has an id2label or label2id that is no list of names and numbers: ${JSON.stringify({ id2label, label2id })}. Mend it, or take it out.`,
    );
  return new LabelNames(outputsIn(folder), id2label, label2id);
}

/**
 * Writes `id2label` and `label2id` into a folder's config.json and leaves everything else in it as it is.
 *
 * @throws ModelError if there are not as many names as outputs, or two outputs share one
 */
export function mendLabelNames(folder: string, id2label: Readonly<Record<number, string>>): LabelNames {
  const file = path.join(folder, "config.json");
  const json = parseConfigFile(file);
  const [problem] = labelNameProblems(id2label, outputsIn(folder));
  if (problem) throw new ModelError(`${shownPath(file)} was left as it is. ${problem} Give other names.`);
  const mended = { ...json, id2label, label2id: label2idOf(id2label) };
  writeFileAtomically(file, `${JSON.stringify(mended, null, 2)}\n`);
  return readLabelNames(folder);
}

/**
 * What is wrong with names for a classifier's outputs, a sentence each: their number, their numbering, or one that stands
 * for two outputs.
 *
 * @param outputs - `undefined` for an encoder without a head, to which any number of names fits
 */
export function labelNameProblems(
  id2label: Readonly<Record<string, string>>,
  outputs: number | undefined,
): string[] {
  const ids = Object.keys(id2label);
  const names = Object.values(id2label);
  const shown = ids.map((id) => `${id} ${id2label[id] ?? ""}`).join(", ") || "none";
  const problems: string[] = [];
  if (outputs !== undefined && ids.length !== outputs)
    problems.push(`id2label has ${ids.length} names (${shown}) and the classifier ${outputs} outputs.`);
  else if (ids.length === 0) problems.push("id2label has no name.");
  if (ids.some((id, index) => id !== String(index)))
    problems.push(`id2label (${shown}) is not numbered from 0.`);
  if (new Set(names).size < names.length) problems.push(`id2label (${shown}) gives one name to two outputs.`);
  return problems;
}

/** How many labels a model's weights tell apart; `undefined` for an encoder without a head. */
export function classifierOutputs(
  tensors: ReadonlyMap<string, Pick<TensorInfo, "shape">>,
): number | undefined {
  const shape = tensors.get("classifier.weight")?.shape;
  return shape?.length === 2 ? shape[0] : undefined;
}

function outputsIn(folder: string): number | undefined {
  const shapes = weightShapes(folder);
  return shapes && classifierOutputs(shapes);
}

type Primitive = { string: string; number: number };

function isRecordOf<Kind extends keyof Primitive>(
  value: unknown,
  kind: Kind,
): value is Record<string, Primitive[Kind]> | undefined {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((part) => typeof part === kind);
}

function sameMapping(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
