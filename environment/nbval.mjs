// @ts-check
/**
 * `npm run nbval [-- FILE...]`: executes the notebooks in order and compares what comes out with what is saved, in an empty
 * folder of its own. What the kernels answered is kept in build/nbval/executed/.
 */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { plainJupyterEnvironment } from "./jupyter-environment.mjs";
import { listNotebooks } from "./notebooks/notebook.mjs";
import { requireSetup } from "./require-setup.mjs";
import { BUILD, PYTHON, ROOT } from "./setup/paths.mjs";

/** No test of speed: only that a cell that hangs ends some day. */
const CELL_TIMEOUT = "900";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: path.join(BUILD, "nbval") },
    // a folder with what earlier notebooks have left, where not all of them are executed
    build: { type: "string" },
  },
});

/** @returns {Promise<number>} pytest's exit code */
async function validate() {
  requireSetup();
  const files = positionals.length > 0 ? positionals.map((file) => path.resolve(file)) : listNotebooks();
  if (files.length === 0) throw new Error("There are no notebooks to validate.");
  const out = path.resolve(values.out);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const child = spawn(PYTHON, pytestArguments(out, files), {
    cwd: ROOT,
    env: plainJupyterEnvironment({
      PYTHONPATH: path.join(ROOT, "environment/notebooks"),
      NBVAL_KEEP: path.join(out, "executed"),
      STORY_BUILD: values.build ? path.resolve(values.build) : path.join(out, "build"),
    }),
    stdio: "inherit",
  });
  // Ctrl-C reaches pytest by itself, and it ends its kernels; this process waits for that
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGINT"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

/**
 * @param {string} out
 * @param {string[]} files
 */
function pytestArguments(out, files) {
  const nothingLeft = ["-p", "no:cacheprovider", "--rootdir", ROOT];
  const kept = ["-p", "nbval_keep", "--junit-xml", path.join(out, "report.xml")];
  return ["-m", "pytest", "--nbval", "--nbval-cell-timeout", CELL_TIMEOUT, ...nothingLeft, ...kept, ...files];
}

process.exitCode = await validate().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
