import assert from "node:assert/strict";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { createBranch } from "@huggingface/hub";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { listRepoFiles } from "../../../lib/src/hub/repo-files";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { writeTinyModel } from "../tiny-model";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

const NAME = "reader/tiny";
const FILES = { required: ["config.json", "model.safetensors"], optional: ["tokenizer.json", "empty.txt"] };

const setup = testHub(async () => {
  const push = { folder: source, repo: NAME, endpoint: setup.hub.endpoint, token: TOKEN };
  ({ commit: first } = await pushToHub({ ...push, commitMessage: "First", tag: "v1" }));
  writeTinyModel(source, { seed: 2 });
  ({ commit: second } = await pushToHub({ ...push, commitMessage: "Second" }));
});
const { folder } = setup;
const source = writeTinyModel(path.join(folder, "tiny"));
writeFiles(source, { "empty.txt": "", "sub folder/much#more.bin": "of another format" });
let first = "";
let second = "";

const cache = (name: string) => path.join(folder, "caches", name);
const through = (name: string) => ({ endpoint: setup.proxy.endpoint, cacheDir: cache(name) });
const pull = (name: string, more: { endpoint?: string; revision?: string; token?: string } = {}) =>
  pretrainedFolder(NAME, FILES, { ...through(name), ...more });
/** Everything in a cache that is a file or a link. */
const filesIn = (name: string): string[] =>
  existsSync(cache(name))
    ? readdirSync(cache(name), { recursive: true, encoding: "utf8" })
        .filter((file) => !lstatSync(path.join(cache(name), file)).isDirectory())
        .sort()
    : [];
const contentRequests = () => setup.proxy.requests.filter((request) => request.includes("/resolve/"));

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
});

describe("a model's folder", () => {
  it("is the folder that was named", async () => {
    assert.equal(await pretrainedFolder(source, FILES), source);
  });

  it("is refused where the name is a file's, or neither a folder's nor a repository's", async () => {
    const wrong = async (name: string, message: RegExp) =>
      assert.rejects(pretrainedFolder(name, FILES), (error) => {
        assert.ok(error instanceof ArgumentError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes(folder), error.message);
        return true;
      });
    await wrong(
      path.join(source, "config.json"),
      /config\.json is a file; expected a model's folder or name/,
    );
    await wrong(path.join(folder, "missing"), /missing is no folder here and cannot be a model on the Hub/);
    for (const name of [
      "",
      "./missing",
      "a/b/c",
      "a b",
      "../missing",
      "reader/x.git",
      "reader/a--b",
      "-x/y",
      "reader/x.",
    ])
      await wrong(name, /is no folder here and cannot be/);
  });
});

describe("pulling a model", () => {
  it("lays only the files that were asked for into the cache, as huggingface_hub does", async () => {
    const snapshot = await pull("layout");
    const repo = path.join(cache("layout"), "models--reader--tiny");
    assert.equal(snapshot, path.join(repo, "snapshots", second));
    assert.deepEqual(readdirSync(snapshot).sort(), ["config.json", "empty.txt", "model.safetensors"]);
    assert.equal(readFileSync(path.join(repo, "refs", "main"), "utf8"), second);
    for (const file of readdirSync(snapshot)) {
      assert.deepEqual(readFileSync(path.join(snapshot, file)), readFileSync(path.join(source, file)));
      assert.match(
        readlinkSync(path.join(snapshot, file)),
        /^\.\.\/\.\.\/blobs\/([0-9a-f]{40}|[0-9a-f]{64})$/,
      );
    }
    assert.equal(path.basename(readlinkSync(path.join(snapshot, "model.safetensors"))).length, 64);
    // three blobs, three links, one ref
    assert.equal(filesIn("layout").length, 7);
  });

  it("fetches content once, and none again for a version that shares it", async () => {
    const snapshot = await pull("once");
    assert.equal(contentRequests().length, 3);
    const link = lstatSync(path.join(snapshot, "config.json"));
    await pull("once");
    assert.equal(contentRequests().length, 3);
    // a cache that is whole may be read-only
    assert.equal(lstatSync(path.join(snapshot, "config.json")).ino, link.ino);
    const old = await pull("once", { revision: "v1" });
    assert.equal(path.basename(old), first);
    assert.match(contentRequests().slice(3).join(), /^GET [^,]*model\.safetensors$/);
    assert.equal(path.basename(await pull("once", { revision: first })), first);
    assert.equal(contentRequests().length, 4);
  });

  it("takes all files of one commit, whenever each was changed", async () => {
    const snapshot = await pull("one-commit");
    assert.equal(path.basename(snapshot), second);
    assert.ok(existsSync(path.join(snapshot, "config.json")), "config.json was not changed since the first");
  });

  it("takes a branch whose name has a slash", async () => {
    const branch = { repo: NAME, hubUrl: setup.hub.endpoint, accessToken: TOKEN, branch: "try/this" };
    await createBranch({ ...branch, revision: first });
    assert.equal(path.basename(await pull("branch", { revision: "try/this" })), first);
    const ref = path.join(cache("branch"), "models--reader--tiny", "refs", "try", "this");
    assert.equal(readFileSync(ref, "utf8"), first);
    const listed = await listRepoFiles({ repo: NAME, revision: "try/this", endpoint: setup.hub.endpoint });
    assert.ok(listed.includes("model.safetensors"));
  });

  it("takes a file whose name needs encoding", async () => {
    const name = "sub folder/much#more.bin";
    const snapshot = await pretrainedFolder(NAME, { required: [name] }, through("encoded"));
    assert.equal(readFileSync(path.join(snapshot, name), "utf8"), "of another format");
  });

  it("replaces a file in the cache that is not whole", async () => {
    const file = path.join(await pull("cut"), "config.json");
    writeFileSync(file, "{");
    assert.deepEqual(
      readFileSync(path.join(await pull("cut"), "config.json")),
      readFileSync(path.join(source, "config.json")),
    );
  });

  it("says nothing to the console: the path of this machine must not reach a notebook", async (context) => {
    const said = ["log", "debug", "info", "warn"].map((name) => context.mock.method(console, name as "log"));
    await pull("quiet");
    assert.deepEqual(
      said.map(({ mock }) => mock.callCount()),
      [0, 0, 0, 0],
    );
  });
});

describe("a model that cannot be pulled", () => {
  it("is refused where it does not exist, with or without a token", async () => {
    const options = through("none");
    const other = (more: object) => pretrainedFolder("reader/other", FILES, { ...options, ...more });
    await refused(
      other({}),
      "no-repo",
      /has no model reader\/other \(or it is private: then set HF_TOKEN\); check the name/,
    );
    const error = await refused(other({ token: TOKEN }), "no-repo", /or one that the token may not read/);
    assert.equal(error.statusCode, 404);
    assert.equal(error.urlPath, "/api/models/reader/other/revision/main");
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    await refused(
      pretrainedFolder("bert-base-uncased", FILES, options),
      "no-repo",
      /has no model bert-base-uncased/,
    );
    assert.deepEqual(filesIn("none"), []);
    await refused(
      pretrainedFolder("build/modelx", FILES, options),
      "no-repo",
      /has no model build\/modelx .* There is no folder build\/modelx here either\.$/,
    );
    await refused(
      pretrainedFolder("build/modelx", FILES, { ...options, endpoint: setup.nowhere }),
      "unreachable",
      /There is no folder build\/modelx here either\.$/,
    );
    // who is not signed in is not told which repositories there are
    setup.proxy.mishap = () => ({ status: 401 });
    await refused(pull("none"), "no-repo", /or it is private: then set HF_TOKEN/);
  });

  it("is refused where the revision, or a file of it, does not exist", async () => {
    await refused(
      pull("none", { revision: "v9" }),
      "no-revision",
      /^The model reader\/tiny has no revision "v9"; expected a branch/,
    );
    await refused(
      pretrainedFolder(NAME, { required: ["config.json", "vocab.txt"] }, through("none")),
      "no-file",
      /^The model reader\/tiny has no vocab\.txt at main; it has .*config\.json/,
    );
    assert.deepEqual(filesIn("none"), []);
  });

  it("is refused where it is gated, with what to do", async () => {
    // the Hub says so with both, to somebody unknown and to one who has not accepted
    for (const [status, more] of [
      [401, {}],
      [403, { token: TOKEN }],
    ] as const) {
      setup.proxy.mishap = () => ({ status, headers: { "X-Error-Code": "GatedRepo" } });
      await refused(
        pull("none", more),
        "not-allowed",
        /^The model reader\/tiny is gated: accept its conditions on the Hub, and set HF_TOKEN to a token of/,
      );
    }
  });

  it("is refused to a wrong token, which is not shown", async () => {
    const wrong = "hf_AnotherToken";
    const error = await refused(
      pull("none", { token: wrong }),
      "not-allowed",
      /does not know the token \(status 401.*set HF_TOKEN/,
    );
    assert.ok(!error.message.includes(wrong));
    await assert.rejects(pull("none", { token: "hf_a\nb" }), (error) => {
      assert.ok(error instanceof ArgumentError);
      assert.match(error.message, /^The Hub token \(HF_TOKEN\) is no token/);
      assert.ok(!error.message.includes("hf_a"));
      return true;
    });
  });

  it("is refused without the token even where the Hub repeats it", async () => {
    setup.proxy.mishap = (_url, _body, authorization) => ({ status: 400, text: `You sent ${authorization}` });
    await refused(
      pull("none", { token: TOKEN }),
      "refused",
      /refused pulling the model reader\/tiny \(status 400: You sent Bearer hf_\*\*\*\)/,
    );
  });
});
