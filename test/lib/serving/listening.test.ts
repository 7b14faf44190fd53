import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listen } from "../../../lib/src/serving/listening";
import { DEFAULT_LIMITS } from "../../../lib/src/serving/serving-limits";
import { RawClient } from "./raw-client";
import { until } from "../until";

describe("a listener", () => {
  it("writes no refusal into an answer that has begun", async () => {
    const listening = await listen({
      ...{ host: "127.0.0.1", port: 0, limits: DEFAULT_LIMITS },
      answer: (_, response) => {
        response.on("error", () => undefined);
        response.writeHead(200, { "Content-Length": 100 });
        response.write("half");
      },
    });
    try {
      const client = await RawClient.open(`http://127.0.0.1:${listening.port}`);
      client.socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      await until(() => client.heard.endsWith("half"));
      client.socket.write("this is no HTTP\r\n\r\n");
      await client.closed;
      assert.ok(client.heard.endsWith("half"), client.heard);
    } finally {
      await listening.drain();
    }
  });
});
