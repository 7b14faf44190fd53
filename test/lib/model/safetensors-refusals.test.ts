import assert from "node:assert/strict";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readSafetensors } from "../../../lib/src/model/safetensors";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { entry, writeBytes } from "./safetensors-bytes";

const folder = temporaryFolder();
const fileOf = (name: string) => path.join(folder, `${name}.safetensors`);
const write = (name: string, header: unknown, dataBytes: number, claimed?: bigint) =>
  writeBytes(fileOf(name), header, dataBytes, claimed);

describe("a broken safetensors file", () => {
  const refused = (file: string, message: RegExp) => {
    assert.throws(
      () => readSafetensors(file),
      (error) => {
        assert.ok(error instanceof ModelError, String(error));
        assert.match(error.message, /is not a usable safetensors file: .* Fetch or save it again\.$/);
        assert.match(error.message, message);
        assert.ok(!error.message.includes(folder), error.message);
        return true;
      },
    );
  };

  it("that is missing, or a folder, is refused", () => {
    refused(fileOf("missing"), /it cannot be read \(ENOENT\)/);
    mkdirSync(path.join(folder, "a/b"), { recursive: true });
    refused(path.join(folder, "a/b"), /it cannot be read \(EISDIR\)/);
  });

  it("too short for a header is refused", () => {
    for (const bytes of [0, 7]) {
      writeFileSync(fileOf("short"), Buffer.alloc(bytes));
      refused(fileOf("short"), new RegExp(`it has ${bytes} bytes, fewer than the 8`));
    }
  });

  it("with a lying header length is refused, before memory is taken for it", () => {
    refused(
      write("longer", { a: entry(0, 8) }, 8, 1000n),
      /its header claims 1000 bytes, and the file has \d+/,
    );
    refused(write("shorter", { a: entry(0, 8) }, 8, 5n), /its header is not JSON/);
    const before = process.memoryUsage();
    refused(write("huge", { a: entry(0, 8) }, 8, 2n ** 63n), /its header claims 9223372036854775808 bytes/);
    refused(write("large", { a: entry(0, 8) }, 8, 90_000_000n), /its header claims 90000000 bytes/);
    // a file that really is so long, though it takes no room on the disk
    const sparse = write("sparse", {}, 0, 900_000_000n);
    const descriptor = openSync(sparse, "r+");
    ftruncateSync(descriptor, 1_000_000_000);
    closeSync(descriptor);
    refused(sparse, /its header claims 900000000 bytes/);
    const after = process.memoryUsage();
    assert.ok(after.arrayBuffers - before.arrayBuffers < 1_000_000);
  });

  it("with a header that is no object in UTF-8 JSON is refused", () => {
    refused(write("text", Buffer.from("not JSON"), 0), /its header is not JSON in UTF-8/);
    refused(write("cut", Buffer.from('{"a": {"dtype": "F32", '), 0), /its header is not JSON in UTF-8/);
    refused(write("latin1", Buffer.from('{"\xe9": 1}', "latin1"), 0), /its header is not JSON in UTF-8/);
    for (const [name, header] of Object.entries({ list: [], number: 3, null: null }))
      refused(write(name, header, 0), /its header is not an object/);
  });

  it("whose notes are not text is refused", () => {
    for (const [index, notes] of [{ step: 3 }, "pt", ["pt"]].entries())
      refused(
        write(`notes-${index}`, { __metadata__: notes }, 0),
        /its __metadata__ is not a map of text to text/,
      );
  });

  it("with an overlap, a hole, or data outside the file is refused", () => {
    const overlap = { a: entry(0, 8), b: entry(4, 12) };
    refused(
      write("overlap", overlap, 12),
      /tensor "b" begins at 4, where 8 was expected \(overlap or hole\)/,
    );
    const hole = { a: entry(0, 4), b: entry(8, 12) };
    refused(write("hole", hole, 12), /tensor "b" begins at 8, where 4 was expected \(overlap or hole\)/);
    refused(write("late", { a: entry(4, 8) }, 8), /tensor "a" begins at 4, where 0 was expected/);
    refused(
      write("outside", { a: entry(0, 4000) }, 8),
      /its tensors need 4000 bytes of data, and the file has 8/,
    );
    refused(write("rest", { a: entry(0, 4) }, 8), /its tensors need 4 bytes of data, and the file has 8/);
  });

  it("whose data is cut off is refused", () => {
    const whole = readFileSync(write("whole", { a: entry(0, 400) }, 400));
    writeFileSync(fileOf("truncated"), whole.subarray(0, whole.length - 1));
    refused(fileOf("truncated"), /its tensors need 400 bytes of data, and the file has 399/);
  });

  it("with a tensor whose bytes do not fit its shape is refused", () => {
    refused(
      write("few", { a: entry(0, 8, [3]) }, 8),
      /tensor "a" of shape \[3\] needs 12 bytes, its data_offsets give 8/,
    );
    refused(write("back", { a: entry(8, 0, [2]) }, 8), /needs 8 bytes, its data_offsets give -8/);
    refused(
      write("vast", { a: entry(0, 8, [2 ** 52, 2 ** 52]) }, 8),
      /tensor "a" of shape \[\d+, \d+\] has more elements than 64 bits can count \(overflow\)/,
    );
  });

  it("with a tensor that lacks something is refused", () => {
    const bad: Record<string, unknown> = {
      negative: { ...entry(0, 8), shape: [-2] },
      fraction: { ...entry(0, 8), shape: [0.5] },
      unsafe: { ...entry(0, 8), shape: [2 ** 60] },
      text: { ...entry(0, 8), shape: "2" },
      one: { ...entry(0, 8), data_offsets: [0] },
      three: { ...entry(0, 8), data_offsets: [0, 8, 16] },
      none: { dtype: "F32", shape: [2] },
      no: null,
    };
    for (const [name, value] of Object.entries(bad))
      refused(
        write(name, { a: value }, 8),
        /tensor "a" lacks a shape or data_offsets of whole numbers below 2\^53/,
      );
  });

  it("with an unknown type is refused", () => {
    for (const dtype of ["F33", "", "toString", "f32"])
      refused(
        write("type", { a: entry(0, 8, [2], dtype) }, 8),
        new RegExp(`is of the unknown type ${dtype}`),
      );
    refused(
      write("untyped", { a: { shape: [2], data_offsets: [0, 8] } }, 8),
      /is of the unknown type undefined/,
    );
  });
});
