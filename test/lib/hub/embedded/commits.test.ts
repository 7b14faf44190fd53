import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { onSmallDisk } from "../../small-disk";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, file, filesIn, lfsFile, runningHub, type RunningHub } from "./running-hub";

const MEGABYTE = 1024 * 1024;

describe("a commit to the embedded Hub", () => {
  const folder = temporaryFolder();
  let hub: RunningHub;

  before(async () => {
    hub = await runningHub(folder);
  });
  after(() => hub.close());

  const text = async (name: string, file: string) => {
    return (await hub.get(`/reader/${name}/resolve/main/${file}`)).text();
  };

  it("is one whole: a line that is refused takes the others with it", async () => {
    await hub.create("whole");
    await hub.commit("whole", [file("a.txt", "one"), file("old/b.txt", "b")]);
    const head = await hub.head("whole");
    const kept = filesIn(folder);
    const refused: [object, number, RegExp][] = [
      [lfsFile("model.safetensors", Buffer.from("never uploaded")), 400, /was not uploaded/],
      [
        { key: "lfsFile", value: { path: "b.bin", oid: "0".repeat(64) } },
        400,
        /any number of bytes\) was not/,
      ],
      [{ key: "deletedFile", value: { path: "none" } }, 404, /A file with this name doesn't exist: none/],
      [{ key: "deletedFolder", value: { path: "none" } }, 404, /A folder with this name/],
      [file("a.txt/b", "a file cannot hold a file"), 400, /a file and a folder at once/],
      [file("../b.txt", "b"), 400, /A path in a repository/],
      [file("/b.txt", "b"), 400, /A path in a repository/],
      [file("b/./c.txt", "b"), 400, /A path in a repository/],
      [file("b\\..\\c.txt", "b"), 400, /A path in a repository/],
      [file("b\u0000.txt", "b"), 400, /A path in a repository/],
      [file(".git/config", "b"), 400, /A path in a repository/],
      [file("x".repeat(2000), "b"), 400, /A path in a repository/],
      [{ key: "file", value: { path: "b.txt", content: "a*b!", encoding: "base64" } }, 400, /valid base64/],
      [{ key: "file", value: { path: "b.txt", content: 1 } }, 400, /"content" to be a text/],
      [{ key: "lfsFile", value: { path: "b.bin", oid: "../../repository.json" } }, 400, /a sha256/],
      [{ key: "file", value: { path: "b.txt", oldPath: "a.txt" } }, 400, /does not copy/],
      [{ key: "unknown", value: { path: "b.txt" } }, 400, /found "unknown"/],
      [file("large.txt", "a".repeat(11 * MEGABYTE)), 413, /uploaded as large files/],
    ];
    for (const [line, status, error] of refused) {
      const answer = await hub.commit("whole", [file("a.txt", "two"), line, file("c.txt", "c")]);
      await assertRefused(answer, { status, error, ...(status === 404 && { code: "EntryNotFound" }) });
    }
    assert.equal(await hub.head("whole"), head);
    assert.deepEqual(filesIn(folder), kept, "not a byte of a refused commit stays");
    assert.equal(await text("whole", "a.txt"), "one");
  });

  it("goes on from the head that the client has seen, or not at all", async () => {
    await hub.create("parents");
    const first = await hub.head("parents");
    const one = await hub.commit("parents", [file("a.txt", "one")], { parentCommit: first });
    assert.equal(one.status, 200);
    const late = await hub.commit("parents", [file("a.txt", "two")], { parentCommit: first });
    await assertRefused(late, { status: 412, error: /A commit has happened since/ });
    assert.equal(await text("parents", "a.txt"), "one");
  });

  it("is not lost when many come at once", async () => {
    await hub.create("many");
    const names = Array.from({ length: 20 }, (_, index) => `${index}.txt`);
    const head = await hub.head("many");
    const answers = await Promise.all(
      names.map((name) => hub.commit("many", [file(name, name)], { parentCommit: head })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, "of those on one parent one");
    assert.equal(answers.filter(({ status }) => status === 412).length, 19);
    await Promise.all(names.map((name) => hub.commit("many", [file(name, name)])));
    for (const name of names) assert.equal(await text("many", name), name);
  });

  it("takes files and folders away, and gives a name to another kind of thing", async () => {
    await hub.create("deletions");
    await hub.commit("deletions", [file("a/b.txt", "b"), file("a/c.txt", "c"), file("d.txt", "d")]);
    const lines = [
      { key: "deletedFolder", value: { path: "a/" } },
      { key: "deletedFile", value: { path: "d.txt" } },
      file("a", "a file now"),
    ];
    assert.equal((await hub.commit("deletions", lines)).status, 200);
    const tree = (await (await hub.get("/api/models/reader/deletions/tree/main?recursive=true")).json()) as {
      path: string;
    }[];
    assert.deepEqual(
      tree.map((entry) => entry.path),
      [".gitattributes", "a"],
    );
  });

  it("needs a title and a header", async () => {
    await hub.create("headers");
    await assertRefused(await hub.commit("headers", [], { summary: "" }), {
      status: 400,
      error: /"summary"/,
    });
    const address = "/api/models/reader/headers/commit/main";
    for (const body of ["", JSON.stringify(file("a.txt", "a")), "not JSON\n"])
      await assertRefused(await hub.post(address, body), { status: 400, error: /header|JSON/ });
    const large = await hub.post(address, "\n".repeat(129 * MEGABYTE));
    await assertRefused(large, { status: 413, error: /at most are taken/ });
  });

  it("keeps paths that are names in JavaScript", async () => {
    await hub.create("names");
    for (const name of ["__proto__", "constructor", "prototype/toString"]) {
      assert.equal((await hub.commit("names", [file(name, name)])).status, 200);
      assert.equal(await text("names", name), name);
    }
  });
});

describe("a disk that is full while a commit comes", () => {
  it("keeps the head as it was, and says so", async (context) => {
    await onSmallDisk(context, 1024, async (folder) => {
      const hub = await runningHub(folder);
      try {
        await hub.create("small");
        await hub.commit("small", [file("a.txt", "one")]);
        const kept = await hub.head("small");
        const answer = await hub.commit("small", [
          file("b.txt", "this one fits"),
          file("a.txt", randomBytes(2 * MEGABYTE).toString("base64")),
        ]);
        await assertRefused(answer, { status: 507, error: /disk is full: nothing was kept/ });
        assert.equal(await hub.head("small"), kept);
        execFileSync("git", ["-C", path.join(folder, "models", "reader", "small.git"), "fsck", "--strict"]);
        assert.deepEqual(filesIn(path.join(folder, "incoming")), []);
        assert.equal(await (await hub.get("/reader/small/resolve/main/a.txt")).text(), "one");
        assert.equal((await hub.commit("small", [file("a.txt", "two")])).status, 200);
      } finally {
        await hub.close();
      }
    });
  });
});
