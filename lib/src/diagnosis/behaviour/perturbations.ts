import type { BehaviourCases } from "../../data/behaviour-cases";
import type { Random } from "../../runtime/random";

/** A text in two forms that mean the same. */
export interface TextPair {
  readonly before: string;
  readonly after: string;
}

/** A change of a text that leaves its meaning alone. */
export interface Perturbation {
  /** Such as `a typo`. */
  readonly name: string;
  /** Share of sure answers that may turn with it: several times what a model of 3,000 snippets turns. */
  readonly tolerated: number;
  /** What to do if the label changes with it. */
  readonly advice: string;
  /** The pair; two equal texts where the change does not suit. */
  readonly change: (text: string, random: Random) => TextPair;
}

const PREPARE =
  "prepare texts in use exactly as in training, and compare the tokenizer's files with those of the encoder.";

const CHANGES_OF_WRITING: readonly Perturbation[] = [
  {
    name: "a typo",
    tolerated: 0.1,
    advice: "Train with typing errors among the examples, or correct the spelling first.",
    change: (text, random) => ({ before: text, after: swapLetters(text, random) }),
  },
  {
    name: "capital letters",
    tolerated: 0.1,
    advice: `Look at whether the tokenizer lower-cases as the encoder expects: ${PREPARE}`,
    change: (text) => ({ before: text, after: text.toUpperCase() }),
  },
  {
    name: "spacing and a full stop",
    tolerated: 0.1,
    advice: `White space must not reach the model: ${PREPARE}`,
    change: (text) => ({ before: text, after: respaced(text) }),
  },
  {
    name: "HTML",
    tolerated: 0.1,
    advice: "Take the HTML out of texts before training and in use, both times by the same code.",
    change: (text) => ({ before: text, after: asHtml(text) }),
  },
];

/** Every change that the label must not follow, after CheckList's invariance tests. */
export function perturbations({ names, emoji, additions }: BehaviourCases): Perturbation[] {
  const appended = (parts: readonly string[]) => (text: string, random: Random) => ({
    before: text,
    after: `${text} ${draw(parts, random)}`,
  });
  return [
    {
      name: "another name",
      tolerated: 0.03,
      advice:
        "Look at how often each name stands beside each label in training, and mask or mix the names there.",
      change: (text, random) => twoNames(text, names, random),
    },
    ...CHANGES_OF_WRITING,
    {
      name: "an emoji",
      tolerated: 0.1,
      advice:
        "Look at what the tokenizer makes of emoji, and whether they stand beside one label in training.",
      change: appended(emoji),
    },
    {
      name: "a neutral sentence",
      tolerated: 0.1,
      advice:
        "Look for phrases of everyday that stand beside one label in training, and add neutral sentences to both.",
      change: appended(additions.neutral),
    },
  ];
}

function draw<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

function twoNames(text: string, names: readonly string[], random: Random): TextPair {
  const first = draw(names, random) ?? "";
  const second =
    draw(
      names.filter((name) => name !== first),
      random,
    ) ?? "";
  return { before: `${first} writes: ${text}`, after: `${second} writes: ${text}` };
}

/** In words: in a shorter text a typo may hit the only one that says what somebody thinks. */
const SHORTEST_WITH_TYPO = 8;

/** Two neighbouring letters of one word change places, never the first. */
function swapLetters(text: string, random: Random): string {
  if (text.split(" ").length < SHORTEST_WITH_TYPO) return text;
  const word = draw([...text.matchAll(/\p{L}{4,}/gu)], random);
  if (!word) return text;
  const letters = Array.from(word[0]);
  const at = 1 + Math.floor(random() * (letters.length - 2));
  const swapped = letters.with(at, letters[at + 1] ?? "").with(at + 1, letters[at] ?? "");
  return text.slice(0, word.index) + swapped.join("") + text.slice(word.index + word[0].length);
}

/** Double spaces, white space around it, and the full stop at the end set or taken away. */
function respaced(text: string): string {
  const stopped = text.endsWith(".") ? text.slice(0, -1) : `${text}.`;
  return `\n ${stopped.replaceAll(" ", "  ")}\t`;
}

/** The text as a page has it that was not cleaned. */
function asHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
  return `<br /><br />${escaped}<br />`;
}
