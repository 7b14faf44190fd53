import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient } from "./kernel-client";

describe("the kernel's side of the Jupyter protocol", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("tells who it is, with a status (defect 1)", async () => {
    for (const channel of ["shell", "control"] as const) {
      const { reply } = await kernel.request("kernel_info_request", {}, channel);
      assert.equal(reply["status"], "ok");
      assert.equal(reply["protocol_version"], "5.4");
      assert.equal(reply["implementation"], "tslab");
    }
  });

  it("names its CodeMirror mode by a string (defect 6)", async () => {
    const { reply } = await kernel.request("kernel_info_request");
    const language = reply["language_info"] as Record<string, unknown>;
    assert.equal(language["codemirror_mode"], "typescript");
    assert.equal(language["name"], "typescript");
    assert.equal(language["file_extension"], ".ts");
  });

  it("announces each cell with its number (defect 3)", async () => {
    const first = await kernel.run("1");
    const second = await kernel.run("const two = 2");
    const count = first.one("execute_input")["execution_count"] as number;
    assert.equal(first.one("execute_input")["code"], "1");
    assert.equal(first.reply["execution_count"], count);
    assert.equal(second.one("execute_input")["execution_count"], count + 1);
  });

  it("says busy before and idle after all that a request causes", async () => {
    const cell = await kernel.run("console.log('between'); 7");
    const order = cell.published.map(({ type, content }) => content["execution_state"] ?? type);
    assert.deepEqual(order, ["busy", "execute_input", "stream", "execute_result", "idle"]);
  });

  it("neither counts nor announces a silent cell, and does not count one outside the history", async () => {
    const before = (await kernel.run("1")).reply["execution_count"];
    const silent = await kernel.run("const quiet = 1; quiet", { silent: true });
    assert.deepEqual(silent.all("execute_input"), []);
    assert.deepEqual(silent.all("execute_result"), []);
    const unstored = await kernel.run("quiet + 1", { store_history: false });
    assert.equal(unstored.value, "2");
    assert.equal(unstored.reply["execution_count"], before);
  });

  it("goes on after a failed cell where the client says so, however soon the next comes (defect 4)", async () => {
    const cells = await kernel.runAll(["throw new Error('expected')", "'ran'"], { stop_on_error: false });
    assert.deepEqual(
      cells.map((cell) => cell.reply["status"]),
      ["error", "ok"],
    );
    assert.equal(cells.at(-1)?.value, "'ran'");
  });

  it("aborts what was sent along with a failed cell, also behind a synchronous one, and nothing sent later", async () => {
    const block = "const until = Date.now() + 300; while (Date.now() < until) {}; throw new Error('late')";
    const cells = await kernel.runAll([block, "'second'", "'third'"]);
    assert.deepEqual(
      cells.map((cell) => cell.reply["status"]),
      ["error", "aborted", "aborted"],
    );
    assert.equal((await kernel.run("'at once'")).reply["status"], "ok");
  });

  it("answers comm_info, history and is_complete (defect 8)", async () => {
    const comms = (await kernel.request("comm_info_request", { target_name: "jupyter.widget" })).reply;
    assert.deepEqual(comms, { type: "comm_info_reply", status: "ok", comms: {} });
    const history = (await kernel.request("history_request", { hist_access_type: "tail" })).reply;
    assert.deepEqual(history, { type: "history_reply", status: "ok", history: [] });
  });

  it("tells complete code from incomplete and invalid (defect 8)", async () => {
    const samples = {
      complete: ["1", "const x: number = 1\n", "await fetch('x')", "const f = <T>(x: T) => x", ""],
      incomplete: ["function f() {", "foo(", "`abc", "/* x", "if (true) {\n  1", "x."],
      invalid: ["const = 3", '"abc', "}", "a b"],
    };
    for (const [status, codes] of Object.entries(samples)) {
      for (const code of codes) {
        const { reply } = await kernel.request("is_complete_request", { code });
        assert.equal(reply["status"], status, code);
      }
    }
    const { reply } = await kernel.request("is_complete_request", { code: "function f() {" });
    assert.equal(reply["indent"], "  ");
  });

  it("completes and inspects, counting characters as Jupyter does", async () => {
    const code = "'🙂'; Math.fl";
    const { reply } = await kernel.request("complete_request", { code, cursor_pos: 12 });
    assert.deepEqual(reply["matches"], ["floor"]);
    assert.deepEqual([reply["cursor_start"], reply["cursor_end"]], [10, 12]);
    assert.deepEqual(reply["metadata"], {
      _jupyter_types_experimental: [{ text: "floor", type: "method", start: 10, end: 12 }],
    });
    const inspection = (await kernel.request("inspect_request", { code: "Math.floor", cursor_pos: 7 })).reply;
    assert.equal(inspection["found"], true);
    const shown = inspection["data"] as Record<string, string>;
    assert.match(
      String(shown["text/plain"]),
      /^\(method\) Math\.floor\(x: number\): number\n\nReturns the greatest/,
    );
    assert.match(
      String(shown["text/markdown"]),
      /^```typescript\n\(method\) Math\.floor\(x: number\): number\n```\n\nReturns the greatest integer.*\n\n\*@param\* x/,
    );
    const nothing = (await kernel.request("inspect_request", { code: "   ", cursor_pos: 1 })).reply;
    assert.deepEqual([nothing["status"], nothing["found"]], ["ok", false]);
  });

  it("survives what is not a message, and runs nothing that is badly signed or sent twice", async () => {
    await kernel.run("const runs = { count: 0 }");
    const text = (parts: string[]): string[] => parts.map((part) => Buffer.from(part).toString("base64"));
    const header = '{"msg_type":"execute_request","msg_id":"1"}';
    const attempts = [
      ["no delimiter"],
      ["<IDS|MSG>"],
      ["<IDS|MSG>", "", "{}", "{}", "{}"],
      ["<IDS|MSG>", "0".repeat(64), header, "{}", "{}", '{"code":"runs.count += 1"}'],
      ["<IDS|MSG>", "short", header, "{}", "{}", '{"code":"runs.count += 1"}'],
      ["<IDS|MSG>", "", "not json", "{}", "{}", "{}"],
    ];
    for (const channel of ["shell", "control"]) {
      for (const frames of attempts) await kernel.call("raw", { frames: text(frames), channel });
    }
    await kernel.call("replay", { code: "runs.count += 10" });
    assert.equal((await kernel.run("runs.count")).value, "10");
  });
});
