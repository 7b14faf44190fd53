import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listNotebooks, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { ROOT } from "../environment/programs";
import { filesIn } from "./clone";
import { LabPage, NO_BROWSER } from "./lab-page";
import { leftByNbval } from "./left-artefacts";

/** Those that train for long run in nbval and not here, unless what they leave for the others is missing: 01 is one that trains. */
const QUICK = ["01", "02", "05", "06", "distilbert", "gpu-memory", "tokenization"];
const left = process.env["DEEP"] ? undefined : leftByNbval();
/** In the order of the story: each reads what those before it left. */
const NOTEBOOKS = listNotebooks(left === undefined ? [] : QUICK).map((file) =>
  path.relative(path.join(ROOT, "notebooks"), file),
);

/** How many charts the cells of a notebook show. */
function chartsOf(cells: readonly { outputs?: { data?: Record<string, unknown> }[] }[]): number {
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  return outputs.filter(({ data }) => data && "application/vnd.plotly.v1+json" in data).length;
}

describe("JupyterLab in a browser", { skip: NO_BROWSER }, () => {
  const lab = new LabPage();
  for (const name of NOTEBOOKS) cpSync(path.join(ROOT, "notebooks", name), path.join(lab.folder, name));
  if (left !== undefined) cpSync(left, path.join(lab.folder, "build/artefacts"), { recursive: true });
  let page: Page;
  before(async () => {
    page = await lab.launch();
  });
  after(() => lab.close());

  for (const name of NOTEBOOKS)
    it(`runs ${name} from top to bottom, and draws its charts`, async () => {
      assert.match(await lab.address(), /\/lab\/tree\/notebooks\/01-[\w-]+\.ipynb\?token=/);
      await lab.open(name);
      assert.equal(await page.locator(".jp-Dialog").count(), 0, "nothing pops up");
      const cells = await lab.runAll();
      assert.deepEqual(
        cells.map((cell) => cell.execution_count),
        cells.map((_, index) => index + 1),
      );
      for (const { metadata, outputs = [] } of cells) {
        const errors = outputs.filter((one) => one.output_type === "error").map((one) => one.evalue ?? "");
        assert.ok(errors.length === 0 || metadata.tags?.includes("raises-exception"), errors.join());
      }
      const charts = chartsOf(cells);
      const saved = readNotebook(path.join(ROOT, "notebooks", name)).cells;
      assert.equal(charts, chartsOf(saved), "as many charts as the saved notebook shows");
      await checkCharts({ lab, expected: charts, prefix: path.basename(name).slice(0, 2) });
      // JupyterLab's news and offers of a newer version are such notifications
      assert.deepEqual(await page.locator(".Toastify__toast").allInnerTexts(), [], "no notification");
    });

  it("ends at once with its kernels when it is told to, and has written nothing into the home", async () => {
    assert.ok(kernelsOf(lab.home).length > 0, "a kernel runs");
    lab.server.child.kill("SIGINT");
    assert.equal(await lab.server.ended, 0);
    assert.match(lab.server.printed(), /JupyterLab has ended\./);
    assert.deepEqual(kernelsOf(lab.home), []);
    assert.deepEqual(filesIn(lab.home), []);
  });
});

/**
 * Each chart is there: first as its picture, then, once the mouse is over it, drawn by plotly, with paths in its SVG. That is
 * how plotly's extension for JupyterLab does it. A picture of each goes to build/screenshots.
 */
async function checkCharts(params: { lab: LabPage; expected: number; prefix: string }): Promise<void> {
  const { lab, expected, prefix } = params;
  const { page } = lab;
  const charts = page.locator(".jp-RenderedPlotly");
  assert.equal(await charts.count(), expected);
  for (let index = 0; index < expected; index += 1) {
    const chart = charts.nth(index);
    // a chart that comes to lie under the mouse would be drawn at once
    await page.mouse.move(1, 1);
    await chart.scrollIntoViewIfNeeded();
    const picture = chart.locator("img.plot-img");
    assert.ok((await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) > 300);
    await lab.screenshot(`${prefix}-chart-${index + 1}-picture`);
    const box = await picture.boundingBox();
    assert.ok(box && box.width <= 720, "as wide as the chart");
    // not hover(): the picture gives way as soon as the mouse is there, and that would be waited for
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await chart.locator("svg.main-svg path").first().waitFor({ state: "attached" });
    assert.ok((await chart.locator("svg.main-svg path").count()) > 3, `chart ${index + 1} is drawn`);
    await lab.screenshot(`${prefix}-chart-${index + 1}-drawn`);
  }
}

/** The kernels that run with a home (Linux). */
function kernelsOf(home: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return (
        command.includes("main.js") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`HOME=${home}\0`)
      );
    } catch {
      return false;
    }
  });
}
