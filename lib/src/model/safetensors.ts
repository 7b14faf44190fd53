import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { widenBfloat16, widenFloat16 } from "./float16";
import { MAX_HEADER_BYTES, parseHeader, quoteName, unusable, type Header } from "./safetensors-header";

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

/** What a safetensors file says of a tensor: the format's name of its type, such as `BF16`, and its shape. */
export interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What one call of `readSync` is asked for at most: Node takes less than 2 GiB. */
const PIECE_BYTES = 2 ** 30;
/** Halves that are widened at a time. */
const PIECE_HALVES = 2 ** 22;

/**
 * Reads the float tensors of a safetensors file; those of half precision (F16, BF16) come as float32, exactly.
 *
 * Whole numbers are passed over: old BERT files carry `position_ids`, which are no parameters. Floats of another size are
 * refused.
 *
 * @throws ModelError as {@link openSafetensors} and {@link SafetensorsFile.read}
 */
export function readSafetensors(file: string): TensorFile {
  const opened = openSafetensors(file);
  try {
    const wanted = [...opened.tensors].filter(([, { dtype }]) => holdsFloats(dtype));
    const tensors = new Map(wanted.map(([name]) => [name, opened.read(name)]));
    return { tensors, metadata: opened.metadata };
  } finally {
    opened.close();
  }
}

/**
 * Opens a safetensors file and reads its header; tensors are read one by one, so that a file may be larger than the memory.
 * The caller closes it.
 *
 * Every claim of the header is checked against the file before memory is taken for it.
 *
 * @throws ModelError naming the file and what is wrong with it
 */
export function openSafetensors(file: string): SafetensorsFile {
  const descriptor = openFile(file);
  try {
    const fileBytes = fstatSync(descriptor).size;
    if (fileBytes < 8) throw unusable(file, `it has ${fileBytes} bytes, fewer than the 8 of a header length`);
    const head = Buffer.alloc(8);
    readFully({ file, descriptor, into: head, position: 0 });
    const claimed = head.readBigUInt64LE();
    if (claimed > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - 8)))
      throw unusable(file, `its header claims ${claimed} bytes, and the file has ${fileBytes}`);
    const bytes = new Uint8Array(Number(claimed));
    readFully({ file, descriptor, into: bytes, position: 8 });
    const dataBegin = 8 + bytes.length;
    const header = parseHeader({ file, bytes, dataBytes: fileBytes - dataBegin });
    return new SafetensorsFile({ file, descriptor, header, dataBegin });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Whether a type is one of floats: tensors of whole numbers are no parameters. */
export function holdsFloats(dtype: string): boolean {
  return !/^[IU]\d|^BOOL$/.test(dtype);
}

/** An open safetensors file; {@link openSafetensors} makes it. */
export class SafetensorsFile {
  /** The file's own notes. */
  readonly metadata: Record<string, string>;
  /** Tensors by name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #file: string;
  readonly #header: Header;
  readonly #dataBegin: number;
  #descriptor: number | undefined;

  constructor(opened: { file: string; descriptor: number; header: Header; dataBegin: number }) {
    this.#file = opened.file;
    this.#descriptor = opened.descriptor;
    this.#header = opened.header;
    this.#dataBegin = opened.dataBegin;
    this.metadata = opened.header.metadata;
    this.tensors = opened.header.entries;
  }

  /**
   * Reads one tensor; takes memory for its float32 values alone.
   *
   * @throws ModelError if there is no such tensor, it is of a type other than F32, F16 and BF16, the file was closed or became shorter,
   * or the memory does not suffice
   */
  read(name: string): HostTensor {
    const entry = this.#header.entries.get(name);
    const file = this.#file;
    if (!entry) throw new ModelError(`${shownPath(file)} has no tensor ${quoteName(name)}.`);
    const descriptor = this.#descriptor;
    if (descriptor === undefined)
      throw new ModelError(`${shownPath(file)} was closed; open it again to read ${quoteName(name)}.`);
    const { dtype, shape, begin, end } = entry;
    const position = this.#dataBegin + begin;
    if (dtype === "F32") {
      const data = float32Values(file, name, (end - begin) / 4);
      readFully({ file, descriptor, into: new Uint8Array(data.buffer), position });
      return { shape: [...shape], data };
    }
    if (dtype !== "F16" && dtype !== "BF16")
      throw new ModelError(
        `${shownPath(file)} has tensor ${quoteName(name)} of type ${dtype}; expected F32, F16 or BF16. Save it as one of them.`,
      );
    const widen = dtype === "F16" ? widenFloat16 : widenBfloat16;
    const data = float32Values(file, name, (end - begin) / 2);
    const halves = new Uint16Array(Math.min(data.length, PIECE_HALVES));
    for (let at = 0; at < data.length; at += halves.length) {
      const piece = halves.subarray(0, data.length - at);
      const into = new Uint8Array(piece.buffer, 0, piece.byteLength);
      readFully({ file, descriptor, into, position: position + at * 2 });
      widen(piece, data.subarray(at, at + piece.length));
    }
    return { shape: [...shape], data };
  }

  /** Closes the file; what was read stays. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/**
 * Writes float32 tensors as transformers does (`format: pt`), names sorted, whole or not at all.
 *
 * @throws ModelError if a tensor's values do not fill its shape, or it has the name of the file's notes: no reader would take the file
 */
export function writeSafetensors(file: string, tensors: Map<string, HostTensor>): void {
  writeFileAtomically(file, safetensorsBytes(tensors));
}

/**
 * What {@link writeSafetensors} writes, in pieces.
 *
 * @throws ModelError as {@link writeSafetensors}
 */
export function safetensorsBytes(tensors: Map<string, HostTensor>): Uint8Array[] {
  const header = new Map<string, unknown>([["__metadata__", { format: "pt" }]]);
  const sorted = [...tensors].sort(([left], [right]) => (left < right ? -1 : 1));
  let offset = 0;
  for (const [name, { shape, data }] of sorted) {
    const count = shape.reduce((product, length) => product * length, 1);
    if (data.length !== count)
      throw new ModelError(
        `Tensor ${quoteName(name)} of shape [${shape.join(", ")}] came with ${data.length} values; expected ${count}.`,
      );
    if (header.has(name))
      throw new ModelError(
        "A tensor is named __metadata__, which are a file's notes; expected another name.",
      );
    header.set(name, { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] });
    offset += data.byteLength;
  }
  // fromEntries, since an assignment to `__proto__` would be lost
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  // the data begins at a multiple of 8, as the format asks; spaces fill the gap
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bodies = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...bodies];
}

function openFile(file: string): number {
  try {
    // a folder can be opened, but not read, and opening a pipe would wait for its writer
    const stats = statSync(file);
    if (!stats.isFile())
      throw Object.assign(new Error("no file"), { code: stats.isDirectory() ? "EISDIR" : "no regular file" });
    return openSync(file, "r");
  } catch (error) {
    throw unusable(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Fills `into` from a position on; a call may read less than it was asked for. */
function readFully(from: { file: string; descriptor: number; into: Uint8Array; position: number }): void {
  const { file, descriptor, into, position } = from;
  let done = 0;
  while (done < into.length) {
    const length = Math.min(into.length - done, PIECE_BYTES);
    let count: number;
    try {
      count = readSync(descriptor, into, done, length, position + done);
    } catch (error) {
      throw unusable(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    if (count === 0)
      throw unusable(file, `it ended at byte ${position + done} while it was read, and was longer before`);
    done += count;
  }
}

function float32Values(file: string, name: string, count: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(count);
  } catch {
    throw new ModelError(
      `${shownPath(file)} has tensor ${quoteName(name)} of ${count} values, and there is no memory for ${4 * count} bytes at once.`,
    );
  }
}
