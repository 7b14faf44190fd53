import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { jupyterEnvironment } from "../../environment/jupyter-environment.mjs";
import { executeNotebook } from "../../environment/notebooks/execute.mjs";
import { normalise } from "../../environment/notebooks/normalise.mjs";
import { writeNotebook } from "../kernel/notebook-file";
import { temporaryFolder } from "../lib/temporary-folder";

/** A line and a chart that are updated in place, by the kernel's own hook. */
const CODE = `
const kernel = (globalThis as any)[Symbol.for("jupyter.display")];
const show = (displayId: string, bundle: object, update: boolean) => kernel.display(bundle, { displayId, update });
const chart = (step: number) => ({ "application/vnd.plotly.v1+json": { data: [step] }, "text/plain": "chart " + step });
show("line", { "text/plain": "step 1" }, false);
show("chart", chart(1), false);
show("line", { "text/plain": "step 2" }, true);
show("chart", { "text/html": "<div></div>", "text/plain": "chart 2" }, true);
show("chart", { ...chart(2), "image/png": "AAAA" }, true);
"the value"`;

describe("a notebook that is executed and saved", () => {
  it("has each output once that was updated in place, as it was at the end", async () => {
    const folder = temporaryFolder();
    const [file, out] = [path.join(folder, "live.ipynb"), path.join(folder, "out.ipynb")];
    writeNotebook(file, [{ code: CODE }]);
    const said: string[] = [];
    const executed = await executeNotebook({
      ...{ file, out, env: jupyterEnvironment() },
      onReport: (report) => {
        if (report.event === "doing") said.push(report.text);
      },
    });
    assert.ok(executed.ok, executed.error);
    assert.deepEqual(said, ["step 2"], "the line that a terminal shows of it is the progress");
    const saved = normalise(JSON.parse(readFileSync(out, "utf8")) as Parameters<typeof normalise>[0], "live");
    assert.deepEqual(
      saved.cells[0]?.outputs?.map(({ data }) => data),
      [
        { "text/plain": ["step 2"] },
        {
          "application/vnd.plotly.v1+json": { data: [2] },
          "image/png": "AAAA",
          "text/plain": ["chart 2"],
        },
        { "text/plain": ["'the value'"] },
      ],
    );
  });
});
