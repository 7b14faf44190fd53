import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { KernelClient, type Published } from "./kernel-client";

/** What one of several clients sent and received. Texts over 1,000 characters are hashes. */
interface Received {
  sent: string[];
  replies: { parent: string; content: Record<string, unknown> }[];
  published: Omit<Published, "at">[];
}

const HOOK = `(globalThis as any)[Symbol.for("jupyter.display")]`;
const CLIENTS = 5;
const hash = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

describe("five clients at once", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.call("crowd", { count: CLIENTS });
  });
  after(() => kernel.close());

  /** Client i sends `cells[i]`; the slow one reads only when all others have read everything. */
  async function converse(cells: string[][], slow: number | null = null): Promise<Received[]> {
    return (await kernel.call("converse", { cells, slow })) as Received[];
  }

  it("gives each its own replies and no other, and all publications to all", async () => {
    const cells = Array.from({ length: CLIENTS }, (_, client) =>
      Array.from(
        { length: 6 },
        (_, turn) => `console.log("client ${client}, turn ${turn}"); ${client * 10 + turn}`,
      ),
    );
    const received = await converse(cells);
    assert.equal(new Set(received.flatMap(({ sent }) => sent)).size, CLIENTS * 6);
    for (const { sent, replies } of received) {
      assert.deepEqual(
        replies.map(({ parent }) => parent),
        sent,
      );
      assert.ok(replies.every(({ content }) => content["status"] === "ok"));
    }
    const [first, ...others] = received.map(({ published }) => published);
    for (const other of others) assert.deepEqual(other, first, "all see the same, in the same order");
    for (const [client, { sent }] of received.entries()) {
      for (const [turn, cell] of sent.entries()) {
        const seen = (first ?? []).filter(({ parent }) => parent === cell);
        const types = seen.map(({ type, content }) => content["execution_state"] ?? type);
        assert.deepEqual(types, ["busy", "execute_input", "stream", "execute_result", "idle"]);
        assert.equal(seen[2]?.content["text"], `client ${client}, turn ${turn}\n`);
        assert.deepEqual(seen[3]?.content["data"], { "text/plain": String(client * 10 + turn) });
      }
    }
  });

  it("delivers a display of 30 MB to every one", async () => {
    const code = `${HOOK}.display({ "text/plain": "small", "text/html": "0123456789".repeat(3_000_000) })`;
    const received = await converse([[code], [], [], [], []]);
    const wanted = { "text/plain": "small", "text/html": hash("0123456789".repeat(3_000_000)) };
    for (const { published } of received) {
      const displays = published.filter(({ type }) => type === "display_data");
      assert.deepEqual(
        displays.map(({ content }) => content["data"]),
        [wanted],
      );
    }
  });

  it("keeps for one that does not read for a while all that it missed", async () => {
    // more than the 1,000 messages that ZeroMQ holds for a reader, and as many for a writer, unless told otherwise
    const displays = `for (let i = 0; i < 4000; i++) ${HOOK}.display({ "text/plain": String(i), "text/html": "x".repeat(5000) })`;
    const prints = "for (let i = 0; i < 20_000; i++) console.log('line', i)";
    const received = await converse([[displays], [prints], [], [], ["'mine'"]], CLIENTS - 1);
    const { sent, replies, published } = received.at(-1) ?? assert.fail("no slow client");
    const shown = published.filter(({ type }) => type === "display_data");
    assert.deepEqual(
      shown.map(({ content }) => (content["data"] as Record<string, string>)["text/plain"]),
      Array.from({ length: 4000 }, (_, i) => String(i)),
    );
    assert.deepEqual(published, received[0]?.published, "the slow one sees what the quick ones saw");
    assert.deepEqual(
      replies.map(({ parent }) => parent),
      sent,
    );
  });
});
