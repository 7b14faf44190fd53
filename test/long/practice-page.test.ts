import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { workshopNotebooks } from "../../environment/workshop/workshop-notebooks.mjs";
import { rewrite } from "../../environment/workshop/write-copies.mjs";
import { accessibilityTroubles } from "./axe";
import { LabPage, NO_BROWSER, type SavedCell } from "./lab-page";

const NAME = "02-distribution-check.ipynb";
/** So high that JupyterLab, which leaves out cells that are not in sight, shows all of them. */
const SCREENS = { desktop: { width: 1280, height: 9_000 }, phone: { width: 390, height: 14_000 } };
/** What is ours on the page: prose, and what cells show. The rest is JupyterLab's. */
const OURS = ".jp-RenderedHTMLCommon";

/** JupyterLab's own box around an output scrolls what is too wide for a phone, and is no stop for the Tab key as axe sees it. */
function isOurs(trouble: string): boolean {
  return !/^scrollable-region-focusable .*\.jp-RenderedHTML\b[^|]*\| <div class="lm-Widget/.test(trouble);
}

function idOf(cell: SavedCell): string {
  return (cell as SavedCell & { id?: string }).id ?? "";
}

describe("a practice notebook in JupyterLab", { skip: NO_BROWSER }, () => {
  const lab = new LabPage();
  let page: Page;
  before(async () => {
    const notebooks = await workshopNotebooks(lab.folder);
    rewrite(
      path.join(lab.folder, "practice"),
      notebooks.map(({ file, practice }) => ({ file, notebook: practice })),
    );
    page = await lab.launch();
    await page.setViewportSize(SCREENS.desktop);
    await lab.open(`practice/${NAME}`);
  });
  after(() => lab.close());

  it("runs to its end with every task left, and each check says what is missing", async () => {
    const cells = await lab.runAll();
    const checks = cells.filter((cell) => idOf(cell).startsWith("check-"));
    assert.equal(checks.length, 4);
    for (const { outputs } of checks) assert.match(JSON.stringify(outputs), /Missing: [^"]*answer/);
    for (const { outputs = [], metadata } of cells)
      assert.ok(
        metadata.tags?.includes("raises-exception") || outputs.every((one) => one.output_type !== "error"),
      );
  });

  it("has nothing in its prose and outputs that axe finds wrong, wide and narrow, light and dark", async () => {
    // as who reads on a phone would: the list of files takes all of its width
    await lab.command("application:toggle-left-area");
    for (const [screen, size] of Object.entries(SCREENS))
      for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
        await page.setViewportSize(size);
        await lab.command("apputils:change-theme", { theme });
        await page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: "attached" });
        await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
        await page.getByText("Missing:").last().waitFor();
        await lab.screenshot(`practice-${screen}-${theme.endsWith("Dark") ? "dark" : "light"}`);
        const troubles = await accessibilityTroubles(page, { within: OURS });
        assert.deepEqual(troubles.filter(isOurs), [], `${screen}, ${theme}`);
      }
  });

  it("opens a hint by keyboard", async () => {
    await page.setViewportSize(SCREENS.desktop);
    const hint = page.locator(".jp-MarkdownCell details").first();
    assert.equal(await hint.getAttribute("open"), null);
    await hint.locator("summary").focus();
    await page.keyboard.press("Space");
    assert.notEqual(await hint.getAttribute("open"), null);
  });
});
