import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { jupyterEnvironment } from "../../environment/jupyter-environment.mjs";
import { nameOf } from "../../environment/notebooks/notebook.mjs";
import { PYTHON, ROOT } from "../../environment/setup/paths.mjs";
import { launchChromium } from "../long/chromium";
import { takePieces, type PhotographParams } from "./pieces";

const TEMPLATES = path.join(ROOT, "environment/notebooks/templates");
const SCREENS = {
  html: { viewport: { width: 1280, height: 1600 }, deviceScaleFactor: 1 },
  "html-phone": { viewport: { width: 390, height: 1600 }, deviceScaleFactor: 1.5 },
};

/**
 * Takes pictures of notebooks as nbconvert makes HTML of them with the project's template, on a wide screen and on a phone's.
 *
 * @returns how many pictures there are
 */
export async function photographHtml({
  files,
  folderOf,
  onNotebook,
  signal,
}: PhotographParams): Promise<number> {
  const work = mkdtempSync(path.join(os.tmpdir(), "screenshots-"));
  let count = 0;
  try {
    convert(files, work);
    const browser = await launchChromium({ ...process.env, HOME: work });
    try {
      for (const file of files) {
        if (signal.aborted) break;
        onNotebook(nameOf(file));
        const address = pathToFileURL(path.join(work, `${nameOf(file)}.html`)).href;
        for (const [kind, screen] of Object.entries(SCREENS)) {
          const page = await browser.newPage(screen);
          await page.goto(address);
          count += await takePieces({ page, folder: folderOf(file), kind });
          await page.close();
        }
      }
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
  return count;
}

/** One call for all notebooks: most of the time goes into starting Python. */
function convert(files: readonly string[], out: string): void {
  const template = ["--template", "story", `--TemplateExporter.extra_template_basedirs=${TEMPLATES}`];
  const quiet = ["--log-level", "ERROR", "--output-dir", out];
  execFileSync(PYTHON, ["-m", "nbconvert", "--to", "html", ...template, ...quiet, ...files], {
    env: jupyterEnvironment(),
    stdio: ["ignore", "ignore", "inherit"],
  });
}
