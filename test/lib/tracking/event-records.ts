import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import protobuf from "protobufjs";
import { crc32c } from "../../../lib/src/tracking/crc32c";

/** What an event file says, read by the numbers of TensorFlow's protocol alone. */
export interface ReadEvent {
  step: number;
  fileVersion?: string;
  isStart: boolean;
  scalars: [tag: string, value: number][];
  texts: [tag: string, text: string][];
}

/** All events of a folder, in the order in which TensorBoard reads them. */
export function readEvents(folder: string): ReadEvent[] {
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => records(readFileSync(path.join(folder, name))).map(readEvent));
}

/** The curves that TensorBoard shows of events: what a start makes void is left out. */
export function curves(events: readonly ReadEvent[]): Record<string, [step: number, value: number][]> {
  const shown: Record<string, [number, number][]> = {};
  for (const { step, isStart, scalars } of events) {
    if (isStart)
      for (const [tag, points] of Object.entries(shown)) shown[tag] = points.filter(([at]) => at < step);
    for (const [tag, value] of scalars) (shown[tag] ??= []).push([step, value]);
  }
  return shown;
}

function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    assert.equal(unmasked(file.readUInt32LE(at + 8)), crc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(unmasked(file.readUInt32LE(at + 12 + length)), crc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

function unmasked(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

type Fields = Map<number, (number | Buffer)[]>;

/** The fields of a message by their numbers. */
function fieldsOf(data: Buffer): Fields {
  const reader = protobuf.Reader.create(data);
  const fields: Fields = new Map();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const value = read(reader, tag & 7);
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
  }
  return fields;
}

function read(reader: protobuf.Reader, wireType: number): number | Buffer {
  if (wireType === 0) return Number(reader.int64());
  if (wireType === 1) return reader.double();
  if (wireType === 5) return reader.float();
  return Buffer.from(reader.bytes());
}

const bytes = (fields: Fields, number: number): Buffer | undefined => {
  const value = fields.get(number)?.[0];
  return Buffer.isBuffer(value) ? value : undefined;
};

function readEvent(data: Buffer): ReadEvent {
  const event = fieldsOf(data);
  const session = bytes(event, 7);
  const summary = bytes(event, 5);
  const values = (summary ? (fieldsOf(summary).get(1) ?? []) : []).map((value) => fieldsOf(value as Buffer));
  const read: ReadEvent = {
    step: Number(event.get(2)?.[0] ?? 0),
    isStart: session !== undefined && fieldsOf(session).get(1)?.[0] === 1,
    scalars: values
      .filter((value) => !value.has(8))
      .map((value) => [tagOf(value), Number(value.get(2)?.[0] ?? 0)]),
    texts: values.filter((value) => value.has(8)).map((value) => [tagOf(value), textOf(value)]),
  };
  const version = bytes(event, 3);
  if (version) read.fileVersion = version.toString();
  return read;
}

const tagOf = (value: Fields): string => bytes(value, 1)?.toString() ?? "";

function textOf(value: Fields): string {
  const tensor = bytes(value, 8);
  return (tensor && bytes(fieldsOf(tensor), 8)?.toString()) ?? "";
}
