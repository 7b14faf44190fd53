import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findLocalTraces } from "../../environment/notebooks/local-traces.mjs";
import type { Output } from "../../environment/notebooks/notebook.mjs";
import { code, notebook, prose } from "./notebooks";

const stream = (text: string): Output => ({ output_type: "stream", name: "stdout", text });

/** The beginning of a PNG that says something in a comment. */
function signed(comment: string): string {
  const data = Buffer.from(`Comment\0${comment}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, length, Buffer.from("tEXt"), data, Buffer.alloc(4)]).toString("base64");
}

describe("findLocalTraces", () => {
  const machine = { root: "/srv/work/project", home: "/nonexistent/someone", host: "workbench-7" };
  const traces = (output: Output): string[] =>
    findLocalTraces(notebook(code("1;", { outputs: [output] })), machine);

  it("finds paths, names and tokens in every kind of output", () => {
    const found: [Output, string][] = [
      [stream("at /srv/work/project/lib/x.js\n"), "/srv/work/project"],
      [stream("saved to /home/ann/out"), "/home/ann"],
      [stream("in C:\\Users\\ann"), "C:\\Users\\ann"],
      [stream("see file:///etc/x"), "file:///etc/x"],
      [stream("/tmp/abc"), "/tmp/abc"],
      [{ output_type: "execute_result", data: { "text/plain": ["on workbench-7"] } }, "workbench-7"],
      [{ output_type: "display_data", data: { "application/json": { a: "/root/x" } } }, "/root/x"],
      [
        { output_type: "error", ename: "Error", evalue: "no", traceback: ["at /Users/ann/x.ts"] },
        "/Users/ann",
      ],
      [stream("http://localhost:8888/?token=0123456789abcdef0123"), "?token=..."],
      [stream("hf_abcdefghijklmnopqrstuvwx"), "hf_..."],
      [stream(`WANDB_API_KEY=${"0123456789".repeat(4)}`), "WANDB..."],
      [stream("wandb_v1_0123456789abcdefghijklmn"), "wandb..."],
      [stream("ann@DESKTOP-4F9K2LM:~$"), "DESKTOP-4F9K2LM"],
      [stream("on ip-10-0-3-17"), "ip-10-0-3-17"],
      [stream("on anns-macbook.local"), "anns-macbook.local"],
      [
        { output_type: "display_data", data: { "text/plain": "a" }, metadata: { at: "/home/ann" } },
        "/home/ann",
      ],
      [{ output_type: "display_data", data: { "image/png": signed("/home/ann") } }, "/home/ann"],
      [
        {
          output_type: "display_data",
          data: { "text/html": `<img src="data:image/png;base64,${signed("/home/ann")}">` },
        },
        "/home/ann",
      ],
    ];
    for (const [output, what] of found) assert.deepEqual(traces(output), [`cell [1] shows ${what}`]);
  });

  it("finds them in sources and metadata too", () => {
    const tagged = { ...code("1;"), metadata: { path: "/home/ann/x" } };
    const whole = notebook(prose("# See /home/ann/x"), code('read("/srv/work/project/x");'), tagged);
    whole.metadata = { widgets: { by: "workbench-7" } };
    assert.deepEqual(findLocalTraces(whole, machine), [
      "its metadata shows workbench-7",
      "the notebook's part 1 shows /home/ann",
      "cell [1] shows /srv/work/project",
      "cell [2] shows /home/ann",
    ]);
  });

  it("takes no word of a notebook for the name of a host or a folder that many have", () => {
    const said = notebook(prose("This notebook loads the model"), code('read("/work/data");'));
    for (const host of ["notebook", "model", "localhost"])
      for (const root of ["/work", "/"])
        assert.deepEqual(findLocalTraces(said, { root, home: "/root", host }), []);
    const told = { root: "/work", home: "/root", host: "model-3" };
    assert.deepEqual(findLocalTraces(notebook(prose("on model-3")), told), [
      "the notebook's part 1 shows model-3",
    ]);
  });

  it("finds nothing in what any machine shows, nor in pictures", () => {
    assert.deepEqual(
      traces(
        stream(
          "a89a9bb1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7 build/tmp/x ~/root/y https://example.org/home and /temporary 3/4",
        ),
      ),
      [],
    );
    assert.deepEqual(
      traces({ output_type: "display_data", data: { "image/png": "AA/tmp/abc/home/ann" }, metadata: {} }),
      [],
    );
  });
});
