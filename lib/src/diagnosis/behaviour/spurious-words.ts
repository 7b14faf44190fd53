import { wilsonInterval } from "../../evaluation/metrics";
import { argmax } from "../../evaluation/predict";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Answerable, type Finding } from "../check";
import { alignLabels } from "../label-alignment";
import { counted, percent, quoted } from "../wording";
import { askProbabilities } from "./probabilities";
import { textsToChange } from "./texts-to-change";
import { associatedWords, type AssociatedWord } from "./word-association";

/** Words that are tried. */
const MOST_WORDS = 16;
/** Texts that each word is added to: all sure, and of another label than the word's. */
const MOST_TEXTS = 40;
/** Fewer texts cannot show it. */
const FEWEST_TEXTS = 20;
const SURE = 0.7;
/**
 * A healthy model is turned by "boring" or "dull" in up to 31 of 40 texts (surely more than 62 %); by a word that was learned for
 * its label in 36 or more. Surely more than this, and the rest is not read.
 */
const WARN_ABOVE = 0.75;

/** How often a word alone turned a sure answer into its own label. */
interface WordScore extends AssociatedWord {
  readonly texts: number;
  readonly turned: number;
  readonly rate: number;
  readonly interval: readonly [number, number];
}

/** Whether one word of the training set decides alone, whatever else a text says. */
export const spuriousWords = defineCheck({
  name: "spurious-words",
  area: "model",
  question: "Is there one word that decides alone?",
  needs: ["classifier", "train"],
  run: async (examination) => {
    const { train, seed } = examination;
    const words = associatedWords(train, { most: MOST_WORDS, seed }).filter(({ z }) => z > 0);
    return findDeciding(await scoreWords(examination, words), examination.train.id2label);
  },
});

async function scoreWords(
  examination: Answerable<"classifier" | "train">,
  words: readonly AssociatedWord[],
): Promise<WordScore[]> {
  const texts = textsToChange(examination);
  const outputOf = alignLabels(examination.train.id2label, examination.classifier.model.id2label);
  const before = await askProbabilities(examination, texts);
  const sure = texts.flatMap((text, index) => {
    const answer = before[index] ?? [];
    return Math.max(...answer) >= SURE ? [{ text, said: argmax(answer) }] : [];
  });
  const trials = words.flatMap((word) => {
    const output = outputOf[word.label];
    const others = sure.filter(({ said }) => said !== output).slice(0, MOST_TEXTS);
    return output !== undefined && others.length >= FEWEST_TEXTS ? [{ word, output, others }] : [];
  });
  const asked = trials.flatMap(({ word, others }) => others.map(({ text }) => `${word.word} ${text}`));
  const after = (await askProbabilities(examination, asked, "Asking about single words")).map(argmax);
  let begin = 0;
  return trials.map(({ word, output, others }) => {
    const answers = after.slice(begin, (begin += others.length));
    const turned = answers.filter((said) => said === output).length;
    const interval = wilsonInterval(turned, others.length);
    return { ...word, texts: others.length, turned, rate: turned / others.length, interval };
  });
}

function findDeciding(scores: readonly WordScore[], id2label: Readonly<Record<number, string>>): Finding {
  const ordered = [...scores].sort((left, right) => right.rate - left.rate);
  const [worst] = ordered;
  if (!worst)
    return {
      verdict: "pass",
      found: `There is nothing to try: it takes words that hang on one label in training, and ${FEWEST_TEXTS} texts of which the model is sure.`,
    };
  const [low, high] = worst.interval;
  const label = id2label[worst.label] ?? "";
  return {
    verdict: low > WARN_ABOVE ? "warn" : "pass",
    found: `Of ${counted(scores.length, "word")} that hang the most on a label in training, ${quoted(worst.word)} decides the most: added to ${worst.texts} other texts of which the model is sure, it turns ${percent(worst.rate)} into ${label} (95 % interval ${percent(low)} to ${percent(high)}).`,
    advice: `Read the training texts with ${quoted(worst.word)} (${worst.inside} labelled ${label}, ${worst.outside} not): take the word out, or add texts with it under other labels.`,
    numbers: {
      words: scores.length,
      texts: worst.texts,
      turned: worst.turned,
      rate: worst.rate,
      rateLow: low,
      rateHigh: high,
    },
    evidence: [wordTable(ordered, id2label)],
  };
}

function wordTable(ordered: readonly WordScore[], id2label: Readonly<Record<number, string>>): TableSpec {
  return {
    kind: "table",
    title: "Words added to texts of another label",
    columns: ["word", "label", "texts with it", "with another label", "added to", "turned", "from", "to"],
    rows: ordered.map(({ word, label, inside, outside, texts, rate, interval }) => [
      ...[quoted(word), id2label[label] ?? "", inside, outside, texts],
      ...[rate, ...interval],
    ]),
    format: { turned: "percent", from: "percent", to: "percent" },
  };
}
