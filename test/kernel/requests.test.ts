import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient, type Published } from "./kernel-client";

describe("requests beside the everyday ones", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("runs a silent cell without a trace, and tells in the reply what went wrong", async () => {
    const code = "console.log('text'); console.error('text'); const loud = 7; loud";
    const { published, reply } = await kernel.run(code, { silent: true });
    assert.deepEqual(
      published.map(({ type }) => type),
      ["status", "status"],
    );
    assert.equal(reply["status"], "ok");
    const failed = await kernel.run("throw new RangeError('unheard')", { silent: true });
    assert.deepEqual(failed.all("error"), []);
    assert.equal(failed.reply["ename"], "RangeError");
    assert.equal((await kernel.run("console.log(loud)")).text(), "7\n");
    // what an earlier cell still writes belongs to it
    const earlier = await kernel.run("void setTimeout(() => console.log('late'), 200)");
    await kernel.run("1", { silent: true });
    const late = ((await kernel.call("publications", { seconds: 0.6 })) as Published[]).filter(
      ({ type }) => type === "stream",
    );
    assert.deepEqual(
      late.map(({ content, parent }) => [content["text"], parent]),
      [["late\n", earlier.published[0]?.parent]],
    );
  });

  it("evaluates user expressions after the cell, and says of each what went wrong", async () => {
    const user_expressions = {
      sum: "one + 1",
      table: "({ toMimeBundle: () => ({ 'text/html': '<b>1</b>' }) })",
      thrown: "(() => { throw new RangeError('no') })()",
      untyped: "one.missing",
    };
    const { reply } = await kernel.run("const one = 1", { user_expressions });
    const values = reply["user_expressions"] as Record<string, Record<string, unknown>>;
    assert.deepEqual(values["sum"], { status: "ok", data: { "text/plain": "2" }, metadata: {} });
    assert.deepEqual(values["table"]?.["data"], { "text/html": "<b>1</b>" });
    assert.deepEqual([values["thrown"]?.["status"], values["thrown"]?.["ename"]], ["error", "RangeError"]);
    assert.match(String(values["untyped"]?.["evalue"]), /Property 'missing' does not exist/);
    const unwritable = { big: "({ toMimeBundle: () => ({ 'text/plain': 1n }) })" };
    const refused = (await kernel.run("1", { user_expressions: unwritable })).reply;
    assert.deepEqual([refused["status"], refused["ename"]], ["error", "TypeError"]);
  });

  it("says clearly that nothing can be read from the keyboard", async () => {
    for (const code of [
      "import { createInterface } from 'node:readline/promises';\nawait createInterface({ input: process.stdin }).question('name? ')",
      "const all = async () => { for await (const chunk of process.stdin) console.log(chunk); };\nawait all();",
      "process.stdin.on('data', console.log)",
      "process.stdin.read()",
      "process.stdin.pipe(process.stdout)",
    ]) {
      const cell = await kernel.run(code);
      assert.match(String(cell.one("error")["evalue"]), /no keyboard input \(stdin\): write the value/, code);
    }
    assert.equal((await kernel.run("process.stdin.isTTY")).value, "false");
  });

  it("closes comms that a client opens, since it offers none", async () => {
    const id = (await kernel.call("send_only", {
      type: "comm_open",
      content: { comm_id: "c1", target_name: "jupyter.widget", data: {} },
    })) as string;
    const published = (await kernel.call("publications", { seconds: 1 })) as Published[];
    const close = published.find(({ type }) => type === "comm_close");
    assert.deepEqual([close?.content, close?.parent], [{ comm_id: "c1", data: {} }, id]);
    assert.equal((await kernel.run("'alive'")).value, "'alive'");
  });

  it("greets who begins to listen to what it publishes", async () => {
    const welcome = (await kernel.call("welcome")) as Published;
    assert.deepEqual([welcome.type, welcome.content], ["iopub_welcome", { subscription: "" }]);
  });

  it("tells all its clients that it shuts down", async () => {
    await kernel.call("send_only", {
      type: "shutdown_request",
      content: { restart: true },
      channel: "control",
    });
    const published = (await kernel.call("publications", { seconds: 1 })) as Published[];
    const told = published.find(({ type }) => type === "shutdown_reply");
    assert.deepEqual(told?.content, { status: "ok", restart: true });
  });
});
