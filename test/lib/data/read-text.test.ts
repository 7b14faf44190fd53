import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readUtf8 } from "../../../lib/src/data/read-text";
import { DataError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";

describe("a text file", () => {
  const folder = temporaryFolder();
  const write = (name: string, ...parts: (string | number[])[]): string => {
    const file = path.join(folder, name);
    writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part as string))));
    return file;
  };
  const messageOf = (file: string): string => {
    try {
      readUtf8(file, "Do this.");
    } catch (error) {
      assert.ok(error instanceof DataError);
      return error.message.replace(/\.\.\.\/\S+\//, "");
    }
    return assert.fail("read");
  };

  it("is read as UTF-8, without a byte order mark", () => {
    assert.equal(readUtf8(write("good", [0xef, 0xbb, 0xbf], "naïve 👍🏽\n"), ""), "naïve 👍🏽\n");
    assert.equal(readUtf8(write("empty"), ""), "");
  });

  it("that is not UTF-8 is refused with the line of the first wrong byte", () => {
    const expected = (name: string, line: number) =>
      `${name} is not UTF-8: line ${line} has a wrong byte. Do this.`;
    assert.equal(
      messageOf(write("latin1", "one\ntwo\nna", [0xef], "ve\nfour\n", [0xff])),
      expected("latin1", 3),
    );
    assert.equal(messageOf(write("first", [0xff], "\n")), expected("first", 1));
    // a character cut in two by the end of the file
    assert.equal(messageOf(write("cut", "one\r\ntwo\r\n", [0xe2, 0x82])), expected("cut", 3));
  });

  it("that cannot be read is refused with the reason", () => {
    assert.equal(messageOf(path.join(folder, "none")), "none cannot be read (ENOENT). Do this.");
    assert.match(messageOf(folder), /cannot be read \(EISDIR\)/);
  });
});
