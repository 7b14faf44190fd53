import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalise } from "../../environment/notebooks/normalise.mjs";
import type { Notebook, Output } from "../../environment/notebooks/notebook.mjs";
import { code, notebook, prose } from "./notebooks";

const stream = (text: string): Output => ({ output_type: "stream", name: "stdout", text });

/** A notebook as a run and an editor leave it. */
function executed(): Notebook {
  const display: Output = {
    output_type: "display_data",
    data: { "text/plain": "a\nb", "image/png": "iVBOR", "application/vnd.plotly.v1+json": { data: [] } },
    metadata: { "image/png": { alt: "a chart" } },
    transient: { display_id: "1" },
  };
  const run = notebook(
    prose("# One\n"),
    code("1;\n", { tags: ["b", "a"], outputs: [stream("5 %\r50 %"), stream("\r100 %\nnext\n"), display] }),
    code("1;"),
  );
  Object.assign(run.metadata, { language_info: { name: "typescript", version: "5.0.4" }, widgets: {} });
  Object.assign(run.cells[1]?.metadata ?? {}, {
    execution: { "iopub.execute_input": "2026-01-01" },
    scrolled: true,
  });
  return run;
}

describe("normalise", () => {
  it("keeps the outputs and drops everything of the run and the editor", () => {
    const { cells, metadata } = normalise(executed(), "01-one");
    assert.deepEqual(Object.keys(metadata), ["kernelspec", "language_info"]);
    const [, cell] = cells;
    assert.ok(cell);
    assert.deepEqual(cell.metadata, { tags: ["a", "b"] });
    assert.deepEqual(cell.source, ["1;"]);
    assert.deepEqual(cell.outputs, [
      { output_type: "stream", name: "stdout", text: ["100 %\n", "next\n"] },
      {
        output_type: "display_data",
        data: {
          "text/plain": ["a\n", "b"],
          "image/png": "iVBOR",
          "application/vnd.plotly.v1+json": { data: [] },
        },
        metadata: { "image/png": { alt: "a chart" } },
      },
    ]);
    assert.doesNotMatch(JSON.stringify(cells), /2026|scrolled|transient|version/);
  });

  it("is the same the second time", () => {
    const once = normalise(executed(), "01-one");
    assert.deepEqual(normalise(structuredClone(once), "01-one"), once);
  });

  it("gives each cell an id of its own that depends on its text and notebook only", () => {
    const ids = (run: Notebook, name = "01-one"): (string | undefined)[] =>
      normalise(run, name).cells.map(({ id }) => id);
    const before = ids(executed());
    assert.equal(new Set(before).size, 3, "also cells of the same text");
    const longer = executed();
    longer.cells.unshift({ ...prose("new"), id: "x" });
    assert.deepEqual(ids(longer).slice(1), before);
    assert.notDeepEqual(ids(executed(), "02-two"), before);
    for (const id of before) assert.match(id ?? "", /^[0-9a-f]{12}$/);
  });
});
