import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { listCommits } from "@huggingface/hub";
import type { PushToHubParams } from "../../../lib/src/hub/push-to-hub";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { pushing, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const setup = testHub();
const source = writeFiles(path.join(setup.folder, "source"), {
  "config.json": "{}",
  "large.bin": Buffer.alloc(100_000, 1),
  "README.md": "# One\n",
});
const { listing, ...pushes } = pushing(setup, source);
/** The Hub sends large files to its own address: these go through the proxy, too. */
const throughProxy: typeof fetch = (input, init) =>
  fetch((input as string).replace(setup.hub.endpoint, setup.proxy.endpoint), init);
const push = (repo: string, more: Partial<PushToHubParams> = {}) =>
  pushes.push(repo, { fetch: throughProxy, ...more });

/** The commits of a branch by their first lines, newest first. */
const history = async (name: string, revision = "main") => {
  const titles: string[] = [];
  const about = { repo: { type: "model", name } as const, hubUrl: setup.hub.endpoint, accessToken: TOKEN };
  for await (const { title } of listCommits({ ...about, revision })) titles.push(title);
  return titles;
};
const asked = (part: string) => setup.proxy.requests.filter((request) => request.includes(part));

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.onRequest = () => undefined;
  setup.proxy.requests.length = 0;
});

describe("a push of what the repository has", () => {
  it("makes no commit and says so, with the head", async () => {
    const first = await push("reader/same", { commitMessage: "One" });
    assert.equal(first.isUnchanged, false);
    setup.proxy.requests.length = 0;
    const again = await push("reader/same", { commitMessage: "Two", tag: "v1" });
    assert.deepEqual([again.commit, again.isUnchanged], [first.commit, true]);
    assert.deepEqual(
      asked("POST").map((request) => request.split("/").slice(-2)[0]),
      ["tag"],
    );
    assert.match(
      specToText(again.present()),
      /^reader\/same: nothing had changed, 3 files in commit [0-9a-f]{7}, tag v1\n/,
    );
    assert.ok((await listing("reader/same", "v1")).includes("large.bin"));
    assert.equal((await history("reader/same"))[0], "One");
  });

  it("sends what has changed alone", async () => {
    await push("reader/partly");
    writeFiles(source, { "README.md": "# Two\n" });
    const bodies: string[] = [];
    setup.proxy.onRequest = (url, body) => {
      if (url.includes("/commit/")) bodies.push(body.toString());
    };
    setup.proxy.requests.length = 0;
    const second = await push("reader/partly");
    assert.equal(second.isUnchanged, false);
    const paths = bodies.flatMap((body) => [...body.matchAll(/"path":"([^"]*)"/g)].map(([, name]) => name));
    assert.deepEqual(paths, ["README.md"]);
    assert.deepEqual([asked("/info/lfs/"), asked("PUT")], [[], []]);
    // of the same size, but another
    writeFiles(source, { "large.bin": Buffer.alloc(100_000, 2) });
    await push("reader/partly");
    assert.equal(asked("PUT").length, 1);
    // large content that another path has
    rmSync(path.join(source, "large.bin"));
    writeFiles(source, { "moved.bin": Buffer.alloc(100_000, 2) });
    await push("reader/partly");
    assert.equal(asked("PUT").length, 1);
    assert.ok((await listing("reader/partly")).includes("moved.bin"));
  });
});

describe("a large file whose upload breaks off", () => {
  it("is sent again from its beginning", async () => {
    writeFiles(source, { "broken.bin": Buffer.alloc(100_000, 3) });
    let uploads = 0;
    setup.proxy.outage = (url) => /\/objects\/[0-9a-f]{64}/.test(url) && (uploads += 1) < 3;
    await push("reader/upload");
    setup.proxy.outage = undefined;
    assert.equal(uploads, 4);
    // the upload alone is tried again, not the push
    assert.equal(asked("/preupload/").length, 1);
    assert.ok((await listing("reader/upload")).includes("broken.bin"));
  });
});

describe("a commit whose answer is lost", () => {
  it("is not made twice where it arrived", async () => {
    for (const [name, mishap] of [
      ["broken", { breakAfter: 0 }],
      ["half", { breakAfter: 20 }],
      ["timeout", { status: 504 }],
    ] as const) {
      const repo = `reader/${name}`;
      let lost = 0;
      // the proxy has passed it on when it answers
      setup.proxy.mishap = (url) => (url.includes("/commit/") && (lost += 1) === 1 ? mishap : undefined);
      const { commit, isUnchanged } = await push(repo, { commitMessage: "Once" });
      assert.equal(isUnchanged, false);
      assert.deepEqual(
        (await history(repo)).filter((title) => title === "Once"),
        ["Once"],
        name,
      );
      assert.equal(lost, 1);
      const again = await push(repo);
      assert.deepEqual([again.commit, again.isUnchanged], [commit, true]);
    }
  });

  it("is made by the next try where it did not arrive, though others committed meanwhile", async () => {
    await push("reader/others");
    writeFiles(source, { "new.txt": "new" });
    const other = writeFiles(path.join(setup.folder, "other"), { "other.txt": "of another" });
    let tries = 0;
    const losing: typeof fetch = async (input, init) => {
      if (!(input as string).includes("/commit/") || (tries += 1) > 1) return fetch(input, init);
      await push("reader/others", { folder: other, commitMessage: "Another's" });
      return new Response("", { status: 503 });
    };
    await push("reader/others", { commitMessage: "Ours", fetch: losing });
    assert.equal(tries, 2);
    assert.deepEqual((await history("reader/others")).slice(0, 2), ["Ours", "Another's"]);
    assert.ok((await listing("reader/others")).includes("other.txt"));
  });

  it("cannot be made twice by a request that arrives late", async () => {
    await push("reader/late");
    writeFiles(source, { "late.txt": "late" });
    let late = (): Promise<unknown> => Promise.resolve();
    let tries = 0;
    const delaying: typeof fetch = async (input, init) => {
      if (!(input as string).includes("/commit/")) return fetch(input, init);
      tries += 1;
      if (tries === 1) {
        late = () => fetch(input, { ...init, signal: null });
        return new Response("", { status: 504 });
      }
      // the first comes through after the branch was looked at, before the second does
      if (tries === 2) await late();
      return fetch(input, init);
    };
    const { isUnchanged } = await push("reader/late", { commitMessage: "Late", fetch: delaying });
    assert.deepEqual([tries, isUnchanged], [2, false]);
    assert.deepEqual(
      (await history("reader/late")).filter((title) => title === "Late"),
      ["Late"],
    );
  });

  it("is given up after five tries, and the repository is as it was", async () => {
    await push("reader/never");
    const before = await history("reader/never");
    writeFiles(source, { "never.txt": "never" });
    setup.proxy.outage = (url) => url.includes("/commit/");
    await refused(push("reader/never"), "unreachable", /\(status 503: .*, tried 5 times\)/);
    setup.proxy.outage = undefined;
    assert.equal(asked("/commit/").length, 6);
    assert.deepEqual(await history("reader/never"), before);
  });
});

describe("a tag whose answer is lost", () => {
  it("is made once, whether it arrived or not", async () => {
    for (const [name, isArrived] of [
      ["tagged", true],
      ["untagged", false],
    ] as const) {
      let asked = 0;
      const isFirst = (url: string) => url.includes("/tag/") && (asked += 1) === 1;
      if (isArrived) setup.proxy.mishap = (url) => (isFirst(url) ? { breakAfter: 0 } : undefined);
      else setup.proxy.outage = isFirst;
      const { commit, tag } = await push(`reader/${name}`, { tag: "v1" });
      setup.proxy.outage = undefined;
      assert.deepEqual([tag, asked], ["v1", isArrived ? 1 : 2]);
      assert.ok(/^[0-9a-f]{40}$/.test(commit));
      assert.ok((await listing(`reader/${name}`, "v1")).includes("config.json"));
    }
  });
});
