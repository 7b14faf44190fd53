import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { crc32c } from "../../../lib/src/tracking/crc32c";
import { EventFile } from "../../../lib/src/tracking/event-file";
import { SESSION_START, textValue } from "../../../lib/src/tracking/event-messages";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";
import { readEvents } from "./event-records";

const folder = temporaryFolder();

describe("crc32c", () => {
  it("is the checksum of RFC 3720", () => {
    // B.4: 32 bytes of zeros, of ones, and rising; "123456789" is the catalogue's check value
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
    assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e);
    assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
  });
});

describe("EventFile", () => {
  it("holds what was written as soon as it was written, under a name without the host's", () => {
    const file = new EventFile(path.join(folder, "run"));
    file.write({ step: 7, sessionLog: { status: SESSION_START } });
    file.write({ step: 7, summary: { value: [{ tag: "train/loss", simpleValue: 0.25 }] } });
    file.write({ step: 8, summary: { value: [textValue("final", "| a |")] } });
    const none = { isStart: false, scalars: [], texts: [] };
    assert.deepEqual(readEvents(path.join(folder, "run")), [
      { ...none, step: 0, fileVersion: "brain.Event:2" },
      { ...none, step: 7, isStart: true },
      { ...none, step: 7, scalars: [["train/loss", 0.25]] },
      { ...none, step: 8, texts: [["final/text_summary", "| a |"]] },
    ]);
    file.close();
    const [name = ""] = readdirSync(path.join(folder, "run"));
    assert.match(name, /^events\.out\.tfevents\.\d+\.\d{3}\.finetune-debug\.\d+$/);
  });

  it("leaves no file open where its first record finds no room", async (context) => {
    if (!existsSync("/proc/self/fd")) {
      context.skip("this system does not say which files are open");
      return;
    }
    await onSmallDisk(context, 16, (disk) => {
      assert.throws(() => {
        writeFileSync(path.join(disk, "other"), Buffer.alloc(32_000));
      }, /ENOSPC/);
      const open = readdirSync("/proc/self/fd").length;
      assert.throws(() => new EventFile(disk), /ENOSPC/);
      assert.equal(readdirSync("/proc/self/fd").length, open);
      const [name = ""] = readdirSync(disk).filter((file) => file.startsWith("events"));
      assert.equal(statSync(path.join(disk, name)).size, 0);
    });
  });
});
