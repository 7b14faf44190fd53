import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Locator } from "playwright-core";
import {
  listNotebooks,
  nameOf,
  readNotebook,
  writeNotebook,
  type Notebook,
} from "../../environment/notebooks/notebook.mjs";
import { missingMarks, tracesOf } from "./drawn-charts";
import { NO_BROWSER } from "./lab-page";
import { ReadingLab } from "./reading-lab";

const PLOTLY = "application/vnd.plotly.v1+json";
const CHARTED = listNotebooks().filter((file) => tracesOf(readNotebook(file)).length > 0);

describe("the charts of the saved notebooks, in JupyterLab", { skip: NO_BROWSER }, () => {
  const lab = new ReadingLab();
  for (const file of CHARTED) cpSync(file, path.join(lab.folder, path.basename(file)));
  before(() => lab.begin());
  after(() => lab.close());

  for (const file of CHARTED)
    it(`are drawn in ${nameOf(file)}: untrusted, and opened again once trusted`, async () => {
      const { panel, trusted } = await lab.show(path.basename(file));
      assert.equal(trusted, false, "as in a fresh clone");
      await checkDrawn(panel, readNotebook(file));
      await lab.trust();
      const again = await lab.show(path.basename(file));
      assert.equal(again.trusted, true, "it stays trusted");
      await checkDrawn(again.panel, readNotebook(file));
    });

  it("would be missed: one without data, and one that is no figure", async () => {
    const [file = ""] = CHARTED;
    const notebook = readNotebook(file);
    const traces = tracesOf(notebook);
    const breaks: ((figure: { data: object[] }) => unknown)[] = [
      ({ data, ...rest }) => ({ ...rest, data: data.map((trace) => ({ ...trace, x: [], y: [] })) }),
      (figure) => ({ ...figure, data: "no traces" }),
    ];
    for (const [index, spoil] of breaks.entries()) {
      const name = `broken-${index}.ipynb`;
      writeNotebook(path.join(lab.folder, name), spoilt(notebook, spoil));
      const { panel } = await lab.show(name);
      const chart = panel.locator(".jp-RenderedPlotly").first();
      const missing = (await chart.count()) === 0 ? ["no chart"] : await look(chart, traces[0] ?? [], 3_000);
      assert.ok(missing.length > 0, `break ${index} is seen`);
    }
  });

  const look = (
    chart: Locator,
    traces: ReturnType<typeof tracesOf>[number],
    patienceMs: number,
  ): Promise<string[]> => missingMarks({ page: lab.page, chart, traces, patienceMs });

  async function checkDrawn(panel: Locator, notebook: Notebook): Promise<void> {
    const charts = panel.locator(".jp-RenderedPlotly");
    const expected = tracesOf(notebook);
    assert.equal(await charts.count(), expected.length);
    for (const [index, traces] of expected.entries())
      assert.deepEqual(await look(charts.nth(index), traces, 30_000), [], `chart ${index + 1}`);
  }
});

/** A notebook whose charts' figures are changed. */
function spoilt(notebook: Notebook, change: (figure: { data: object[] }) => unknown): Notebook {
  const copy = structuredClone(notebook);
  for (const { data } of copy.cells.flatMap(({ outputs = [] }) => outputs))
    if (data?.[PLOTLY] !== undefined) data[PLOTLY] = change(data[PLOTLY] as { data: object[] });
  return copy;
}
