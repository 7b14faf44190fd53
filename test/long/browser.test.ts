import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium, type Browser, type Page } from "playwright-core";
import { listNotebooks, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { ROOT, temporaryFolder } from "../environment/programs";
import { filesIn, start } from "./clone";

const BROWSERS = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const browserPath = BROWSERS.find((file) => file !== undefined && existsSync(file));
/** In the order of the story: each reads what those before it left. */
const NOTEBOOKS = listNotebooks().map((file) => path.relative(path.join(ROOT, "notebooks"), file));
const SCREENSHOTS = path.join(ROOT, "build/screenshots");

/** What a notebook in JupyterLab has come to. */
interface CellState {
  executionCount: number | null;
  tags: string[];
  errors: string[];
  charts: number;
}

/** The part of JupyterLab's own object (LabApp.expose_app_in_browser) that the test reads. */
interface LabWindow {
  jupyterapp: { shell: { currentWidget: NotebookPanel | null } };
}
interface NotebookPanel {
  context?: { isReady: boolean };
  sessionContext?: { session: { kernel: { status: string } | null } | null };
  content?: { model: { toJSON(): { cells: SavedCell[] } } | null };
}
interface SavedCell {
  cell_type: string;
  execution_count?: number | null;
  metadata: { tags?: string[] };
  outputs?: { output_type: string; evalue?: string; data?: Record<string, unknown> }[];
}

function readCells(page: Page): Promise<{ status: string; cells: CellState[] }> {
  return page.evaluate(() => {
    const panel = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget;
    const cells = panel?.content?.model?.toJSON().cells ?? [];
    return {
      status: panel?.sessionContext?.session?.kernel?.status ?? "none",
      cells: cells
        .filter((cell) => cell.cell_type === "code")
        .map(({ execution_count: count = null, metadata, outputs = [] }) => ({
          executionCount: count,
          tags: metadata.tags ?? [],
          errors: outputs.filter((one) => one.output_type === "error").map((one) => one.evalue ?? ""),
          charts: outputs.filter((one) => one.data && "application/vnd.plotly.v1+json" in one.data).length,
        })),
    };
  });
}

/** What is run before there is a kernel makes JupyterLab ask for one. */
async function kernelIdle(page: Page): Promise<void> {
  while ((await readCells(page)).status !== "idle") await page.waitForTimeout(200);
}

/** Clicks Run > Run All Cells after the outputs were cleared, and waits for the last cell. */
async function runAll(page: Page): Promise<CellState[]> {
  await page.getByRole("menuitem", { name: "Edit", exact: true }).click();
  await page.getByText("Clear Outputs of All Cells", { exact: true }).click();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
  for (;;) {
    const { status, cells } = await readCells(page);
    const over = status === "idle" && cells.length > 0 && cells.every((cell) => cell.executionCount !== null);
    if (over) return cells;
    await page.waitForTimeout(500);
  }
}

/** How many charts a saved notebook shows. */
function savedCharts(name: string): number {
  const { cells } = readNotebook(path.join(ROOT, "notebooks", name));
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  return outputs.filter(({ data }) => data && "application/vnd.plotly.v1+json" in data).length;
}

describe("JupyterLab in a browser", { skip: browserPath ? false : "there is no chromium here" }, () => {
  const home = temporaryFolder();
  mkdirSync(path.join(ROOT, "build"), { recursive: true });
  // a copy: JupyterLab saves by itself after a while
  const folder = mkdtempSync(path.join(ROOT, "build", "browser-test-"));
  for (const name of NOTEBOOKS) cpSync(path.join(ROOT, "notebooks", name), path.join(folder, name));
  const env = {
    ...process.env,
    HOME: home,
    STORY_BUILD: path.join(folder, "build"),
    XDG_CACHE_HOME: undefined,
  };
  const lab = start(["environment/lab.mjs", "--no-browser", "--LabApp.expose_app_in_browser=True"], {
    cwd: ROOT,
    env,
  });
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await chromium.launch({
      ...(browserPath ? { executablePath: browserPath } : {}),
      args: ["--no-sandbox"],
      env: { ...env, HOME: temporaryFolder() },
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(120_000);
  });
  after(async () => {
    await browser.close();
    lab.child.kill("SIGINT");
    await lab.ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  for (const name of NOTEBOOKS)
    it(`runs ${name} from top to bottom, and draws its charts`, async () => {
      await lab.prints(/Ctrl-C ends it/);
      const opened = /http:\S+/.exec(lab.printed())?.[0] ?? "";
      assert.match(opened, /\/lab\/tree\/notebooks\/01-[\w-]+\.ipynb\?token=/);
      // a workspace of its own: the reader's keeps its open tabs
      const workspace = `/lab/workspaces/browser-test-${path.basename(name).slice(0, 2)}/tree/${path.relative(ROOT, folder)}/${name}`;
      await page.goto(opened.replace(/\/lab\/tree\/[^?]+/, workspace));
      await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor();
      await kernelIdle(page);
      assert.equal(await page.locator(".jp-Dialog").count(), 0, "nothing pops up");
      const cells = await runAll(page);
      assert.deepEqual(
        cells.map(({ executionCount }) => executionCount),
        cells.map((_, index) => index + 1),
      );
      for (const { tags, errors } of cells)
        assert.ok(errors.length === 0 || tags.includes("raises-exception"), errors.join());
      const charts = cells.reduce((sum, cell) => sum + cell.charts, 0);
      assert.equal(charts, savedCharts(name), "as many charts as the saved notebook shows");
      await checkCharts({ page, expected: charts, prefix: path.basename(name).slice(0, 2) });
      // JupyterLab's news and offers of a newer version are such notifications
      assert.deepEqual(await page.locator(".Toastify__toast").allInnerTexts(), [], "no notification");
    });

  it("ends at once with its kernels when it is told to, and has written nothing into the home", async () => {
    assert.ok(kernelsOf(home).length > 0, "a kernel runs");
    lab.child.kill("SIGINT");
    assert.equal(await lab.ended, 0);
    assert.match(lab.printed(), /JupyterLab has ended\./);
    assert.deepEqual(kernelsOf(home), []);
    assert.deepEqual(filesIn(home), []);
  });
});

/**
 * Each chart is there: first as its picture, then, once the mouse is over it, drawn by plotly, with paths in its SVG. That is
 * how plotly's extension for JupyterLab does it. A picture of each goes to build/screenshots.
 */
async function checkCharts(params: { page: Page; expected: number; prefix: string }): Promise<void> {
  const { page, expected, prefix } = params;
  const charts = page.locator(".jp-RenderedPlotly");
  assert.equal(await charts.count(), expected);
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (let index = 0; index < expected; index += 1) {
    const chart = charts.nth(index);
    const screenshot = (state: string): Promise<Buffer> =>
      page.screenshot({
        path: path.join(SCREENSHOTS, `jupyterlab-${prefix}-chart-${index + 1}-${state}.png`),
      });
    // a chart that comes to lie under the mouse would be drawn at once
    await page.mouse.move(1, 1);
    await chart.scrollIntoViewIfNeeded();
    const picture = chart.locator("img.plot-img");
    assert.ok((await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) > 300);
    await screenshot("picture");
    const box = await picture.boundingBox();
    assert.ok(box && box.width <= 720, "as wide as the chart");
    // not hover(): the picture gives way as soon as the mouse is there, and that would be waited for
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await chart.locator("svg.main-svg path").first().waitFor({ state: "attached" });
    assert.ok((await chart.locator("svg.main-svg path").count()) > 3, `chart ${index + 1} is drawn`);
    await screenshot("drawn");
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
