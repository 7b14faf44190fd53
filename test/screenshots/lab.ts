import { cpSync } from "node:fs";
import path from "node:path";
import { nameOf } from "../../environment/notebooks/notebook.mjs";
import { ReadingLab } from "../long/reading-lab";
import { takePieces, type PhotographParams } from "./pieces";

const SCREEN = { width: 1280, height: 1600 };
const THEMES = { "lab-light": "JupyterLab Light", "lab-dark": "JupyterLab Dark" };

/**
 * Takes pictures of notebooks in the project's own JupyterLab, with nothing trusted and nothing executed: what a reader of a
 * fresh clone sees.
 *
 * @returns how many pictures there are
 */
export async function photographLab({
  files,
  folderOf,
  onNotebook,
  signal,
}: PhotographParams): Promise<number> {
  const lab = new ReadingLab();
  let count = 0;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= lab.close());
  // what fails here is told by who waits for the same below
  const end = (): void => void close().catch(() => undefined);
  try {
    await lab.begin();
    // not before: what begins while JupyterLab is ended would stay open
    signal.addEventListener("abort", end);
    await lab.page.setViewportSize(SCREEN);
    for (const file of files) {
      if (signal.aborted) break;
      onNotebook(nameOf(file));
      cpSync(file, path.join(lab.folder, path.basename(file)));
      const { panel } = await lab.show(path.basename(file));
      for (const [kind, theme] of Object.entries(THEMES)) {
        await lab.wear(theme);
        const scroller = panel.locator(".jp-WindowedPanel-outer");
        count += await takePieces({ page: lab.page, scroller, folder: folderOf(file), kind });
      }
    }
  } catch (error) {
    // what was under way fails once JupyterLab is ended
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", end);
    await close();
  }
  return count;
}
