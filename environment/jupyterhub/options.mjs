// @ts-check
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { readerFolder } from "../reader-folder.mjs";
import { BUILD, ROOT } from "../setup/paths.mjs";

/**
 * @typedef {object} ClassOptions
 * @property {string} config of JupyterHub, a file of this folder
 * @property {string} folder of this class: its log, and a folder for each user
 * @property {string} ip
 * @property {number} port
 * @property {number} seats
 * @property {NodeJS.ProcessEnv} environment what the configuration reads
 */

/** What a seat needs that trains in one notebook and has another open, in bytes (README.md beside this file). */
export const SEAT_BYTES = 2 * 1024 ** 3;

const HELP = `JupyterHub for a class: every user a JupyterLab of their own on a copy of the notebooks.

  CLASS_PASSWORD=... npm run class -- --port PORT --seats N

  CLASS_PASSWORD      what everybody logs in with, at least 8 ASCII characters; from the environment, never kept
  --port PORT         the first of three that follow each other (8000)
  --ip ADDRESS        where it listens (127.0.0.1); on any other the password travels unencrypted unless HTTPS stands before it
  --seats N           servers at once (as many as this machine's memory holds)
  --notebooks FOLDER  what each user gets a copy of, inside the repository (notebooks)
  --folder FOLDER     where the users' folders lie, inside the repository (build/jupyterhub)
  --docker            a container for each user (environment/jupyterhub/README.md)`;

/**
 * The options of `npm run class`, checked; undefined if help was asked for.
 * @returns {ClassOptions | undefined}
 */
export function readOptions(args = process.argv.slice(2)) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "8000" },
      ip: { type: "string", default: "127.0.0.1" },
      seats: { type: "string", default: String(Math.max(1, Math.floor(os.totalmem() / SEAT_BYTES))) },
      notebooks: { type: "string" },
      folder: { type: "string" },
      docker: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const port = wholeNumber({ option: "--port", text: values.port, from: 1, to: 65_533 });
  const seats = wholeNumber({ option: "--seats", text: values.seats, from: 1, to: 10_000 });
  const notebooks = insideRepository("--notebooks", values.notebooks ?? path.join(ROOT, "notebooks"));
  if (!existsSync(path.join(ROOT, notebooks)))
    throw new Error(`--notebooks is ${notebooks}, which is not there; expected a folder of notebooks.`);
  if (values.docker && !path.relative(BUILD, path.join(ROOT, notebooks)).startsWith(".."))
    throw new Error(
      `--notebooks is ${notebooks}, which no image holds; expected a folder that is no build output, beside --docker.`,
    );
  const folder = insideRepository("--folder", values.folder ?? path.join(BUILD, "jupyterhub"));
  checkPassword(process.env["CLASS_PASSWORD"]);
  return {
    config: values.docker ? "docker_config.py" : "jupyterhub_config.py",
    ...{ folder: path.join(ROOT, folder), ip: values.ip, port, seats },
    environment: {
      CLASS_IP: values.ip,
      CLASS_PORT: String(port),
      CLASS_SEATS: String(seats),
      CLASS_NOTEBOOKS: notebooks,
      CLASS_FOLDER: folder,
    },
  };
}

/** @param {{ option: string, text: string, from: number, to: number }} params */
function wholeNumber({ option, text, from, to }) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < from || number > to)
    throw new Error(`${option} is ${text}; expected a whole number from ${from} to ${to}.`);
  return number;
}

/** @param {string | undefined} password */
function checkPassword(password) {
  // JupyterHub compares ASCII only, and refuses less than 8
  if (password === undefined || !/^[\x21-\x7e]{8,}$/.test(password))
    throw new Error(
      "CLASS_PASSWORD is missing or too simple; expected at least 8 ASCII characters without a space in the environment: " +
        "`read -rs CLASS_PASSWORD && export CLASS_PASSWORD` asks for it without showing it.",
    );
}

/**
 * A folder relative to the repository, inside which it must lie: notebooks find lib there.
 * @param {string} option
 * @param {string} given
 */
function insideRepository(option, given) {
  const folder = path.relative(ROOT, path.resolve(readerFolder("class"), given));
  if (folder === "" || folder.startsWith("..") || path.isAbsolute(folder))
    throw new Error(
      `${option} is ${given}; expected a folder inside the repository: notebooks find lib there.`,
    );
  return folder;
}
