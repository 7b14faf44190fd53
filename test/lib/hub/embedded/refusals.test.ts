import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, file, filesIn, runningHub, type RunningHub } from "./running-hub";

/** What a server answers to an address exactly as written: fetch would tidy it up first. */
function rawStatus(endpoint: string, requestLine: string, host = "localhost"): Promise<string> {
  const { port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(`${requestLine} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve(answer.split(" ")[1] ?? "");
    });
  });
}

describe("what the embedded Hub refuses", () => {
  const parent = temporaryFolder();
  let hub: RunningHub;
  let kept: string[];

  before(async () => {
    hub = await runningHub(path.join(parent, "hub"));
    await hub.create("model");
    assert.equal((await hub.commit("model", [file("a.txt", "a")])).status, 200);
    await hub.post("/api/models/reader/model/tag/main", { tag: "v1" });
    kept = filesIn(parent);
  });
  after(() => hub.close());

  it("writing without a token or with a wrong one", async () => {
    const writes = [
      "/api/repos/create",
      "/api/models/reader/model/commit/main",
      "/api/models/reader/model/preupload/main",
      "/api/models/reader/model/tag/main",
      "/api/models/reader/model/branch/other",
      "/reader/model.git/info/lfs/objects/batch",
      "/reader/model.git/info/lfs/objects/verify",
    ];
    for (const address of writes) {
      const without = await fetch(`${hub.endpoint}${address}`, { method: "POST", body: "{}" });
      assert.ok(without.headers.get("www-authenticate"));
      await assertRefused(without, { status: 401, error: /^Invalid username or password\.$/ });
      const wrong = await hub.post(address, {}, { Authorization: "Bearer hf_wrong" });
      await assertRefused(wrong, { status: 401, error: /^Invalid credentials in Authorization header$/ });
    }
    assert.equal((await fetch(`${hub.endpoint}/api/whoami-v2`)).status, 401);
    assert.deepEqual(filesIn(parent), kept);
  });

  it("a wrong token even for reading, as the Hub does", async () => {
    const wrong = await hub.get("/api/models/reader/model", { Authorization: "Bearer hf_wrong" });
    await assertRefused(wrong, { status: 401, error: /^Invalid credentials/ });
    assert.equal((await fetch(`${hub.endpoint}/api/models/reader/model`)).status, 200);
  });

  it("what is not there, and says which thing it is", async () => {
    const repository = { status: 404, error: /^Repository not found$/, code: "RepoNotFound" };
    await assertRefused(await hub.get("/api/models/reader/none"), repository);
    await assertRefused(await hub.get("/api/datasets/reader/model"), repository);
    await assertRefused(await hub.commit("none", [file("a.txt", "a")]), repository);
    const unknown = await fetch(`${hub.endpoint}/api/models/reader/none`);
    await assertRefused(unknown, { status: 401, error: /^Invalid username/, code: "RepoNotFound" });
    const revision = { status: 404, error: /^Invalid rev id: none$/, code: "RevisionNotFound" };
    await assertRefused(await hub.get("/api/models/reader/model/revision/none"), revision);
    await assertRefused(await hub.get("/reader/model/resolve/none/a.txt"), revision);
    await assertRefused(await hub.post("/api/models/reader/model/commit/none", header()), revision);
    const entry = { status: 404, error: /^Entry not found$/, code: "EntryNotFound" };
    await assertRefused(await hub.get("/reader/model/resolve/main/none"), entry);
    await assertRefused(await hub.get("/api/models/reader/model/unknown"), { status: 404, error: /address/ });
  });

  it("what is there already", async () => {
    const again = await hub.post("/api/repos/create", { name: "model", type: "model" });
    const { url } = (await again.clone().json()) as { url: string };
    assert.equal(url, `${hub.endpoint}/reader/model`);
    await assertRefused(again, { status: 409, error: /already created this model repo/ });
    const tag = await hub.post("/api/models/reader/model/tag/main", { tag: "v1" });
    await assertRefused(tag, { status: 409, error: /exists already: "v1"/ });
    const branch = await hub.post("/api/models/reader/model/branch/main", {});
    await assertRefused(branch, { status: 409, error: /already exists/ });
  });

  it("a namespace that is not the user's", async () => {
    const other = await hub.post("/api/repos/create", { name: "model", organization: "somebody" });
    await assertRefused(other, { status: 403, error: /under the namespace "somebody": yours is "reader"/ });
    assert.ok(!existsSync(path.join(parent, "hub", "models", "somebody")));
  });

  it("names that lead out of its folder, however they are written", async () => {
    const names = [
      "..",
      "../x",
      "a/b",
      "a\\b",
      ".hidden",
      "a..b",
      "a\u0000b",
      "",
      "x.git",
      "-x",
      "a".repeat(97),
      "\u00e9",
    ];
    for (const name of names) {
      const answer = await hub.post("/api/repos/create", { name, organization: "reader" });
      await assertRefused(answer, { status: 400, error: /Repository names are/ });
    }
    const addresses = [
      "/api/models/../../hub",
      "/api/models/%2e%2e/%2e%2e",
      "/api/models/reader/..%2f..%2fhub",
      "/api/models/reader/%2e%2e",
      "/reader/model/resolve/main/../../hub.json",
      "/reader/model/resolve/main/%2e%2e%2f%2e%2e%2fhub.json",
      "/reader/model/resolve/%2e%2e/hub.json",
      "/reader/model/resolve/..%2fhub.json/x",
      "/api/models/reader/model/revision/..%2fhub",
      "/reader/model/raw/main//etc/passwd",
      "/reader/model/resolve/main/a.txt%00",
      "/reader/model/resolve/main/%ff",
    ];
    for (const address of addresses)
      assert.match(await rawStatus(hub.endpoint, `GET ${address}`), /^40[014]$/, address);
    assert.deepEqual(filesIn(parent), kept);
  });

  it("paths that a file system could take for another one, and the repository stays whole", async () => {
    const gits = [".git", "a/.GIT/x", ".git.", ".git ", "git~1", "a/GIT~2/x", ".g\u200cit", ".git::$DATA"];
    for (const name of [...gits, "..", "a/./b", "a//b", "a\\b", "\ud800"])
      await assertRefused(await hub.commit("model", [file(name, "x")]), {
        status: 400,
        error: /A path in a/,
      });
    await hub.create("odd");
    for (const name of [".gitmodules", "git~", "a.git", "con", "a:b", "-x", "e\u0301", "x".repeat(300)])
      assert.equal((await hub.commit("odd", [file(name, name)])).status, 200, name);
    const named = { summary: "two\nlines\u0000", description: "and\u0000more" };
    assert.equal((await hub.commit("odd", [file("b", "c")], named)).status, 200);
    const commits = (await (await hub.get("/api/models/reader/odd/commits/main")).json()) as object[];
    const { title, message } = commits[0] as { title: string; message: string };
    assert.deepEqual([title, message], ["two lines", "andmore"]);
    const gitdir = path.join(parent, "hub", "models", "reader", "odd.git");
    assert.equal(execFileSync("git", ["-C", gitdir, "fsck", "--strict"], { encoding: "utf8" }), "");
    kept = filesIn(parent);
  });

  it("tags and branches that git would not have", async () => {
    for (const tag of [
      "",
      "..",
      "a..b",
      "a b",
      "-a",
      "a/",
      "a//b",
      "a.lock",
      "refs/heads/main",
      "HEAD",
      "~",
      "0".repeat(40),
    ])
      await assertRefused(await hub.post("/api/models/reader/model/tag/main", { tag }), {
        status: 400,
        error: /A branch or tag is named like/,
      });
    // what a plain object has by itself is no branch
    await assertRefused(await hub.get("/api/models/reader/model/revision/constructor"), {
      status: 404,
      error: /Invalid rev id/,
      code: "RevisionNotFound",
    });
  });

  it("bodies that are not of the protocol's form", async () => {
    const bad = ["", "[]", "{", '"text"', "null"];
    for (const body of bad)
      await assertRefused(await hub.post("/api/models/reader/model/preupload/main", body), {
        status: 400,
        error: /JSON|object/,
      });
    const large = `{"name": "${"a".repeat(17 * 1024 * 1024)}"}`;
    await assertRefused(await hub.post("/api/repos/create", large), { status: 413, error: /at most/ });
    const bucket = await hub.post("/api/repos/create", { name: "app", type: "bucket" });
    await assertRefused(bucket, {
      status: 400,
      error: /models, datasets and spaces; found the type "bucket"/,
    });
    const batch = await hub.post("/reader/model.git/info/lfs/objects/batch", { operation: "move" });
    await assertRefused(batch, { status: 400, error: /"upload" or "download"/ });
  });

  it("names that lead to this machine and are not its own", async () => {
    for (const host of ["example.org", "127.0.0.1.example.org", "localhost:1@example.org", ""])
      assert.equal(await rawStatus(hub.endpoint, "GET /api/models", host), "421", host);
    for (const host of ["127.0.0.1", "localhost:8080", "[::1]:80"])
      assert.equal(await rawStatus(hub.endpoint, "GET /api/models", host), "200", host);
  });

  it("a range that begins after the end", async () => {
    const beyond = await hub.get("/reader/model/resolve/main/a.txt", { Range: "bytes=5-" });
    assert.equal(beyond.headers.get("content-range"), "bytes */1");
    await assertRefused(beyond, { status: 416, error: /begins after the file's 1 bytes/ });
  });
});

function header(): unknown {
  return { key: "header", value: { summary: "a change" } };
}
