import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { listCommits } from "@huggingface/hub";
import { pushing, testHub, TOKEN, writeFiles } from "./test-hub";

const PUSHES = 4;
const setup = testHub();
const numbers = Array.from({ length: PUSHES }, (_, number) => number);
const folders = numbers.map((number) =>
  writeFiles(path.join(setup.folder, `source ${number}`), {
    [`part-${number}.txt`]: `part ${number}\n`,
    [`part-${number}.bin`]: Buffer.alloc(50_000, number),
    "shared.txt": `by ${number}\n`,
  }),
);

describe("pushes to one repository at once", () => {
  it("are whole, one after the other, even if none of them finds the repository", async () => {
    const { push, listing } = pushing(setup, setup.folder);
    // each is overtaken by all others at the most
    const patience = { retryDelays: Array.from({ length: 2 * PUSHES }, (_, tries) => 5 * (tries + 1)) };
    const pushed = await Promise.all(
      numbers.map((number) =>
        push("reader/busy", { folder: folders[number] ?? "", commitMessage: `push ${number}`, ...patience }),
      ),
    );
    assert.equal(new Set(pushed.map(({ commit }) => commit)).size, PUSHES);
    const titles: string[] = [];
    const about = { repo: "reader/busy", hubUrl: setup.hub.endpoint, accessToken: TOKEN };
    for await (const { title } of listCommits(about)) titles.push(title);
    assert.deepEqual(titles.slice(0, -1).sort(), numbers.map((number) => `push ${number}`).sort());
    const parts = numbers.flatMap((number) => [`part-${number}.bin`, `part-${number}.txt`]);
    assert.deepEqual(await listing("reader/busy"), [".gitattributes", ...parts, "shared.txt"].sort());
    for (const [number, { commit }] of pushed.entries()) {
      const given = await fetch(`${setup.hub.endpoint}/reader/busy/resolve/${commit}/shared.txt`);
      assert.equal(await given.text(), `by ${number}\n`, "a commit holds what its own push sent");
    }
    const gitdir = path.join(setup.folder, "hub", "models", "reader", "busy.git");
    assert.equal(execFileSync("git", ["-C", gitdir, "fsck", "--strict"], { encoding: "utf8" }), "");
  });
});
