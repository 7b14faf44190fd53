import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ReviewSet } from "../../../../lib/src/data/review-set";
import { loadRatings } from "../../../../lib/src/data/snippets";
import { balanced } from "../../../../lib/src/data/splits";
import { writeFolderAtomically } from "../../../../lib/src/runtime/atomic-file";
import { label2idOf } from "../../../../lib/src/model/config-file";
import { readSafetensors, writeSafetensors } from "../../../../lib/src/model/safetensors";
import type { World } from "../../world";

/** Four classes of like size, by the mean rating: neighbours are hard to tell apart. */
export const RATED: Readonly<Record<number, string>> = {
  0: "VERY NEGATIVE",
  1: "NEGATIVE",
  2: "POSITIVE",
  3: "VERY POSITIVE",
};
const RATING_EDGES = [-1.5, 0, 1.5];
/** Of how much surer the healthy model is of POSITIVE than of NEGATIVE, in logits. */
const MARGIN_EDGES = [-2.5, 0, 2.5];

/** As many reviews of each class, none of which the model has seen. */
export function ratedSet(world: World, { perLabel, seed }: { perLabel: number; seed: number }): ReviewSet {
  const ratings = new Map(loadRatings().map(({ text, rating }) => [text, rating]));
  const rows = world.unseen.texts.map((text) => ({
    text,
    label: RATING_EDGES.filter((edge) => (ratings.get(text) ?? 0) >= edge).length,
  }));
  return balanced(new ReviewSet("rated", rows, RATED), { perLabel, seed }).rename("test");
}

/** A folder with the healthy model under a head of four outputs, which cut its opinion into as many ranges: right in three of five. */
export async function ratedFolder(world: World): Promise<string> {
  const { folder } = await world.healthyModel();
  const rated = `${folder}-rated`;
  if (existsSync(rated)) return rated;
  const { tensors } = readSafetensors(path.join(folder, "model.safetensors"));
  const difference = (name: string): number[] => {
    const values = Array.from(tensors.get(name)?.data ?? []);
    const half = values.length / 2;
    return values.slice(half).map((value, index) => value - (values[index] ?? 0));
  };
  const [weight, [bias = 0]] = [difference("classifier.weight"), difference("classifier.bias")];
  // output k says k times the opinion, less the edges below it: it is the largest between its two edges
  const outputs = [0, ...MARGIN_EDGES].map((_, output) => ({
    weight: weight.map((value) => output * value),
    bias: output * bias - MARGIN_EDGES.slice(0, output).reduce((sum, edge) => sum + edge, 0),
  }));
  const head = {
    "classifier.weight": {
      shape: [outputs.length, weight.length],
      data: Float32Array.from(outputs.flatMap((output) => output.weight)),
    },
    "classifier.bias": {
      shape: [outputs.length],
      data: Float32Array.from(outputs.map((output) => output.bias)),
    },
  };
  const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as object;
  writeFolderAtomically(rated, (part) => {
    writeSafetensors(path.join(part, "model.safetensors"), new Map([...tensors, ...Object.entries(head)]));
    const names = { id2label: RATED, label2id: label2idOf(RATED) };
    writeFileSync(path.join(part, "config.json"), JSON.stringify({ ...config, ...names }));
  });
  return rated;
}
