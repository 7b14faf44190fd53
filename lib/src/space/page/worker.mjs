// @ts-check
/** Runs the model beside the page, which can be used meanwhile. What it is asked and answers: model-worker.mjs. */
import { Classifier } from "./classifier.mjs";

/** @typedef {import("./model-worker.mjs").Question} Question */
/** @typedef {import("./model-worker.mjs").Answer} Answer */

/** @type {Promise<Classifier>} */
let classifier = Promise.reject(new Error("The model was not loaded."));
// whoever asks is told
classifier.catch(() => undefined);

/** @param {Answer} answer */
const post = (answer) => {
  postMessage(answer);
};

/**
 * @param {Question} question
 * @returns {Promise<unknown>}
 */
async function answered(question) {
  if (question.what === "load") {
    classifier = Classifier.load(question.app, question.precision, (loaded, total) => {
      post({ progress: { loaded, total } });
    });
    const { labels, maxLength } = await classifier;
    return { labels, maxLength };
  }
  const loaded = await classifier;
  return question.what === "scores" ? loaded.scores(question.texts) : loaded.tokenCounts(question.texts);
}

addEventListener("message", (/** @type {MessageEvent<{ id: number, question: Question }>} */ { data }) => {
  const { id, question } = data;
  answered(question).then(
    (value) => {
      post({ id, value });
    },
    (/** @type {unknown} */ error) => {
      post({ id, error: error instanceof Error ? error.message : String(error) });
    },
  );
});
