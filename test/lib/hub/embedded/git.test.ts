import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { temporaryFolder } from "../../temporary-folder";
import { file, lfsFile, runningHub, sha256, TOKEN, type RunningHub } from "./running-hub";

const run = promisify(execFile);

/** git as it is without anybody's configuration, which asks nobody for a password. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const none = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  const { stdout } = await run("git", args, { cwd, env: { ...process.env, ...none, LC_ALL: "C" } });
  return stdout.trim();
}

describe("a repository of the embedded Hub, to git", () => {
  const folder = temporaryFolder();
  const weights = Buffer.alloc(5_000, "w");
  const clone = path.join(temporaryFolder(), "clone");
  let hub: RunningHub;

  before(async () => {
    hub = await runningHub(folder);
    await hub.create("model");
    const address = await hub.uploadAddress("model", sha256(weights), weights.length);
    await fetch(address ?? "", { method: "PUT", body: weights });
    await hub.commit("model", [
      file("a/b/deep.txt", "deep"),
      file("a-b", "git sorts a folder as if its name ended in a slash"),
      file("a.txt", "first"),
      file("\u00e9t\u00e9/\u{1f600}.txt", "names are bytes of UTF-8"),
      lfsFile("model.safetensors", weights),
    ]);
    await hub.post("/api/models/reader/model/tag/main", { tag: "v1" });
    await hub.post("/api/models/reader/model/branch/other%2fbranch", {});
    await hub.commit("model", [file("a.txt", "second")], { description: "and why\n\nin two parts" });
    await git(folder, "clone", "--quiet", `${hub.endpoint}/reader/model`, clone);
  });
  after(() => hub.close());

  it("is whole on disk", async () => {
    const said = await git(path.join(folder, "models", "reader", "model.git"), "fsck", "--strict", "--full");
    assert.equal(said, "");
  });

  it("is cloned with its history, its branches and its tags", async () => {
    assert.equal(await git(clone, "rev-parse", "HEAD"), await hub.head("model"));
    assert.equal(
      await git(clone, "log", "--format=%s|%b|%an <%ae>"),
      [
        "a change|and why\n\nin two parts\n|reader <reader@localhost>",
        "a change||reader <reader@localhost>",
        "initial commit||reader <reader@localhost>",
      ].join("\n"),
    );
    const refs = await git(clone, "for-each-ref", "--format=%(refname)");
    for (const ref of ["refs/remotes/origin/main", "refs/remotes/origin/other/branch", "refs/tags/v1"])
      assert.ok(refs.split("\n").includes(ref), refs);
    assert.equal(await git(clone, "show", "v1:a.txt"), "first");
  });

  it("has the files, and in a large one's place the pointer that git-lfs reads", async () => {
    assert.equal(readFileSync(path.join(clone, "a.txt"), "utf8"), "second");
    assert.equal(
      readFileSync(path.join(clone, "\u00e9t\u00e9/\u{1f600}.txt"), "utf8"),
      "names are bytes of UTF-8",
    );
    const pointer = readFileSync(path.join(clone, "model.safetensors"), "utf8");
    assert.match(pointer, new RegExp(`^version .*\noid sha256:${sha256(weights)}\nsize 5000\n$`));
    const batch = { operation: "download", objects: [{ oid: sha256(weights), size: 5000 }] };
    const answer = await fetch(`${hub.endpoint}/reader/model.git/info/lfs/objects/batch`, {
      method: "POST",
      body: JSON.stringify(batch),
    });
    const { objects } = (await answer.json()) as { objects: { actions: { download: { href: string } } }[] };
    const given = await fetch(objects[0]?.actions.download.href ?? "");
    assert.ok(Buffer.from(await given.arrayBuffer()).equals(weights));
  });

  it("is fetched from again, and told of without a clone", async () => {
    await hub.commit("model", [file("a.txt", "third")]);
    await git(clone, "pull", "--quiet", "--ff-only");
    assert.equal(readFileSync(path.join(clone, "a.txt"), "utf8"), "third");
    assert.match(await git(folder, "ls-remote", `${hub.endpoint}/reader/model.git`), /refs\/tags\/v1$/m);
  });

  it("takes no push, and says by what to upload", async () => {
    const { stderr } = (await git(clone, "push", "origin", "HEAD:main").then(
      () => assert.fail("the push went through"),
      (error: unknown) => error,
    )) as { stderr: string };
    assert.match(stderr, /403/);
  });

  it("is there under a private name for the token alone", async () => {
    await hub.post("/api/repos/create", { name: "secret", private: true });
    const { host } = new URL(hub.endpoint);
    await assert.rejects(
      git(folder, "ls-remote", `http://${host}/reader/secret`),
      /could not read Username|Auth/,
    );
    const refs = await git(folder, "ls-remote", `http://reader:${TOKEN}@${host}/reader/secret`);
    assert.match(refs, /refs\/heads\/main/);
  });
});
