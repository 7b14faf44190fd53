import { readFileSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";

/** What the config of every classifier says: what its outputs mean. */
export interface ClassifierConfig {
  id2label: Record<number, string>;
  label2id: Record<string, number>;
}

/** The label names of a model nobody named, as transformers gives them. */
export const DEFAULT_ID2LABEL: Record<number, string> = defaultId2label(2);

/** What an output is called: as the model says (a list is by output), or as transformers calls what nobody named. */
export function labelName(names: Readonly<Record<number, string>>, id: number): string {
  return names[id] ?? `LABEL_${id}`;
}

/** Turns `id2label` round. */
export function label2idOf(id2label: Record<number, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(id2label).map(([id, label]) => [label, Number(id)]));
}

/** Whether a number can be a share that is dropped: what is kept is divided by 1 - rate. */
export function isDropoutRate(value: number): boolean {
  return value >= 0 && value < 1;
}

/**
 * The JSON object in a config.json, of whatever architecture.
 *
 * @throws ModelError if the file is missing or holds no JSON object
 */
export function parseConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new ModelError(
      `${shownPath(file)} does not exist: expected a model folder with config.json and model.safetensors.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError(`${shownPath(file)} is not JSON (${(error as Error).message}).`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new ModelError(`${shownPath(file)} is not a JSON object.`);
  return json as Record<string, unknown>;
}

/** Reads single fields of a config.json, and refuses with a ModelError what a field may not be. */
export class ConfigFields {
  readonly #json: Record<string, unknown>;

  /**
   * Takes the fields of a config.
   *
   * @param source what errors call it
   */
  constructor(
    private readonly source: string,
    json: Record<string, unknown>,
  ) {
    this.#json = json;
  }

  /**
   * Takes the fields of a model folder's config.json.
   *
   * @throws ModelError if the file is missing, holds no JSON object, or describes another architecture
   */
  static ofFolder(folder: string, modelType: string): ConfigFields {
    const file = path.join(folder, "config.json");
    const json = parseConfigFile(file);
    const { model_type: type } = json;
    if (type !== modelType)
      throw new ModelError(
        `${shownPath(file)} describes a ${JSON.stringify(type)} model; expected model_type "${modelType}".`,
      );
    return new ConfigFields(shownPath(file), json);
  }

  /** A number. */
  number(key: string, fallback?: number): number {
    return this.#numberThat(Number.isFinite, "a number", key, fallback);
  }

  /** A whole number above 0. */
  size(key: string, fallback?: number): number {
    const isSize = (value: number): boolean => Number.isInteger(value) && value > 0;
    return this.#numberThat(isSize, "a whole number above 0", key, fallback);
  }

  /** A share that is dropped in training. */
  rate(key: string, fallback: number): number {
    return this.#numberThat(isDropoutRate, "a number from 0 to below 1", key, fallback);
  }

  /** A share that is dropped in training, or `null` where the config leaves it to another. */
  rateOrNull(key: string): number | null {
    return (this.#json[key] ?? null) === null ? null : this.rate(key, 0);
  }

  /** A field that lib knows in one way only, which is also what a config without it means. */
  only(key: string, expected: string | number | boolean): void {
    const value = this.#json[key] ?? expected;
    if (value !== expected) this.#refuse(key, JSON.stringify(expected));
  }

  /** Names of the labels; those of a model nobody named where there are none. */
  labels(): ClassifierConfig {
    this.only("problem_type", "single_label_classification");
    const id2label = this.#json["id2label"] ?? defaultId2label(this.size("num_labels", 2));
    if (!isLabelNames(id2label)) return this.#refuse("id2label", "names by the numbers from 0");
    return { id2label, label2id: label2idOf(id2label) };
  }

  /** Refuses a width that its heads cannot share evenly. */
  divides(parts: string, whole: string): void {
    const [heads, width] = [this.size(parts), this.size(whole)];
    if (width % heads !== 0)
      throw new ModelError(
        `${this.source} has ${whole} ${width}, which its ${parts} ${heads} do not divide.`,
      );
  }

  #numberThat(
    accepts: (value: number) => boolean,
    expected: string,
    key: string,
    fallback: number | undefined,
  ): number {
    const value = this.#json[key] ?? fallback;
    return typeof value === "number" && accepts(value) ? value : this.#refuse(key, expected);
  }

  #refuse(key: string, expected: string): never {
    throw new ModelError(
      `${this.source} has ${key}: ${JSON.stringify(this.#json[key])}; expected ${expected}.`,
    );
  }
}

function defaultId2label(count: number): Record<number, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, id) => [id, labelName({}, id)]));
}

function isLabelNames(value: unknown): value is Record<number, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value as Record<string, unknown>);
  return (
    entries.length > 0 && entries.every(([id, name], index) => id === `${index}` && typeof name === "string")
  );
}
