// @ts-check
/**
 * JupyterLab on the notebooks: `lab.mjs [--begin=FILE] [--no-browser] [any option of jupyter lab]`. Prints its URL; Ctrl-C ends
 * it at once, and its kernels with it. `--begin` opens another file of the repository than the first notebook.
 */
import { spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { JUPYTER_CONFIG, JUPYTER_RUNTIME, jupyterEnvironment } from "./jupyter-environment.mjs";
import { listNotebooks } from "./notebooks/notebook.mjs";
import { requireSetup } from "./require-setup.mjs";
import { PYTHON, ROOT, STATE } from "./setup/paths.mjs";
import { untilEnded } from "./until-ended.mjs";

const BEGIN = "--begin=";
const LOG = path.join(STATE, "jupyter", "lab.log");
const CONFIG = path.join(ROOT, "environment/lab-config");

/** @returns {Promise<number>} the exit code */
async function openLab() {
  requireSetup();
  const start = path.relative(ROOT, begin() ?? listNotebooks()[0] ?? path.join(ROOT, "notebooks"));
  mkdirSync(path.dirname(LOG), { recursive: true });
  // JupyterLab reads its settings from any folder it is told of, but a style sheet from this one only
  cpSync(path.join(CONFIG, "custom.css"), path.join(JUPYTER_CONFIG, "custom/custom.css"));
  const log = openSync(LOG, "w");
  const lab = spawn(PYTHON, ["-m", "jupyterlab", ...labArguments(start)], {
    cwd: ROOT,
    env: jupyterEnvironment({ JUPYTER_CONFIG_PATH: CONFIG }),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  void sayUrl(lab, start);
  const { code, wasAsked } = await untilEnded(lab);
  if (wasAsked) console.log("JupyterLab has ended.");
  else if (code !== 0) console.error(`JupyterLab ended by itself: ${lastError()}`);
  return wasAsked ? 0 : code;
}

/** @returns {string | undefined} the file that was asked for */
function begin() {
  const asked = process.argv.find((arg) => arg.startsWith(BEGIN));
  return asked && path.resolve(ROOT, asked.slice(BEGIN.length));
}

/**
 * The repository is the root, so that links between notebooks, README and data hold; the browser of files begins where its first notebook lies.
 * @param {string} start
 */
function labArguments(start) {
  const own = [
    `--ServerApp.root_dir=${ROOT}`,
    `--FileContentsManager.preferred_dir=${path.dirname(path.join(ROOT, start))}`,
  ];
  const others = process.argv.slice(2).filter((arg) => !arg.startsWith(BEGIN));
  const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
  return [...own, ...root, `--LabApp.default_url=/lab/tree/${start}`, ...others];
}

/**
 * Waits for the server to answer (it writes a file before), and prints how it is reached.
 * @param {import("node:child_process").ChildProcess} lab
 * @param {string} start
 */
async function sayUrl(lab, start) {
  console.log("JupyterLab is starting.");
  while (lab.exitCode === null && lab.signalCode === null) {
    const server = readServer(lab.pid ?? 0);
    if (server && (await answers(server.url))) {
      console.log(`JupyterLab is open at ${server.url}lab/tree/${start}?token=${server.token}`);
      console.log(`Ctrl-C ends it. What it logs: ${path.relative(ROOT, LOG)}`);
      return;
    }
    await wait(200);
  }
}

/**
 * A server writes its file a moment before it listens.
 * @param {string} url
 */
async function answers(url) {
  return fetch(`${url}api`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/**
 * @param {number} pid
 * @returns {{ url: string, token: string } | undefined}
 */
function readServer(pid) {
  try {
    const text = readFileSync(path.join(JUPYTER_RUNTIME, `jpserver-${pid}.json`), "utf8");
    return /** @type {{ url: string, token: string }} */ (JSON.parse(text));
  } catch {
    return undefined;
  }
}

function lastError() {
  const lines = readFileSync(LOG, "utf8").trim().split("\n");
  return lines.findLast((line) => /\b(Error|CRITICAL|\[C)\b/.test(line)) ?? lines.at(-1) ?? "no reason given";
}

process.exitCode = await openLab().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
