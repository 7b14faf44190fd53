import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import type { HubOptions } from "../../../lib/src/hub/hub-options";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { sideBySide } from "../../../lib/src/hub/side-by-side";
import { pullSnapshot } from "../../../lib/src/hub/snapshot";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { until } from "../until";
import { QUICK, refused, testHub, TOKEN, writeFiles } from "./test-hub";

const FLAG = Symbol.for("jupyter.interrupt");
const SIZE = 300_000;
const COUNT = 20;

const names = Array.from({ length: COUNT }, (_, at) => `part-${String(at).padStart(2, "0")}.bin`);
const setup = testHub(async () => {
  const push = { folder: source, repo: "reader/many", endpoint: setup.hub.endpoint, token: TOKEN };
  await pushToHub({ ...push, commitMessage: "Many" });
});
const source = writeFiles(path.join(setup.folder, "many"), {
  ...Object.fromEntries(names.map((name, at) => [name, Buffer.alloc(SIZE, at + 1)])),
  "again.bin": Buffer.alloc(SIZE, 1),
});

const cache = (name: string) => path.join(setup.folder, "caches", name);
const blobs = (name: string) => {
  const folder = path.join(cache(name), "models--reader--many", "blobs");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const hasBytes = (blob: string) => {
  const file = path.join(cache("error"), "models--reader--many", "blobs", blob);
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
};
const pull = (name: string, more: HubOptions = {}) =>
  pullSnapshot(
    { repo: { type: "model", name: "reader/many" }, revision: "main", choose: () => [...names, "again.bin"] },
    { endpoint: setup.proxy.endpoint, cacheDir: cache(name), ...QUICK, ...more },
  );
const isContent = (url: string) => url.includes("/resolve/");

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.onStall = () => undefined;
  setup.proxy.requests.length = 0;
  setProgressFactory(undefined);
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("many files", () => {
  it("are pulled eight at a time, each content once", async () => {
    let now = 0;
    let most = 0;
    const counting: typeof fetch = async (input, init) => {
      if (isContent(input as string)) most = Math.max(most, (now += 1));
      try {
        // long enough for all that may begin to have begun
        await new Promise((resolve) => setTimeout(resolve, 20));
        return await fetch(input, init);
      } finally {
        if (isContent(input as string)) now -= 1;
      }
    };
    const { folder, files } = await pull("eight", { fetch: counting });
    assert.equal(most, 8);
    assert.equal(setup.proxy.requests.filter(isContent).length, COUNT);
    for (const file of files)
      assert.deepEqual(readFileSync(path.join(folder, file)), readFileSync(path.join(source, file)), file);
  });

  it("have one line of progress, over the bytes of all of them", async () => {
    const lines: string[] = [];
    const updates: number[] = [];
    setProgressFactory(({ label, total, unit, initial = 0 }) => {
      lines.push(`${label} ${total} ${unit}, ${initial} before`);
      return {
        update: (done, note = "") => {
          updates.push(done);
          assert.ok(!note.includes(TOKEN), note);
        },
        end: () => lines.push("end"),
      };
    });
    const growing = () => updates.every((done, at) => done >= (updates[at - 1] ?? 0));
    let broken = 0;
    setup.proxy.mishap = (url) => {
      if (!isContent(url)) return undefined;
      broken += 1;
      // one file in two parts, then all of eight and most of the next
      return broken === 1 ? { breakAfter: 1_000 } : broken < 10 ? undefined : { stallAfter: 250_000 };
    };
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    let stalled = 0;
    setup.proxy.onStall = () => (flag.requested = (stalled += 1) === 8);
    await assert.rejects(pull("progress", { token: TOKEN }), InterruptedError);
    assert.deepEqual([lines, growing()], [["pulling reader/many 6 MB, 0 before", "end"], true]);
    setup.proxy.mishap = undefined;
    flag.requested = false;
    updates.length = lines.length = 0;
    await pull("progress", { token: TOKEN });
    assert.match(lines.join(), /^pulling reader\/many 4 MB, [12] before,end$/);
    assert.deepEqual([updates.at(-1), growing()], [3, true]);
  });

  it("are stopped by the first error, which is the one that is told", async () => {
    setup.proxy.mishap = (url) => {
      // once another has bytes that are to be kept: a part without any is taken away
      if (url.endsWith("part-03.bin"))
        return until(() => blobs("error").some(hasBytes)).then(() => ({ status: 403, text: "Not this one" }));
      // waits for its next try, and shall not
      if (url.endsWith("part-02.bin")) return { status: 503 };
      return isContent(url) ? { stallAfter: 50_000 } : undefined;
    };
    await refused(pull("error", { retryDelays: [60_000] }), "not-allowed", /\(status 403: Not this one\)/);
    assert.ok(setup.proxy.requests.filter(isContent).length <= 8);
    const left = blobs("error");
    assert.ok(left.length > 0 && left.every((name) => /^[0-9a-f]{64}\.incomplete$/.test(name)), String(left));
    setup.proxy.mishap = undefined;
    await pull("error");
    assert.equal(blobs("error").length, COUNT);
  });

  it("are stopped by an interrupt, all of them", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    let stalled = 0;
    setup.proxy.mishap = (url) => (isContent(url) ? { stallAfter: 50_000 } : undefined);
    setup.proxy.onStall = () => (flag.requested = (stalled += 1) === 8);
    await assert.rejects(pull("interrupted"), InterruptedError);
    assert.equal(setup.proxy.requests.filter(isContent).length, 8);
    assert.ok(blobs("interrupted").every((name) => /^[0-9a-f]{64}\.incomplete$/.test(name)));
  });
});

describe("work side by side", () => {
  it("ends before its error is told", async () => {
    const ended: number[] = [];
    const work = sideBySide([1, 2, 3, 4], 3, async (thing, signal) => {
      if (thing === 2) throw new Error("two");
      await new Promise((resolve) => {
        signal.addEventListener("abort", () => setTimeout(resolve, 20));
      });
      ended.push(thing);
      throw new Error("too late to be told");
    });
    await assert.rejects(work, /^Error: two$/);
    assert.deepEqual(ended, [1, 3]);
  });

  it("is none for nothing", async () => {
    await sideBySide([], 8, () => Promise.reject(new Error("never")));
  });
});
