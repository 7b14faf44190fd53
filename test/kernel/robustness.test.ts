import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { type KernelClient, withKernel } from "./kernel-client";

const DEPTH = 10_000;

/** Sends a message as the kernel's own client signs it, whatever its header. */
async function sendSigned(kernel: KernelClient, header: string, channel: "shell" | "control"): Promise<void> {
  const body = [header, "{}", "{}", "{}"];
  const hmac = createHmac("sha256", (await kernel.call("key")) as string);
  for (const part of body) hmac.update(part);
  const frames = ["<IDS|MSG>", hmac.digest("hex"), ...body];
  await kernel.call("raw", { frames: frames.map((part) => Buffer.from(part).toString("base64")), channel });
}

describe("a kernel that outlives", () => {
  it("a signed header so deep that it cannot be written again", () =>
    withKernel(async (kernel) => {
      const nested = "[".repeat(DEPTH) + "]".repeat(DEPTH);
      for (const channel of ["shell", "control"] as const) {
        // of two messages with the same signature, the second would be refused for that
        const header = `{"msg_type":"kernel_info_request","msg_id":"${channel}","deep":${nested}}`;
        await sendSigned(kernel, header, channel);
        assert.equal((await kernel.request("kernel_info_request", {}, channel)).reply["status"], "ok");
      }
      assert.equal((await kernel.run("1 + 1")).value, "2");
    }));

  it("code that breaks the compiler: the next cell runs, and knows the variables", () =>
    withKernel(async (kernel) => {
      await kernel.run("const kept: number = 41;");
      const code = "(".repeat(DEPTH);
      for (const type of ["execute_request", "complete_request", "inspect_request"]) {
        const { reply } = await kernel.request(type, { code, cursor_pos: DEPTH });
        assert.equal(reply["status"], "error", type);
        assert.equal((await kernel.run("kept + 1")).value, "42", type);
      }
    }));

  it("noise on its heartbeat, from clients that are gone", () =>
    withKernel(async (kernel) => {
      const noise = ["cut", "short"].map((part) => Buffer.from(part).toString("base64"));
      for (let times = 0; times < 5; times += 1) {
        await kernel.call("stranger", { frames: noise, channel: "hb", identity: "" });
        assert.equal(await kernel.call("beats"), "ping");
      }
    }));

  it("types that would write into its log", () =>
    withKernel(async (kernel) => {
      const type = "forged_request\n[tslab kernel] forged\u001b[31m";
      await sendSigned(kernel, JSON.stringify({ msg_type: type, msg_id: "1" }), "shell");
      await kernel.run("1 + 1");
      assert.match(kernel.stderr, /unknown type/);
      assert.ok(!kernel.stderr.includes("\n[tslab kernel] forged"), kernel.stderr);
      assert.ok(!kernel.stderr.includes("\u001b"), "a terminal would obey");
    }));
});
