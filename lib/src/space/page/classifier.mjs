// @ts-check
/**
 * The model, run by Transformers.js. The library and ONNX Runtime lie in vendor/: nothing is asked of any host but the Hub that
 * the model is on.
 */

/**
 * @typedef {object} App What app.json says.
 * @property {string} model Namespace and name.
 * @property {string} commit The version that is shown.
 * @property {string} [hub] Where the model is, if it is not on Hugging Face's own Hub.
 * @property {string[]} examples
 * @property {Partial<Record<Precision, number>>} bytes Size of the model's file in each precision that there is.
 */
/** @typedef {{ max_position_embeddings?: number, id2label?: Record<string, string> }} Config Of config.json. */
/** @typedef {"q8" | "fp32"} Precision Transformers.js's `dtype`. */

/** @type {Readonly<Record<Precision, string>>} */
export const FILES = { q8: "onnx/model_quantized.onnx", fp32: "onnx/model.onnx" };
const vendored = (/** @type {string} */ name) => new URL(`vendor/${name}`, import.meta.url).href;

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

/** A model that is ready to be asked. */
export class Classifier {
  #tokenizer;
  #model;

  /**
   * @param {import("@huggingface/transformers").PreTrainedTokenizer} tokenizer
   * @param {import("@huggingface/transformers").PreTrainedModel} model
   */
  constructor(tokenizer, model) {
    this.#tokenizer = tokenizer;
    this.#model = model;
    /** @type {Config} */
    const { id2label, ...config } = model.config;
    /** @type {(number | undefined)[]} */
    const limits = [tokenizer.model_max_length, config.max_position_embeddings];
    /** Tokens of a text that are read, special ones included. */
    this.maxLength = Math.min(...limits.filter((limit) => limit !== undefined));
    /** @type {string[]} By id. */
    this.labels = Object.values(id2label ?? {});
  }

  /**
   * Downloads a model, or takes it from the browser's cache.
   * @param {App} app
   * @param {Precision} precision
   * @param {(loaded: number, total: number) => void} onProgress bytes of the model's file
   */
  static async load(app, precision, onProgress) {
    const { AutoModelForSequenceClassification, AutoTokenizer, env } =
      /** @type {typeof import("@huggingface/transformers")} */ (
        await import(vendored("transformers.min.js"))
      );
    env.allowLocalModels = false;
    env.remoteHost = `${hubOf(app)}/`;
    // not as `revision`: whether there is a tokenizer, the library would ask at main all the same
    env.remotePathTemplate = `{model}/resolve/${app.commit}/`;
    // a copy of the script as a blob, which the page's policy forbids; the browser's own cache does
    env.useWasmCache = false;
    Object.assign(env.backends.onnx.wasm ?? {}, {
      wasmPaths: {
        mjs: vendored("ort-wasm-simd-threaded.mjs"),
        wasm: vendored("ort-wasm-simd-threaded.wasm"),
      },
    });
    const tokenizer = await AutoTokenizer.from_pretrained(app.model);
    const model = await AutoModelForSequenceClassification.from_pretrained(app.model, {
      ...{ dtype: precision, device: "wasm" },
      progress_callback: (event) => {
        if (event.status === "progress" && event.file === FILES[precision])
          onProgress(event.loaded, event.total);
      },
    });
    return new Classifier(tokenizer, model);
  }

  /**
   * The score of every label for each text, by id.
   * @param {string[]} texts
   * @returns {Promise<number[][]>}
   */
  async scores(texts) {
    const inputs = this.#tokenizer(texts, { padding: true, truncation: true, max_length: this.maxLength });
    const { logits } = /** @type {{ logits: { tolist(): number[][] } }} */ (await this.#model(inputs));
    return logits.tolist().map(softmax);
  }

  /**
   * How many tokens a word becomes.
   * @param {string} word
   */
  tokensOf(word) {
    return this.#tokenizer.encode(word, { add_special_tokens: false }).length;
  }

  async dispose() {
    await this.#model.dispose();
  }
}

/** @param {number[]} logits */
function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
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
