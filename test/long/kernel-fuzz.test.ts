import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import os from "node:os";
import { after, before, describe, it } from "node:test";
import { KernelClient, ROOT } from "../kernel/kernel-client";
import * as contents from "./malformed/contents";
import * as envelopes from "./malformed/envelopes";
import { Random } from "./malformed/random";
import type { Malformed } from "./malformed/signed";

const SEED = Number(process.env["FUZZ_SEED"] ?? randomInt(2 ** 31));
const MESSAGES = 2000;
const MEGABYTE = 1 << 20;

type Make = (random: Random, key: string) => Malformed;
const { noZeroMq, huge, many, ...cheapEnvelopes } = envelopes;
const { deepJson, deepCode, ...cheapContents } = contents;
const CHEAP: readonly Make[] = [...Object.values(cheapEnvelopes), ...Object.values(cheapContents)];
const COSTLY: readonly Make[] = [noZeroMq, huge, many, deepJson, deepCode];
/** One message in so many is a costly one. */
const COSTLY_EVERY = 16;

/** The message of a number: the kinds take turns, so that each comes often. */
function makeMessage(index: number, random: Random, key: string): Malformed {
  const isCostly = index % COSTLY_EVERY === COSTLY_EVERY - 1;
  const list = isCostly ? COSTLY : CHEAP;
  const turn = isCostly ? Math.floor(index / COSTLY_EVERY) : index;
  return (list[turn % list.length] ?? envelopes.noise)(random, key);
}

describe(`a kernel that is sent what is no message (FUZZ_SEED=${SEED})`, () => {
  let kernel: KernelClient;
  let key: string;
  before(async () => {
    kernel = await KernelClient.start();
    key = (await kernel.call("key")) as string;
    await kernel.run("const runs = { unsigned: 0, replayed: 0 }");
  });
  after(() => kernel.close());

  async function send({ channel, frames, stranger, raw, twice }: Malformed): Promise<void> {
    const parts = frames.map((frame) => frame.toString("base64"));
    for (let times = twice ? 2 : 1; times > 0; times -= 1) {
      if (raw) await kernel.call("wire", { data: parts.join(""), channel });
      else if (stranger)
        await kernel.call("stranger", { frames: parts, channel, identity: stranger.toString("base64") });
      else await kernel.call("raw", { frames: parts, channel });
    }
  }

  /** Megabytes of the kernel after a garbage collection: of JavaScript alone, and of the whole process (RSS). */
  async function memory(): Promise<{ heap: number; process: number }> {
    const collect = `require("node:v8").setFlagsFromString("--expose-gc");
for (let times = 0; times < 4; times++) {
  require("node:vm").runInNewContext("gc")();
  await new Promise<void>((resolve) => setTimeout(resolve, 300));
}
const { heapUsed, rss } = process.memoryUsage();
[heapUsed, rss].join()`;
    const value = String((await kernel.run(collect)).value).slice(1, -1);
    const [heap = NaN, process = NaN] = value.split(",").map((bytes) => Math.round(Number(bytes) / MEGABYTE));
    return { heap, process };
  }

  it(
    `answers after each of ${MESSAGES}, and runs nothing that is unsigned`,
    { timeout: 600_000 },
    async (t) => {
      const random = new Random(SEED);
      const begun = await memory();
      let replays = 0;
      for (let index = 0; index < MESSAGES; index += 1) {
        const message = makeMessage(index, random, key);
        const { what, channel = random.pick(["shell", "control"]), twice } = message;
        if (twice) replays += 1;
        try {
          await send({ ...message, channel });
          const asked = channel === "control" ? "control" : "shell";
          assert.equal((await kernel.request("kernel_info_request", {}, asked)).reply["status"], "ok");
          if (channel === "hb") assert.equal(await kernel.call("beats"), "ping");
          if (index % COSTLY_EVERY === 0) assert.equal((await kernel.run("1 + 1")).value, "2");
        } catch (error) {
          const said = error instanceof Error ? error.message : String(error);
          throw new Error(`message ${index} on ${channel}, ${what}: ${said.slice(0, 2000)}`, {
            cause: error,
          });
        }
      }
      assert.equal((await kernel.run("runs")).value, `{ unsigned: 0, replayed: ${replays} }`);
      const end = await memory();
      t.diagnostic(
        `memory: ${begun.heap} to ${end.heap} MB of objects, ${begun.process} to ${end.process} MB in all`,
      );
      assert.ok(end.heap - begun.heap < 50, "objects");
      assert.ok(end.process - begun.process < 200, "the whole process");
    },
  );

  it("hoards nothing of what is sent to it without a signature", async (t) => {
    const frames = [Buffer.from("<IDS|MSG>"), Buffer.alloc(10 * MEGABYTE, "x")];
    for (const channel of ["shell", "control", "stdin"] as const) {
      const begun = await memory();
      for (let times = 0; times < 30; times += 1)
        await send({ what: "10 MB", channel, frames, stranger: Buffer.alloc(0) });
      const grown = (await memory()).process - begun.process;
      t.diagnostic(`${channel}: ${grown} MB`);
      assert.ok(grown < 150, `${channel}: ${grown} MB`);
    }
  });

  it("says on its stderr, a line each, no key and no path", () => {
    const lines = kernel.stderr.trimEnd().split("\n");
    assert.ok(lines.length > 100);
    for (const line of lines) assert.match(line, /^\[tslab kernel\] /);
    for (const secret of [key, ROOT, kernel.folder, os.homedir()]) assert.ok(!kernel.stderr.includes(secret));
  });
});
