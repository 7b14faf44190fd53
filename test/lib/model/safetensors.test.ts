import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
  openSafetensors,
  readSafetensors,
  writeSafetensors,
  type HostTensor,
} from "../../../lib/src/model/safetensors";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { entry, writeBytes } from "./safetensors-bytes";

/** A Python that has safetensors and numpy: `SAFETENSORS_PYTHON`, or the one on the path. */
const PYTHON = process.env["SAFETENSORS_PYTHON"] ?? "python3";
const withoutPython = (() => {
  try {
    execFileSync(PYTHON, ["-c", "import numpy, safetensors"], { stdio: "pipe" });
    return false;
  } catch {
    return `${PYTHON} has no safetensors (SAFETENSORS_PYTHON may name one that has)`;
  }
})();

const folder = temporaryFolder();
const fileOf = (name: string) => path.join(folder, `${name}.safetensors`);
const write = (name: string, header: unknown, dataBytes: number, claimed?: bigint) =>
  writeBytes(fileOf(name), header, dataBytes, claimed);

describe("tensors in a safetensors file", () => {
  const tensors = new Map<string, HostTensor>([
    ["b", { shape: [2, 2], data: Float32Array.of(1, -0, NaN, Infinity) }],
    ["a", { shape: [], data: Float32Array.of(1e-45) }],
    ['é "quoted"', { shape: [0, 3], data: new Float32Array(0) }],
    ["view", { shape: [2], data: Float32Array.of(9, 1, 2, 9).subarray(1, 3) }],
  ]);

  it("come back to the bit, by their names", () => {
    writeSafetensors(fileOf("round"), tensors);
    const read = readSafetensors(fileOf("round"));
    assert.deepEqual([...read.tensors.keys()].sort(), [...tensors.keys()].sort());
    for (const [name, { shape, data }] of tensors) {
      const found = read.tensors.get(name);
      assert.ok(found);
      assert.deepEqual(found.shape, shape);
      // as bits: -0 and NaN too
      const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      assert.deepEqual(bits(found.data), bits(data));
    }
    assert.deepEqual(read.metadata, { format: "pt" });
  });

  it("make the same file in whatever order they come, whose data begins at a multiple of 8", () => {
    writeSafetensors(fileOf("one"), tensors);
    writeSafetensors(fileOf("other"), new Map([...tensors].reverse()));
    const bytes = readFileSync(fileOf("one"));
    assert.deepEqual(readFileSync(fileOf("other")), bytes);
    assert.equal(bytes.readBigUInt64LE() % 8n, 0n);
    writeSafetensors(fileOf("again"), readSafetensors(fileOf("one")).tensors);
    assert.deepEqual(readFileSync(fileOf("again")), bytes);
  });

  it("may have names that JavaScript's objects have too, but not that of the notes", () => {
    const odd = new Map(
      ["__proto__", "constructor"].map((name) => [name, { shape: [1], data: Float32Array.of(3) }]),
    );
    writeSafetensors(fileOf("odd"), odd);
    assert.deepEqual(readSafetensors(fileOf("odd")).tensors, odd);
    assert.throws(() => {
      writeSafetensors(fileOf("odd"), new Map([["__metadata__", { shape: [0], data: new Float32Array(0) }]]));
    }, new ModelError("A tensor is named __metadata__, which are a file's notes; expected another name."));
  });

  it("may be none", () => {
    writeSafetensors(fileOf("none"), new Map());
    assert.equal(readSafetensors(fileOf("none")).tensors.size, 0);
  });

  it("whose values do not fill their shape are not written", () => {
    const short = new Map([["a", { shape: [2, 2], data: new Float32Array(3) }]]);
    assert.throws(() => {
      writeSafetensors(fileOf("short"), short);
    }, new ModelError('Tensor "a" of shape [2, 2] came with 3 values; expected 4.'));
  });

  it("of whole numbers are passed over, notes are read", () => {
    const header = {
      __metadata__: { by: "hand" },
      ids: entry(0, 16, [2], "I64"),
      mask: entry(16, 20, [4], "BOOL"),
      weight: entry(20, 28),
    };
    const { tensors, metadata } = readSafetensors(write("whole", header, 28));
    assert.deepEqual([...tensors.keys()], ["weight"]);
    assert.deepEqual(metadata, { by: "hand" });
  });

  it("are what Python's safetensors reads and writes", { skip: withoutPython }, () => {
    const finite = new Map([...tensors].filter(([name]) => name !== "b"));
    finite.set("b", { shape: [2, 2], data: Float32Array.of(1, -0, 2.5, Infinity) });
    writeSafetensors(fileOf("ours"), finite);
    const script = [
      "import sys, json",
      "from safetensors import safe_open",
      "from safetensors.numpy import load_file, save_file",
      "tensors = load_file(sys.argv[1])",
      "save_file(tensors, sys.argv[2], metadata={'format': 'pt'})",
      "notes = safe_open(sys.argv[1], 'numpy').metadata()",
      "print(json.dumps([notes, {name: [list(t.shape), str(t.dtype)] for name, t in tensors.items()}]))",
    ].join("\n");
    const printed = execFileSync(PYTHON, ["-c", script, fileOf("ours"), fileOf("theirs")], {
      encoding: "utf8",
    });
    const shapes = Object.fromEntries([...finite].map(([name, { shape }]) => [name, [shape, "float32"]]));
    assert.deepEqual(JSON.parse(printed), [{ format: "pt" }, shapes]);
    const theirs = readSafetensors(fileOf("theirs")).tensors;
    assert.deepEqual(new Map([...theirs].sort()), new Map([...finite].sort()));
  });
});

describe("an open safetensors file", () => {
  const tensors = new Map<string, HostTensor>([
    ["first", { shape: [2], data: Float32Array.of(1, 2) }],
    ["second", { shape: [1, 3], data: Float32Array.of(3, 4, 5) }],
  ]);

  it("tells names, types, shapes and notes, and reads one tensor by its name", () => {
    writeSafetensors(fileOf("open"), tensors);
    const file = openSafetensors(fileOf("open"));
    const told = [...file.tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]);
    assert.deepEqual(told, [
      ["first", "F32", [2]],
      ["second", "F32", [1, 3]],
    ]);
    assert.deepEqual(file.metadata, { format: "pt" });
    assert.deepEqual(file.read("second"), tensors.get("second"));
    assert.deepEqual(file.read("first"), tensors.get("first"));
    file.close();
  });

  it("refuses a tensor that it has not, and every one after it was closed", () => {
    writeSafetensors(fileOf("open"), tensors);
    const file = openSafetensors(fileOf("open"));
    assert.throws(() => file.read("third"), /^ModelError: \S+open\.safetensors has no tensor "third"\.$/);
    file.close();
    file.close();
    assert.throws(
      () => file.read("first"),
      /^ModelError: \S+open\.safetensors was closed; open it again to read "first"\.$/,
    );
  });

  it("widens half precision, and refuses types that do not fit into float32", () => {
    const header = {
      half: entry(0, 6, [3], "F16"),
      brain: entry(6, 10, [2], "BF16"),
      double: entry(10, 26, [2], "F64"),
    };
    const bytes = readFileSync(write("types", header, 26));
    // one and a half, the smallest subnormal, minus infinity; minus two, the smallest subnormal
    Buffer.from(Uint16Array.of(0x3e00, 1, 0xfc00, 0xc000, 1).buffer).copy(bytes, bytes.length - 26);
    writeFileSync(fileOf("types"), bytes);
    const file = openSafetensors(fileOf("types"));
    assert.deepEqual(file.read("half"), { shape: [3], data: Float32Array.of(1.5, 2 ** -24, -Infinity) });
    assert.deepEqual(file.read("brain"), { shape: [2], data: Float32Array.of(-2, 2 ** -133) });
    assert.throws(
      () => file.read("double"),
      /types\.safetensors has tensor "double" of type F64; expected F32, F16 or BF16\. Save it as one of them\.$/,
    );
    file.close();
    assert.throws(() => readSafetensors(fileOf("types")), /"double" of type F64; expected F32/);
  });

  it("says so if it became shorter meanwhile", () => {
    writeSafetensors(fileOf("shrinking"), tensors);
    const file = openSafetensors(fileOf("shrinking"));
    const whole = readFileSync(fileOf("shrinking")).length;
    truncateSync(fileOf("shrinking"), whole - 1);
    assert.deepEqual(file.read("first"), tensors.get("first"));
    assert.throws(() => file.read("second"), new RegExp(`it ended at byte ${whole - 1} while it was read`));
    file.close();
  });

  it("may be larger than the memory: 5 GB of which the last numbers are read", () => {
    const count = 1.25e9;
    const header = {
      vast: entry(0, 4 * count),
      end: entry(4 * count, 4 * count + 8),
      halves: entry(4 * count + 8, 4 * count + 8 + 10e6, [5e6], "BF16"),
    };
    const begin = readFileSync(write("vast", header, 0)).length;
    // a hole in the file takes no room on the disk
    truncateSync(fileOf("vast"), begin + 4 * count + 8 + 10e6);
    const descriptor = openSync(fileOf("vast"), "r+");
    writeSync(descriptor, new Uint8Array(Float32Array.of(7, 8).buffer), 0, 8, begin + 4 * count);
    writeSync(
      descriptor,
      new Uint8Array(Uint16Array.of(0x3f80).buffer),
      0,
      2,
      begin + 4 * count + 8 + 10e6 - 2,
    );
    closeSync(descriptor);
    const before = process.memoryUsage().rss;
    const file = openSafetensors(fileOf("vast"));
    assert.deepEqual(file.read("end").data, Float32Array.of(7, 8));
    // more halves than are widened at a time
    const { data } = file.read("halves");
    assert.deepEqual([data.length, data.at(0), data.at(-2), data.at(-1)], [5e6, 0, 0, 1]);
    file.close();
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 100e6, `the process grew by ${grown} bytes`);
  });
});
