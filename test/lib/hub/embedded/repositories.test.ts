import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { deleteRepo, listDatasets, listModels, modelInfo } from "@huggingface/hub";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, file, filesIn, runningHub, TOKEN, type RunningHub } from "./running-hub";

const CARD = `---
license: apache-2.0
pipeline_tag: text-classification
tags: [sentiment]
---
# A model

Tells *good* from bad. <script>alert(1)</script>

| a | b |
| --- | --- |
| 1 | 2 |
`;

async function namesOf(found: AsyncIterable<{ name: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of found) names.push(name);
  return names.sort();
}

describe("the repositories of the embedded Hub", () => {
  const folder = temporaryFolder();
  let hub: RunningHub;
  let as: { hubUrl: string; accessToken: string };

  before(async () => {
    hub = await runningHub(folder);
    as = { hubUrl: hub.endpoint, accessToken: TOKEN };
    for (const name of ["sentiment", "topics"]) await hub.create(name);
    await hub.post("/api/repos/create", { name: "secret", private: true });
    await hub.post("/api/repos/create", { name: "reviews", type: "dataset" });
    await hub.commit("sentiment", [file("README.md", CARD)]);
  });
  after(() => hub.close());

  it("are found by name, author and tag, private ones by their owner alone", async () => {
    assert.deepEqual(await namesOf(listModels(as)), ["reader/secret", "reader/sentiment", "reader/topics"]);
    assert.deepEqual(await namesOf(listModels({ hubUrl: hub.endpoint })), [
      "reader/sentiment",
      "reader/topics",
    ]);
    assert.deepEqual(await namesOf(listModels({ ...as, search: { query: "TOP" } })), ["reader/topics"]);
    assert.deepEqual(await namesOf(listModels({ ...as, search: { owner: "somebody" } })), []);
    const tagged = listModels({ ...as, search: { tags: ["sentiment"], task: "text-classification" } });
    assert.deepEqual(await namesOf(tagged), ["reader/sentiment"]);
    assert.deepEqual(await namesOf(listDatasets(as)), ["reader/reviews"]);
  });

  it("have a page with card, files and history, on which no script of a card runs", async () => {
    const home = await (await fetch(hub.endpoint)).text();
    assert.match(home, /reader\/sentiment/);
    assert.doesNotMatch(home, /secret/);
    const answer = await fetch(`${hub.endpoint}/reader/sentiment`);
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    const page = await answer.text();
    assert.match(page, /<h1>A model<\/h1>|<h1[^>]*>A model/);
    assert.match(page, /<em>good<\/em>/);
    assert.match(page, /<td>1<\/td>/);
    assert.doesNotMatch(page, /<script|license: apache/);
    assert.match(page, /resolve\/[0-9a-f]{40}\/README\.md/);
    assert.match(page, /initial commit/);
    assert.equal((await fetch(`${hub.endpoint}/reader/secret`)).status, 401);
    assert.equal((await fetch(`${hub.endpoint}/datasets/reader/reviews`)).status, 200);
  });

  it("are gated where their owner says so: described to all, given to accounts", async () => {
    await hub.create("gated");
    await hub.commit("gated", [file("a.txt", "a")]);
    const settings = { method: "PUT", headers: { Authorization: `Bearer ${TOKEN}` } };
    const address = `${hub.endpoint}/api/models/reader/gated/settings`;
    assert.equal((await fetch(address, { ...settings, body: '{"gated": "auto"}' })).status, 200);
    assert.equal((await modelInfo({ hubUrl: hub.endpoint, name: "reader/gated" })).gated, "auto");
    const refused = await fetch(`${hub.endpoint}/reader/gated/resolve/main/a.txt`);
    await assertRefused(refused, { status: 401, error: /is restricted/, code: "GatedRepo" });
    assert.equal(await (await hub.get("/reader/gated/resolve/main/a.txt")).text(), "a");
    assert.equal((await fetch(address, { ...settings, headers: {}, body: "{}" })).status, 401);
  });

  it("tell the splits of a data set", async () => {
    const splitsOf = async (name: string) => {
      const { splits } = (await (await hub.get(`/splits?dataset=${name}`)).json()) as {
        splits: { dataset: string; config: string; split: string }[];
      };
      return splits.map(({ dataset, config, split }) => `${dataset} ${config} ${split}`);
    };
    const begin = async (name: string, paths: string[]) => {
      await hub.post("/api/repos/create", { name, type: "dataset" });
      const lines = [{ key: "header", value: { summary: "data" } }, ...paths.map((path) => file(path, "x"))];
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      assert.equal((await hub.post(`/api/datasets/reader/${name}/commit/main`, body)).status, 200);
    };
    await begin("parts", ["README.md", "data/train-00000-of-00001.csv", "data/dev.csv", "latest.txt"]);
    assert.deepEqual(await splitsOf("reader/parts"), [
      "reader/parts default train",
      "reader/parts default validation",
    ]);
    await begin("one-file", ["reviews.jsonl"]);
    assert.deepEqual(await splitsOf("reader/one-file"), ["reader/one-file default train"]);
    assert.deepEqual(await splitsOf("reader/reviews"), []);
    await assertRefused(await hub.get("/splits?dataset=reader"), {
      status: 400,
      error: /such as reader\/reviews/,
    });
    const none = { status: 404, error: /not found/, code: "RepoNotFound" };
    await assertRefused(await hub.get("/splits?dataset=reader/none"), none);
  });

  it("get another name, and are taken away", async () => {
    await hub.create("old");
    await hub.commit("old", [file("a.txt", "kept")]);
    const move = (fromRepo: string, toRepo: string) => hub.post("/api/repos/move", { fromRepo, toRepo });
    await assertRefused(await move("reader/old", "reader/sentiment"), { status: 409, error: /already/ });
    await assertRefused(await move("reader/none", "reader/new"), {
      ...{ status: 404, error: /not found/, code: "RepoNotFound" },
    });
    await assertRefused(await move("reader/old", "somebody/new"), { status: 403, error: /namespace/ });
    await assertRefused(await move("reader/old", "reader/../new"), {
      status: 400,
      error: /Repository names/,
    });
    assert.equal((await move("reader/old", "reader/new")).status, 200);
    assert.equal(await (await hub.get("/reader/new/resolve/main/a.txt")).text(), "kept");
    assert.equal((await hub.get("/api/models/reader/old")).status, 404);
    await deleteRepo({ ...as, repo: "reader/new" });
    assert.equal((await hub.get("/api/models/reader/new")).status, 404);
    assert.ok(!filesIn(folder).some((name) => /\bnew\.git\b|\bold\.git\b/.test(name)));
    // an upload that comes after the end leaves nothing in the way of a new one
    mkdirSync(path.join(folder, "models/reader/new.git/lfs"), { recursive: true });
    await hub.create("new");
    assert.equal((await hub.commit("new", [file("b.txt", "b")])).status, 200);
    assert.equal((await hub.get("/reader/new/resolve/main/a.txt")).status, 404);
  });

  it("are made once, however many ask at once", async () => {
    const asked = Array.from({ length: 4 }, () => hub.post("/api/repos/create", { name: "at-once" }));
    const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 409, 409, 409]);
  });
});
