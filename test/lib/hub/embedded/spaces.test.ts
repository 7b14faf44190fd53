import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { createRepo, listSpaces, spaceInfo, uploadFiles } from "@huggingface/hub";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, file, runningHub, TOKEN, type RunningHub } from "./running-hub";

const CARD = `---
title: A demo
sdk: static
app_file: start.html
models: [reader/sentiment]
custom_headers:
  cross-origin-opener-policy: same-origin
  cross-origin-embedder-policy: nonsense
  set-cookie: a=b
  constructor: a
---
`;

/** What a host of this Hub answers; fetch would not let the host be named. */
async function at(
  hub: RunningHub,
  host: string,
  address: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }> {
  const { port } = new URL(hub.endpoint);
  const { method = "GET", headers = {} } = options;
  return new Promise((resolve, reject) => {
    const request = http.request(
      { port, path: address, method, headers: { host: `${host}:${port}`, ...headers } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    request.on("error", reject);
    request.end();
  });
}

describe("the Spaces of the embedded Hub", () => {
  let hub: RunningHub;
  const folder = temporaryFolder();
  const demo = "reader-a-demo.static.localhost";

  before(async () => {
    hub = await runningHub(folder);
    const as = { hubUrl: hub.endpoint, accessToken: TOKEN };
    const repo = { type: "space" as const, name: "reader/A_demo" };
    await createRepo({ ...as, repo, sdk: "static" });
    const files = Object.entries({
      "README.md": CARD,
      "start.html": "<!doctype html><title>Hello</title>",
      "app.mjs": "export const a = 1;",
      "vendor/some thing.wasm": "\0asm",
    }).map(([path, text]) => ({ path, content: new Blob([text]) }));
    await uploadFiles({ ...as, repo, files, useXet: false });
    await hub.create("sentiment");
    await hub.commit("sentiment", [file("config.json", "{}")]);
  });
  after(() => hub.close());

  it("are told of as the Hub does, and found", async () => {
    const { port } = new URL(hub.endpoint);
    const answer = await hub.get("/api/spaces/reader/A_demo");
    const info = (await answer.json()) as Record<string, unknown>;
    assert.equal(info["sdk"], "static");
    assert.equal(info["subdomain"], "reader-a-demo");
    assert.equal(info["host"], `http://${demo}:${port}`);
    assert.deepEqual(info["models"], ["reader/sentiment"]);
    assert.equal((info["runtime"] as { stage: string }).stage, "RUNNING");
    const found: string[] = [];
    for await (const { name, sdk } of listSpaces({ hubUrl: hub.endpoint }))
      found.push(`${name} ${String(sdk)}`);
    assert.deepEqual(found, ["reader/A_demo static"]);
    const { sdk } = await spaceInfo({ hubUrl: hub.endpoint, name: "reader/A_demo" });
    assert.equal(sdk, "static");
  });

  it("have a page that leads to where they run, and stand on the first one", async () => {
    const { port } = new URL(hub.endpoint);
    const page = await (await fetch(`${hub.endpoint}/spaces/reader/A_demo`)).text();
    assert.match(page, new RegExp(`<a href="http://${demo}:${port}">Open the Space</a>`));
    assert.match(await (await fetch(hub.endpoint)).text(), /<h2>Spaces<\/h2>.*reader\/A_demo/);
  });

  it("run at an origin of their own, with the types and those headers that a card may set", async () => {
    const start = await at(hub, demo, "/?theme=dark");
    assert.equal(start.status, 200);
    assert.match(start.text, /<title>Hello/);
    assert.match(start.headers["content-type"] ?? "", /^text\/html/);
    assert.equal(start.headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(start.headers["cross-origin-embedder-policy"], undefined);
    assert.equal(start.headers["set-cookie"], undefined);
    assert.equal(start.headers["x-content-type-options"], "nosniff");
    assert.match((await at(hub, demo, "/app.mjs")).headers["content-type"] ?? "", /^text\/javascript/);
    const wasm = await at(hub, demo, "/vendor/some%20thing.wasm");
    assert.deepEqual([wasm.headers["content-type"], wasm.text], ["application/wasm", "\0asm"]);
    for (const missing of ["/none.html", "/../hub.json", "/%2e%2e/hub.json", "/%ff", "//", "/api/spaces"])
      assert.equal((await at(hub, demo, missing)).status, 404, missing);
    assert.equal((await at(hub, demo, "/", { method: "POST" })).status, 405);
    assert.equal((await at(hub, "reader-none.static.localhost", "/")).status, 404);
    for (const host of [
      "static.localhost",
      "a.b.static.localhost",
      "reader-a-demo.static.localhost.evil.com",
    ])
      assert.equal((await at(hub, host, "/")).status, 421, host);
  });

  it("are shown to their owner alone if they are private, and not run if they need Python", async () => {
    const make = (name: string, more: object) =>
      hub.post("/api/repos/create", { name, type: "space", ...more });
    assert.equal((await make("hidden", { sdk: "static", private: true })).status, 200);
    const hidden = "reader-hidden.static.localhost";
    assert.equal((await at(hub, hidden, "/.gitattributes")).status, 401);
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await at(hub, hidden, "/.gitattributes", { headers })).status, 200);
    assert.equal((await make("python", { sdk: "gradio" })).status, 200);
    assert.equal((await at(hub, "reader-python.static.localhost", "/")).status, 404);
    const info = (await (await hub.get("/api/spaces/reader/python")).json()) as Record<string, unknown>;
    assert.equal(info["sdk"], "gradio");
    assert.equal(info["host"], undefined);
  });

  it("are made with a known sdk and an address of their own alone", async () => {
    const make = (body: object) => hub.post("/api/repos/create", { type: "space", ...body });
    await assertRefused(await make({ name: "b" }), {
      status: 400,
      error: /made with an "sdk": static, gradio, docker; found undefined/,
    });
    const other = await make({ name: "a.demo", sdk: "static" });
    await assertRefused(other, { status: 409, error: /address of reader\/a\.demo already/ });
    const long = await make({ name: "x".repeat(60), sdk: "static" });
    await assertRefused(long, { status: 400, error: /at most 63 signs/ });
  });

  it("may read what is public from the Hub, and so may no page from elsewhere", async () => {
    const address = "/reader/sentiment/resolve/main/config.json";
    const { port } = new URL(hub.endpoint);
    const own = `http://${demo}:${port}`;
    const ask = (origin: string, method = "GET") =>
      at(hub, "127.0.0.1", address, { method, headers: { origin } });
    const allowed = await ask(own);
    assert.equal(allowed.headers["access-control-allow-origin"], own);
    assert.match(allowed.headers["access-control-expose-headers"] ?? "", /ETag.*Content-Length/);
    assert.equal(allowed.headers["access-control-allow-credentials"], undefined);
    const asked = await ask(own, "OPTIONS");
    assert.equal(asked.status, 204);
    assert.equal(asked.headers["access-control-allow-methods"], "GET, HEAD");
    assert.doesNotMatch(asked.headers["access-control-allow-headers"] ?? "", /Authorization/i);
    assert.equal(
      (await ask("http://localhost:5173")).headers["access-control-allow-origin"],
      "http://localhost:5173",
    );
    for (const origin of ["https://example.com", "null", "http://localhost.evil.com", "http://evil.com:7860"])
      assert.equal((await ask(origin)).headers["access-control-allow-origin"], undefined, origin);
    const writing = await at(hub, "127.0.0.1", "/api/repos/create", {
      method: "POST",
      headers: { origin: own },
    });
    assert.equal(writing.headers["access-control-allow-origin"], undefined);
  });
});
