import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { JsonReader } from "./json-reader";

/** What a header says of a tensor. */
export interface TensorEntry {
  /** The format's name of the elements' type, such as `F32` or `BF16`. */
  dtype: string;
  shape: number[];
  /** Where its bytes begin in the data behind the header. */
  begin: number;
  /** Where they end. */
  end: number;
}

/** A header, read and checked. */
export interface Header {
  /** Tensors in the order of the file's data. */
  entries: Map<string, TensorEntry>;
  /** The file's own notes (`__metadata__`). */
  metadata: Record<string, string>;
}

/** The format's own limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE). */
export const MAX_HEADER_BYTES = 100_000_000;

/** A map, since an object also has names such as `toString`, which a file may claim as a type. */
const BITS_PER_ELEMENT = new Map(
  Object.entries({
    ...{ F64: 64, F32: 32, F16: 16, BF16: 16, C64: 64, I64: 64, I32: 32, I16: 16, I8: 8 },
    ...{ U64: 64, U32: 32, U16: 16, U8: 8, BOOL: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8 },
    ...{ F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
  }),
);
const FIELDS = new Set(["dtype", "shape", "data_offsets"]);
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Reads a header and checks every claim of it against the others and the bytes of data that there are; takes no memory for what it
 * claims.
 *
 * Refused is what the reference implementation refuses (safetensors/src/tensor.rs), and what the format's description forbids but that
 * lets pass: one name twice, a list in place of a tensor's object.
 *
 * @param params - `file`: named in errors; `bytes`: the header; `dataBytes`: bytes of the file behind it
 * @throws ModelError naming the file and what is wrong with it
 */
export function parseHeader(params: { file: string; bytes: Uint8Array; dataBytes: number }): Header {
  const { file, bytes, dataBytes } = params;
  try {
    // a byte order mark is no JSON
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const { entries, metadata } = readHeader(file, new JsonReader(text));
    return { entries: inDataOrder(file, entries, dataBytes), metadata };
  } catch (error) {
    // TypeError: what the decoder throws
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw unusable(file, `its header is not JSON in UTF-8 (${error.message})`);
  }
}

/** The error for a file that cannot be used. */
export function unusable(file: string, what: string): ModelError {
  return new ModelError(
    `${shownPath(file)} is not a usable safetensors file: ${what}. Fetch or save it again.`,
  );
}

/** A tensor's name as errors show it: a file may claim one of any length. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
}

function readHeader(file: string, reader: JsonReader): Header {
  const entries = new Map<string, TensorEntry>();
  let metadata: Header["metadata"] | undefined;
  const isObject = reader.next() === "{";
  if (isObject)
    reader.object((name) => {
      if (name === "__metadata__") {
        if (metadata) throw unusable(file, "it gives __metadata__ twice");
        metadata = readMetadata(file, reader);
      } else {
        if (entries.has(name)) throw unusable(file, `it names tensor ${quoteName(name)} twice`);
        entries.set(name, readEntry(file, name, reader));
      }
    });
  else reader.skip();
  reader.end();
  if (!isObject) throw unusable(file, "its header is not an object");
  return { entries, metadata: metadata ?? {} };
}

function readMetadata(file: string, reader: JsonReader): Record<string, string> {
  const notes = new Map<string, string>();
  const notText = () => unusable(file, "its __metadata__ is not a map of text to text");
  if (reader.next() === "{")
    reader.object((name) => {
      if (notes.has(name)) throw unusable(file, `its __metadata__ names ${quoteName(name)} twice`);
      if (reader.next() !== '"') throw notText();
      notes.set(name, reader.string());
    });
  // the reference takes null for no notes
  else if (reader.next() !== "n" || reader.scalar() !== "null") throw notText();
  return Object.fromEntries(notes);
}

function readEntry(file: string, name: string, reader: JsonReader): TensorEntry {
  let dtype: string | undefined;
  const numbers = new Map<string, number[] | undefined>();
  const seen = new Set<string>();
  const readField = (field: string) => {
    if (seen.has(field)) throw unusable(file, `it gives ${field} of tensor ${quoteName(name)} twice`);
    seen.add(field);
    if (field !== "dtype") numbers.set(field, wholeNumbers(reader));
    else if (reader.next() === '"') dtype = reader.string();
    else reader.skip();
  };
  if (reader.next() === "{")
    reader.object((field) => {
      if (FIELDS.has(field)) readField(field);
      else reader.skip();
    });
  else reader.skip();
  const shape = numbers.get("shape");
  const offsets = numbers.get("data_offsets");
  const [begin, end] = offsets ?? [];
  if (!shape || begin === undefined || end === undefined || offsets?.length !== 2)
    throw unusable(
      file,
      `tensor ${quoteName(name)} lacks a shape or data_offsets of whole numbers below 2^53`,
    );
  const entry = { dtype: dtype ?? "undefined", shape, begin, end };
  checkSize(file, name, entry);
  return entry;
}

/** The numbers of an array; `undefined` if it is none, or one of them is not a whole number that JavaScript holds exactly. */
function wholeNumbers(reader: JsonReader): number[] | undefined {
  const numbers: number[] = [];
  let areWhole = true;
  if (reader.next() === "[")
    reader.array(() => {
      const isDigit = /\d/.test(reader.next());
      const written = isDigit ? reader.scalar() : "";
      if (!isDigit) reader.skip();
      const number = Number(written);
      areWhole &&= /^\d+$/.test(written) && Number.isSafeInteger(number);
      if (areWhole) numbers.push(number);
    });
  else {
    reader.skip();
    areWhole = false;
  }
  return areWhole ? numbers : undefined;
}

function checkSize(file: string, name: string, { dtype, shape, begin, end }: TensorEntry): void {
  const refuse = (what: string) => unusable(file, `tensor ${quoteName(name)} ${what}`);
  const size = BITS_PER_ELEMENT.get(dtype);
  if (size === undefined) throw refuse(`is of the unknown type ${quoteName(dtype).slice(1, -1)}`);
  const shown = `of shape [${shape.slice(0, 10).join(", ")}${shape.length > 10 ? ", ..." : ""}]`;
  let elements = 1n;
  for (const length of shape) {
    elements *= BigInt(length);
    // refused even if a length of 0 follows, as by the reference
    if (elements > MAX_U64) throw refuse(`${shown} has more elements than 64 bits can count (overflow)`);
  }
  const bits = elements * BigInt(size);
  if (bits % 8n !== 0n) throw refuse(`${shown} and type ${dtype} does not end with a whole byte`);
  if (bits / 8n !== BigInt(end - begin))
    throw refuse(`${shown} needs ${bits / 8n} bytes, its data_offsets give ${end - begin}`);
}

/** Tensors must fill the data without overlap or hole, as the reference implementation demands. */
function inDataOrder(file: string, entries: Header["entries"], dataBytes: number): Header["entries"] {
  const sorted = [...entries].sort(([, left], [, right]) => left.begin - right.begin || left.end - right.end);
  let expected = 0;
  for (const [name, { begin, end }] of sorted) {
    if (begin !== expected)
      throw unusable(
        file,
        `tensor ${quoteName(name)} begins at ${begin}, where ${expected} was expected (overlap or hole)`,
      );
    expected = end;
  }
  if (expected !== dataBytes)
    throw unusable(file, `its tensors need ${expected} bytes of data, and the file has ${dataBytes}`);
  return new Map(sorted);
}
