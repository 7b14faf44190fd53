import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { createRepo, snapshotDownload, uploadFiles } from "@huggingface/hub";
import { startEmbeddedHub } from "../../../../lib/src/hub/embedded/embedded-hub";
import { LibError } from "../../../../lib/src/runtime/errors";
import { temporaryFolder } from "../../temporary-folder";
import { filesIn, requests, runningHub, TOKEN } from "./running-hub";

const REPO = "reader/a-model";
const files = new Map([
  ["config.json", Buffer.from("{}\n")],
  ["empty.txt", Buffer.alloc(0)],
  ["model.safetensors", randomBytes(100_000)],
]);

describe("an embedded Hub that is started again", () => {
  it("has all that it had, and gives it without a token", async () => {
    const folder = temporaryFolder();
    const first = await startEmbeddedHub({ folder, token: TOKEN });
    await createRepo({ hubUrl: first.endpoint, accessToken: TOKEN, repo: REPO });
    await uploadFiles({
      hubUrl: first.endpoint,
      accessToken: TOKEN,
      repo: REPO,
      files: [...files].map(([name, bytes]) => ({ path: name, content: new Blob([bytes]) })),
    });
    await requests(first.endpoint).post(`/api/models/${REPO}/tag/main`, { tag: "v1" });
    await first.close();
    const kept = filesIn(folder);

    const second = await startEmbeddedHub({ folder });
    try {
      assert.deepEqual(filesIn(folder), kept);
      const pulled = await snapshotDownload({
        hubUrl: second.endpoint,
        repo: REPO,
        revision: "v1",
        cacheDir: temporaryFolder(),
      });
      for (const [name, bytes] of files) assert.ok(readFileSync(path.join(pulled, name)).equals(bytes), name);
      const refused = await requests(second.endpoint).post("/api/repos/create", { name: "another" });
      assert.equal(refused.status, 401, "without a token nobody may write");
    } finally {
      await second.close();
    }
  });
});

describe("an embedded Hub that cannot start", () => {
  it("says so when it cannot write to its folder", async () => {
    const file = path.join(temporaryFolder(), "hub");
    writeFileSync(file, "a file");
    await assert.rejects(startEmbeddedHub({ folder: file }), (error: Error) => {
      return error instanceof LibError && /cannot keep repositories in \.\.\./.test(error.message);
    });
  });

  it("says so when its port is taken", async () => {
    const hub = await runningHub(temporaryFolder());
    const port = Number(new URL(hub.endpoint).port);
    const second = startEmbeddedHub({ folder: temporaryFolder(), port });
    await assert.rejects(second, /port \d+ \(EADDRINUSE\)/).finally(() => hub.close());
  });
});
