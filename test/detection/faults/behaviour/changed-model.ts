import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import type { ResourceVariable } from "../../../../lib/src/runtime/resource-variable";
import type { Tensor } from "../../../../lib/src/runtime/tensor";
import type { World } from "../../world";

/** A model that a fault may change. */
export interface ChangedModel {
  readonly model: DistilBertForSequenceClassification;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
}

const copies = new WeakMap<World, Promise<DistilBertForSequenceClassification>>();

/** A copy of the healthy model to change: there is one, which each call gives back as the healthy one is. */
export async function copyOfHealthy(world: World): Promise<ChangedModel> {
  const { model: healthy, tokenizer, maxLength, folder } = await world.healthyModel();
  const known = copies.get(world) ?? DistilBertForSequenceClassification.fromPretrained(folder);
  copies.set(world, known);
  const model = await known;
  for (const [name, variable] of healthy.variables) assign(variableOf(model, name), () => variable.read());
  return { model, tokenizer, maxLength };
}

/** A parameter by its name. */
export function variableOf(model: DistilBertForSequenceClassification, name: string): ResourceVariable {
  const variable = model.variables.get(name);
  if (!variable) throw new Error(`The model has no parameter ${name}.`);
  return variable;
}

/** Replaces a parameter by what a function computes. */
export function assign(variable: ResourceVariable, compute: () => Tensor): void {
  tf.tidy(() => {
    variable.assign(compute());
  });
}

/** Moves the embeddings of words towards that of others: `amount` of 1 makes them the same. Words of several pieces are left out. */
export function mixWords(
  { model, tokenizer }: ChangedModel,
  pairs: readonly (readonly [word: string, towards: string])[],
  amount: number,
): void {
  const table = variableOf(model, model.wordTable);
  const rowsOf = (words: readonly string[]): number[] => tokenizer.convertTokensToIds(words);
  const whole = pairs.filter((pair) => pair.every((word) => tokenizer.tokens(word).length === 3));
  tf.tidy(() => {
    const own = tf.tensor1d(rowsOf(whole.map(([word]) => word)), "int32");
    const others = tf.tensor1d(rowsOf(whole.map(([, towards]) => towards)), "int32");
    const mixed = table
      .readRows(own)
      .mul(1 - amount)
      .add(table.readRows(others).mul(amount));
    table.assignRows(own, mixed);
  });
}

/** The healthy model's tokenizer, but for what a function changes in its tokenizer.json. */
export async function changedTokenizer(
  world: World,
  change: (json: TokenizerJson) => void,
): Promise<Tokenizer> {
  const { tokenizer } = await world.healthyModel();
  const folder = mkdtempSync(path.join(tmpdir(), "tokenizer-"));
  try {
    tokenizer.savePretrained(folder);
    const file = path.join(folder, "tokenizer.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as TokenizerJson;
    change(json);
    writeFileSync(file, JSON.stringify(json));
    return Tokenizer.fromFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What faults change of a tokenizer.json. */
export interface TokenizerJson {
  normalizer: Record<string, unknown>;
  model: { vocab: Record<string, number> };
}
