import { readLabelNames, type LabelNames } from "../../model/label-names";
import { ModelError } from "../../runtime/errors";
import { defineCheck, type Finding } from "../check";
import { listed, quoted } from "../wording";
import { describeLabels, differingNames } from "./reading-words";

/** A name that says no more than the output's number: LABEL_0, class 1, 2. */
const NUMBERED = /^(label|class|category|output|id)?[\s_.:#-]*\d+$/iu;
/** What tells two names apart for a program and hardly for a reader. */
const HARDLY_SEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{M}\s_-]/gu;

/** Whether config.json names every output, once and in one way. */
export const labelNames = defineCheck({
  name: "label-names",
  area: "model",
  question: "Does config.json name every output, once and in one way?",
  needs: ["folder"],
  run: ({ folder, id2label }): Finding => {
    try {
      return judgeLabelNames(readLabelNames(folder), id2label);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      return { verdict: "fail", found: error.message, advice: "Mend config.json, or save the model again." };
    }
  },
});

/**
 * What is wrong with the names that a folder gives its outputs: a contradiction fails, of names that say nothing it warns.
 *
 * @param meant - names of the labels by id, as they are meant; nothing is compared where they are left out
 */
export function judgeLabelNames(names: LabelNames, meant?: Readonly<Record<number, string>>): Finding {
  const { id2label = {}, outputs } = names;
  const contradictions = [...names.contradictions, ...againstMeant(id2label, meant)];
  const unclear = names.problems.filter((problem) => !names.contradictions.includes(problem));
  // names that are the same are told already
  if (unclear.length === 0 && contradictions.length === 0) unclear.push(...unclearNames(id2label));
  const numbers = {
    ...{ contradictions: contradictions.length, unclear: unclear.length },
    ...{ names: Object.keys(id2label).length, ...(outputs !== undefined && { outputs }) },
  };
  const evidence = [names.present()];
  const all = [...contradictions, ...unclear];
  if (all.length === 0)
    return {
      verdict: "pass",
      found: `Every output has a name: ${describeLabels(id2label)}.`,
      numbers,
      evidence,
    };
  return {
    verdict: contradictions.length > 0 ? "fail" : "warn",
    found: all.join(" "),
    advice: "Write a name of its own for every output into id2label and label2id (mendLabelNames).",
    ...{ numbers, evidence },
  };
}

function* againstMeant(
  id2label: Readonly<Record<number, string>>,
  meant: Readonly<Record<number, string>> | undefined,
): Generator<string> {
  const [id] = meant && Object.keys(id2label).length > 0 ? differingNames(id2label, meant) : [];
  if (id !== undefined)
    yield `config.json says that ${id} is ${id2label[id] ?? "nothing"}, and ${meant?.[id] ?? "nothing"} was meant.`;
}

function* unclearNames(id2label: Readonly<Record<string, string>>): Generator<string> {
  const names = Object.values(id2label);
  const plain = names.map((name) => name.normalize("NFKC").replace(HARDLY_SEEN, "").toLowerCase());
  const empty = Object.keys(id2label).filter((_, index) => plain[index] === "");
  if (empty.length > 0) yield `The name of output ${listed(empty)} is empty.`;
  const numbered = names.filter((name) => NUMBERED.test(name.trim()));
  if (numbered.length > 0)
    yield `${listed(numbered.map((name) => quoted(name)))} say no more than the outputs' numbers: nobody named them.`;
  const twins = names.filter(
    (_, index) =>
      plain[index] !== "" && plain.indexOf(plain[index] ?? "") !== plain.lastIndexOf(plain[index] ?? ""),
  );
  if (twins.length > 0)
    yield `${listed(twins.map((name) => quoted(name)))} differ in what a reader hardly sees: they look like one name for ${twins.length} outputs.`;
}
