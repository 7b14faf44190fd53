import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { crc32c } from "./crc32c";
import { encodeEvent, type EventMessage } from "./event-messages";

/**
 * One of TensorBoard's event files: TFRecords of `Event`s (tensorflow/core/lib/io/record_writer.h), each handed to the system as a
 * whole at once, so that a killed process leaves all that it logged.
 *
 * TensorFlow's own writer (`tf.node.summaryFileWriter`) puts the host's name into the file's, and cannot be told not to.
 */
export class EventFile {
  readonly #descriptor: number;

  /**
   * Begins a file after all others of its folder, which TensorBoard reads by name.
   *
   * @throws an error of the file system
   */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const seconds = (Date.now() / 1_000).toFixed(3);
    const name = `events.out.tfevents.${seconds}.finetune-debug.${process.pid}`;
    this.#descriptor = openSync(path.join(folder, name), "ax");
    try {
      this.write({ step: 0, fileVersion: "brain.Event:2" });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Appends an event of now. */
  write(event: Omit<EventMessage, "wallTime">): void {
    const record = tfRecord(encodeEvent({ wallTime: Date.now() / 1_000, ...event }));
    const written = writeSync(this.#descriptor, record);
    if (written < record.length) throw new Error(`${written} of ${record.length} bytes were written`);
  }

  /** Nothing more comes. */
  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The length of some bytes, its checksum, the bytes, theirs. */
function tfRecord(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedChecksum(length), data, maskedChecksum(data)]);
}

/** A checksum that is stored beside what it is of is rotated and moved (tensorflow/core/lib/hash/crc32c.h). */
function maskedChecksum(data: Uint8Array): Buffer {
  const crc = crc32c(data);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}
