import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { writeFileAtomically, writeFilesAtomically } from "../../../lib/src/runtime/atomic-file";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";

describe("a file written atomically", () => {
  const folder = temporaryFolder();

  it("holds text, bytes, or several chunks in order, in folders that it makes", () => {
    const file = path.join(folder, "a/b/file");
    writeFileAtomically(file, "naïve");
    assert.equal(readFileSync(file, "utf8"), "naïve");
    writeFileAtomically(file, Uint8Array.of(0, 255));
    assert.deepEqual([...readFileSync(file)], [0, 255]);
    writeFileAtomically(file, [Uint8Array.of(1), Uint8Array.of(2, 3), Uint8Array.of()]);
    assert.deepEqual([...readFileSync(file)], [1, 2, 3]);
    writeFileAtomically(file, []);
    assert.equal(readFileSync(file).length, 0);
    assert.deepEqual(readdirSync(path.dirname(file)), ["file"]);
  });

  it("stays what it was when an error comes in the middle, and leaves no part", () => {
    const file = path.join(folder, "kept/file");
    writeFileAtomically(file, "old");
    const broken = [Uint8Array.of(1), "not bytes" as unknown as Uint8Array, 7 as unknown as Uint8Array];
    assert.throws(() => {
      writeFileAtomically(file, broken);
    }, TypeError);
    assert.equal(readFileSync(file, "utf8"), "old");
    assert.deepEqual(readdirSync(path.dirname(file)), ["file"]);
  });

  it("leaves no part where its name is taken by a folder", () => {
    const parent = path.join(folder, "taken");
    mkdirSync(path.join(parent, "file/inside"), { recursive: true });
    assert.throws(() => {
      writeFileAtomically(path.join(parent, "file"), "new");
    }, /EISDIR|ENOTEMPTY/);
    assert.deepEqual(readdirSync(parent), ["file"]);
  });

  it("stays what it was on a full disk, and leaves no part", async (context) => {
    await onSmallDisk(context, 64, (disk) => {
      const file = path.join(disk, "file");
      writeFileAtomically(file, "old");
      const chunks = Array.from({ length: 10 }, () => new Uint8Array(16_384).fill(1));
      assert.throws(() => {
        writeFileAtomically(file, chunks);
      }, /ENOSPC/);
      assert.equal(readFileSync(file, "utf8"), "old");
      assert.deepEqual(readdirSync(disk), ["file"]);
      // the space of the part is free again
      writeFileSync(path.join(disk, "other"), new Uint8Array(32_768));
    });
  });
});

describe("files written atomically together", () => {
  const folder = temporaryFolder();

  it("stay what they were, all of them, when an error comes with the last", () => {
    const [one, other] = ["one", "other"].map((name) => path.join(folder, name)) as [string, string];
    const files = (content: string | Uint8Array) =>
      new Map([
        [one, "first"],
        [other, content],
      ]);
    writeFilesAtomically(files("second"));
    assert.throws(() => {
      writeFilesAtomically(new Map([...files(7 as unknown as Uint8Array), [one, "new"]]));
    }, TypeError);
    assert.deepEqual(
      [one, other].map((file) => readFileSync(file, "utf8")),
      ["first", "second"],
    );
    assert.deepEqual(readdirSync(folder).sort(), ["one", "other"]);
  });
});
