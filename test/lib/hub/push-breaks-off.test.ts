import assert from "node:assert/strict";
import { once } from "node:events";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { writeTinyModel } from "../tiny-model";
import { pushing, refused, testHub, writeFiles } from "./test-hub";

const FLAG = Symbol.for("jupyter.interrupt");

const setup = testHub();
const source = writeTinyModel(path.join(setup.folder, "tiny"));

const { push, listing } = pushing(setup, source);

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.outage = undefined;
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("a push that breaks off", () => {
  it("leaves the repository as it was, and can be done again", async () => {
    await push("reader/again");
    const before = await listing("reader/again");
    writeFiles(source, { "new.txt": "new", "new.bin": "new" });
    for (const part of ["/preupload/", "/info/lfs/", "/commit/"]) {
      setup.proxy.outage = (url) => url.includes(part);
      await refused(
        push("reader/again", { tag: "after" }),
        "unreachable",
        /out of order for now \(status 503/,
      );
      assert.deepEqual(await listing("reader/again"), before);
      await refused(listing("reader/again", "after"), "no-revision", /has no revision "after"/);
    }
    setup.proxy.outage = undefined;
    await push("reader/again", { tag: "after" });
    assert.deepEqual(await listing("reader/again", "after"), [...before, "new.bin", "new.txt"].sort());
  });

  it("is ended by an interrupt at once, with nothing of it to be seen", async () => {
    await push("reader/interrupted");
    const before = await listing("reader/interrupted");
    writeFiles(source, { "later.bin": "later" });
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    setup.proxy.mishap = (url) => (url.includes("/info/lfs/") ? { stallAfter: 10 } : undefined);
    setup.proxy.onStall = () => (flag.requested = true);
    await assert.rejects(push("reader/interrupted"), (error) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.match(error.message, /^Pushing the model reader\/interrupted was interrupted/);
      return true;
    });
    assert.deepEqual(await listing("reader/interrupted"), before);
    Reflect.deleteProperty(globalThis, FLAG);
    setup.proxy.mishap = undefined;
    await push("reader/interrupted");
    assert.ok((await listing("reader/interrupted")).includes("later.bin"));
  });

  it("after the commit says that the files are there and the tag is not", async () => {
    setup.proxy.outage = (url) => url.includes("/tag/");
    const error = await refused(
      push("reader/untagged", { tag: "v1" }),
      "unreachable",
      /^The files were pushed as commit [0-9a-f]{40}, without the tag v1: The Hub at .* is out of order/,
    );
    assert.equal(error.statusCode, 503);
    assert.equal(error.urlPath?.startsWith("/api/models/reader/untagged/tag/"), true);
    assert.ok((await listing("reader/untagged")).includes("model.safetensors"));
    await refused(listing("reader/untagged", "v1"), "no-revision", /has no revision "v1"/);
  });

  it("by an interrupt after the commit says so, too", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    const slowAtTheTag: typeof fetch = async (input, init) => {
      if ((input as string).includes("/tag/") && init?.signal) {
        flag.requested = true;
        await once(init.signal, "abort");
      }
      return fetch(input, init);
    };
    await assert.rejects(push("reader/stalled", { tag: "v1", fetch: slowAtTheTag }), (error) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.match(
        error.message,
        /^The files were pushed as commit [0-9a-f]{40}, without .* was interrupted/,
      );
      return true;
    });
  });
});
