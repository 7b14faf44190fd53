import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { listed } from "../../../lib/src/hub/repo-files";
import { withHub } from "../../../lib/src/hub/hub-session";
import { hubSettings, type HubOptions } from "../../../lib/src/hub/hub-options";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { seededRandom } from "../../../lib/src/runtime/random";
import type { Mishap } from "./hub-proxy";
import { QUICK, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const NAME = "reader/large";
const SIZE = 300_000;
const FLAG = Symbol.for("jupyter.interrupt");

const random = seededRandom(1);
const content = Buffer.from(Array.from({ length: SIZE }, () => Math.floor(random() * 256)));
const text = "All work and no play. ".repeat(5_000);

const setup = testHub(async () => {
  const { endpoint } = setup.hub;
  await pushToHub({ folder: source, repo: NAME, endpoint, token: TOKEN, commitMessage: "Large" });
  const repo = { type: "model", name: NAME } as const;
  const files = await withHub({ doing: "listing", repo }, hubSettings({ endpoint }), (session) =>
    listed({ session, repo, revision: "main" }),
  );
  for (const file of files) etags.set(file.path, file.etag);
});
const source = writeFiles(path.join(setup.folder, "large"), { "large.bin": content, "vocab.txt": text });
const etags = new Map<string, string>();

const cache = (name: string) => path.join(setup.folder, "caches", name);
const blobs = (name: string) => path.join(cache(name), "models--reader--large", "blobs");
const parts = (name: string) => readdirSync(blobs(name)).filter((file) => file.endsWith("incomplete"));
const pull = async (name: string, file = "large.bin", more: HubOptions = {}) => {
  const options = { endpoint: setup.proxy.endpoint, cacheDir: cache(name), ...QUICK, ...more };
  return readFileSync(path.join(await pretrainedFolder(NAME, { required: [file] }, options), file));
};
/** What happens to the next answers with content, one after the other. */
const mishaps = (...list: Mishap[]) => {
  setup.proxy.mishap = (url) => (url.includes("/resolve/") ? list.shift() : undefined);
};
/** Lays a part of the blob into a cache, as old as if nobody wrote to it. */
const leave = (name: string, bytes: Buffer, ending = ".incomplete", age = 11 * 60) => {
  mkdirSync(blobs(name), { recursive: true });
  const part = path.join(blobs(name), `${etags.get("large.bin") ?? ""}${ending}`);
  writeFileSync(part, bytes);
  utimesSync(part, Date.now() / 1000 - age, Date.now() / 1000 - age);
};

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.onStall = () => undefined;
  setup.proxy.ranges.length = 0;
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("a download that breaks off", () => {
  it("goes on from where it was, as long as something comes", async () => {
    mishaps(...Array.from({ length: 7 }, (): Mishap => ({ breakAfter: 20_000 })), { breakAfter: 0 });
    assert.deepEqual(await pull("cut"), content);
    const starts = setup.proxy.ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range)?.[1]));
    assert.equal(starts.length, 8);
    assert.ok(
      starts.every((start, at) => start <= 20_000 * (at + 1) && start >= (starts[at - 1] ?? 1)),
      String(starts),
    );
    assert.ok((starts.at(-1) ?? 0) > 100_000, String(starts));
    assert.deepEqual(parts("cut"), []);
    mishaps({ bytes: Buffer.from(text.slice(0, 1_000)) }, { status: 503 });
    assert.equal(String(await pull("text", "vocab.txt")), text);
    assert.equal(setup.proxy.ranges.at(-1), "bytes=1000-");
  });

  it("leaves what came under huggingface_hub's name, and the next pull asks for the rest alone", async () => {
    mishaps({ breakAfter: 200_000 }, ...Array.from({ length: 4 }, () => ({ status: 500 })));
    await refused(pull("next"), "unreachable", /out of order .*tried 5 times/);
    assert.deepEqual(parts("next"), [`${etags.get("large.bin") ?? ""}.incomplete`]);
    setup.proxy.mishap = undefined;
    setup.proxy.ranges.length = 0;
    const before = setup.proxy.served;
    assert.deepEqual(await pull("next"), content);
    assert.match(setup.proxy.ranges.join(), /^bytes=(1\d{5}|200000)-$/);
    assert.ok(setup.proxy.served - before < 0.7 * SIZE);
    assert.deepEqual(readdirSync(blobs("next")), [etags.get("large.bin")]);
  });

  it("by an interrupt ends at once, even while nothing comes, and goes on the next time", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    mishaps({ stallAfter: 200_000 });
    setup.proxy.onStall = () => (flag.requested = true);
    await assert.rejects(pull("interrupted"), (error) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.match(error.message, /^Pulling the model reader\/large was interrupted/);
      return true;
    });
    Reflect.deleteProperty(globalThis, FLAG);
    assert.deepEqual(await pull("interrupted"), content);
    assert.match(setup.proxy.ranges.join(), /^bytes=\d{5,6}-$/);
  });

  it("since its process was killed goes on the next time, and not before", async () => {
    mishaps({ stallAfter: 200_000 });
    const stalled = new Promise<void>((resolve) => (setup.proxy.onStall = resolve));
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", path.join(__dirname, "pulling-child.ts")],
        ...[setup.proxy.endpoint, cache("killed"), NAME, "large.bin"],
      ],
      { stdio: "inherit" },
    );
    const exit = once(child, "exit");
    await stalled;
    while ((parts("killed")[0] ?? "") === "") await new Promise((resolve) => setTimeout(resolve, 10));
    // another pulls the same meanwhile, and has it first
    const [part = ""] = parts("killed");
    assert.deepEqual(await pull("killed"), content);
    assert.deepEqual([setup.proxy.ranges, parts("killed")], [[], [part]]);
    child.kill("SIGKILL");
    await exit;
    const blob = path.join(blobs("killed"), etags.get("large.bin") ?? "");
    writeFileSync(blob, "no longer whole");
    assert.deepEqual(await pull("killed"), content);
    assert.match(setup.proxy.ranges.join(), /^bytes=\d{5,6}-$/);
    assert.deepEqual(parts("killed"), []);
  });
});

describe("what another download left", () => {
  it("is gone on with, the most of it first", async () => {
    leave("python", content.subarray(0, 100_000));
    leave("python", content.subarray(0, 250_000), ".0a1b2c3d.incomplete");
    assert.deepEqual(await pull("python"), content);
    assert.deepEqual(setup.proxy.ranges, ["bytes=250000-"]);
    assert.deepEqual(parts("python"), []);
  });

  it("may be all of it", async () => {
    leave("all", content);
    const before = setup.proxy.served;
    assert.deepEqual(await pull("all"), content);
    assert.ok(setup.proxy.served - before < 10_000);
  });

  it("is not touched where another process may still write to it", async () => {
    leave("alive", content.subarray(0, 100_000), ".incomplete", 60);
    leave("alive", content.subarray(0, 100_000), ".0a1b2c3d.incomplete", 60);
    assert.deepEqual(await pull("alive"), content);
    assert.deepEqual(setup.proxy.ranges, []);
    assert.equal(parts("alive").length, 2);
  });

  it("is thrown away where it is damaged or too long, and all is downloaded anew", async () => {
    const damaged = Buffer.from(content.subarray(0, 100_000));
    damaged[5] = (damaged[5] ?? 0) ^ 1;
    leave("damaged", damaged);
    assert.deepEqual(await pull("damaged"), content);
    assert.deepEqual(setup.proxy.ranges, ["bytes=100000-"]);
    leave("long", Buffer.concat([content, content]));
    assert.deepEqual(await pull("long"), content);
    assert.deepEqual(setup.proxy.ranges, ["bytes=100000-"]);
    for (const name of ["damaged", "long"]) assert.deepEqual(parts(name), []);
  });

  it("is thrown away for good where what comes anew is damaged too, with one clear error", async () => {
    leave("twice", Buffer.alloc(100_000));
    const bytes = Buffer.from(content);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    mishaps({ bytes: bytes.subarray(100_000) }, { bytes });
    await refused(pull("twice"), "damaged", /^large\.bin came damaged twice: 300000 bytes with the hash/);
    assert.deepEqual(readdirSync(blobs("twice")), []);
  });

  it("is no use with a server that knows no ranges: it sends all, and all is taken", async () => {
    leave("no-ranges", content.subarray(0, 100_000));
    const withoutRanges: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete("Range");
      return fetch(input, { ...init, headers });
    };
    const before = setup.proxy.served;
    assert.deepEqual(await pull("no-ranges", "large.bin", { fetch: withoutRanges }), content);
    assert.ok(setup.proxy.served - before < 1.2 * SIZE, "once");
  });
});

describe("two downloads of the same at once", () => {
  it("do not spoil it", async () => {
    mishaps({ breakAfter: 100_000 }, { breakAfter: 150_000 }, { breakAfter: 50_000 });
    const both = await Promise.all([pull("two"), pull("two"), pull("two")]);
    for (const each of both) assert.deepEqual(each, content);
    assert.deepEqual(readdirSync(blobs("two")), [etags.get("large.bin")]);
  });
});
