import assert from "node:assert/strict";
import { lstatSync, readdirSync, readlinkSync, rmSync, utimesSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { onSmallDisk } from "../small-disk";
import { writeTinyModel } from "../tiny-model";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

const NAME = "reader/tiny";
const FILES = { required: ["config.json", "model.safetensors"] };
const FLAG = Symbol.for("jupyter.interrupt");

const setup = testHub(async () => {
  const push = { folder: source, repo: NAME, endpoint: setup.hub.endpoint, token: TOKEN };
  await pushToHub({ ...push, commitMessage: "First", tag: "v1" });
  writeTinyModel(source, { seed: 2 });
  ({ commit } = await pushToHub({ ...push, commitMessage: "Second" }));
});
const { folder } = setup;
const source = writeTinyModel(path.join(folder, "tiny"));
let commit = "";

const cache = (name: string) => path.join(folder, "caches", name);
const pull = (name: string, more: { revision?: string } = {}) =>
  pretrainedFolder(NAME, FILES, { endpoint: setup.proxy.endpoint, cacheDir: cache(name), ...more });
/** Everything in a cache that is a file or a link. */
const filesIn = (name: string): string[] =>
  readdirSync(cache(name), { recursive: true, encoding: "utf8" })
    .filter((file) => !lstatSync(path.join(cache(name), file)).isDirectory())
    .sort();
/** What a pull that broke off must not leave. */
const badIn = (name: string) =>
  filesIn(name).filter((file) => /part$|incomplete$|refs|safetensors/.test(file));

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("a download that goes wrong", () => {
  const weights = (url: string) => url.includes("/resolve/") && url.endsWith("model.safetensors");
  const config = (url: string) => url.includes("/resolve/") && url.endsWith("config.json");
  const flipped = (body: Buffer) => {
    const bytes = Buffer.from(body);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    return { bytes };
  };

  it("is found out by its hash, both of large files and of others, and not kept", async () => {
    for (const [name, isTheOne] of [
      ["flipped-weights", weights],
      ["flipped-config", config],
    ] as const) {
      setup.proxy.mishap = (url, body) => (isTheOne(url) ? flipped(body) : undefined);
      await refused(
        pull(name),
        "damaged",
        /(model\.safetensors|config\.json) came damaged: (\d+) bytes with the hash [0-9a-f]+; expected \2 with/,
      );
      assert.deepEqual(badIn(name), []);
      setup.proxy.mishap = undefined;
      assert.equal(path.basename(await pull(name)), commit);
    }
  });

  it("is found out where it ends too early, with or without a broken connection", async () => {
    setup.proxy.mishap = (url, body) => (weights(url) ? { bytes: body.subarray(0, 100) } : undefined);
    await refused(pull("short"), "damaged", /came damaged: 100 bytes/);
    setup.proxy.mishap = (url) => (weights(url) ? { breakAfter: 100 } : undefined);
    await refused(pull("broken"), "unreachable", /cannot be reached for pulling .*\(UND_ERR_SOCKET\)/);
    for (const name of ["short", "broken"]) assert.deepEqual(badIn(name), []);
  });

  it("may have been killed: what is left of it goes after a day", async () => {
    const snapshot = await pull("killed");
    const etag = path.basename(readlinkSync(path.join(snapshot, "model.safetensors")));
    const blobs = path.join(cache("killed"), "models--reader--tiny", "blobs");
    rmSync(path.join(blobs, etag));
    const names = { old: `${etag}.1.part`, other: `${"0".repeat(64)}.1.part`, fresh: `${etag}.2.part` };
    writeFiles(blobs, { [names.old]: "half", [names.other]: "half", [names.fresh]: "half" });
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    for (const name of [names.old, names.other]) utimesSync(path.join(blobs, name), twoDaysAgo, twoDaysAgo);
    await pull("killed");
    const parts = readdirSync(blobs).filter((name) => name.endsWith(".part"));
    assert.deepEqual(parts.sort(), [names.other, names.fresh].sort());
  });

  it("is not passed over where the file is optional and the cache has all others", async () => {
    const files = { required: ["config.json"], optional: ["model.safetensors"] };
    setup.proxy.mishap = (url) => (weights(url) ? { breakAfter: 100 } : undefined);
    const options = { endpoint: setup.proxy.endpoint, cacheDir: cache("optional") };
    await refused(pretrainedFolder(NAME, files, options), "unreachable", /UND_ERR_SOCKET/);
  });

  it("leaves what the revision was before as it is", async () => {
    const whole = await pull("before");
    const before = filesIn("before");
    setup.proxy.mishap = (url, content) => (weights(url) ? flipped(content) : undefined);
    await refused(pull("before", { revision: "v1" }), "damaged", /came damaged/);
    const added = filesIn("before").filter((file) => !before.includes(file));
    assert.deepEqual(
      added.map((file) => path.basename(file)),
      ["config.json"],
    );
    assert.equal(await pull("before"), whole);
  });

  it("is ended by an interrupt at once, even while nothing comes, and leaves no half file", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    setup.proxy.mishap = (url) => (weights(url) ? { stallAfter: 100 } : undefined);
    setup.proxy.onStall = () => (flag.requested = true);
    await assert.rejects(pull("interrupted"), (error) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.match(error.message, /^Pulling the model reader\/tiny was interrupted/);
      return true;
    });
    assert.deepEqual(badIn("interrupted"), []);
    Reflect.deleteProperty(globalThis, FLAG);
    setup.proxy.mishap = undefined;
    assert.equal(path.basename(await pull("interrupted")), commit);
  });

  it("says that the disk is full, and leaves nothing on it that is not whole", async (context) => {
    const weightsAlone = { required: ["model.safetensors"] };
    await onSmallDisk(context, 4, async (disk) => {
      const options = { endpoint: setup.proxy.endpoint, cacheDir: disk };
      await refused(
        pretrainedFolder(NAME, weightsAlone, options),
        "disk",
        /^The disk is full \(ENOSPC\) while pulling the model reader\/tiny: free space, or set HF_HUB_CACHE/,
      );
      const left = readdirSync(disk, { recursive: true, withFileTypes: true }).filter(
        (entry) => !entry.isDirectory(),
      );
      assert.deepEqual(left, []);
    });
  });
});
