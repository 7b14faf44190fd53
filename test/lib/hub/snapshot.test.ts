import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { writeTinyModel } from "../tiny-model";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

const NAME = "reader/tiny";
const FILES = { required: ["config.json", "model.safetensors"], optional: ["tokenizer.json"] };

const setup = testHub(async () => {
  const push = { folder: source, repo: NAME, endpoint: setup.hub.endpoint, token: TOKEN };
  ({ commit: commit } = await pushToHub({ ...push, commitMessage: "First", tag: "v1" }));
});
const { folder } = setup;
const source = writeTinyModel(path.join(folder, "tiny"));
writeFiles(source, { "vocab.txt": "of another format" });
let commit = "";

const through = (name: string) => ({
  endpoint: setup.proxy.endpoint,
  cacheDir: path.join(folder, "caches", name),
});
const pull = (name: string, more: { endpoint?: string; revision?: string } = {}) =>
  pretrainedFolder(NAME, FILES, { ...through(name), ...more });

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
});

describe("a Hub that cannot be reached", () => {
  it("is not missed where the cache has what the revision was last", async () => {
    const snapshot = await pull("offline");
    assert.equal(await pull("offline", { endpoint: setup.nowhere }), snapshot);
    assert.equal(await pull("offline", { endpoint: setup.nowhere, revision: commit }), snapshot);
    setup.proxy.mishap = () => ({ status: 503 });
    assert.equal(await pull("offline"), snapshot);
    process.env["HF_HUB_OFFLINE"] = "1";
    try {
      setup.proxy.requests.length = 0;
      assert.equal(await pull("offline"), snapshot);
      assert.deepEqual(setup.proxy.requests, []);
      await refused(
        pull("empty"),
        "unreachable",
        /^HF_HUB_OFFLINE is set, so pulling .* it has no whole one of the model/,
      );
    } finally {
      Reflect.deleteProperty(process.env, "HF_HUB_OFFLINE");
    }
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

  it("may be another server", async () => {
    setup.proxy.mishap = () => ({ bytes: Buffer.from("<html>Sign in to this network</html>") });
    await refused(pull("nothing"), "refused", /with something else than a Hub does: check HF_ENDPOINT/);
  });
});
