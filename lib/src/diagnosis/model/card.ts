import { existsSync } from "node:fs";
import path from "node:path";
import { readUtf8 } from "../../data/read-text";
import { readModelCard } from "../../hub/model-card";
import { parseConfigFile } from "../../model/config-file";
import { DataError } from "../../runtime/errors";
import { defineCheck, type Finding } from "../check";
import type { Examination } from "../examination";
import { counted } from "../wording";
import {
  accuracyClaims,
  kindClaims,
  labelClaims,
  missingClaims,
  type CardClaim,
  type MeasuredHits,
} from "./card-claims";
import { readCardHead } from "./card-head";
import { cardLabels } from "./card-labels";

type Names = Readonly<Record<number, string>>;

/** Names that nobody gave are none that a card could contradict. */
const DEFAULT_NAME = /^LABEL_\d+$/u;

/** Whether the model card says what is so, as far as that can be seen. */
export const card = defineCheck({
  name: "card",
  area: "model",
  question: "Does the model card say what is so?",
  needs: ["card"],
  run: async (examination): Promise<Finding> => {
    const head = readCardHead(examination.card);
    const config = configOf(examination);
    const body = bodyOf(examination);
    const names = config.id2label;
    return judgeClaims([
      ...missingClaims(head),
      ...kindClaims(head, config.modelType),
      ...(names ? labelClaims({ body, told: cardLabels(body, Object.values(names)), id2label: names }) : []),
      ...accuracyClaims(head, await measure(examination)),
    ]);
  },
});

/** What is wrong with a card: what it says and is not so fails, what it leaves out is warned of. */
export function judgeClaims(claims: readonly CardClaim[]): Finding {
  const of = (verdict: CardClaim["verdict"]): CardClaim[] =>
    claims.filter((claim) => claim.verdict === verdict);
  const [wrong, weak] = [of("fail"), of("warn")];
  const numbers = { claims: claims.length, wrong: wrong.length, missing: weak.length };
  const rows = claims.map(({ about, card: said, there, problem }) => [
    ...[about, said, there],
    problem === "" ? "✓" : "✗",
  ]);
  const evidence = [{ kind: "table" as const, columns: ["", "the card", "what is there", ""], rows }];
  const problems = [...wrong, ...weak].map(({ problem }) => problem);
  if (problems.length === 0)
    return {
      verdict: "pass",
      found: `${counted(claims.length, "claim")} of the card hold.`,
      numbers,
      evidence,
    };
  return {
    verdict: wrong.length > 0 ? "fail" : "warn",
    found: `${problems.join("; ")}.`.replace(/^./u, (first) => first.toUpperCase()),
    advice:
      wrong.length > 0
        ? "Write into the card what is so: measure again, and take the labels from config.json."
        : "Fill in what the card leaves open.",
    ...{ numbers, evidence },
  };
}

function configOf({ classifier, folder }: Examination): { id2label?: Names; modelType?: string } {
  const json = folder === undefined ? {} : parseConfigFile(path.join(folder, "config.json"));
  const { model_type: type, id2label: stored } = json;
  const names = classifier?.model.id2label ?? namesIn(stored);
  const isNamed = names && !Object.values(names).every((name) => DEFAULT_NAME.test(name));
  return { ...(isNamed && { id2label: names }), ...(typeof type === "string" && { modelType: type }) };
}

function namesIn(value: unknown): Names | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).filter(([, name]) => typeof name === "string");
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The text of the card in the model's folder; empty where there is none. */
function bodyOf({ folder }: Examination): string {
  const file = folder === undefined ? "" : path.join(folder, "README.md");
  if (!existsSync(file)) return "";
  const text = readUtf8(file, "Mend the card, or leave it out.");
  try {
    return readModelCard(text).body;
  } catch (error) {
    if (error instanceof DataError) return text;
    throw error;
  }
}

async function measure({ classifier, heldOut, predict }: Examination): Promise<MeasuredHits> {
  if (!classifier || !heldOut || heldOut.length === 0) return { hits: 0, count: 0 };
  const { labels, predictions } = await predict(heldOut);
  return { hits: labels.filter((label, index) => label === predictions[index]).length, count: labels.length };
}
