import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { createRepo } from "@huggingface/hub";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { listRepoTags } from "../../../lib/src/hub/repo-tags";
import { refused, testHub, TOKEN, writeFiles } from "./test-hub";

const setup = testHub(async () => {
  const folder = writeFiles(path.join(setup.folder, "model"), { "config.json": "{}" });
  const { endpoint } = setup.hub;
  for (const tag of ["v2", "v10", "try/this"])
    await pushToHub({ folder, repo: "reader/tagged", commitMessage: tag, tag, endpoint, token: TOKEN });
  const repo = { type: "model", name: "reader/hidden" } as const;
  await createRepo({ repo, hubUrl: endpoint, accessToken: TOKEN, visibility: "private" });
});

const tags = (repo: string, more: { endpoint?: string; token?: string } = {}) =>
  listRepoTags({ repo, endpoint: setup.proxy.endpoint, ...more });

afterEach(() => {
  setup.proxy.mishap = undefined;
});

describe("a repository's tags", () => {
  it("are listed by name, without the branches", async () => {
    assert.deepEqual(await tags("reader/tagged"), ["try/this", "v10", "v2"]);
  });

  it("are none where there is no repository, or none to see", async () => {
    assert.deepEqual(await tags("reader/none"), []);
    assert.deepEqual(await tags("reader/none", { token: TOKEN }), []);
    assert.deepEqual(await tags("reader/hidden"), []);
    assert.deepEqual(await tags("reader/hidden", { token: TOKEN }), []);
  });

  it("are not none where the Hub cannot be asked, or is something else", async () => {
    await refused(tags("reader/tagged", { endpoint: setup.nowhere }), "unreachable", /cannot be reached for/);
    await refused(tags("reader/tagged", { token: "hf_Another" }), "not-allowed", /does not know the token/);
    for (const text of ["<html>", "{}", "null", '{"tags":[{}]}']) {
      setup.proxy.mishap = () => ({ bytes: Buffer.from(text) });
      await refused(tags("reader/tagged"), "refused", /with something else than a Hub does/);
    }
  });
});
