import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder, type RevisionOptions } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { writeTinyModel } from "../tiny-model";
import { QUICK, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const NAME = "reader/tiny";
const FILES = { required: ["config.json", "model.safetensors"], optional: ["tokenizer.json"] };

const setup = testHub(async () => {
  ({ commit } = await pushNext("v1"));
});
const { folder } = setup;
const source = writeTinyModel(path.join(folder, "tiny"));
writeFiles(source, { "vocab.txt": "of another format" });
let commit = "";
const pushNext = (tag: string) =>
  pushToHub({
    ...{ folder: source, repo: NAME, endpoint: setup.hub.endpoint, token: TOKEN },
    ...{ commitMessage: "Next", tag },
  });

const through = (name: string) => ({
  endpoint: setup.proxy.endpoint,
  cacheDir: path.join(folder, "caches", name),
  ...QUICK,
});
const pull = (name: string, more: RevisionOptions = {}) =>
  pretrainedFolder(NAME, FILES, { ...through(name), ...more });

/** The proxy under a name that is not on loopback. */
const elsewhere: RevisionOptions = {
  endpoint: "http://hub.invalid",
  fetch: (input, init) => fetch((input as string).replace("http://hub.invalid", setup.proxy.endpoint), init),
};

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.outage = undefined;
  for (const name of ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"]) Reflect.deleteProperty(process.env, name);
  setup.proxy.requests.length = 0;
});

describe("a Hub that cannot be reached", () => {
  it("is not missed where the cache has what the revision was last", async () => {
    const snapshot = await pull("offline");
    assert.equal(await pull("offline", { endpoint: setup.nowhere }), snapshot);
    assert.equal(await pull("offline", { endpoint: setup.nowhere, revision: commit }), snapshot);
    setup.proxy.mishap = () => ({ status: 503 });
    assert.equal(await pull("offline"), snapshot);
  });

  it("is not missed either where it fails after it named the commit, if the cache has that one", async () => {
    const snapshot = await pull("half-way");
    setup.proxy.outage = (url) => url.includes("/tree/");
    assert.equal(await pull("half-way"), snapshot);
    setup.proxy.outage = undefined;
    writeFiles(source, { "vocab.txt": "changed" });
    await pushNext("v2");
    setup.proxy.outage = (url) => url.includes("/tree/");
    await refused(pull("half-way"), "unreachable", /out of order .* it has no whole one of the model/);
    setup.proxy.outage = () => true;
    assert.equal(await pull("half-way"), snapshot);
  });

  it("is not asked where a variable forbids it, which the error names", async () => {
    const snapshot = await pull("forbidden", elsewhere);
    setup.proxy.requests.length = 0;
    for (const name of ["TRANSFORMERS_OFFLINE", "HF_HUB_OFFLINE"]) {
      process.env[name] = "1";
      assert.equal(await pull("forbidden", elsewhere), snapshot);
      await refused(
        pull("empty", elsewhere),
        "unreachable",
        new RegExp(`^${name} is set, so pulling .* it has no whole one of the model`),
      );
    }
    assert.deepEqual(setup.proxy.requests, []);
  });

  it("is none on loopback, whatever a variable forbids", async () => {
    process.env["HF_HUB_OFFLINE"] = "1";
    await pull("loopback");
    assert.ok(setup.proxy.requests.length > 0);
  });

  it("is named, with what to do, where the cache has nothing, another revision or too little", async () => {
    await pull("partly");
    const host = setup.nowhere.replace("http://", "").replaceAll(".", "\\.");
    const message = new RegExp(
      `^The Hub at ${host} cannot be reached for pulling the model reader/tiny \\(ECONNREFUSED\\): check the network.*A copy in the cache would have been used; it has no whole one`,
    );
    await refused(pull("nothing", { endpoint: setup.nowhere }), "unreachable", message);
    await refused(pull("partly", { endpoint: setup.nowhere, revision: "v1" }), "unreachable", message);
    const more = { required: ["vocab.txt"] };
    const options = { ...through("partly"), endpoint: setup.nowhere };
    await refused(pretrainedFolder(NAME, more, options), "unreachable", message);
  });

  it("is one whose name nobody knows", async () => {
    const endpoint = "http://hub.invalid";
    await refused(
      pull("nothing", { endpoint }),
      "unreachable",
      /^The Hub at hub\.invalid cannot be reached .*\((ENOTFOUND|EAI_AGAIN)\)/,
    );
  });

  it("is one that fetch does not ask", async () => {
    await refused(
      pull("nothing", { endpoint: "http://127.0.0.1:6000" }),
      "unreachable",
      /^The Hub at 127\.0\.0\.1:6000 cannot be reached for pulling the model reader\/tiny \(bad port\)/,
    );
  });

  it("may be another server", async () => {
    setup.proxy.mishap = () => ({ bytes: Buffer.from("<html>Sign in to this network</html>") });
    await refused(pull("nothing"), "refused", /with something else than a Hub does: check HF_ENDPOINT/);
  });
});

describe("a whole commit", () => {
  it("is not asked for where the cache has all the files that were named", async () => {
    const snapshot = await pull("whole", { revision: commit });
    setup.proxy.requests.length = 0;
    const whole = { ...through("whole"), revision: commit };
    const required = { required: FILES.required };
    assert.equal(await pretrainedFolder(NAME, required, whole), snapshot);
    assert.deepEqual(setup.proxy.requests, []);
    // the cache does not know whether the repository has the optional one
    await pretrainedFolder(NAME, FILES, whole);
    assert.ok(setup.proxy.requests.length > 0);
    const more = await pretrainedFolder(NAME, { required: [...FILES.required, "vocab.txt"] }, whole);
    assert.equal(readFileSync(path.join(more, "vocab.txt"), "utf8"), "of another format");
  });
});

describe("a cache that cannot be written to", () => {
  it("is named, with what to do", async () => {
    writeFiles(folder, { "much/more/file": "" });
    await refused(
      pull("nothing", { cacheDir: path.join(folder, "much/more/file") }),
      "disk",
      /^\.\.\..*could not be read or written \(ENOTDIR\) while pulling the model reader\/tiny: check .*, or set HF_HUB_CACHE\.$/,
    );
  });
});
