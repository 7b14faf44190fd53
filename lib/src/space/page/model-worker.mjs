// @ts-check
/** The page's side of the worker that runs the model. */

/** @typedef {import("./app.mjs").App} App */
/** @typedef {import("./app.mjs").Precision} Precision */
/**
 * @typedef {{ what: "load", app: App, precision: Precision } | { what: "scores" | "tokenCounts", texts: string[] }} Question
 */
/**
 * @typedef {{ id: number, value: unknown } | { id: number, error: string } | { progress: Download }} Answer
 */
/** @typedef {{ loaded: number, total: number }} Download In bytes. */
/** @typedef {{ labels: string[], maxLength: number }} Loaded Names by id; tokens of a text that are read. */

/** A model in a worker of its own. */
export class ModelWorker {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: Error) => void }>} */
  #waiting = new Map();
  #asked = 0;
  #worker;

  /** @param {(download: Download) => void} onProgress */
  constructor(onProgress) {
    // a worker that begins as a blob is bound by the page's policy; one that begins as a file would be bound by none
    const script = `import ${JSON.stringify(new URL("worker.mjs", import.meta.url).href)};`;
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.#worker = new Worker(address, { type: "module" });
    this.#worker.addEventListener("message", (/** @type {MessageEvent<Answer>} */ { data }) => {
      if ("progress" in data) {
        onProgress(data.progress);
        return;
      }
      const asker = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) asker?.reject(new Error(data.error));
      else asker?.resolve(data.value);
    });
    this.#worker.addEventListener("error", ({ message }) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(message || "this browser cannot run it in a worker"));
      this.#waiting.clear();
    });
  }

  /**
   * Downloads the model, or takes it from the browser's cache.
   * @param {App} app
   * @param {Precision} precision
   * @returns {Promise<Loaded>}
   */
  load(app, precision) {
    return this.#ask({ what: "load", app, precision });
  }

  /**
   * The score of every label for each text, by id.
   * @param {string[]} texts
   * @returns {Promise<number[][]>}
   */
  scores(texts) {
    return this.#ask({ what: "scores", texts });
  }

  /**
   * How many tokens each text becomes, without special ones.
   * @param {string[]} texts
   * @returns {Promise<number[]>}
   */
  tokenCounts(texts) {
    return this.#ask({ what: "tokenCounts", texts });
  }

  /** Frees all that the model takes. */
  end() {
    this.#worker.terminate();
  }

  /**
   * @param {Question} question
   * @returns {Promise<any>}
   */
  #ask(question) {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, question });
    });
  }
}
