import assert from "node:assert/strict";
import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { onSmallDisk } from "../small-disk";
import { writeTinyModel } from "../tiny-model";
import { QUICK, refused, testHub, TOKEN } from "./test-hub";

const NAME = "reader/tiny";
const FILES = { required: ["config.json", "model.safetensors"] };

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
  pretrainedFolder(NAME, FILES, { endpoint: setup.proxy.endpoint, cacheDir: cache(name), ...QUICK, ...more });
/** Everything in a cache that is a file or a link. */
const filesIn = (name: string): string[] =>
  readdirSync(cache(name), { recursive: true, encoding: "utf8" })
    .filter((file) => !lstatSync(path.join(cache(name), file)).isDirectory())
    .sort();
/** What a pull that broke off must not leave. */
const badIn = (name: string, damaged = "model.safetensors") =>
  filesIn(name).filter((file) => /part$|incomplete$|refs/.test(file) || file.endsWith(damaged));

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.ranges.length = 0;
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
    for (const [name, isTheOne, file] of [
      ["flipped-weights", weights, "model.safetensors"],
      ["flipped-config", config, "config.json"],
    ] as const) {
      setup.proxy.mishap = (url, body) => (isTheOne(url) ? flipped(body) : undefined);
      await refused(
        pull(name),
        "damaged",
        /(model\.safetensors|config\.json) came damaged twice: (\d+) bytes with the hash [0-9a-f]+; expected \2 with/,
      );
      assert.deepEqual(badIn(name, file), []);
      setup.proxy.mishap = undefined;
      assert.equal(path.basename(await pull(name)), commit);
    }
  });

  it("is asked for once more where it came damaged once", async () => {
    let damaged = 0;
    setup.proxy.mishap = (url, body) => (weights(url) && (damaged += 1) === 1 ? flipped(body) : undefined);
    assert.equal(path.basename(await pull("flipped-once")), commit);
    assert.equal(damaged, 2);
    assert.deepEqual(setup.proxy.ranges, []);
  });

  it("is given up where nothing comes in five tries, with or without a broken connection", async () => {
    setup.proxy.mishap = (url) => (weights(url) ? { bytes: Buffer.alloc(0) } : undefined);
    await refused(
      pull("short"),
      "unreachable",
      /\(the answer ended too early, tried 5 times\): check the network/,
    );
    setup.proxy.mishap = (url) => (weights(url) ? { breakAfter: 0 } : undefined);
    await refused(pull("broken"), "unreachable", /for pulling .*\(UND_ERR_SOCKET, tried 5 times\)/);
    for (const name of ["short", "broken"]) assert.deepEqual(badIn(name), []);
  });

  it("is not passed over where the file is optional and the cache has all others", async () => {
    const files = { required: ["config.json"], optional: ["model.safetensors"] };
    setup.proxy.mishap = (url) => (weights(url) ? { breakAfter: 0 } : undefined);
    const options = { endpoint: setup.proxy.endpoint, cacheDir: cache("optional"), ...QUICK };
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
