import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pipeline } from "../../../lib/src/evaluation/pipeline";
import { AutoModelForSequenceClassification } from "../../../lib/src/model/auto-model";
import { readRequestLog } from "../../../lib/src/serving/read-request-log";
import { startServer, type ClassificationServer } from "../../../lib/src/serving/server";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../../environment/programs";
import { ask, type Ranked } from "./ask";
import { writeTinyClassifier } from "./tiny-classifier";
import { until } from "../until";

const TEXTS = ["A gem.", "Boring movie, waste of time.", "Not good, not bad."];
const folder = temporaryFolder();
const model = writeTinyClassifier(path.join(folder, "tiny"));
const log = path.join(folder, "log.jsonl");

describe("a server", () => {
  let server: ClassificationServer;
  let expected: Ranked[][];
  before(async () => {
    server = await (await startServer({ model, log })).ready();
    const loaded = AutoModelForSequenceClassification.fromFolder(model);
    const classify = pipeline("text-classification", {
      model: loaded,
      tokenizer: Tokenizer.fromFolder(model),
      maxLength: 64,
    });
    expected = (await classify(TEXTS)).texts.map(({ scores }) =>
      Object.entries(scores)
        .map(([label, score]) => ({ label, score }))
        .sort((left, right) => right.score - left.score),
    );
    loaded.dispose();
  });
  after(() => server.close());

  const closeTo = (found: unknown, wanted: Ranked[][]): void => {
    const rows = found as Ranked[][];
    const names = (all: Ranked[][]): string[][] => all.map((row) => row.map(({ label }) => label));
    assert.deepEqual(names(rows), names(wanted));
    for (const [at, row] of wanted.entries())
      for (const [rank, { score }] of row.entries())
        assert.ok(Math.abs((rows[at]?.[rank]?.score ?? NaN) - score) < 1e-5);
  };

  it("answers one text with a list of its ranking, as the Inference API does, at / and at /models/ID", async () => {
    for (const where of ["/", "/models/tiny", "/models/tiny/", "/?x=1"]) {
      const { status, body } = await ask(server.endpoint + where, { inputs: TEXTS[0] });
      assert.equal(status, 200);
      closeTo(body, expected.slice(0, 1));
    }
  });

  it("answers a list in its order: the best label of each, or as many as asked for", async () => {
    closeTo((await ask(server.endpoint, { inputs: TEXTS })).body, expected.map((row) => row.slice(0, 1))); // prettier-ignore
    for (const [top_k, count] of [
      [2, 2],
      [9, 3],
      [null, 3],
    ] as const)
      // prettier-ignore
      closeTo(
        (await ask(server.endpoint, { inputs: TEXTS, parameters: { top_k } })).body,
        expected.map((row) => row.slice(0, count)),
      );
  });

  it("applies the function that is asked for", async () => {
    const scores = async (function_to_apply: string): Promise<number[]> => {
      const { body } = await ask(server.endpoint, { inputs: "A gem.", parameters: { function_to_apply } });
      return (body as Ranked[][])[0]?.map(({ score }) => score) ?? [];
    };
    const [logits, sigmoid, softmax] = [
      await scores("none"),
      await scores("sigmoid"),
      await scores("softmax"),
    ];
    const sum = logits.reduce((total, value) => total + Math.exp(value), 0);
    for (const [at, value] of logits.entries()) {
      assert.ok(Math.abs((sigmoid[at] ?? NaN) - 1 / (1 + Math.exp(-value))) < 1e-6);
      assert.ok(Math.abs((softmax[at] ?? NaN) - Math.exp(value) / sum) < 1e-6);
    }
  });

  it("cuts a text that is too long, or refuses it where that is asked for", async () => {
    const inputs = "long and winding ".repeat(1000);
    assert.equal((await ask(server.endpoint, { inputs })).status, 200);
    const { status, body } = await ask(server.endpoint, { inputs, parameters: { truncation: false } });
    assert.equal(status, 400);
    assert.match(
      body.error,
      /^Text 0 of `inputs` has 3002 tokens; expected at most 64 with `truncation` off\.$/,
    );
    const over = await ask(server.endpoint, { inputs, parameters: { max_length: 65 } });
    assert.match(over.body.error, /^`max_length` in `parameters` is 65; expected at most 64\.$/);
  });

  it("refuses what is no request in the API's words", async () => {
    for (const [where, init, status, expectedError] of [
      ["/", { method: "POST", body: "no json" }, 400, /^The body is not valid JSON; expected JSON such as/],
      ["/", { method: "POST", body: Buffer.from([0x22, 0xff, 0x22]) }, 400, /^The body is not UTF-8/],
      ["/", { method: "POST", body: "" }, 400, /^The body is empty/],
      ["/", { method: "POST", body: "[".repeat(100_000) }, 400, /^The body is not valid JSON/],
      [
        "/models/reader/other",
        { method: "POST", body: "{}" },
        404,
        /^Model reader\/other does not exist; this server has tiny\.$/,
      ],
      [
        "/v1/chat",
        { method: "POST", body: "{}" },
        404,
        /^There is no \/v1\/chat; expected \/ or \/models\/tiny\.$/,
      ],
      ["/models/%ff", { method: "POST", body: "{}" }, 400, /^The path is not encoded/],
      ["/", { method: "PUT", body: "{}" }, 405, /^Method PUT is not allowed for \/; expected GET, POST\.$/],
      ["/metrics", { method: "POST", body: "{}" }, 405, /expected GET\.$/],
    ] as const) {
      const response = await fetch(server.endpoint + where, init);
      assert.equal(response.status, status, where);
      assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
      assert.match(((await response.json()) as { error: string }).error, expectedError);
    }
  });

  it("hears a body of 10 MB to its end, and says that it is too large", async () => {
    const large = Buffer.alloc(10_000_000, "a");
    const stream = new ReadableStream({
      pull(controller) {
        for (let part = 0; part < 100; part += 1) controller.enqueue(large.subarray(0, 100_000));
        controller.close();
      },
    });
    for (const body of [large, stream]) {
      const response = await fetch(server.endpoint, { method: "POST", body, duplex: "half" });
      assert.equal(response.status, 413);
      assert.match(((await response.json()) as { error: string }).error, /^The body has 10000000 bytes or more; expected at most 1048576\.$/); // prettier-ignore
    }
  });

  it("says what it is, how it is, and what it counted", async () => {
    const info = (await (await fetch(server.endpoint)).json()) as Record<string, unknown>;
    assert.deepEqual(
      [info["model"], info["state"], info["labels"], info["max_length"]],
      ["tiny", "ready", ["NEGATIVE", "NEUTRAL", "POSITIVE"], 64],
    );
    assert.equal((await fetch(`${server.endpoint}/health`)).status, 200);
    const metrics = await (await fetch(`${server.endpoint}/metrics`)).text();
    for (const line of [
      /^serving_requests_total\{status="200"\} \d+$/m,
      /^serving_requests_total\{status="413"\} 2$/m,
      /^serving_pass_texts_count \d+$/m,
      /^serving_request_seconds_bucket\{le="\+Inf"\} \d+$/m,
      /^serving_model_ready 1$/m,
      /^serving_waiting_texts 0$/m,
      /^serving_model_restarts_total 0$/m,
    ])
      assert.match(metrics, line);
    assert.deepEqual((await server.toMimeBundle())["text/plain"]?.toString().includes("ready"), true);
  });

  it("has logged a line for each text that it answered", async () => {
    await ask(server.endpoint, { inputs: TEXTS, parameters: { function_to_apply: "none" } });
    // it is written after the answer
    await until(async () => (await readRequestLog(log)).predictions.at(-1)?.text === TEXTS[2]);
    const { predictions } = await readRequestLog(log);
    const [one, , three] = predictions.slice(-3);
    assert.deepEqual([one?.text, three?.text], [TEXTS[0], TEXTS[2]]);
    assert.equal(one?.requestId, three?.requestId);
    assert.deepEqual([one?.model, one?.tokens, one?.label], ["tiny", 5, expected[0]?.[0]?.label]);
    // the model's own scores, whatever the client asked for
    assert.ok(Math.abs((one?.scores[one.label] ?? NaN) - (expected[0]?.[0]?.score ?? NaN)) < 1e-5);
  });
});
