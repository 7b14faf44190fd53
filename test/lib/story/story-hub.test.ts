import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { openStoryHub, type StoryHub } from "../../../lib/src/story/story-hub";
import { forgetHubSettings } from "../hub/test-hub";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const folder = temporaryFolder();

/** The reader's own token and repository must play no part; the process of a test file is its own. */
function environment(given: Record<string, string>): void {
  forgetHubSettings(path.join(folder, "home"));
  Reflect.deleteProperty(process.env, "STORY_HUB_REPO");
  Object.assign(process.env, given);
}

describe("the Hub of the story", () => {
  it("is embedded without a repository of the reader's, begins empty, and takes a push", async () => {
    environment({ HF_TOKEN: "hf_aTokenOfTheReadersOwn" });
    const model = writeTinyModel(path.join(folder, "model"));
    // twice the same tag: only an empty Hub takes it
    for (let round = 0; round < 2; round += 1) {
      const hub = await openStoryHub(path.join(folder, "hub"));
      try {
        assert.equal(hub.isEmbedded, true);
        assert.match(hub.options.endpoint ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
        const { repo, options } = hub;
        const pushed = await pushToHub({
          ...{ folder: model, repo, commitMessage: "a model", tag: "v1" },
          ...options,
        });
        assert.deepEqual(
          pushed.files.map(({ path: file }) => file),
          ["config.json", "model.safetensors"],
        );
      } finally {
        await hub.close();
      }
    }
  });

  it("never shows its token", async () => {
    environment({});
    const hub: StoryHub = await openStoryHub(path.join(folder, "hub"));
    await hub.close();
    const token = hub.options.token ?? "";
    assert.match(token, /^hf_[0-9a-f]{32}$/);
    const shown = [inspect(hub, { depth: 9 }), JSON.stringify(hub), JSON.stringify(await hub.toMimeBundle())];
    for (const text of shown) assert.ok(!text.includes(token), text);
  });

  it("is the real one where the reader names a repository and has a token", async () => {
    environment({ HF_TOKEN: "hf_aTokenOfTheReadersOwn", STORY_HUB_REPO: "somebody/model" });
    const hub = await openStoryHub(path.join(folder, "none"));
    assert.deepEqual([hub.isEmbedded, hub.repo, hub.options], [false, "somebody/model", {}]);
    await hub.close();
  });

  it("is refused for a repository without a token", async () => {
    environment({ STORY_HUB_REPO: "somebody/model" });
    await assert.rejects(
      openStoryHub(path.join(folder, "none")),
      new ArgumentError(
        'STORY_HUB_REPO is "somebody/model", and there is no token; set HF_TOKEN to one that may write, or unset STORY_HUB_REPO.',
      ),
    );
  });
});
