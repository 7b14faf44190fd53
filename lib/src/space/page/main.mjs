// @ts-check
/** Wires the page up: loads the model that app.json names, and answers what is typed. */
import { explain, hubAsOf, hubOf } from "./app.mjs";
import { ModelWorker } from "./model-worker.mjs";
import * as view from "./view.mjs";
import { grouped, mostQuestions, summary, without, wordsOf, wordsRead } from "./word-weights.mjs";

/** @typedef {import("./app.mjs").Precision} Precision */
/** @typedef {import("./model-worker.mjs").Loaded & { model: ModelWorker }} Ready */
/** @typedef {import("./word-weights.mjs").Weighed} Weighed */

/** Tokens that are asked about at once, so that a newer text does not wait for long. */
const BATCH_TOKENS = 512;
/** A text's own [CLS] and [SEP]. */
const SPECIAL_TOKENS = 2;

/** @type {import("./app.mjs").App} */
const app = await (await fetch(new URL("app.json", import.meta.url))).json();
if (app.hub !== undefined) app.hub = hubAsOf(location, app.hub);
/** @type {Promise<Ready | undefined>} Undefined once it has failed, which the page then says. */
let loading;
/** What was asked last: the answer to anything earlier is not shown. */
let asked = 0;

/**
 * @param {Precision} precision
 * @returns {Promise<Ready | undefined>}
 */
async function load(precision) {
  view.showState("Loading the model.", { loaded: 0, total: 0 });
  const model = new ModelWorker(({ loaded, total }) => {
    const [done, all] = [view.megabytes(loaded), view.megabytes(total)];
    const words = loaded < total ? `Loading the model: ${done} of ${all}.` : "Starting the model.";
    view.showState(words, { loaded, total });
  });
  try {
    const loaded = await model.load(app, precision);
    view.showState("The model is ready. The browser keeps it for the next time.");
    return { ...loaded, model };
  } catch (error) {
    console.error(error);
    model.end();
    view.showError(await explain(app, precision, error));
    return undefined;
  }
}

/** @param {Precision} precision */
async function change(precision) {
  asked += 1;
  const before = loading;
  loading = before.then((ready) => {
    ready?.model.end();
    return load(precision);
  });
  if ((await loading) && view.textarea.value) ask(view.textarea.value);
}

/** @param {string} text */
async function classify(text) {
  if (text.trim() === "") return;
  const question = (asked += 1);
  view.showBusy();
  const ready = await loading;
  if (!ready || question !== asked) return;
  const { model, labels, maxLength } = ready;
  const words = wordsOf(text);
  const tokens = await model.tokenCounts(words.map((word) => word.text));
  const read = wordsRead(tokens, maxLength - SPECIAL_TOKENS);
  // cut here, since Transformers.js cuts the last [SEP] off with the rest, which training never did
  const part = text.slice(0, read > 0 ? words[read]?.start : undefined);
  const [scores = []] = await model.scores([part]);
  if (question !== asked) return;
  const best = scores.indexOf(Math.max(...scores));
  view.showAnswer({ labels, scores, best, unread: words.length - read, maxLength });
  const length = tokens.slice(0, read).reduce((sum, count) => sum + count, SPECIAL_TOKENS);
  const groups = grouped(words.slice(0, read), mostQuestions(length));
  const size = Math.ceil(BATCH_TOKENS / length);
  /** @type {Weighed[]} */
  const weighed = [];
  for (let start = 0; start < groups.length; start += size) {
    view.showWeighing(`Weighing the words: ${start} of ${groups.length} questions asked.`);
    const batch = groups.slice(start, start + size);
    const left = await model.scores(batch.map((group) => without(part, group)));
    if (question !== asked) return;
    batch.forEach((group, index) => {
      weighed.push({ words: group, weight: (scores[best] ?? 0) - (left[index]?.[best] ?? 0) });
    });
  }
  view.showWeights({ text, weighed, unreadFrom: words[read]?.start });
  const together = groups[0]?.length ?? 1;
  const remark =
    together > 1 ? ` The text is long: ${together} neighbouring words were weighed together.` : "";
  view.showSummary(summary(weighed, labels[best] ?? `LABEL_${best}`) + remark);
}

/** @param {string} text */
function ask(text) {
  classify(text).catch((/** @type {unknown} */ error) => {
    console.error(error);
    view.showError(
      `The text could not be classified: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

view.showAbout({
  ...{ model: app.model, commit: app.commit, examples: app.examples },
  href: `${hubOf(app)}/${app.model}`,
  onExample: (text) => {
    view.textarea.value = text;
    ask(text);
  },
});
view.form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(view.textarea.value);
});
view.textarea.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) view.form.requestSubmit();
});
const first = app.bytes.q8 === undefined ? "fp32" : "q8";
loading = load(first);
view.showPrecisions(app.bytes, first, (precision) => void change(precision));
