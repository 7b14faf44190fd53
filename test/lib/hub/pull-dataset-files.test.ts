import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { pullDatasetFiles } from "../../../lib/src/hub/pull-dataset-files";
import { hubUser } from "../../../lib/src/hub/hub-user";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

describe("files of a data set repository", () => {
  const setup = testHub();
  const at = () => ({ endpoint: setup.hub.endpoint, token: TOKEN });
  const repo = "reader/runs";
  const push = (name: string, files: Record<string, string>) => {
    const folder = writeFiles(path.join(setup.folder, name), files);
    return pushToHub({ ...at(), folder, repo, repoType: "dataset", private: true, commitMessage: name });
  };

  it("are pushed beside those that are there, into a private repository, and pulled by folder", async () => {
    await push("first", { "one/a.txt": "a", "one/deep/b.txt": "b" });
    const { commit } = await push("second", { "two/a.txt": "other" });
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

  it("are refused from a repository that is not there", async () => {
    const none = pullDatasetFiles({ ...at(), repo: "reader/none", from: "a", to: setup.folder });
    await refused(none, "no-repo", /has no dataset reader\/none/);
  });

  it("belong to the user whose token it is", async () => {
    assert.equal(await hubUser(at()), "reader");
    await refused(hubUser({ endpoint: setup.hub.endpoint }), "no-token", /asks who you are/);
    await refused(hubUser({ ...at(), token: "hf_wrong" }), "not-allowed", /does not know the token/);
  });
});
