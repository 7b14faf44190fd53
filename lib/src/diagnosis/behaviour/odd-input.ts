import { behaviourCases, type OddText } from "../../data/behaviour-cases";
import { softmax } from "../../evaluation/predict";
import { InterruptedError } from "../../runtime/errors";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Answerable, type Finding } from "../check";
import { listed, percent, quoted } from "../wording";

/** Who is this sure of a text without a word has learned to answer before reading. */
const TOO_SURE = 0.9;
/** Some mark of punctuation may stand beside one label; as many as half of such texts may not. */
const TOO_MANY = 0.5;
/** What float32 leaves of a sum of probabilities. */
const ROUNDING = 1e-4;

/** An odd text and what came of it. */
interface OddAnswer extends OddText {
  /** What went wrong; `undefined` if nothing did. */
  readonly error?: string;
  /** Name of the output; empty where something went wrong. */
  readonly said: string;
  /** Probability of that output; 0 where something went wrong. */
  readonly confidence: number;
}

/** Texts that no reviewer meant: nothing may break, and of nothing the model must not be sure. */
export const oddInput = defineCheck({
  name: "odd-input",
  area: "model",
  question: "Does the model bear empty, endless and garbled texts, and stay unsure of what says nothing?",
  needs: ["classifier"],
  run: async (examination) => {
    const answers: OddAnswer[] = [];
    // each by itself: what breaks shall not take the others along
    for (const odd of behaviourCases().odd) answers.push(await askOdd(examination, odd));
    return findOdd(answers);
  },
});

async function askOdd({ classifier, logitsOf }: Answerable<"classifier">, odd: OddText): Promise<OddAnswer> {
  const broken = (error: string): OddAnswer => ({ ...odd, error, said: "", confidence: 0 });
  try {
    const [logits = []] = await logitsOf([odd.text]);
    if (logits.length === 0 || !logits.every(Number.isFinite)) return broken("its logits are not finite");
    const probabilities = softmax(logits);
    const sum = probabilities.reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= ROUNDING)) return broken("its probabilities do not sum to 1");
    const confidence = Math.max(...probabilities);
    const said = classifier.model.id2label[probabilities.indexOf(confidence)] ?? "";
    return { ...odd, said, confidence };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return broken(error instanceof Error ? error.message : String(error));
  }
}

function findOdd(answers: readonly OddAnswer[]): Finding {
  const broken = answers.filter(({ error }) => error !== undefined);
  const meaningless = answers.filter((answer) => answer.meaningless && answer.error === undefined);
  const sure = meaningless.filter(({ confidence }) => confidence >= TOO_SURE);
  const empty = answers.find(({ text }) => text === "")?.confidence ?? 0;
  const numbers = {
    ...{ texts: answers.length, broken: broken.length, meaningless: meaningless.length },
    ...{ tooSure: sure.length, emptyConfidence: empty },
    highestConfidence: Math.max(0, ...meaningless.map(({ confidence }) => confidence)),
  };
  const evidence = [answerTable(answers)];
  const [first] = broken;
  if (first)
    return {
      verdict: "fail",
      found: `${broken.length} of ${answers.length} odd texts get no answer: ${listed(broken.map(({ kind }) => kind))}; of the first, ${first.error ?? ""}.`,
      advice:
        "Look for parameters that are no numbers and ids beyond the vocabulary, and refuse such texts until then.",
      ...{ numbers, evidence },
    };
  const tooSure = empty >= TOO_SURE || sure.length > TOO_MANY * meaningless.length;
  return {
    verdict: tooSure ? "warn" : "pass",
    found: `All ${answers.length} odd texts get an answer; the model is ${percent(empty)} sure of the empty text, and ${percent(TOO_SURE)} or more of ${sure.length} of ${meaningless.length} texts without a word.`,
    advice:
      "It is sure of nothing at all: look at the balance of the labels and at calibration, and refuse empty texts before they reach it.",
    ...{ numbers, evidence },
  };
}

function answerTable(answers: readonly OddAnswer[]): TableSpec {
  return {
    kind: "table",
    title: "Odd texts and the answers",
    columns: ["text", "", "model says", "confidence", "says nothing", "error"],
    rows: answers.map(({ kind, text, said, confidence, meaningless, error }) => [
      kind,
      quoted(text, 20),
      error === undefined ? said : null,
      error === undefined ? confidence : null,
      meaningless ? "yes" : "",
      error ?? "",
    ]),
    format: { confidence: "percent" },
  };
}
