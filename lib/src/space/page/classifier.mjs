// @ts-check
/**
 * The model, run by Transformers.js. The library and ONNX Runtime lie in vendor/: nothing is asked of any host but the Hub that
 * the model is on.
 */
import { FILES, hubOf } from "./app.mjs";

/** @typedef {import("./app.mjs").App} App */
/** @typedef {import("./app.mjs").Precision} Precision */
/** @typedef {{ max_position_embeddings?: number, id2label?: Record<string, string> }} Config Of config.json. */

const vendored = (/** @type {string} */ name) => new URL(`vendor/${name}`, import.meta.url).href;

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
   * How many tokens each text becomes, without special ones.
   * @param {string[]} texts
   */
  tokenCounts(texts) {
    return texts.map((text) => this.#tokenizer.encode(text, { add_special_tokens: false }).length);
  }
}

/** @param {number[]} logits */
function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
