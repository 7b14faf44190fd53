import { ArgumentError } from "../runtime/errors";
import type { HostTensor } from "./safetensors";

const UNITS = new Map(Object.entries({ KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }));

/**
 * Splits tensors into shards of at most so many bytes, in their order; a larger tensor gets a shard of its own
 * (huggingface_hub's `split_state_dict_into_shards_factory`).
 */
export function splitIntoShards(
  tensors: ReadonlyMap<string, HostTensor>,
  maxBytes: number,
): Map<string, HostTensor>[] {
  const shards: Map<string, HostTensor>[] = [];
  let current = new Map<string, HostTensor>();
  let bytes = 0;
  for (const [name, tensor] of tensors) {
    const size = tensor.data.byteLength;
    if (size > maxBytes) {
      shards.push(new Map([[name, tensor]]));
      continue;
    }
    if (bytes + size > maxBytes) {
      shards.push(current);
      current = new Map();
      bytes = 0;
    }
    current.set(name, tensor);
    bytes += size;
  }
  return current.size > 0 || shards.length === 0 ? [...shards, current] : shards;
}

/**
 * The bytes of a size such as 5000000 or "5MB": units of a thousand, as huggingface_hub's `parse_size_to_int` has them.
 *
 * @throws ArgumentError for anything else
 */
export function shardBytes(size: number | string): number {
  const [, digits = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]B)\s*$/i.exec(String(size)) ?? [];
  const bytes =
    typeof size === "number" ? size : Math.floor(Number(digits) * (UNITS.get(unit.toUpperCase()) ?? 0));
  if (!(bytes > 0))
    throw new ArgumentError(
      `maxShardSize is ${JSON.stringify(size)}; expected a number of bytes above 0, or text such as "5GB" (KB, MB, GB or TB).`,
    );
  return bytes;
}
