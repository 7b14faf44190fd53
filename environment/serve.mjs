// @ts-check
/**
 * `npm run serve -- --model M`: a fine-tuned classifier as a service, in the form of the Hugging Face Inference API, until Ctrl-C or
 * SIGTERM, which let it finish what it accepted. Ends with 2 if what it was given cannot be used.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readerFolder } from "./reader-folder.mjs";
import { requireSetup } from "./require-setup.mjs";
import { ROOT } from "./setup/paths.mjs";

const HELP = `A fine-tuned classifier as a service, in the form of the Hugging Face Inference API.

  npm run serve -- --model DIR_OR_REPO

  --model DIR_OR_REPO  a model's folder, such as a checkpoint, or its name on the Hub
  --revision NAME      of a model on the Hub: a branch, a tag or a commit (main)
  --id NAME            what clients call it (its name on the Hub, or that of its folder)
  --port PORT          0 is any that is free (8080)
  --host HOST          127.0.0.1, which this machine alone reaches; 0.0.0.0 in a container
  --max-length N       tokens of a text that the model reads (as many as it can)
  --log FILE           a file to append each text and its answer to, as JSON lines
  --token-file FILE    what clients must send as Authorization: Bearer; SERVE_TOKEN holds it otherwise

  curl http://127.0.0.1:8080/models/NAME -d '{"inputs": "A gem."}'

GET / says what the model is, /health whether it is ready, /metrics what Prometheus reads.`;

const text = /** @type {const} */ ({ type: "string" });

async function serve() {
  const { values } = parseArgs({
    options: {
      ...{ model: text, revision: text, id: text, port: text, host: text },
      ...{ "max-length": text, log: text, "token-file": text },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  requireSetup();
  process.chdir(readerFolder("serve"));
  const { model, revision, id, host, log } = values;
  if (!model) throw new Error("There is no model to serve: give --model (--help says more).");
  const maxLength = wholeNumber("max-length", values["max-length"], { least: 3 });
  const token = tokenOf(values["token-file"]);
  /** @type {typeof import("../lib/dist/serving/server.js")} */
  const { startServer } = await import(path.join(ROOT, "lib/dist/serving/server.js"));
  const server = await startServer({
    model,
    port: wholeNumber("port", values.port, { most: 65_535 }) ?? 8080,
    onTrouble: (message) => {
      console.error(message);
    },
    ...(revision !== undefined && { revision }),
    ...(id !== undefined && { id }),
    ...(host !== undefined && { host }),
    ...(maxLength !== undefined && { maxLength }),
    ...(log !== undefined && { log }),
    ...(token !== undefined && { token }),
  });
  endOnSignal(server);
  console.log(`${server.id} is served at ${server.endpoint} once it is loaded; Ctrl-C ends it.`);
  try {
    await server.ready();
    console.log(`Ready:

  curl ${server.endpoint}/models/${server.id} -d '{"inputs": "A gem."}'${token === undefined ? "" : ` -H "Authorization: Bearer $TOKEN"`}`);
  } catch (error) {
    await server.close();
    // one that was ended while it loaded has no fault to tell of
    if (!isEnding) throw error;
  }
}

let isEnding = false;

/**
 * The first signal lets the server finish what it accepted, the second does not.
 * @param {{ close(): Promise<void> }} server
 */
function endOnSignal(server) {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.on(signal, () => {
      if (isEnding) process.exit(130);
      isEnding = true;
      void server.close();
    });
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {{ least?: number, most?: number }} bounds
 */
function wholeNumber(option, text, { least = 0, most = Number.MAX_SAFE_INTEGER }) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const upTo = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
  throw new Error(`--${option} is ${text}; expected a whole number from ${least}${upTo}.`);
}

/** @param {string | undefined} file */
function tokenOf(file) {
  const { SERVE_TOKEN: ofEnvironment } = process.env;
  // no business of the model's process
  delete process.env["SERVE_TOKEN"];
  if (file === undefined) {
    // set to nothing it would let everybody in
    if (ofEnvironment !== undefined && !/^\S+$/.test(ofEnvironment))
      throw new Error("SERVE_TOKEN is set and holds no token; expected one word, or that it is not set.");
    return ofEnvironment;
  }
  let token;
  try {
    token = readFileSync(file, "utf8").trim();
  } catch {
    throw new Error(`--token-file is ${file}, which cannot be read; expected a file that holds the token.`);
  }
  if (!/^\S+$/.test(token))
    throw new Error(`--token-file is ${file}, which holds no token; expected one word.`);
  return token;
}

try {
  await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
