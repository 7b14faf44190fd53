/**
 * `npm run screenshots [-- 01 watching]`: pictures of the saved notebooks as readers see them, in JupyterLab (light and dark) and
 * as HTML (on a wide screen and on a phone's), into build/screenshots/NAME/. Nothing is executed.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { interruptible } from "../../environment/notebooks/interruptible.mjs";
import { listNotebooks, nameOf } from "../../environment/notebooks/notebook.mjs";
import { requireSetup } from "../../environment/require-setup.mjs";
import { BUILD } from "../../environment/setup/paths.mjs";
import { NO_BROWSER } from "../long/chromium";
import { photographHtml } from "./html";
import { photographLab } from "./lab";

const FOLDER = path.join(BUILD, "screenshots");
const folderOf = (file: string): string => path.join(FOLDER, nameOf(file));

async function photograph(signal: AbortSignal): Promise<number> {
  requireSetup();
  const files = listNotebooks(process.argv.slice(2));
  if (NO_BROWSER) {
    console.log(`Skipped: ${NO_BROWSER} (CHROMIUM names one that lies elsewhere).`);
    return 0;
  }
  const begun = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - begun) / 1000)} s`;
  for (const file of files) rmSync(folderOf(file), { recursive: true, force: true });
  let count = 0;
  for (const [where, take] of Object.entries({ JupyterLab: photographLab, HTML: photographHtml })) {
    if (signal.aborted) break;
    console.log(`${where} is starting (${seconds()}).`);
    let number = 0;
    const onNotebook = (name: string): void => {
      number += 1;
      console.log(`  ${where} [${number}/${files.length}] ${name} (${seconds()})`);
    };
    count += await take({ files, folderOf, onNotebook, signal });
  }
  const folder = path.relative(process.cwd(), FOLDER);
  console.log(`${count} pictures of ${files.length} notebooks lie in ${folder}/ (${seconds()}).`);
  return 0;
}

interruptible(photograph).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
