import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readJson } from "../../../lib/src/serving/request-body";
import type { ServingRefusal } from "../../../lib/src/serving/refusal";

const MEGABYTE = 1024 * 1024;

/** A request with that body. */
function request(body: Iterable<Buffer> | AsyncIterable<Buffer>, headers = {}): IncomingMessage {
  return Object.assign(Readable.from(body), { headers }) as unknown as IncomingMessage;
}

describe("the body of a request", () => {
  it("is JSON, in whatever pieces it comes", async () => {
    const bytes = Buffer.from('{"inputs":"naïve 🎬"}');
    assert.deepEqual(await readJson(request([...bytes].map((byte) => Buffer.from([byte]))), 100), {
      inputs: "naïve 🎬",
    });
  });

  it("that is too large is never held, and read no further than a client needs to hear of it", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    let [held, sent] = [0, 0];
    async function* body(): AsyncGenerator<Buffer> {
      for (; sent < 100; sent += 1) {
        yield Buffer.alloc(MEGABYTE, "a");
        await new Promise((resolve) => setImmediate(resolve));
        if (sent % 10 === 9) {
          collect();
          held = Math.max(held, process.memoryUsage().arrayBuffers);
        }
      }
    }
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(
      readJson(request(body()), MEGABYTE),
      (error: ServingRefusal) =>
        error.params.status === 413 && /expected at most 1048576/.test(error.message),
    );
    assert.ok(sent < 40, `${sent} MB were read`);
    // 10 are on their way; all that were read would be 30
    assert.ok(held - before < 20 * MEGABYTE, `${held - before} bytes were held`);
  });

  it("that announces much too much is not read at all", async () => {
    const unread = request([Buffer.from("{}")], { "content-length": String(1000 * MEGABYTE) });
    await assert.rejects(
      readJson(unread, MEGABYTE),
      /^ServingRefusal: The body has 1048576000 bytes or more/,
    );
    assert.equal(unread.readableDidRead, false);
  });
});
