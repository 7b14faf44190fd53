import { writeFileSync } from "node:fs";

/** A header's entry of a tensor whose bytes lie from `begin` to `end`. */
export const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => {
  return { dtype, shape, data_offsets: [begin, end] };
};

/** Writes a file of this header, whole or as an object, and so many bytes of data, under a header length that may be a lie. */
export function writeBytes(file: string, header: unknown, dataBytes: number, claimed?: bigint): string {
  const bytes = Buffer.isBuffer(header) ? header : Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(bytes.length));
  writeFileSync(file, Buffer.concat([length, bytes, Buffer.alloc(dataBytes)]));
  return file;
}
