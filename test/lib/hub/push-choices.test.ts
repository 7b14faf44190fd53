import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { listCommits } from "@huggingface/hub";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { pushing, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const setup = testHub();
const source = writeFiles(path.join(setup.folder, "source"), { "config.json": "{}", "README.md": "# One\n" });
const { push, listing } = pushing(setup, source);
const pushed = async (repo: string, revision = "main") =>
  (await listing(repo, revision)).filter((file) => file !== ".gitattributes");

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
});

describe("a push to a branch", () => {
  it("makes it if it is missing, and leaves main as it is", async () => {
    await push("reader/branches");
    writeFiles(source, { "on-branch.txt": "" });
    const first = await push("reader/branches", { branch: "try/this" });
    assert.match(specToText(first.present()), /: 3 files in commit [0-9a-f]{7}, branch try\/this\n/);
    writeFiles(source, { "README.md": "# Two\n" });
    const second = await push("reader/branches", { branch: "try/this" });
    assert.notEqual(second.commit, first.commit);
    assert.deepEqual(await pushed("reader/branches"), ["README.md", "config.json"]);
    assert.deepEqual(await pushed("reader/branches", "try/this"), [
      "README.md",
      "config.json",
      "on-branch.txt",
    ]);
    const options = { endpoint: setup.hub.endpoint, cacheDir: path.join(setup.folder, "cache") };
    const revision = "try/this";
    const back = await pretrainedFolder(
      "reader/branches",
      { required: ["README.md"] },
      { ...options, revision },
    );
    assert.equal(readFileSync(path.join(back, "README.md"), "utf8"), "# Two\n");
    assert.equal((await push("reader/branches", { branch: "try/this" })).isUnchanged, true);
  });

  it("makes the repository, too", async () => {
    await push("reader/fresh", { branch: "next" });
    assert.deepEqual(await pushed("reader/fresh"), []);
    assert.ok((await pushed("reader/fresh", "next")).includes("config.json"));
  });

  it("is refused where the branch cannot be one, or a pull request was asked for as well", async () => {
    const wrong = (more: object, message: RegExp) =>
      assert.rejects(push("reader/none", more), (error) => {
        assert.ok(error instanceof ArgumentError, String(error));
        assert.match(error.message, message);
        return true;
      });
    await wrong({ branch: "a..b" }, /^"a\.\.b" cannot be a branch/);
    await wrong(
      { branch: "next", createPullRequest: true },
      /found both, with the branch "next": leave one out/,
    );
    assert.deepEqual(setup.proxy.requests, []);
  });
});

describe("a commit's description", () => {
  it("follows its first line", async () => {
    await push("reader/described", { commitMessage: "Better", commitDescription: "By far.\nReally." });
    const repo = { type: "model", name: "reader/described" } as const;
    const commits = listCommits({ repo, hubUrl: setup.hub.endpoint, accessToken: TOKEN });
    for await (const { title, message } of commits) {
      assert.deepEqual([title, message], ["Better", "By far.\nReally."]);
      break;
    }
  });
});

describe("a pull request", () => {
  it("proposes the commit, and says where", async () => {
    await push("reader/proposed");
    writeFiles(source, { "proposed.txt": "" });
    const words = { commitMessage: "Please", commitDescription: "See why" };
    const result = await push("reader/proposed", { createPullRequest: true, ...words });
    assert.ok(!(await pushed("reader/proposed")).includes("proposed.txt"));
    assert.ok((await pushed("reader/proposed", "refs/pr/1")).includes("proposed.txt"));
    assert.match(
      result.pullRequestUrl ?? "",
      /^http:\/\/127\.0\.0\.1:\d+\/reader\/proposed\/discussions\/1$/,
    );
    assert.match(specToText(result.present()), /, pull request http\S+\/discussions\/1\n/);
    const address = `${setup.hub.endpoint}/api/models/reader/proposed/discussions/1`;
    const opened = (await (await fetch(address)).json()) as {
      title: string;
      events: { data: { latest: { raw: string } } }[];
    };
    assert.deepEqual([opened.title, opened.events[0]?.data.latest.raw], ["Please", "See why"]);
  });

  it("is not asked for twice, even if no answer comes", async () => {
    await push("reader/once");
    writeFiles(source, { "once.txt": "" });
    let asked = 0;
    const failing: typeof fetch = (input, init) => {
      const address = input as string;
      if (!address.includes("/commit/")) return fetch(input, init);
      asked += 1;
      return Promise.resolve(new Response("", { status: 504 }));
    };
    await refused(
      push("reader/once", { createPullRequest: true, fetch: failing }),
      "unreachable",
      /status 504.* try again later/,
    );
    assert.equal(asked, 1);
  });

  it("is none where nothing has changed", async () => {
    const { commit } = await push("reader/equal");
    const result = await push("reader/equal", { createPullRequest: true });
    assert.deepEqual([result.commit, result.isUnchanged, result.pullRequestUrl], [commit, true, undefined]);
  });
});

describe("a training run's folder", () => {
  const run = writeFiles(path.join(setup.folder, "run"), {
    "config.json": "{}",
    "checkpoint-9/model.bin": "9",
    "checkpoint-9/trainer_state.json": "{}",
    "checkpoint-10/model.bin": "10",
    "checkpoint-10/trainer_state.json": "{}",
    "checkpoint-11.part/model.bin": "half",
    "notes/checkpoint-3/a.txt": "no checkpoint",
  });
  const others = ["config.json", "notes/checkpoint-3/a.txt"];
  const last = ["checkpoint-10/model.bin", "checkpoint-10/trainer_state.json"];
  const first = ["checkpoint-9/model.bin", "checkpoint-9/trainer_state.json"];

  it("is pushed with all of its checkpoints, the last or none, and never with half of one", async () => {
    for (const [checkpoints, expected] of [
      ["none", others],
      ["last", [...last, ...others]],
      ["all", [...last, ...first, ...others]],
      [undefined, [...last, ...first, ...others]],
    ] as const) {
      const repo = `reader/run-${checkpoints ?? "default"}`;
      await push(repo, { folder: run, ...(checkpoints && { checkpoints }) });
      assert.deepEqual(await pushed(repo), [...expected].sort(), checkpoints);
    }
    const none = await push("reader/without", { checkpoints: "last" });
    assert.ok(none.files.length > 0, "a folder may have no checkpoints");
  });
});

describe("a push of what is no model", () => {
  it("makes a data set or a Space, its tag with it, and finds it unchanged", async () => {
    for (const repoType of ["dataset", "space"] as const) {
      const repo = `reader/a-${repoType}`;
      assert.equal((await push(repo, { repoType, spaceSdk: "gradio", tag: "v1" })).isUnchanged, false);
      assert.equal((await push(repo, { repoType })).isUnchanged, true);
      const address = `${setup.hub.endpoint}/api/${repoType}s/${repo}`;
      assert.equal((await fetch(`${address}/revision/v1`)).status, 200);
      const { sdk } = (await (await fetch(address)).json()) as { sdk?: string };
      assert.equal(sdk, repoType === "space" ? "gradio" : undefined);
      await refused(
        push(repo, { repoType, tag: "v1" }),
        "refused",
        new RegExp(`${repoType} ${repo} has a rev`),
      );
    }
    assert.equal((await fetch(`${setup.hub.endpoint}/api/models/reader/a-space`)).status, 401);
  });
});
