// @ts-check
/** Which model the page shows, where it is, and why it cannot be had. */

/**
 * @typedef {object} App What app.json says.
 * @property {string} model Namespace and name.
 * @property {string} commit The version that is shown.
 * @property {string} [hub] Where the model is, if it is not on Hugging Face's own Hub.
 * @property {string[]} examples
 * @property {Partial<Record<Precision, number>>} bytes Size of the model's file in each precision that there is.
 */
/** @typedef {"q8" | "fp32"} Precision Transformers.js's `dtype`. */

/** @type {Readonly<Record<Precision, string>>} */
export const FILES = { q8: "onnx/model_quantized.onnx", fp32: "onnx/model.onnx" };

/**
 * A file's address on the Hub.
 * @param {App} app
 * @param {string} file
 */
export function addressOf(app, file) {
  return `${hubOf(app)}/${app.model}/resolve/${app.commit}/${file}`;
}

/** @param {App} app */
export function hubOf({ hub }) {
  return hub ?? "https://huggingface.co";
}

/**
 * The Hub, as of now: one on a reader's own machine may have started again at another port, which is then that of its Spaces too.
 * @param {{ hostname: string, port: string }} here where the page is
 * @param {string} hub where the model was at the push
 */
export function hubAsOf({ hostname, port }, hub) {
  if (!hostname.endsWith(".static.localhost")) return hub;
  const now = new URL(hub);
  now.port = port;
  return now.origin;
}

/**
 * Why a model could not be loaded, in plain words.
 * @param {App} app
 * @param {Precision} precision
 * @param {unknown} error
 */
export async function explain(app, precision, error) {
  const { host } = new URL(hubOf(app));
  try {
    for (const file of ["config.json", "tokenizer.json", FILES[precision]]) {
      const { ok, status } = await fetch(addressOf(app, file), { method: "HEAD" });
      if (ok) continue;
      if (file === "config.json" && [401, 403, 404].includes(status))
        return `The model ${app.model} is not on ${host} any more, or is private: this page can read public models alone.`;
      if (status === 404)
        return `The model ${app.model} has no ${file}, which a browser needs: export it to ONNX, push it, and push this Space again.`;
      return `${host} does not give ${file} of the model ${app.model} (status ${status}): try again later.`;
    }
  } catch {
    return `${host}, where the model is, cannot be reached: check the network, then load this page again.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The model could not be started: ${reason.split("\n")[0]}`;
}
