import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";

/** A float32 tensor on the host, in row-major order. */
export interface HostTensor {
  shape: number[];
  data: Float32Array;
}

/** Named tensors of a safetensors file, with the file's own notes. */
export interface TensorFile {
  tensors: Map<string, HostTensor>;
  metadata: Record<string, string>;
}

interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** The format's own limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE). */
const MAX_HEADER_BYTES = 100_000_000;
/** A map, since an object also has names such as `toString`, which a file may claim as a type. */
const BYTES_PER_ELEMENT = new Map(
  Object.entries({
    ...{ F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1 },
    ...{ U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
  }),
);

/**
 * Reads the float32 tensors of a safetensors file.
 *
 * Whole numbers are passed over: old BERT files carry `position_ids`, which are no parameters. Floats of another size are
 * refused.
 *
 * Every claim of the header is checked against the file before memory is taken for it.
 *
 * @throws ModelError naming the file and what is wrong with it
 */
export function readSafetensors(file: string): TensorFile {
  const descriptor = openFile(file);
  try {
    const fileBytes = fstatSync(descriptor).size;
    const { entries, metadata, dataBegin } = readHeader(file, descriptor, fileBytes);
    checkLayout(file, entries, fileBytes - dataBegin);
    const tensors = new Map<string, HostTensor>();
    for (const { name, dtype, shape, begin, end } of entries) {
      if (/^[IU]\d|^BOOL$/.test(dtype)) continue;
      if (dtype !== "F32")
        throw broken(file, `tensor ${quote(name)} is of type ${dtype}, and only F32 is read`);
      const data = new Float32Array((end - begin) / 4);
      readSync(descriptor, new Uint8Array(data.buffer), 0, end - begin, dataBegin + begin);
      tensors.set(name, { shape, data });
    }
    return { tensors, metadata };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes float32 tensors as transformers does (`format: pt`), names sorted, whole or not at all.
 *
 * @throws ModelError if a tensor's values do not fill its shape: no reader would take the file
 */
export function writeSafetensors(file: string, tensors: Map<string, HostTensor>): void {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const sorted = [...tensors].sort(([left], [right]) => (left < right ? -1 : 1));
  let offset = 0;
  for (const [name, { shape, data }] of sorted) {
    const count = shape.reduce((product, length) => product * length, 1);
    if (data.length !== count)
      throw new ModelError(
        `Tensor ${quote(name)} of shape [${shape.join(", ")}] came with ${data.length} values; expected ${count}.`,
      );
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // the data begins at a multiple of 8, as the format asks; spaces fill the gap
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bodies = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  writeFileAtomically(file, [length, padded, ...bodies]);
}

function openFile(file: string): number {
  try {
    // a folder can be opened, but not read
    if (statSync(file).isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    return openSync(file, "r");
  } catch (error) {
    throw broken(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function readHeader(file: string, descriptor: number, fileBytes: number) {
  if (fileBytes < 8) throw broken(file, `it has ${fileBytes} bytes, fewer than the 8 of a header length`);
  const head = Buffer.alloc(8);
  readSync(descriptor, head, 0, 8, 0);
  const claimed = head.readBigUInt64LE();
  if (claimed > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - 8)))
    throw broken(file, `its header claims ${claimed} bytes, and the file has ${fileBytes}`);
  const headerBytes = Number(claimed);
  const bytes = Buffer.alloc(headerBytes);
  readSync(descriptor, bytes, 0, headerBytes, 8);
  const header = parseHeader(file, bytes);
  const metadata = asMetadata(file, header["__metadata__"]);
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => asEntry(file, name, value));
  return { entries, metadata, dataBegin: 8 + headerBytes };
}

function parseHeader(file: string, bytes: Buffer): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw broken(file, `its header is not JSON in UTF-8 (${(error as Error).message})`);
  }
  if (!isRecord(header)) throw broken(file, "its header is not an object");
  return header;
}

function asMetadata(file: string, value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string"))
    throw broken(file, "its __metadata__ is not a map of text to text");
  return value as Record<string, string>;
}

function asEntry(file: string, name: string, value: unknown): Entry {
  const record = isRecord(value) ? value : {};
  const shape = wholeNumbers(record["shape"]);
  const offsets = wholeNumbers(record["data_offsets"]);
  const [begin, end] = offsets ?? [];
  if (!shape || begin === undefined || end === undefined || offsets?.length !== 2)
    throw broken(file, `tensor ${quote(name)} lacks a shape or data_offsets of whole numbers`);
  const dtype = String(record["dtype"]);
  const size = BYTES_PER_ELEMENT.get(dtype);
  if (size === undefined) throw broken(file, `tensor ${quote(name)} is of the unknown type ${dtype}`);
  const bytes = shape.reduce((product, length) => product * length, size);
  if (end - begin !== bytes)
    throw broken(
      file,
      `tensor ${quote(name)} of shape [${shape.join(", ")}] needs ${bytes} bytes, its data_offsets give ${end - begin}`,
    );
  return { name, dtype, shape, begin, end };
}

/** Tensors must fill the data without overlap or hole, as the reference implementation demands. */
function checkLayout(file: string, entries: Entry[], dataBytes: number): void {
  let expected = 0;
  for (const { name, begin, end } of [...entries].sort(
    (left, right) => left.begin - right.begin || left.end - right.end,
  )) {
    if (begin !== expected)
      throw broken(
        file,
        `tensor ${quote(name)} begins at ${begin}, where ${expected} was expected (overlap or hole)`,
      );
    expected = end;
  }
  if (expected !== dataBytes)
    throw broken(file, `its tensors need ${expected} bytes of data, and the file has ${dataBytes}`);
}

function wholeNumbers(value: unknown): number[] | undefined {
  const isWhole = (item: unknown) => typeof item === "number" && Number.isSafeInteger(item) && item >= 0;
  return Array.isArray(value) && value.every(isWhole) ? (value as number[]) : undefined;
}

const quote = (name: string): string => JSON.stringify(name);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function broken(file: string, what: string): ModelError {
  return new ModelError(
    `${shownPath(file)} is not a usable safetensors file: ${what}. Fetch or save it again.`,
  );
}
