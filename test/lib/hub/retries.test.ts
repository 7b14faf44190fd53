import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { listRepoFiles } from "../../../lib/src/hub/repo-files";
import { retryAfter } from "../../../lib/src/hub/retries";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { writeTinyModel } from "../tiny-model";
import type { Mishap } from "./hub-proxy";
import { pushing, QUICK, refused, testHub, TOKEN } from "./test-hub";

const NAME = "reader/tiny";
const FLAG = Symbol.for("jupyter.interrupt");

const setup = testHub(async () => {
  await push(NAME);
});
const source = writeTinyModel(path.join(setup.folder, "tiny"));
const { push } = pushing(setup, source);

const list = (more: object = {}) =>
  listRepoFiles({ repo: NAME, endpoint: setup.proxy.endpoint, ...QUICK, ...more });
/** The first so many answers go wrong. */
const wrongFor = (times: number, mishap: Mishap) => {
  let left = times;
  setup.proxy.mishap = () => ((left -= 1) >= 0 ? mishap : undefined);
};

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("a request that fails on its way", () => {
  it("is tried up to five times, at a Hub that is out of order or over a connection that breaks", async () => {
    for (const mishap of [
      ...[500, 502, 503, 504, 429].map((status) => ({ status })),
      { breakAfter: 0 },
      { breakAfter: 5 },
    ]) {
      setup.proxy.requests.length = 0;
      wrongFor(4, mishap);
      assert.ok((await list()).includes("model.safetensors"), JSON.stringify(mishap));
      assert.equal(setup.proxy.requests.length, 5);
    }
  });

  it("is given up after five, and the error says so", async () => {
    wrongFor(9, { status: 502, text: "Bad gateway" });
    await refused(
      list(),
      "unreachable",
      /is out of order for now \(status 502: Bad gateway, tried 5 times\): try again later\.$/,
    );
    wrongFor(9, { status: 503, text: `You sent ${TOKEN}` });
    await refused(list({ token: TOKEN }), "unreachable", /\(status 503: You sent hf_\*\*\*, tried 5 times\)/);
    wrongFor(9, { breakAfter: 5 });
    await refused(list(), "unreachable", /cannot be reached .* \(UND_ERR_SOCKET, tried 5 times\)/);
    assert.equal(setup.proxy.requests.length, 15);
  });

  it("is tried once where nobody is there, as a copy may be, or the answer is final", async () => {
    let tries = 0;
    const counted: typeof fetch = (input, init) => {
      tries += 1;
      return fetch(input, init);
    };
    await refused(list({ endpoint: setup.nowhere, fetch: counted }), "unreachable", /\(ECONNREFUSED\)/);
    for (const [status, failure] of [
      [404, "no-repo"],
      [403, "not-allowed"],
      [501, "refused"],
    ] as const) {
      wrongFor(9, { status });
      await refused(list({ token: TOKEN, fetch: counted }), failure, /^(?!.*tried)/);
    }
    assert.equal(tries, 4);
  });

  it("is tried once where nothing else was asked for", async () => {
    wrongFor(9, { status: 503 });
    await refused(list({ retryDelays: [] }), "unreachable", /\(status 503: Service Unavailable\)/);
    assert.equal(setup.proxy.requests.length, 1);
  });

  it("waits longer each time, and as long as the Hub asks", async () => {
    wrongFor(3, { status: 503 });
    let start = performance.now();
    await list({ retryDelays: [20, 40, 80] });
    assert.ok(performance.now() - start >= 138, "the sum of all delays");
    wrongFor(1, { status: 429, headers: { "Retry-After": "1" } });
    start = performance.now();
    await list();
    assert.ok(performance.now() - start >= 990);
  });

  it("does not wait for longer than a few minutes, but says how long the Hub wants it", async () => {
    wrongFor(9, { status: 429, headers: { "Retry-After": "3600" } });
    await refused(list(), "unreachable", /is asked too often \(status 429: .*\): try again in 3600 s\.$/);
    assert.equal(setup.proxy.requests.length, 1);
  });

  it("is waited for no longer when the reader interrupts it", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    setup.proxy.mishap = () => {
      flag.requested = true;
      return { status: 503 };
    };
    const start = performance.now();
    await assert.rejects(list({ retryDelays: [60_000] }), InterruptedError);
    assert.ok(performance.now() - start < 2_000);
    assert.equal(setup.proxy.requests.length, 1);
  });
});

describe("how long the Hub asks to wait", () => {
  it("is read from Retry-After in seconds or as a date, or from RateLimit", () => {
    const asked = (headers: Record<string, string>) => retryAfter(new Headers(headers));
    assert.equal(asked({ "Retry-After": " 7 " }), 7);
    const soon = asked({ "Retry-After": new Date(Date.now() + 30_000).toUTCString() }) ?? 0;
    assert.ok(soon >= 28 && soon <= 30, String(soon));
    assert.equal(asked({ "Retry-After": new Date(0).toUTCString() }), 0);
    assert.equal(asked({ RateLimit: '"api";r=0;t=55' }), 55);
    assert.equal(asked({ RateLimit: '"api";r=12;t=55' }), undefined);
    assert.equal(asked({ "Retry-After": "soon" }), undefined);
    assert.equal(asked({}), undefined);
  });
});
