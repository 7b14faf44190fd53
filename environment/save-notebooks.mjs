// @ts-check
/**
 * `npm run notebooks:save [-- 01 02]`: the one way saved outputs are made. Executes the notebooks in order with the default
 * profile and seed, and writes them back without anything of when and where that was. A notebook that fails is left as it is.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { plainJupyterEnvironment } from "./jupyter-environment.mjs";
import { interruptible } from "./notebooks/interruptible.mjs";
import { findLocalTraces } from "./notebooks/local-traces.mjs";
import { normalise } from "./notebooks/normalise.mjs";
import { listNotebooks, nameOf, readNotebook, writeNotebook } from "./notebooks/notebook.mjs";
import { savePicture } from "./notebooks/picture.mjs";
import { showNotebook } from "./notebooks/show-notebook.mjs";
import { clearStory } from "./notebooks/story-build.mjs";
import { requireSetup } from "./require-setup.mjs";
import { BUILD } from "./setup/paths.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string" }, build: { type: "string", default: BUILD } },
});

/** @param {AbortSignal} signal */
async function save(signal) {
  requireSetup();
  const folder = values.folder && path.resolve(values.folder);
  const files = listNotebooks(positionals, folder);
  const build = path.resolve(values.build);
  if (positionals.length === 0) clearStory(build);
  const work = mkdtempSync(path.join(os.tmpdir(), "notebooks-"));
  try {
    for (const [index, file] of files.entries()) {
      const out = path.join(work, path.basename(file));
      const title = `[${index + 1}/${files.length}] ${nameOf(file)}`;
      const env = plainJupyterEnvironment({ STORY_BUILD: build });
      const { ok } = await showNotebook({ title, file, out, env, signal });
      if (!ok) return 1;
      writeBack(out, file);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`Saved: ${files.length} notebooks.`);
  return 0;
}

/**
 * @param {string} executed
 * @param {string} file
 */
function writeBack(executed, file) {
  const notebook = normalise(readNotebook(executed), nameOf(file));
  const traces = findLocalTraces(notebook);
  if (traces.length > 0)
    throw new Error(
      `${nameOf(file)} was not saved, since its outputs tell of this machine: ${traces.join("; ")}.`,
    );
  writeNotebook(file, notebook);
  savePicture(notebook, file);
}

process.exitCode = await interruptible(save).catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
