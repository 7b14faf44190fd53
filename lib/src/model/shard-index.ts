import { readFileSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { JsonReader } from "./json-reader";
import { quoteName } from "./safetensors-header";

/** The file that says which shard holds which tensor (transformers' SAFE_WEIGHTS_INDEX_NAME). */
export const SHARD_INDEX_NAME = "model.safetensors.index.json";

/**
 * Reads a folder's index of shards: the names of the tensors by the shard that holds them.
 *
 * A shard lies beside the index. A name that leads anywhere else is refused, since an index comes from the Hub and may be anybody's.
 *
 * @throws ModelError naming the index and what is wrong with it
 */
export function readShardIndex(folder: string): Map<string, string[]> {
  const file = path.join(folder, SHARD_INDEX_NAME);
  const weightMap = readWeightMap(file);
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of weightMap) {
    // as on Windows too, since what is refused should not depend on the machine
    const isBeside = !/[/\\:\0]/.test(shard) && shard.endsWith(".safetensors");
    if (!isBeside)
      throw unusable(
        file,
        `it puts tensor ${quoteName(tensor)} into ${quoteName(shard)}, which is no safetensors file beside it`,
      );
    const tensors = shards.get(shard);
    if (tensors) tensors.push(tensor);
    else shards.set(shard, [tensor]);
  }
  return shards;
}

/** What {@link readShardIndex} reads, as transformers writes it (`save_pretrained`); sizes in bytes. */
export function shardIndexJson(index: {
  shards: ReadonlyMap<string, readonly string[]>;
  totalParameters: number;
  totalSize: number;
}): string {
  const places = [...index.shards].flatMap(([shard, names]) => names.map((name) => [name, shard] as const));
  const json = {
    metadata: { total_parameters: index.totalParameters, total_size: index.totalSize },
    weight_map: Object.fromEntries(places.sort(([left], [right]) => (left < right ? -1 : 1))),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function readWeightMap(file: string): Map<string, string> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unusable(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const weightMap = new Map<string, string>();
  try {
    const reader = new JsonReader(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    reader.object((field) => {
      if (field !== "weight_map") {
        reader.skip();
        return;
      }
      reader.object((tensor) => {
        if (weightMap.has(tensor)) throw unusable(file, `it names tensor ${quoteName(tensor)} twice`);
        weightMap.set(tensor, reader.string());
      });
    });
    reader.end();
  } catch (error) {
    // TypeError: what the decoder throws
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw unusable(file, `it is no JSON with a weight_map of text to text (${error.message})`);
  }
  if (weightMap.size === 0) throw unusable(file, "its weight_map is missing or empty");
  return weightMap;
}

function unusable(file: string, what: string): ModelError {
  return new ModelError(
    `${shownPath(file)} is not a usable index of shards: ${what}. Fetch or save it again.`,
  );
}
