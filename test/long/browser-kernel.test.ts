import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { writeNotebook } from "../kernel/notebook-file";
import { LabPage, NO_BROWSER, type SavedCell } from "./lab-page";

const FALLS = ["raises-exception"];
/** Code and tags of each cell. The tests lean on their order. */
const CELLS: readonly [code: string, tags?: string[]][] = [
  [
    "interface Row { label: number }\ntype Rows = Row[];\nconst rows: Rows = [{ label: 1 }, { label: 0 }];\nconst state = { step: 1, loss: 0.5, stopped: false };",
  ],
  ["rows.length"],
  [
    'function check(row: Row): never {\n  // the label decides,\n  // and nothing else\n  throw new TypeError("label " + row.label);\n}\ncheck({ label: 0 });',
    FALLS,
  ],
  ["console.log('not shown');\nconst name: string = rows[0].label;", FALLS],
  [
    'import { balancedAccuracy } from "@finetune-debug/lib";\nbalancedAccuracy({ labels: [0, 1], predictions: [0, 0] })',
  ],
  ["state.step"],
  ["'the last'"],
];
const LAST = CELLS.length - 1;

/** A model of random weights, large enough to be trained for some seconds. */
const MODEL = `
import { DistilBertForSequenceClassification, LiveCurves, Trainer, range } from "@finetune-debug/lib";
const sizes = { vocabSize: 1000, maxPositionEmbeddings: 64, nLayers: 2, nHeads: 4, dim: 128, hiddenDim: 512 };
const model = DistilBertForSequenceClassification.fromConfig(sizes, { seed: 1 });
const features = range(160).map((row) => ({ inputIds: range(48).map((at) => 1 + ((row * 31 + at) % 900)), label: row % 2 }));
features.length`;
const TRAINING = `
const args = { outputDir: "unused", saveStrategy: "no" as const, loggingSteps: 10, maxSteps: 600, perDeviceTrainBatchSize: 16 };
const evaluations = { evalStrategy: "steps" as const, evalSteps: 200, perDeviceEvalBatchSize: 1 };
// evaluations of seconds: whoever looks twice a second on a busy machine would miss shorter ones
const evalDataset = range(6).flatMap(() => features);
const callbacks = [new LiveCurves()];
const data = { trainDataset: features, evalDataset, padTokenId: 0 };
await new Trainer({ model, args: { ...args, ...evaluations }, callbacks, ...data }).train();
"over"`;

interface StyledWindow {
  getComputedStyle(element: unknown): { color: string };
}

/** The text that a cell shows to its reader. */
const shown = (page: Page, index: number): Promise<string> =>
  page.locator(".jp-CodeCell").nth(index).locator(".jp-Cell-outputWrapper").innerText();

describe("the kernel in a JupyterLab in a browser", { skip: NO_BROWSER, timeout: 600_000 }, () => {
  const lab = new LabPage();
  let page: Page;
  before(async () => {
    writeNotebook(
      path.join(lab.folder, "kernel.ipynb"),
      CELLS.map(([code, tags = []]) => ({ code, tags })),
    );
    page = await lab.launch();
    await lab.open("kernel.ipynb");
  });
  after(() => lab.close());

  const lastCell = (): Locator => page.locator(".jp-CodeCell").nth(LAST);

  /** Replaces the code of the last cell, the caret behind it. */
  async function write(code: string): Promise<void> {
    await lastCell().locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    // at once: typed key by key, the editor would close brackets
    await page.keyboard.insertText(code);
  }

  /** Runs the last cell and waits for its end; returns it. */
  async function run(code: string): Promise<SavedCell | undefined> {
    const before = (await lab.read()).cells[LAST]?.execution_count;
    await write(code);
    await page.keyboard.press("ControlOrMeta+Enter");
    for (;;) {
      const { status, cells } = await lab.read();
      const count = cells[LAST]?.execution_count;
      if (status === "idle" && typeof count === "number" && count !== before) return cells[LAST];
      await page.waitForTimeout(100);
    }
  }

  const text = (cell: SavedCell | undefined): unknown => cell?.outputs?.[0]?.data?.["text/plain"];

  it("runs all cells, and nothing pops up", async () => {
    const cells = await lab.runAll();
    assert.deepEqual(
      cells.map((cell) => cell.execution_count),
      CELLS.map((_, index) => index + 1),
    );
    assert.deepEqual([text(cells[1]), text(cells[4]), text(cells[LAST])], ["2", "0.5", "'the last'"]);
    await lab.screenshot("kernel-run-all");
    assert.equal(await page.locator(".jp-Dialog").count(), 0);
    assert.deepEqual(await page.locator(".Toastify__toast").allInnerTexts(), []);
  });

  it("shows an error at its line, and a type error at its line and column", async () => {
    const thrown = await shown(page, 2);
    assert.match(thrown, /^TypeError: label 0\n\s+at check \(cell 3:4:9\)\n\s+at cell 3:6:1$/m);
    const mistyped = await shown(page, 3);
    assert.match(mistyped, /2:7 - Type 'number' is not assignable to type 'string'\./);
    assert.doesNotMatch(mistyped, /not shown/);
  });

  it("colours TypeScript", async () => {
    const tokens = await lab.tokens(0);
    const typeOf = (value: string): string | undefined => tokens.find((token) => token.value === value)?.type;
    assert.deepEqual([typeOf("interface"), typeOf("type"), typeOf("const")], ["interface", "type", "const"]);
    assert.deepEqual(
      [typeOf("number"), typeOf("Row"), typeOf("label")],
      ["TypeName", "TypeDefinition", "PropertyDefinition"],
    );
    const spans = page.locator(".jp-CodeCell").first().locator(".cm-line span");
    const colourOf = (word: string): Promise<string> =>
      spans
        .getByText(word, { exact: true })
        .first()
        .evaluate((span) => (globalThis as unknown as StyledWindow).getComputedStyle(span).color);
    const keyword = await colourOf("const");
    assert.deepEqual([await colourOf("interface"), await colourOf("type")], [keyword, keyword]);
  });

  it("completes at Tab: a global's members, and those of a variable of an earlier cell", async () => {
    const popup = page.locator(".jp-Completer:visible .jp-Completer-match");
    await write("Math.fl");
    await page.keyboard.press("Tab");
    await popup.first().waitFor();
    assert.deepEqual(await popup.allInnerTexts(), ["floor"]);
    await page.keyboard.press("Enter");
    await lastCell().getByText("Math.floor", { exact: true }).waitFor();
    await write("state.");
    await page.keyboard.press("Tab");
    await popup.first().waitFor();
    await lab.screenshot("kernel-completion");
    assert.deepEqual((await popup.allInnerTexts()).toSorted(), ["loss", "step", "stopped"]);
    await page.keyboard.press("Escape");
  });

  it("shows the type and the documentation of a function of lib at Shift+Tab", async () => {
    await write("balancedAccuracy");
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip.waitFor();
    await lab.screenshot("kernel-tooltip");
    const said = await tooltip.innerText();
    assert.match(said, /function balancedAccuracy\(\{ labels, predictions \}: Classified\): number/);
    assert.match(said, /Mean recall of the labels that occur/);
    await page.keyboard.press("Escape");
  });

  for (const { what, code, interrupt } of [
    {
      what: "a synchronous loop by the menu",
      code: "while (true) {}",
      interrupt: () => lab.choose("Kernel", "Interrupt Kernel"),
    },
    {
      what: "a cell that awaits by the keys i i",
      code: "await new Promise<void>((resolve) => setTimeout(resolve, 600_000));",
      interrupt: async () => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("i");
        await page.keyboard.press("i");
      },
    },
  ])
    it(`interrupts ${what}, and variables live on`, async () => {
      await run("state.step += 1");
      await write(code);
      await page.keyboard.press("ControlOrMeta+Enter");
      await lab.becomes("busy");
      // the request is on its way before the code has been converted: into the middle of the cell
      await page.waitForTimeout(700);
      const begun = Date.now();
      await interrupt();
      await lab.becomes("idle");
      assert.ok(Date.now() - begun < 10_000, "it stopped, and did not end by itself");
      assert.match(await shown(page, LAST), /^Interrupted: /m);
      await lab.screenshot(`kernel-interrupted-${code.slice(0, 5)}`);
      assert.equal(text(await run("state.step > 1 && rows.length")), "2");
      assert.equal(await page.locator(".jp-Dialog").count(), 0);
    });

  it("shows a run as one line and one chart that grow while the cell runs", async () => {
    await run(MODEL);
    await write(TRAINING);
    await page.keyboard.press("ControlOrMeta+Enter");
    await lab.becomes("busy");
    const outputs = lastCell().locator(".jp-OutputArea-output");
    const points = lastCell().locator(".js-plotly-plot .points path");
    const seen: { lines: string[]; points: number }[] = [];
    for (let status = ""; status !== "idle"; { status } = await lab.read()) {
      const lines = await lastCell().locator(".jp-RenderedText").allInnerTexts();
      seen.push({ lines, points: await points.count() });
      if (seen.length === 12) await lab.screenshot("kernel-live-curves");
      await page.waitForTimeout(500);
    }
    assert.ok(
      new Set(seen.map((moment) => moment.points)).size > 2,
      `the chart grew: ${JSON.stringify(seen)}`,
    );
    for (const { lines } of seen) assert.ok(lines.length <= 1 || lines[1] === "'over'", lines.join("\n"));
    assert.ok(seen.some(({ lines }) => lines.some((line) => line.includes(", evaluating "))));
    assert.ok(seen.every(({ lines }) => lines.every((line) => !line.includes("\n"))));
    assert.equal(await outputs.count(), 3);
    await lab.screenshot("kernel-live-curves-over");
    const saved = (await lab.read()).cells[LAST]?.outputs?.map(({ data = {} }) =>
      Object.keys(data).toSorted(),
    );
    const chart = ["application/vnd.plotly.v1+json", "image/png", "text/plain"];
    assert.deepEqual(saved, [["text/plain"], chart, ["text/plain"]]);
  });

  it("restarts and runs all, from a fresh kernel", async () => {
    await run("state.step + 40");
    await lab.choose("Kernel", "Restart Kernel and Run All Cells…");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await page.waitForTimeout(500);
    const cells = await lab.allRun();
    assert.deepEqual(
      cells.map((cell) => cell.execution_count),
      CELLS.map((_, index) => index + 1),
    );
    assert.deepEqual([text(cells[5]), text(cells[LAST])], ["1", "41"]);
    await lab.screenshot("kernel-restarted");
    assert.equal(await page.locator(".jp-Dialog").count(), 0);
  });
});
