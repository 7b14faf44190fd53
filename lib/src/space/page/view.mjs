// @ts-check
/** What the page shows. Everything that comes from a model or a reader is set as text, never as HTML. */
import { colours, signed } from "./word-weights.mjs";

/** @typedef {import("./app.mjs").Precision} Precision */
/** @typedef {import("./word-weights.mjs").Weighed} Weighed */

/** @type {Readonly<Record<Precision, string>>} */
const PRECISIONS = { q8: "8 bits: smaller and quicker", fp32: "32 bits: as it was trained" };

/** @param {string} id */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
export const form = /** @type {HTMLFormElement} */ (find("form"));
export const textarea = /** @type {HTMLTextAreaElement} */ (find("text"));
const progress = /** @type {HTMLProgressElement} */ (find("progress"));

/**
 * An element with a class and a text, or with others in it.
 * @param {string} name
 * @param {{ class?: string, title?: string, text?: string, in?: HTMLElement[] }} [content]
 */
function made(name, content = {}) {
  const element = document.createElement(name);
  if (content.class) element.className = content.class;
  if (content.title) element.title = content.title;
  if (content.text !== undefined) element.textContent = content.text;
  element.append(...(content.in ?? []));
  return element;
}

/**
 * @param {string} id
 * @param {string | undefined} text undefined hides it
 */
function say(id, text) {
  find(id).hidden = text === undefined;
  find(id).textContent = text ?? "";
}

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/**
 * @param {{ model: string, commit: string, href: string, examples: string[], onExample: (text: string) => void }} about
 */
export function showAbout({ model, commit, href, examples, onExample }) {
  const link = /** @type {HTMLAnchorElement} */ (find("model"));
  link.textContent = model;
  link.href = href;
  link.rel = "noopener";
  say("commit", `(${commit.slice(0, 7)})`);
  find("examples").hidden = examples.length === 0;
  find("examples").replaceChildren(
    ...examples.map((text) => {
      const button = made("button", { text });
      button.setAttribute("type", "button");
      button.addEventListener("click", () => {
        onExample(text);
      });
      return button;
    }),
  );
}

/**
 * The precisions that the model is there in, if there are several.
 * @param {Partial<Record<Precision, number>>} bytes
 * @param {Precision} chosen
 * @param {(precision: Precision) => void} onChoice
 */
export function showPrecisions(bytes, chosen, onChoice) {
  const found = /** @type {[Precision, number][]} */ (Object.entries(bytes));
  find("precisions").hidden = found.length < 2;
  for (const [precision, size] of found) {
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "precision", checked: precision === chosen });
    radio.addEventListener("change", () => {
      onChoice(precision);
    });
    const label = made("label", { in: [radio] });
    label.append(made("span", { text: `${PRECISIONS[precision]} (${precision}, ${megabytes(size)})` }));
    find("precisions").append(label);
  }
}

/**
 * @param {string} text
 * @param {{ loaded: number, total: number }} [download]
 */
export function showState(text, download) {
  say("error", undefined);
  say("state", text);
  if (!download || download.loaded === 0) say("announcement", text);
  progress.hidden = download === undefined;
  if (download && download.total > 0) progress.value = download.loaded / download.total;
  else progress.removeAttribute("value");
}

/** @param {string} message */
export function showError(message) {
  say("state", "");
  progress.hidden = true;
  find("result").hidden = true;
  say("error", message);
}

/**
 * @param {{ labels: string[], scores: number[], best: number, unread: number, maxLength: number }} answer
 */
export function showAnswer({ labels, scores, best, unread, maxLength }) {
  say("error", undefined);
  find("result").hidden = false;
  const sure = `, ${percent(scores[best] ?? 0)} sure`;
  find("verdict").replaceChildren(made("strong", { text: labels[best] ?? "" }), sure);
  say("announcement", `${labels[best] ?? ""}${sure}.`);
  say(
    "read",
    unread > 0
      ? `The text is too long: the model reads ${maxLength} tokens, and the last ${unread} words were not read.`
      : undefined,
  );
  const rows = scores.map((score, id) => ({ score, label: labels[id] ?? `LABEL_${id}` }));
  rows.sort((one, other) => other.score - one.score);
  find("scores").replaceChildren(
    ...rows.map(({ score, label }) => {
      const part = made("div");
      part.style.inlineSize = `${score * 100}%`;
      const words = [made("span", { text: label }), made("span", { text: percent(score) })];
      const bar = made("div", { class: "bar", in: [part] });
      return made("li", { in: [made("div", { class: "row", in: words }), bar] });
    }),
  );
  for (const id of ["words", "rows"]) find(id).replaceChildren();
  for (const id of ["legend", "table"]) find(id).hidden = true;
}

/** That what stands there is about to be replaced. */
export function showBusy() {
  find("result").ariaBusy = "true";
  say("weighing", "Reading the text.");
}

/** @param {string} text */
export function showWeighing(text) {
  say("weighing", text);
}

/** @param {string} text */
export function showSummary(text) {
  say("weighing", text);
  say("announcement", text);
}

/**
 * @param {{ text: string, weighed: Weighed[], unreadFrom: number | undefined }} answer
 *   `unreadFrom`: where the part of the text begins that the model did not read
 */
export function showWeights({ text, weighed, unreadFrom }) {
  const shades = colours(weighed);
  /** @type {(HTMLElement | string)[]} */
  const parts = [];
  let at = 0;
  weighed.forEach(({ words, weight }, index) => {
    const [first, last] = [words[0], words.at(-1)];
    const { level = 0, kind = "for" } = shades[index] ?? {};
    if (!first || !last) return;
    parts.push(text.slice(at, first.start));
    const word = text.slice(first.start, last.end);
    const shade = level > 0 ? ` ${kind}-${level}` : "";
    parts.push(made("span", { class: `word${shade}`, title: signed(weight), text: word }));
    at = last.end;
  });
  parts.push(text.slice(at, unreadFrom));
  if (unreadFrom !== undefined) parts.push(made("span", { class: "unread", text: text.slice(unreadFrom) }));
  find("words").replaceChildren(...parts);
  find("legend").hidden = false;
  const [, , unread] = find("legend").children;
  if (unread instanceof HTMLElement) unread.hidden = unreadFrom === undefined;
  find("table").hidden = false;
  find("result").ariaBusy = "false";
  find("rows").replaceChildren(
    ...weighed.map(({ words, weight }) => {
      const cells = [words.map((word) => word.text).join(" "), signed(weight)];
      return made("tr", { in: cells.map((cell) => made("td", { text: cell })) });
    }),
  );
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
