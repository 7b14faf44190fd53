// @ts-check
/** Wires the page up: loads the model that app.json names, and answers what is typed. */
import { Classifier, explain, hubOf } from "./classifier.mjs";
import * as view from "./view.mjs";
import { grouped, summary, without, wordsOf, wordsRead } from "./word-weights.mjs";

/** Texts that are asked about at once; the page can be used between them. */
const BATCH = 8;
/** A text's own [CLS] and [SEP]. */
const SPECIAL_TOKENS = 2;

/** @type {import("./classifier.mjs").App} */
const app = await (await fetch(new URL("app.json", import.meta.url))).json();
/** @type {Promise<Classifier | undefined>} */
let loading = Promise.resolve(undefined);
/** What was asked last: an answer to anything earlier is not shown. */
let question = 0;

/** @param {import("./classifier.mjs").Precision} precision */
async function load(precision) {
  const before = await loading;
  question += 1;
  try {
    view.showState("Loading the model.", { loaded: 0, total: 0 });
    const classifier = await Classifier.load(app, precision, (loaded, total) => {
      const [done, all] = [view.megabytes(loaded), view.megabytes(total)];
      const words = loaded < total ? `Loading the model: ${done} of ${all}.` : "Starting the model.";
      view.showState(words, { loaded, total });
    });
    view.showState("The model is ready. The browser keeps it for the next time.");
    await before?.dispose();
    return classifier;
  } catch (error) {
    console.error(error);
    view.showError(await explain(app, precision, error));
    return undefined;
  }
}

/** @param {string} text */
async function classify(text) {
  const asked = (question += 1);
  const classifier = await loading;
  if (!classifier || asked !== question || text.trim() === "") return;
  const [scores = []] = await classifier.scores([text]);
  const best = scores.indexOf(Math.max(...scores));
  const label = classifier.labels[best] ?? `LABEL_${best}`;
  const words = wordsOf(text);
  const { maxLength } = classifier;
  const tokens = words.map((word) => classifier.tokensOf(word.text));
  const read = wordsRead(tokens, maxLength - SPECIAL_TOKENS);
  view.showAnswer({ labels: classifier.labels, scores, best, unread: words.length - read, maxLength });
  const groups = grouped(words.slice(0, read));
  /** @type {import("./word-weights.mjs").Weighed[]} */
  const weighed = [];
  for (let start = 0; start < groups.length; start += BATCH) {
    view.showWeighing("Weighing the words.");
    // lets the page be drawn, and a newer question come in
    await new Promise((resolve) => setTimeout(resolve));
    if (asked !== question) return;
    const batch = groups.slice(start, start + BATCH);
    const left = await classifier.scores(batch.map((group) => without(text, group)));
    batch.forEach((group, index) => {
      weighed.push({ words: group, weight: (scores[best] ?? 0) - (left[index]?.[best] ?? 0) });
    });
  }
  if (asked !== question) return;
  view.showWeights({ text, weighed, unreadFrom: words[read]?.start });
  const together = groups[0]?.length ?? 1;
  const remark =
    together > 1 ? ` The text is long: ${together} neighbouring words were weighed together.` : "";
  view.showWeighing(summary(weighed, label) + remark);
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
view.showPrecisions(app.bytes, first, (precision) => {
  loading = load(precision).then((classifier) => {
    if (classifier && view.textarea.value) ask(view.textarea.value);
    return classifier;
  });
});
loading = load(first);
