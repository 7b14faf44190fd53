import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { onSmallDisk } from "../../small-disk";
import { temporaryFolder } from "../../temporary-folder";
import {
  assertRefused,
  filesIn,
  lfsFile,
  requests,
  runningHub,
  sha256,
  TOKEN,
  type RunningHub,
} from "./running-hub";

const ROOT = path.resolve(__dirname, "../../../..");
const SERVE = `
  const { startEmbeddedHub } = require("./lib/src/hub/embedded/embedded-hub");
  void startEmbeddedHub({ folder: process.argv[1], token: "${TOKEN}" }).then((hub) => console.log(hub.endpoint));
`;

/** Puts bytes without a token, as the clients do. */
async function put(address: string | undefined, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  assert.ok(address);
  return fetch(address, { method: "PUT", body: bytes });
}

/** Begins an upload, and comes back once the Hub has some of it on disk. */
async function beginUpload(address: string | undefined, bytes: Uint8Array, folder: string) {
  assert.ok(address);
  const upload = request(address, { method: "PUT", headers: { "Content-Length": bytes.length } });
  upload.on("error", () => undefined);
  upload.write(bytes.subarray(0, bytes.length >> 1));
  while (!filesIn(path.join(folder, "incoming")).length) await new Promise(setImmediate);
  return upload;
}

describe("a large file on its way to the embedded Hub", () => {
  const folder = temporaryFolder();
  const bytes = randomBytes(2_000_003);
  const oid = sha256(bytes);
  let hub: RunningHub;
  let untouched: string[];

  before(async () => {
    hub = await runningHub(folder);
    await hub.create("model");
    untouched = filesIn(folder);
  });
  after(() => hub.close());

  it("is refused with other bytes than announced, and leaves nothing", async () => {
    const changed = Buffer.from(bytes);
    changed[1_000_000] = (changed[1_000_000] ?? 0) ^ 1;
    const address = await hub.uploadAddress("model", oid, bytes.length);
    await assertRefused(await put(address, changed), { status: 400, error: /sha256 is [0-9a-f]{64}; / });
    const short = bytes.subarray(0, 1000);
    await assertRefused(await put(address, Buffer.from(short)), { status: 400, error: /has 1000 bytes/ });
    const long = Buffer.concat([bytes, bytes, bytes]);
    await assertRefused(await put(address, long), { status: 400, error: /has 6000009 bytes; 2000003 were/ });
    assert.deepEqual(filesIn(folder), untouched);
  });

  it("is refused under an address that was not given out", async () => {
    const address = (await hub.uploadAddress("model", oid, bytes.length)) ?? "";
    const small = randomBytes(10);
    const forged = [
      address.replace(/signature=.*/, ""),
      address.replace(/signature=..../, "signature=0000"),
      address.replace(/size=\d+/, "size=10"),
      address.replace(oid, sha256(small)),
      address.replace("/model.git", "/other.git"),
      address.replace("/reader/", "/datasets/reader/"),
    ];
    for (const other of forged)
      await assertRefused(await put(other, small), { status: 403, error: /signature does not fit/ });
    assert.deepEqual(filesIn(folder), untouched);
  });

  it("leaves nothing when the client hangs up", { timeout: 30_000 }, async () => {
    const upload = await beginUpload(await hub.uploadAddress("model", oid, bytes.length), bytes, folder);
    upload.destroy();
    while (filesIn(path.join(folder, "incoming")).length) await new Promise(setImmediate);
    assert.deepEqual(filesIn(folder), untouched);
  });

  it("is there once it is whole, and need not come again", async () => {
    const verify = { oid, size: bytes.length };
    const missing = await hub.post("/reader/model.git/info/lfs/objects/verify", verify);
    await assertRefused(missing, { status: 404, error: /was not uploaded/ });
    assert.equal((await hub.commit("model", [lfsFile("model.bin", bytes)])).status, 400);
    const address = await hub.uploadAddress("model", oid, bytes.length);
    assert.equal((await put(address, bytes)).status, 200);
    assert.equal((await hub.post("/reader/model.git/info/lfs/objects/verify", verify)).status, 200);
    assert.equal(await hub.uploadAddress("model", oid, bytes.length), undefined);
    assert.equal((await hub.commit("model", [lfsFile("model.bin", bytes)])).status, 200);
    const raw = await (await hub.get("/reader/model/raw/main/model.bin")).text();
    assert.equal(
      raw,
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
    );
  });

  it("comes back whole or in parts, with the headers that the clients read", async () => {
    const address = "/reader/model/resolve/main/model.bin";
    const head = await fetch(`${hub.endpoint}${address}`, { method: "HEAD" });
    const commit = await hub.head("model");
    const expected = {
      etag: `"${oid}"`,
      "x-linked-etag": `"${oid}"`,
      "x-linked-size": String(bytes.length),
      "x-repo-commit": commit,
      "content-length": String(bytes.length),
      "accept-ranges": "bytes",
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(head.headers.get(name), value, name);
    const ranges: [string, number, number][] = [
      ["bytes=0-0", 0, 1],
      ["bytes=10-19", 10, 20],
      ["bytes=1999999-", 1_999_999, bytes.length],
      ["bytes=-5", bytes.length - 5, bytes.length],
      ["bytes=2000000-9999999", 2_000_000, bytes.length],
    ];
    for (const [range, start, end] of ranges) {
      const part = await hub.get(address, { Range: range });
      assert.equal(part.status, 206);
      assert.equal(part.headers.get("content-range"), `bytes ${start}-${end - 1}/${bytes.length}`);
      assert.ok(bytes.subarray(start, end).equals(Buffer.from(await part.arrayBuffer())), range);
    }
    for (const range of ["bytes=0-1,5-6", "lines=1-2", "bytes=5-2", "bytes=-"]) {
      const whole = await hub.get(address, { Range: range });
      assert.equal(whole.status, 200);
      assert.ok(bytes.equals(Buffer.from(await whole.arrayBuffer())), range);
    }
  });
});

describe("a disk that is full while a large file comes", () => {
  it("leaves nothing, and says so", async (context) => {
    await onSmallDisk(context, 1024, async (folder) => {
      const hub = await runningHub(folder);
      try {
        await hub.create("model");
        const kept = filesIn(folder);
        const bytes = randomBytes(4_000_000);
        const address = await hub.uploadAddress("model", sha256(bytes), bytes.length);
        await assertRefused(await put(address, bytes), { status: 507, error: /disk is full/ });
        assert.deepEqual(filesIn(folder), kept);
      } finally {
        await hub.close();
      }
    });
  });
});

describe("an embedded Hub that ends while a large file comes", () => {
  const bytes = randomBytes(2_000_003);

  it("has nothing of it when it is closed", { timeout: 30_000 }, async () => {
    const folder = temporaryFolder();
    const hub = await runningHub(folder);
    await hub.create("model");
    const kept = filesIn(folder);
    await beginUpload(await hub.uploadAddress("model", sha256(bytes), bytes.length), bytes, folder);
    await hub.close();
    assert.deepEqual(filesIn(folder), kept);
  });

  it("has nothing of it when it is started again after a kill", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const child = spawn(process.execPath, ["--import", "tsx", "--eval", SERVE, folder], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const endpoint = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.stdout.once("data", (text: Buffer) => {
        resolve(text.toString().trim());
      });
    });
    const killed = requests(endpoint);
    await killed.create("model");
    const kept = filesIn(folder);
    const address = await killed.uploadAddress("model", sha256(bytes), bytes.length);
    await beginUpload(address, bytes, folder);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    assert.equal(filesIn(folder).length, kept.length + 1, "the kill came while the file was on its way");

    const hub = await runningHub(folder);
    try {
      assert.deepEqual(filesIn(folder), kept);
      assert.equal((await hub.get("/api/models/reader/model")).status, 200);
    } finally {
      await hub.close();
    }
  });
});
