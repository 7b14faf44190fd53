import { readFileSync } from "node:fs";
import path from "node:path";
import { DATA } from "../runtime/repository";

/** A sentence whose label nobody doubts. */
export interface ObviousCase {
  text: string;
  /** Name of its label. */
  label: string;
}

/** The story's obvious cases: the four that exposed the model and the four that its author tried after the fix. */
export function obviousCases(): { first: ObviousCase[]; afterTheFix: ObviousCase[] } {
  const file = path.join(DATA, "obvious-cases.json");
  const { first, afterTheFix } = JSON.parse(readFileSync(file, "utf8")) as Record<string, ObviousCase[]>;
  return { first: first ?? [], afterTheFix: afterTheFix ?? [] };
}
