// @ts-check
/**
 * `npm run workshop -- [--no-lab] [--fresh] [--measure] [any option of lab.mjs]`: practice copies of the notebooks, slides and a page for
 * the instructor into build/workshop/, then JupyterLab on the first practice notebook (workshop/README.md).
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { interruptible } from "./notebooks/interruptible.mjs";
import { requireSetup } from "./require-setup.mjs";
import { BUILD, ROOT } from "./setup/paths.mjs";
import { instructorPage } from "./workshop/instructor.mjs";
import { measure, readTimings } from "./workshop/measure.mjs";
import { workshopFiles, workshopNotebooks } from "./workshop/workshop-notebooks.mjs";
import { writeCopies, writeText } from "./workshop/write-copies.mjs";

const OUT = path.join(BUILD, "workshop");
const OWN = ["--no-lab", "--fresh", "--measure"];
const asked = new Set(process.argv.slice(2).filter((arg) => OWN.includes(arg)));

async function write() {
  const notebooks = await workshopNotebooks(OUT);
  const copies = notebooks.map(({ file, practice }) => ({ file, notebook: practice }));
  const slides = notebooks.map(({ file, slides }) => ({ file, notebook: slides }));
  const practice = path.join(OUT, "practice");
  const say = (/** @type {string} */ line) => {
    console.log(line);
  };
  const fresh = asked.has("--fresh");
  writeCopies({ folder: practice, copies, fresh, say });
  writeCopies({ folder: path.join(OUT, "slides"), copies: slides, fresh, say });
  writeText(path.join(OUT, "instructor.md"), instructorPage(notebooks, readTimings()));
  const shown = path.relative(ROOT, OUT);
  console.log(
    `Written: ${shown}/practice, ${shown}/slides (${notebooks.length} notebooks each) and ${shown}/instructor.md.`,
  );
  return path.join(practice, path.basename(notebooks[0]?.file ?? ""));
}

/** @param {AbortSignal} signal */
async function measureAll(signal) {
  await measure({ files: workshopFiles(), signal });
  return signal.aborted ? 130 : 0;
}

async function run() {
  requireSetup();
  if (asked.has("--measure")) return interruptible(measureAll);
  const first = await write();
  if (asked.has("--no-lab")) return 0;
  const others = process.argv.slice(2).filter((arg) => !OWN.includes(arg));
  const lab = path.join(ROOT, "environment/lab.mjs");
  // in this very process: Ctrl-C reaches it, and it sets the exit code when it ends
  process.argv = [process.execPath, lab, `--begin=${first}`, ...others];
  await import(pathToFileURL(lab).href);
  return process.exitCode;
}

process.exitCode = await run().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
