// @ts-check
/**
 * `npm run hub -- [--dir D] [--port P] [--token T] [--user U] [--allow-jobs]`: a Hub of this machine's own, on loopback, until
 * Ctrl-C. Ends with 2 if what it was given cannot be used.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readerFolder } from "./reader-folder.mjs";
import { requireSetup } from "./require-setup.mjs";
import { ROOT } from "./setup/paths.mjs";

const HELP = `A Hugging Face Hub of this machine's own: models, data sets and Spaces in a folder, each a git repository.

  npm run hub -- --dir FOLDER --port PORT --token TOKEN

  --dir FOLDER   where the repositories lie (build/my-hub)
  --port PORT    on 127.0.0.1, which alone it listens on (7860)
  --token TOKEN  what writing needs, hf_ and then letters and digits; without it one is made and kept in FOLDER/token
  --user NAME    whose token it is, and whose repositories there are (reader)
  --allow-jobs   runs jobs, whose commands are processes of this machine: whoever has the token has this account`;

async function hub() {
  const { values } = parseArgs({
    options: {
      dir: { type: "string", default: path.join(ROOT, "build", "my-hub") },
      port: { type: "string", default: "7860" },
      token: { type: "string" },
      user: { type: "string", default: "reader" },
      "allow-jobs": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  requireSetup();
  const here = readerFolder("hub");
  const folder = path.resolve(here, values.dir);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is ${values.port}; expected a number from 0 (any that is free) to 65535.`);
  /** @type {typeof import("../lib/dist/hub/embedded/embedded-hub.js")} */
  const { startEmbeddedHub } = await import(path.join(ROOT, "lib/dist/hub/embedded/embedded-hub.js"));
  mkdirSync(folder, { recursive: true });
  const tokenFile = path.join(folder, "token");
  const token = values.token ?? keptToken(tokenFile);
  if (!/^hf_[A-Za-z0-9]+$/.test(token))
    throw new Error("The token is none; expected hf_ and then letters and digits, as clients check it.");
  const running = await startEmbeddedHub({
    ...{ folder, port, token, user: values.user, allowJobs: values["allow-jobs"] },
  });
  const shown = values.token === undefined ? `"$(cat '${path.relative(here, tokenFile)}')"` : "TOKEN";
  console.log(`The Hub runs at ${running.endpoint}; Ctrl-C ends it, and what it holds stays.

  export HF_ENDPOINT=${running.endpoint} HF_TOKEN=${shown} HF_HUB_DISABLE_XET=1
  hf upload ${values.user}/a-model FOLDER
  git clone ${running.endpoint}/${values.user}/a-model`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.once(signal, () => void running.close());
}

/**
 * The token of the folder, made the first time: for this user's eyes, and never shown.
 * @param {string} file
 */
function keptToken(file) {
  if (!existsSync(file)) writeFileSync(file, `hf_${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

try {
  await hub();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
