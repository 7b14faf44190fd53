import assert from "node:assert/strict";
import { request } from "node:http";
import path from "node:path";
import { describe, it } from "node:test";
import { readRequestLog } from "../../../lib/src/serving/read-request-log";
import { startServer, type ServerParams } from "../../../lib/src/serving/server";
import { temporaryFolder } from "../../environment/programs";
import { writeTinyBert, writeTinyModel } from "../tiny-model";
import { ask, type Answered } from "./ask";
import { writeTinyClassifier } from "./tiny-classifier";
import { until } from "../until";

const folder = temporaryFolder();
const model = writeTinyClassifier(path.join(folder, "tiny"));
const TEXT = { inputs: "A gem." };

/** Starts a server, and ends it after the work. */
async function withServer(
  params: Partial<ServerParams>,
  work: (server: Awaited<ReturnType<typeof startServer>>) => Promise<void>,
): Promise<void> {
  const server = await startServer({ model, ...params });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

describe("a server that loads its model", () => {
  it("says so, with 503 and how long it will be, and lets those wait who would", async () => {
    await withServer({}, async ({ endpoint, modelPid }) => {
      assert.ok(modelPid !== undefined);
      // a quick machine would load it before the second is over that a client is kept
      process.kill(modelPid, "SIGSTOP");
      const waiting = Promise.all([
        ask(endpoint, { ...TEXT, options: { wait_for_model: true } }),
        ask(endpoint, TEXT, { headers: { "x-wait-for-model": "true" } }),
      ]);
      try {
        assert.equal((await fetch(`${endpoint}/health`)).status, 503);
        const { status, headers, body } = await ask(endpoint, TEXT);
        assert.equal(status, 503);
        assert.equal(body.error, "Model tiny is currently loading");
        assert.ok((body.estimated_time ?? 0) >= 1);
        assert.equal(headers.get("retry-after"), String(body.estimated_time));
      } finally {
        process.kill(modelPid, "SIGCONT");
      }
      assert.deepEqual(
        (await waiting).map(({ status }) => status),
        [200, 200],
      );
    });
  });

  it("that is none says what is wrong, to whoever waits too", async () => {
    const encoder = writeTinyModel(path.join(folder, "encoder"), { withHead: false });
    const without = writeTinyBert(path.join(folder, "without-tokenizer"));
    for (const [params, expected] of [
      [{ model: encoder }, /encoder lacks pre_classifier\.weight, .*expected a classifier that was trained/],
      [{ model: without }, /without-tokenizer has no usable tokenizer/],
      [{ model: path.join(folder, "none") }, /none is no folder here/],
      [{ maxLength: 65 }, /maxLength is 65; expected a whole number from 3 to 64/],
    ] as const)
      await withServer(params, async (server) => {
        await assert.rejects(server.ready(), expected);
        const { status, body } = await ask(server.endpoint, { ...TEXT, options: { wait_for_model: true } });
        assert.equal(status, 500);
        assert.match(body.error, new RegExp(`^The server failed: .*${expected.source}`));
      });
  });
});

describe("a server under load", () => {
  it("refuses what it cannot take, with 429, and answers what it took", async () => {
    await withServer({ limits: { waitingTexts: 20, textsPerPass: 4 } }, async (server) => {
      await server.ready();
      const { modelPid, endpoint } = server;
      assert.ok(modelPid !== undefined);
      process.kill(modelPid, "SIGSTOP");
      const inputs = new Array<string>(10).fill("A gem.");
      const asking = Promise.all(Array.from({ length: 30 }, () => ask(endpoint, { inputs })));
      const refusals = /^serving_requests_total\{status="429"\} (\d+)$/m;
      // four are in the pass that is stopped, and room is for two requests more
      await until(async () => {
        const page = await (await fetch(`${endpoint}/metrics`)).text();
        return Number(refusals.exec(page)?.[1]) >= 27;
      });
      process.kill(modelPid, "SIGCONT");
      const answers = await asking;
      const taken = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status === 429);
      assert.equal(taken.length + refused.length, 30);
      assert.ok(taken.length > 0 && refused.length > 0);
      assert.ok(taken.every(({ body }) => body.length === 10));
      for (const { headers, body } of refused) {
        assert.equal(headers.get("retry-after"), "1");
        assert.match(body.error, /^Model is overloaded: \d+ texts wait, and at most 20 may\./);
      }
    });
  });

  it("answers everybody though the model's process is killed, and says that it was", async () => {
    const troubles: string[] = [];
    await withServer({ onTrouble: (message) => troubles.push(message) }, async (server) => {
      await server.ready();
      const expected = (await ask(server.endpoint, TEXT)).body;
      const first = server.modelPid;
      assert.ok(first !== undefined);
      const asking = Array.from({ length: 60 }, () =>
        ask(server.endpoint, { ...TEXT, options: { wait_for_model: true } }),
      );
      process.kill(first, "SIGKILL");
      for (const { status, body } of await Promise.all(asking)) {
        assert.equal(status, 200);
        assert.equal(body[0]?.[0]?.label, expected[0]?.[0]?.label);
      }
      assert.notEqual(server.modelPid, first);
      assert.match(troubles[0] ?? "", /^The model's process ended \(SIGKILL\): another is started\.$/);
      assert.match(
        await (await fetch(`${server.endpoint}/metrics`)).text(),
        /^serving_model_restarts_total 1$/m,
      );
    });
  });

  it("gives up on an answer that does not come in time, as the API does", async () => {
    await withServer({ limits: { answerSeconds: 0.5 } }, async (server) => {
      await server.ready();
      assert.ok(server.modelPid !== undefined);
      process.kill(server.modelPid, "SIGSTOP");
      const { status, body } = await ask(server.endpoint, TEXT);
      assert.equal(status, 503);
      assert.equal(body.error, "Model too busy, unable to get response in less than 0.5 second(s)");
    });
  });

  it("replaces a process that is stuck", async () => {
    await withServer({ limits: { passSeconds: 3 } }, async (server) => {
      await server.ready();
      assert.ok(server.modelPid !== undefined);
      process.kill(server.modelPid, "SIGSTOP");
      assert.equal((await ask(server.endpoint, TEXT)).status, 200);
    });
  });
});

describe("a server that is closed", () => {
  it("answers what it accepted, then nobody; its log holds them all; another takes its port", async () => {
    const log = path.join(folder, "closed.jsonl");
    const server = await (await startServer({ model, log })).ready();
    const texts = Array.from({ length: 100 }, (_, at) => `Text ${at}.`);
    const asking = texts.map((inputs) => ask(server.endpoint, { inputs }));
    const page = async (): Promise<string> => (await fetch(`${server.endpoint}/metrics`)).text();
    await until(async () => /^serving_texts_total [1-9]/m.test(await page()));
    const closing = server.close();
    const answered = await Promise.allSettled(asking);
    await closing;
    const right = answered.filter(
      (one): one is PromiseFulfilledResult<Answered> =>
        one.status === "fulfilled" && one.value.status === 200,
    );
    // undici has a connection for each of them: all had been accepted
    assert.equal(right.length, 100);
    const { predictions } = await readRequestLog(log);
    assert.deepEqual(predictions.map(({ text }) => text).sort(), texts.toSorted());
    await assert.rejects(ask(server.endpoint, TEXT), /fetch failed/);
    await withServer({ port: Number(new URL(server.endpoint).port) }, async ({ endpoint }) => {
      assert.equal(endpoint, server.endpoint);
      await assert.rejects(
        startServer({ model, port: Number(new URL(endpoint).port) }),
        /^LibError: Port \d+ is taken: end the program that listens there, or give another/,
      );
    });
  });
});

/** The status for who asks as a host, which fetch does not let one choose. */
function statusFor(endpoint: string, host: string, headers = {}): Promise<number | undefined> {
  const { port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, headers: { Host: host, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("access", () => {
  it("is loopback's alone by default, whatever name a page of elsewhere gives it", async () => {
    await withServer({}, async ({ endpoint }) => {
      assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
      for (const [host, expected] of [
        ["localhost:1", 200],
        ["127.0.0.1", 200],
        ["[::1]:80", 200],
        ["evil.example", 421],
        ["127.0.0.1.evil.example", 421],
      ] as const)
        assert.equal(await statusFor(endpoint, host), expected, host);
      for (const [origin, expected] of [
        ["http://localhost:8888", 200],
        ["https://evil.example", 403],
        ["null", 403],
      ] as const)
        assert.equal(await statusFor(endpoint, "localhost", { Origin: origin }), expected, origin);
    });
    // another spelling leads to the same place
    await withServer({ host: "LOCALHOST" }, async ({ endpoint }) => {
      assert.equal(await statusFor(endpoint, "evil.example"), 421);
    });
  });

  it("is for pages of its own host alone where others reach it, without a token", async () => {
    await withServer({ host: "0.0.0.0" }, async ({ endpoint }) => {
      assert.equal(await statusFor(endpoint, "box.example:8080"), 200);
      for (const [origin, expected] of [
        ["http://box.example:8080", 200],
        ["http://box.example", 403],
        ["https://evil.example", 403],
        ["null", 403],
      ] as const)
        assert.equal(await statusFor(endpoint, "box.example:8080", { Origin: origin }), expected, origin);
    });
  });

  it("needs the token where there is one, but for the probe", async () => {
    const token = "secret-of-the-test";
    await withServer({ token }, async (server) => {
      await server.ready();
      assert.equal((await fetch(`${server.endpoint}/health`)).status, 200);
      assert.equal((await fetch(`${server.endpoint}/metrics`)).status, 401);
      for (const authorization of [undefined, "Bearer other", "Basic c2VjcmV0", `Bearer ${token}x`]) {
        const { status, headers, body } = await ask(server.endpoint, TEXT, {
          headers: authorization === undefined ? {} : { authorization },
        });
        assert.equal(status, 401);
        assert.equal(headers.get("www-authenticate"), "Bearer");
        assert.match(body.error, /Authorization header/);
        assert.ok(!body.error.includes(token));
      }
      const { status } = await ask(server.endpoint, TEXT, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(status, 200);
    });
  });
});
