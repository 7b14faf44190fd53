import { normalCdf } from "../../evaluation/significance/distributions";
import { wilsonInterval } from "../../evaluation/metrics";
import type { CheckVerdict } from "../check";
import { normalLabel } from "../label-alignment";
import { counted, listed, percent, pValueText, quoted } from "../wording";
import { modelTypeOf } from "./architecture-name";
import type { CardHead } from "./card-head";
import type { CardLabel } from "./card-labels";

/** What a card says of one thing, what is there, and how much it matters that they differ. */
export interface CardClaim {
  /** Such as `license`. */
  readonly about: string;
  readonly card: string;
  readonly there: string;
  readonly verdict: CheckVerdict;
  /** What is wrong, without a full stop; empty where nothing is. */
  readonly problem: string;
}

/** How many examples a model is right about now; a count of 0 where none was asked. */
export interface MeasuredHits {
  readonly hits: number;
  readonly count: number;
}

/** An accuracy that is off by less than three points misleads nobody, however sure it is. */
const LEAST_DIFFERENCE = 0.03;
/** A card's accuracy was measured on other examples: that chance parts them must be very unlikely. */
const UNLIKELY = 0.001;
const MISSING = "–";
/** What the Hub calls models of this kind. */
const CLASSIFIER_TAGS = ["text-classification", "zero-shot-classification", "text-ranking"];

/** Fields of the head without which a reader cannot judge a model. */
export function missingClaims(head: CardHead): CardClaim[] {
  const fields: [string, string | undefined][] = [
    ["license", head.license],
    ["base_model", head.baseModels.join(", ") || undefined],
    ["datasets", head.datasets.join(", ") || undefined],
    ["model-index", head.hasResults ? "has results" : undefined],
  ];
  return fields.map(([about, value]) => ({
    ...{ about, card: value ?? MISSING, there: "" },
    verdict: value === undefined ? "warn" : "pass",
    problem: value === undefined ? `${about} is missing` : "",
  }));
}

/** What the head says of the kind of model, beside what config.json says. */
export function kindClaims(head: CardHead, modelType: string | undefined): CardClaim[] {
  const { pipelineTag, baseModels } = head;
  const isOther = pipelineTag !== undefined && !CLASSIFIER_TAGS.includes(pipelineTag);
  const told = [...new Set(baseModels.flatMap((name) => modelTypeOf(name) ?? []))];
  const isForeign = modelType !== undefined && told.length > 0 && !told.includes(modelType);
  return [
    {
      ...{ about: "pipeline_tag", card: pipelineTag ?? MISSING, there: "text-classification" },
      verdict: isOther ? "fail" : "pass",
      problem: isOther ? `pipeline_tag is ${quoted(pipelineTag)}, and the model is a text classifier` : "",
    },
    {
      ...{ about: "base_model's kind", card: told.join(", ") || MISSING, there: modelType ?? MISSING },
      // a name is a hint, no proof
      verdict: isForeign ? "warn" : "pass",
      problem: isForeign
        ? `base_model is ${listed(baseModels)}, and config.json describes a ${modelType} model`
        : "",
    },
  ];
}

/** What the card's text says that the outputs mean, beside config.json; nothing where it has no text. */
export function labelClaims(params: {
  body: string;
  told: readonly CardLabel[];
  id2label: Readonly<Record<number, string>>;
}): CardClaim[] {
  const { body, told, id2label } = params;
  if (body.trim() === "") return [];
  const names = Object.values(id2label);
  const contradicted = told.filter(({ id, name }) => normalLabel(id2label[id] ?? "") !== normalLabel(name));
  const [first] = contradicted;
  const text = body.toLowerCase();
  const unsaid = names.filter((name) => !text.includes(normalLabel(name)));
  const card = told.map(({ id, name }) => `${id} ${name}`);
  const problem = first
    ? `the card says that ${first.id} is ${quoted(first.name)}, and config.json ${id2label[first.id] === undefined ? "has no such output" : `says ${id2label[first.id] ?? ""}`}`
    : unsaid.length === names.length
      ? `the card says nowhere what the labels are (${listed(names)})`
      : "";
  return [
    {
      ...{ about: "labels", card: listed([...new Set(card)], 10) || MISSING },
      there: listed(
        Object.entries(id2label).map(([id, name]) => `${id} ${name}`),
        10,
      ),
      verdict: first ? "fail" : problem ? "warn" : "pass",
      problem,
    },
  ];
}

/**
 * The card's accuracy beside one that was measured now. A card does not say on how many examples it was measured: they are taken to
 * be as many, so that both may be off by chance.
 */
export function accuracyClaims(head: CardHead, { hits, count }: MeasuredHits): CardClaim[] {
  if (count === 0) return [];
  const measured = hits / count;
  // a card may list several sets: the one that is nearest is the best it can mean
  const [said] = [...head.accuracies].sort(
    (one, other) => Math.abs(one - measured) - Math.abs(other - measured),
  );
  if (said === undefined) return [];
  const middle = (said + measured) / 2;
  const z = Math.abs(said - measured) / Math.sqrt((2 * middle * (1 - middle)) / count || 1);
  const p = 2 * normalCdf(-z);
  const isOff = Math.abs(said - measured) >= LEAST_DIFFERENCE && p < UNLIKELY;
  const there = `${percent(measured)} (${wilsonInterval(hits, count).map(percent).join(" to ")}) of ${counted(count, "example")}`;
  return [
    {
      ...{ about: "accuracy", card: percent(said), there },
      // a card that promises too little misleads, but nobody to his harm
      verdict: !isOff ? "pass" : said > measured ? "fail" : "warn",
      problem: isOff ? `the card says ${percent(said)} accuracy, and it is ${there} (${pValueText(p)})` : "",
    },
  ];
}
