import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { InferenceClient, request, textClassification } from "@huggingface/inference";
import { loadSnippets } from "../../lib/src/data/snippets";
import { pipeline } from "../../lib/src/evaluation/pipeline";
import { AutoModelForSequenceClassification } from "../../lib/src/model/auto-model";
import { readRequestLog } from "../../lib/src/serving/read-request-log";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { ROOT, temporaryFolder } from "../environment/programs";
import { serve, type RunningServer } from "../environment/running-server";
import type { Ranked } from "../lib/serving/ask";
import { writeSentimentModel } from "../lib/serving/sentiment-model";
import { clientPython, hubEnvironment, runPython } from "./python-environment";
import { load, quantile, type Known } from "./serving-load";

const SECONDS = process.env["DEEP"] === "1" ? 30 : 3;
const CLIENTS = 32;
const TOKEN = "hf_onlyForThisTest";
const folder = temporaryFolder();
const model = path.join(folder, "sentiment");
let known: Known[];

before(async () => {
  writeSentimentModel(model);
  const loaded = AutoModelForSequenceClassification.fromFolder(model);
  const classify = pipeline("text-classification", {
    model: loaded,
    tokenizer: Tokenizer.fromFolder(model),
    maxLength: 512,
  });
  const { texts } = await classify(loadSnippets().shuffle(1).select(range(200)).texts);
  known = texts.map(({ text, scores }) => ({
    text,
    ranked: Object.entries(scores)
      .map(([label, score]) => ({ label, score }))
      .sort((left, right) => right.score - left.score),
  }));
  loaded.dispose();
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

/** Whether the clock has run so far. */
function elapsed(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() > end;
}

function closeTo(found: [string, number][], expected: Ranked[]): void {
  assert.deepEqual(found.map(([label]) => label), expected.map(({ label }) => label)); // prettier-ignore
  for (const [at, { score }] of expected.entries())
    assert.ok(Math.abs((found[at]?.[1] ?? NaN) - score) < 1e-4, `${found[at]?.[1]} is not ${score}`);
}

const pairs = (ranked: Ranked[]): [string, number][] => ranked.map(({ label, score }) => [label, score]);

describe("real clients", () => {
  let server: RunningServer;
  let url: string;
  before(async () => {
    const args = ["--model", model, "--id", "reader/sentiment", "--port", "0"];
    server = await serve(args, { env: { SERVE_TOKEN: TOKEN } });
    url = `${server.endpoint}/models/reader/sentiment`;
  });
  after(() => server.end("SIGTERM"));

  it("@huggingface/inference classifies, with parameters, batches and errors", async () => {
    const [one] = known;
    assert.ok(one);
    const asked = { accessToken: TOKEN, inputs: one.text };
    for (const endpointUrl of [url, server.endpoint])
      closeTo(pairs(await textClassification({ ...asked, endpointUrl })), one.ranked);
    const client = new InferenceClient(TOKEN, { endpointUrl: url });
    const best = await client.textClassification({ inputs: one.text, parameters: { top_k: 1 } });
    closeTo(pairs(best), one.ranked.slice(0, 1));
    const many = known.slice(0, 5);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what is not deprecated takes one text alone
    const batch = await request<Ranked[][]>(
      {
        ...{ accessToken: TOKEN, endpointUrl: url, inputs: many.map(({ text }) => text) },
        parameters: { top_k: 2 },
      },
      { task: "text-classification" },
    );
    for (const [at, { ranked }] of many.entries()) closeTo(pairs(batch[at] ?? []), ranked);
    await assert.rejects(
      textClassification({ ...asked, endpointUrl: url, parameters: { top_k: 0 } }),
      /Failed to perform inference: `top_k` in `parameters` is 0; expected a whole number above 0/,
    );
    await assert.rejects(
      textClassification({ ...asked, accessToken: "hf_wrong", endpointUrl: url }),
      /Failed to perform inference: Invalid credentials in Authorization header/,
    );
  });

  it("Python's InferenceClient classifies, and what comes is what transformers' pipeline says", async () => {
    const texts = [...known.slice(0, 4).map(({ text }) => text), "A long and winding review. ".repeat(200)];
    const printed = await runPython({
      python: clientPython(),
      args: [path.join(ROOT, "test/long/serving_client.py")],
      input: { url, token: TOKEN, texts, model },
      // no Hub is asked of anything
      env: hubEnvironment({ endpoint: server.endpoint, home: path.join(folder, "home") }),
    });
    const said = JSON.parse(printed.trim().split("\n").at(-1) ?? "") as PythonSaid;
    for (const [at, ranked] of said.reference_whole.entries()) {
      closeTo(said.single[at] ?? [], ranked);
      closeTo(pairs(said.whole[at] ?? []), ranked);
      closeTo(pairs(said.batch[at] ?? []), ranked.slice(0, 1));
    }
    closeTo(said.by_base_url, said.reference_whole[0] ?? []);
    closeTo(said.top, said.reference.slice(0, 1));
    closeTo(said.none, said.reference_none);
    assert.deepEqual([said.wrong_token[0], said.empty[0], said.other_model[0]], [401, 400, 404]);
    assert.match(said.wrong_token[1], /Invalid credentials in Authorization header/);
    assert.match(said.empty[1], /`inputs` is empty; expected a text/);
    assert.match(
      said.other_model[1],
      /Model reader\/sentiment-other does not exist; this server has reader\/sentiment/,
    );
  });
});

/** What serving_client.py prints. */
interface PythonSaid {
  single: [string, number][][];
  by_base_url: [string, number][];
  top: [string, number][];
  none: [string, number][];
  batch: Ranked[][];
  whole: Ranked[][];
  reference: Ranked[];
  reference_whole: Ranked[][];
  reference_none: Ranked[];
  wrong_token: [number, string];
  empty: [number, string];
  other_model: [number, string];
}

describe(`${CLIENTS} clients at once`, () => {
  it(`for ${SECONDS} s are all answered rightly, in passes that they share`, async (context) => {
    const server = await serve(["--model", model, "--port", "0"]);
    try {
      const url = server.endpoint;
      const [many, one] = [[] as number[], [] as number[]];
      let count = 0;
      // in turns, so that a noisy machine is noisy for both
      for (let turn = 0; turn < 3; turn += 1)
        for (const [clients, milliseconds] of [
          [CLIENTS, many],
          [1, one],
        ] as const) {
          // prettier-ignore
          const { right, wrong, broken } = await load({ url, known, clients, isOver: elapsed(SECONDS / 3) });
          assert.deepEqual([wrong, broken], [[], []]);
          milliseconds.push(...right);
          count += right.length;
        }
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1]);
      const [passes, texts] = [value("serving_pass_texts_count"), value("serving_pass_texts_sum")];
      assert.equal(texts, count);
      // the one client's passes have one text each
      const mean = many.length / (passes - one.length);
      assert.ok(mean > 2, `a pass of ${CLIENTS} clients had ${mean.toFixed(1)} texts`);
      context.diagnostic(
        `${CLIENTS} clients: ${(many.length / SECONDS).toFixed(0)} requests/s, ${mean.toFixed(1)} texts a pass, p50 ${quantile(many, 0.5).toFixed(0)} ms, p99 ${quantile(many, 0.99).toFixed(0)} ms; ` +
          `one by one: ${(one.length / SECONDS).toFixed(0)} requests/s, p50 ${quantile(one, 0.5).toFixed(0)} ms, p99 ${quantile(one, 0.99).toFixed(0)} ms; ratio ${(many.length / one.length).toFixed(2)}`,
      );
    } finally {
      await server.end("SIGTERM");
    }
  });

  it("lose nothing silently when the server is killed, and those that retry are answered by the next on its port", async (context) => {
    const first = await serve(["--model", model, "--port", "0"]);
    const url = first.endpoint;
    let isOver = false;
    const settling = load({ url, known, clients: CLIENTS, isOver: () => isOver });
    const retrying = load({ url, known, clients: CLIENTS / 2, isOver: () => isOver, retries: true });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await first.end("SIGKILL"), "SIGKILL");
    const second = await serve(["--model", model, "--port", new URL(url).port]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    isOver = true;
    const [settled, retried] = [await settling, await retrying];
    assert.equal(await second.end("SIGTERM"), 0);
    // a client that does not retry sees the break, or that the next one loads
    assert.deepEqual(settled.wrong.filter((answer) => !/^503 .*is currently loading/.test(answer)), []); // prettier-ignore
    assert.ok(settled.broken.length >= 1 && settled.right.length >= 1);
    assert.deepEqual(retried.wrong, []);
    assert.ok(retried.right.length >= CLIENTS / 2);
    const reasons = [...new Set([...settled.broken, ...retried.broken])].sort();
    context.diagnostic(
      `right ${settled.right.length}, broken ${settled.broken.length} (${reasons.join(", ")})`,
    );
    assert.ok(
      reasons.every((reason) => /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET|EPIPE)$/.test(reason)),
      reasons.join(),
    );
  });

  it("lose no accepted request at all when it is told to end: the log holds what they heard, no more and no less", async () => {
    const log = path.join(folder, "log.jsonl");
    const server = await serve(["--model", model, "--port", "0", "--log", log]);
    let isOver = false;
    const loading = load({ url: server.endpoint, known, clients: CLIENTS, isOver: () => isOver });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await server.end("SIGTERM"), 0);
    isOver = true;
    const { right, wrong, broken } = await loading;
    assert.deepEqual(wrong, []);
    // nobody listens any more: that is what they see, and not half an answer
    assert.ok(
      broken.every((reason) => /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/.test(reason)),
      broken.join(),
    );
    const { predictions, halfLines } = await readRequestLog(log);
    assert.deepEqual([predictions.length, halfLines], [right.length, 0]);
    assert.ok(right.length >= CLIENTS);
  });
});
