import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { pullDatasetFiles, pushDatasetFiles } from "../../../lib/src/hub/dataset-files";
import { hubUser } from "../../../lib/src/hub/hub-user";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

describe("files of a data set repository", () => {
  const setup = testHub();
  const at = () => ({ endpoint: setup.hub.endpoint, token: TOKEN });
  const repo = "reader/runs";
  const push = (name: string, files: Record<string, string>) => {
    const folder = writeFiles(path.join(setup.folder, name), files);
    return pushDatasetFiles({ ...at(), folder, repo, commitMessage: name });
  };

  it("are pushed beside those that are there, into a private repository, and pulled by folder", async () => {
    await push("first", { "one/a.txt": "a", "one/deep/b.txt": "b" });
    const commit = await push("second", { "two/a.txt": "other" });
    assert.match(commit, /^[0-9a-f]{40}$/);
    const to = writeFiles(path.join(setup.folder, "pulled"), { "a.txt": "old", "mine.txt": "mine" });
    const files = await pullDatasetFiles({ ...at(), repo, from: "one", to });
    assert.deepEqual(files, ["a.txt", "deep/b.txt"]);
    assert.deepEqual(
      [...files, "mine.txt"].map((file) => readFileSync(path.join(to, file), "utf8")),
      ["a", "b", "mine"],
    );
    assert.deepEqual(await pullDatasetFiles({ ...at(), repo, from: "on", to }), []);
    assert.equal((await fetch(`${setup.hub.endpoint}/api/datasets/${repo}`)).status, 401);
  });

  it("are refused without a token, a repository, or anything to push", async () => {
    const { endpoint, token } = at();
    const folder = writeFiles(path.join(setup.folder, "some"), { "a.txt": "a" });
    const commitMessage = "none";
    await refused(
      pushDatasetFiles({ endpoint, folder, repo, commitMessage }),
      "no-token",
      /HF_TOKEN is not set/,
    );
    const none = pullDatasetFiles({ endpoint, token, repo: "reader/none", from: "a", to: folder });
    await refused(none, "no-repo", /has no dataset reader\/none/);
    const empty = writeFiles(path.join(setup.folder, "empty"), { "sub/.git/x": "" });
    await assert.rejects(
      pushDatasetFiles({ ...at(), folder: empty, repo, commitMessage }),
      /nothing to push/,
    );
  });

  it("belong to the user whose token it is", async () => {
    assert.equal(await hubUser(at()), "reader");
    await refused(hubUser({ endpoint: setup.hub.endpoint }), "no-token", /asks who you are/);
    await refused(hubUser({ ...at(), token: "hf_wrong" }), "not-allowed", /does not know the token/);
  });
});
