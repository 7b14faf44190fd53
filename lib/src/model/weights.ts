import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFilesAtomically, type FileContent } from "../runtime/atomic-file";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import {
  holdsFloats,
  openSafetensors,
  safetensorsBytes,
  type HostTensor,
  type SafetensorsFile,
  type TensorInfo,
} from "./safetensors";
import { quoteName } from "./safetensors-header";
import { readShardIndex, shardIndexJson, SHARD_INDEX_NAME } from "./shard-index";
import { shardBytes, splitIntoShards } from "./shard-split";

/** The file of a model's weights where they are in one (transformers' SAFE_WEIGHTS_NAME). */
export const WEIGHTS_NAME = "model.safetensors";

/** A model's weights by name, and the file that errors name: that of the weights, or the index of their shards. */
export interface Weights {
  file: string;
  tensors: Map<string, HostTensor>;
}

/** How weights are saved. */
export interface SaveOptions {
  /** Bytes that a file of weights holds at most, or text such as "5GB"; more are split into shards with an index. "50GB" by default. */
  maxShardSize?: number | string;
}

/**
 * Reads the weights of a model's folder: `model.safetensors`, or where that is absent the shards that
 * `model.safetensors.index.json` names.
 *
 * @throws ModelError if there are neither, a shard is missing or lacks a tensor, or a file cannot be used
 */
export function readWeights(folder: string): Weights {
  const file = weightsFile(folder);
  if (!file)
    throw new ModelError(
      `${shownPath(path.join(folder, WEIGHTS_NAME))} does not exist: expected the weights beside config.json.`,
    );
  const tensors = new Map<string, HostTensor>();
  visitTensors(file, (opened, name) => tensors.set(name, opened.read(name)));
  return { file, tensors };
}

/**
 * Types and shapes of the weights in a model's folder, out of the headers alone; `undefined` if it has no weights.
 *
 * @throws ModelError as {@link readWeights}
 */
export function weightShapes(folder: string): Map<string, TensorInfo> | undefined {
  const file = weightsFile(folder);
  if (!file) return undefined;
  const shapes = new Map<string, TensorInfo>();
  visitTensors(file, (_opened, name, info) => shapes.set(name, info));
  return shapes;
}

/** Names of the shards that a folder's index names; none where the weights are in one file. */
export function shardNames(folder: string): string[] {
  return weightsFile(folder)?.endsWith(SHARD_INDEX_NAME) ? [...readShardIndex(folder).keys()] : [];
}

/**
 * Writes a model's weights with the names that transformers gives them: `model.safetensors`, or shards and their index. What an earlier
 * save left under other names goes once all is written, since a reader would prefer it, or mistake it for a part.
 *
 * @throws ArgumentError for a size that is none
 * @throws ModelError as writeSafetensors
 */
export function writeWeights(
  folder: string,
  tensors: ReadonlyMap<string, HostTensor>,
  options: SaveOptions = {},
): void {
  const shards = splitIntoShards(tensors, shardBytes(options.maxShardSize ?? "50GB"));
  const names = shards.map((_, index) =>
    shards.length === 1 ? WEIGHTS_NAME : shardName(index + 1, shards.length),
  );
  const files = new Map<string, FileContent>();
  const inShards = new Map<string, string[]>();
  for (const [index, shard] of shards.entries()) {
    const name = names[index] ?? WEIGHTS_NAME;
    files.set(name, safetensorsBytes(shard));
    inShards.set(name, [...shard.keys()]);
  }
  if (shards.length > 1) {
    const counts = [...tensors.values()].map(({ data }) => data.length);
    const totalParameters = counts.reduce((sum, count) => sum + count, 0);
    // float32
    files.set(
      SHARD_INDEX_NAME,
      shardIndexJson({ shards: inShards, totalParameters, totalSize: 4 * totalParameters }),
    );
  }
  writeFilesAtomically(new Map([...files].map(([name, content]) => [path.join(folder, name), content])));
  for (const name of readdirSync(folder))
    if (isWeights(name) && !files.has(name)) rmSync(path.join(folder, name), { force: true });
}

function weightsFile(folder: string): string | undefined {
  return [WEIGHTS_NAME, SHARD_INDEX_NAME]
    .map((name) => path.join(folder, name))
    .find((file) => existsSync(file));
}

type Visit = (opened: SafetensorsFile, name: string, info: TensorInfo) => void;

/** Whole numbers are passed over, as by readSafetensors. */
function visitTensors(file: string, visit: Visit): void {
  const folder = path.dirname(file);
  const shards: [name: string, tensors: string[] | undefined][] = file.endsWith(SHARD_INDEX_NAME)
    ? [...readShardIndex(folder)]
    : [[WEIGHTS_NAME, undefined]];
  for (const [shard] of shards)
    if (!existsSync(path.join(folder, shard)))
      throw new ModelError(
        `${shownPath(file)} names the shard ${quoteName(shard)}, which is not beside it. Fetch or save the model again.`,
      );
  for (const [shard, listed] of shards) {
    const opened = openSafetensors(path.join(folder, shard));
    try {
      for (const name of listed ?? opened.tensors.keys()) {
        const info = opened.tensors.get(name);
        if (!info)
          throw new ModelError(
            `${shownPath(path.join(folder, shard))} has no tensor ${quoteName(name)}, which the index puts there. Fetch or save the model again.`,
          );
        if (holdsFloats(info.dtype)) visit(opened, name, info);
      }
    } finally {
      opened.close();
    }
  }
}

function shardName(number: number, count: number): string {
  const padded = [number, count].map((value) => String(value).padStart(5, "0"));
  return WEIGHTS_NAME.replace(".", `-${padded.join("-of-")}.`);
}

function isWeights(name: string): boolean {
  return [WEIGHTS_NAME, SHARD_INDEX_NAME].includes(name) || /^model-\d{5}-of-\d{5}\.safetensors$/.test(name);
}
