import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { startServer, type ClassificationServer } from "../../../lib/src/serving/server";
import { temporaryFolder } from "../../environment/programs";
import { ask } from "./ask";
import { RawClient, rawRequest } from "./raw-client";
import { writeTinyClassifier } from "./tiny-classifier";
import { until } from "../until";

const model = writeTinyClassifier(path.join(temporaryFolder(), "tiny"));
/** Of a server that has little patience, with its other clients too. */
const SHORT = { headerSeconds: 2, requestSeconds: 3, takingSeconds: 2 };

describe("a bad client harms nobody", () => {
  let server: ClassificationServer;
  let impatient: ClassificationServer;
  before(async () => {
    server = await (await startServer({ model })).ready();
    impatient = await (await startServer({ model, limits: SHORT })).ready();
  });
  after(() => Promise.all([server.close(), impatient.close()]));

  const others = async ({ endpoint } = server): Promise<void> => {
    const { status } = await ask(endpoint, { inputs: "A gem." });
    assert.equal(status, 200);
  };
  const metric = async (line: RegExp): Promise<number> => {
    const page = await (await fetch(`${server.endpoint}/metrics`)).text();
    return Number(line.exec(page)?.[1] ?? 0);
  };

  it("that sends its head or its body a byte at a time hears 408", async () => {
    const whole = rawRequest({ inputs: "slow ".repeat(100) });
    const clients = await Promise.all([1, 2].map(() => RawClient.open(impatient.endpoint)));
    const [head, body] = clients;
    assert.ok(head && body);
    body.socket.write(whole.slice(0, 80));
    const dripping = [head.drip(whole, 50), body.drip(whole.slice(80), 50)];
    await others(impatient);
    await Promise.all(clients.map(({ closed }) => closed));
    await Promise.all(dripping);
    for (const { heard } of clients) {
      assert.match(heard, /^HTTP\/1\.1 408 Request Timeout\r\n/);
      assert.match(heard, /\{"error":"The request did not come whole in time\."\}$/);
    }
    await others(impatient);
  });

  it("that connects and says nothing is let go", async () => {
    const silent = await RawClient.open(impatient.endpoint);
    await others(impatient);
    await silent.closed;
  });

  it("that speaks no HTTP hears so", async () => {
    const rude = await RawClient.open(server.endpoint);
    rude.socket.write("\x16\x03\x01 this is TLS, perhaps\r\n\r\n");
    await rude.closed;
    assert.match(rude.heard, /^HTTP\/1\.1 400 Bad Request\r\n[^]*\{"error":"This is no HTTP request\."\}$/);
  });

  it("that asks much and reads nothing is cut off", async () => {
    const deaf = await RawClient.open(impatient.endpoint);
    deaf.socket.pause();
    const asked = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(100);
    // more answers than the system's buffers hold; who does not read notices the end when it writes
    await until(() => {
      if (!deaf.socket.destroyed) deaf.socket.write(asked);
      return deaf.socket.destroyed;
    });
    await others(impatient);
  });

  it("that goes while it waits is forgotten: its texts leave the queue", async () => {
    const { modelPid } = server;
    assert.ok(modelPid !== undefined);
    const gone = await metric(/^serving_requests_total\{status="499"\} (\d+)$/m);
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(server.endpoint)));
    process.kill(modelPid, "SIGSTOP");
    try {
      const many = rawRequest({ inputs: new Array<string>(40).fill("gone ".repeat(60)) });
      for (const { socket } of clients) socket.write(many);
      // all but those of the pass that is stopped
      await until(async () => (await metric(/^serving_waiting_texts (\d+)$/m)) >= 20 * 40 - 32);
      for (const { socket } of clients) socket.destroy();
      await until(async () => (await metric(/^serving_waiting_texts (\d+)$/m)) === 0);
    } finally {
      process.kill(modelPid, "SIGCONT");
    }
    await others();
    assert.equal(await metric(/^serving_requests_total\{status="499"\} (\d+)$/m), gone + 20);
  });

  it("that breaks off in the middle of its body is no error of the server's", async () => {
    const client = await RawClient.open(server.endpoint);
    client.socket.write(rawRequest({ inputs: "A gem." }).slice(0, -5));
    await others();
    client.socket.destroy();
    await others();
    assert.equal(await metric(/^serving_requests_total\{status="500"\} (\d+)$/m), 0);
  });
});
