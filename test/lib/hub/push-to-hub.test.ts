import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { listRepoFiles } from "../../../lib/src/hub/repo-files";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { ArgumentError, DiagnosisError } from "../../../lib/src/runtime/errors";
import { writeTinyModel } from "../tiny-model";
import { pushing, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const setup = testHub();
const { folder } = setup;
const source = writeTinyModel(path.join(folder, "tiny"));
writeFiles(source, { "README.md": "# A model\n", "empty.txt": "", "onnx/tokenizer.json": "{}" });
writeFiles(source, { ".git/config": "not to be pushed", "zero bytes.bin": "" });
writeFiles(source, { ".cache/huggingface/a": "not to be pushed", "onnx/.cache/huggingface/b": "nor this" });
const FILES = [
  "README.md",
  "config.json",
  "empty.txt",
  "model.safetensors",
  "onnx/tokenizer.json",
  "zero bytes.bin",
];

const { push, listing } = pushing(setup, source);
const pushed = async (repo: string) => (await listing(repo)).filter((file) => file !== ".gitattributes");
const writes = () => setup.proxy.requests.filter((request) => /^(POST|PUT|DELETE)/.test(request));

afterEach(() => {
  setup.proxy.requests.length = 0;
});

describe("pushing a folder", () => {
  it("makes the repository and one commit with all files, which come back byte for byte", async () => {
    const result = await push("reader/whole");
    assert.equal(setup.proxy.requests.filter((request) => request.includes("/commit/")).length, 1);
    assert.deepEqual(await pushed("reader/whole"), FILES);
    const options = { endpoint: setup.hub.endpoint, cacheDir: path.join(folder, "cache") };
    const back = await pretrainedFolder("reader/whole", { required: FILES }, options);
    assert.equal(path.basename(back), result.commit);
    for (const file of FILES)
      assert.deepEqual(readFileSync(path.join(back, file)), readFileSync(path.join(source, file)), file);
  });

  it("can be done again, with a tag for the version", async () => {
    const first = await push("reader/twice");
    writeFiles(source, { "README.md": "# A better model\n" });
    const second = await push("reader/twice", { tag: "v2" });
    assert.notEqual(second.commit, first.commit);
    const options = { endpoint: setup.hub.endpoint, cacheDir: path.join(folder, "cache") };
    for (const [revision, commit] of [
      ["v2", second.commit],
      ["main", second.commit],
      [first.commit, first.commit],
    ] as const) {
      const back = await pretrainedFolder(
        "reader/twice",
        { required: ["README.md"] },
        { ...options, revision },
      );
      assert.equal(path.basename(back), commit);
    }
  });

  it("pushes what a link in the folder leads to, as the cache's links", async () => {
    await push("reader/first");
    const options = { endpoint: setup.hub.endpoint, cacheDir: path.join(folder, "cache") };
    const cached = await pretrainedFolder("reader/first", { required: FILES }, options);
    await push("reader/second", { folder: cached });
    assert.deepEqual(await pushed("reader/second"), FILES);
  });

  it("may make the repository private", async () => {
    await push("reader/hidden", { private: true });
    const options = { endpoint: setup.hub.endpoint, repo: "reader/hidden" };
    await refused(
      listRepoFiles(options),
      "no-repo",
      /has no model reader\/hidden \(or it is private: then set HF_TOKEN\)/,
    );
    assert.equal((await listRepoFiles({ ...options, token: TOKEN })).length > 0, true);
  });

  it("shows the files and the commit, and no path of this machine", async () => {
    const result = await push("reader/shown", { tag: "v1.0" });
    const text = specToText(result.present());
    assert.match(
      text,
      new RegExp(`^reader/shown: 6 files in commit ${result.commit.slice(0, 7)}, tag v1\\.0\n`),
    );
    assert.match(text, /\nempty\.txt +0\n/);
    assert.ok(!text.includes(folder) && !text.includes(TOKEN), text);
    const { files } = result;
    assert.deepEqual(
      files.map((file) => file.path),
      FILES,
    );
    assert.equal(files[0]?.size, Buffer.byteLength(readFileSync(path.join(source, "README.md"))));
  });
});

describe("a push that cannot be", () => {
  it("is refused where the diagnosis fails, before anything is sent", async () => {
    await assert.rejects(
      push("reader/sick", { diagnosis: { failed: ["label-mapping", "calibration"] } }),
      (error: unknown) =>
        error instanceof DiagnosisError &&
        /reader\/sick: .* fails at label-mapping, calibration/.test(error.message),
    );
    assert.deepEqual(setup.proxy.requests, []);
    await push("reader/well", { diagnosis: { failed: [] } });
    assert.deepEqual(await pushed("reader/well"), FILES);
  });

  it("is refused without a token, before anything is sent", async () => {
    const error = await refused(
      push("reader/none", { token: "" }),
      "no-token",
      /^HF_TOKEN is not set; pushing needs a token with write access/,
    );
    assert.equal(error.statusCode, undefined);
    assert.deepEqual(setup.proxy.requests, []);
  });

  it("is refused to a wrong token, which is not shown, and makes nothing", async () => {
    const token = "hf_AnotherToken";
    const error = await refused(
      push("reader/none", { token }),
      "not-allowed",
      /does not know the token \(status 401/,
    );
    assert.ok(!error.message.includes(token));
    await refused(listing("reader/none"), "no-repo", /has no model reader\/none/);
  });

  it("is refused in another's namespace", async () => {
    await refused(
      push("somebody/model"),
      "not-allowed",
      /does not allow pushing the model somebody\/model with this token \(status 403/,
    );
  });

  it("is refused where the tag is taken, before anything is sent", async () => {
    await push("reader/tagged", { tag: "v1" });
    setup.proxy.requests.length = 0;
    await refused(
      push("reader/tagged", { tag: "v1" }),
      "refused",
      /has a revision "v1" already; expected a new tag\. Nothing was pushed\.$/,
    );
    assert.deepEqual(writes(), []);
  });

  it("is refused where the folder, a name or the message cannot be", async () => {
    mkdirSync(path.join(folder, "nothing"));
    const wrong = (more: object, message: RegExp) =>
      assert.rejects(push("reader/none", more), (error) => {
        assert.ok(error instanceof ArgumentError, String(error));
        assert.match(error.message, message);
        assert.ok(!error.message.includes(folder), error.message);
        return true;
      });
    await wrong({ folder: path.join(folder, "nothing") }, /nothing has no files; expected those of a model/);
    await wrong(
      { folder: path.join(folder, "missing") },
      /missing is no folder; expected one with the files/,
    );
    await wrong({ folder: path.join(source, "config.json") }, /config\.json is no folder/);
    for (const repo of ["none", "a/b/c", "reader/", ""])
      await wrong({ repo }, /cannot be a repository; expected a namespace/);
    for (const tag of ["", "-v", "v 1", "a..b", "v:1", "v1.", "v1.lock", "HEAD", "0".repeat(40)])
      await wrong({ tag }, /cannot be a tag/);
    await wrong({ commitMessage: " " }, /commitMessage is empty/);
    assert.deepEqual(setup.proxy.requests, []);
  });

  it("is refused where a link leads to nothing or in a circle, before anything is sent", async () => {
    for (const [target, code] of [
      ["nowhere", "ENOENT"],
      ["link", "ELOOP"],
    ] as const) {
      const linked = writeFiles(path.join(folder, "links", code), { "sub/config.json": "{}" });
      symlinkSync(target, path.join(linked, "sub/link"));
      await assert.rejects(push("reader/none", { folder: linked }), (error) => {
        assert.ok(error instanceof ArgumentError, String(error));
        assert.match(error.message, new RegExp(`^\\.\\.\\./sub/link cannot be read \\(${code}\\)`));
        return true;
      });
    }
    assert.deepEqual(setup.proxy.requests, []);
  });

  it("is refused where a file goes away meanwhile, which is named", async () => {
    const fleeting = writeFiles(path.join(folder, "fleeting"), { "sub/config.json": "{}" });
    const error = await refused(
      push("reader/fleeting", {
        folder: fleeting,
        fetch: (...request: Parameters<typeof fetch>) => {
          rmSync(path.join(fleeting, "sub/config.json"), { force: true });
          return fetch(...request);
        },
      }),
      "disk",
      /^\.\.\.\/sub\/config\.json could not be read or written \(ENOENT\) while pushing the model reader\/fleeting/,
    );
    assert.ok(!error.message.includes("HF_HUB_CACHE"));
  });

  it("is refused where the Hub cannot be reached", async () => {
    await refused(
      push("reader/none", { endpoint: setup.nowhere }),
      "unreachable",
      /cannot be reached for pushing the model reader\/none \(ECONNREFUSED\)/,
    );
  });
});
