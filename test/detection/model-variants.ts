import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { tf } from "../../lib/src/runtime/tensorflow";
import type { World } from "./world";

type Names = Record<number, string>;

const copies = new WeakMap<World, Map<string, Promise<DistilBertForSequenceClassification>>>();

/** The healthy model under other names for its outputs, loaded once. */
export async function renamedModel(
  world: World,
  id2label: Names,
): Promise<DistilBertForSequenceClassification> {
  const { folder } = await world.healthyModel();
  return loadedOnce(world, folder, id2label);
}

/** A model of a folder, loaded once for each way to name its outputs. */
export function loadedOnce(
  world: World,
  folder: string,
  id2label?: Names,
): Promise<DistilBertForSequenceClassification> {
  const known = copies.get(world) ?? new Map<string, Promise<DistilBertForSequenceClassification>>();
  copies.set(world, known);
  const key = JSON.stringify([folder, id2label]);
  const model =
    known.get(key) ??
    DistilBertForSequenceClassification.fromPretrained(folder, id2label ? { id2label } : {});
  known.set(key, model);
  return model;
}

/**
 * A copy of the healthy model whose logits are multiplied and moved. It is one copy, which the next call changes: the subject of a
 * fault is asked before the next is made.
 */
export async function changedHead(
  world: World,
  { scale = 1, shift = 0 }: { scale?: number; shift?: number },
): Promise<DistilBertForSequenceClassification> {
  const { model: healthy, folder } = await world.healthyModel();
  const copy = await loadedOnce(world, folder);
  tf.tidy(() => {
    for (const name of ["classifier.weight", "classifier.bias"]) {
      const values = healthy.variables.get(name)?.read();
      if (!values) throw new Error(`The healthy model has no ${name}.`);
      const moved = name.endsWith("bias")
        ? values.mul(scale).add(tf.tensor1d([-shift / 2, shift / 2]))
        : values.mul(scale);
      copy.variables.get(name)?.assign(moved);
    }
  });
  return copy;
}

/** A folder with the healthy model's files, which is gone at the end, and another config.json or a card beside them. */
export async function changedFolder(
  world: World,
  { config = {}, card }: { config?: object; card?: string },
): Promise<string> {
  const { folder: healthy } = await world.healthyModel();
  const folder = path.join(temporaryRoot(), String(readdirSync(temporaryRoot()).length));
  mkdirSync(folder);
  for (const name of readdirSync(healthy))
    if (name !== "config.json") symlinkSync(path.join(healthy, name), path.join(folder, name));
  const stored = JSON.parse(readFileSync(path.join(healthy, "config.json"), "utf8")) as object;
  // what is undefined is left out
  writeFileSync(path.join(folder, "config.json"), JSON.stringify({ ...stored, ...config }));
  if (card !== undefined) writeFileSync(path.join(folder, "README.md"), card);
  return folder;
}

let root: string | undefined;

function temporaryRoot(): string {
  if (root === undefined) {
    const made = mkdtempSync(path.join(os.tmpdir(), "finetune-debug-faults-"));
    process.on("exit", () => {
      rmSync(made, { recursive: true, force: true });
    });
    root = made;
  }
  return root;
}
