import { ReviewSet } from "../data/review-set";
import type { DiagnosisReport } from "../diagnosis/diagnosis-report";

/** What an answer can be, by the name of its kind. */
export interface AnswerKinds {
  number: number;
  text: string;
  yes: boolean;
  numbers: readonly number[];
  texts: readonly string[];
  reviews: ReviewSet;
  /** Names of labels by their output. */
  names: Readonly<Record<number, string>>;
  /** Outputs by the names of their labels. */
  outputs: Readonly<Record<string, number>>;
  /** A function that makes one number of two lists. */
  measure: (one: readonly number[], other: readonly number[]) => number;
  /** A function that lets a report pass or not. */
  gate: (report: DiagnosisReport) => boolean;
}

/** The name of a kind of answer. */
export type AnswerKind = keyof AnswerKinds;

const EXPECTED: Record<AnswerKind, string> = {
  number: "a number",
  text: "text",
  yes: "true or false",
  numbers: "a list of numbers",
  texts: "a list of texts",
  reviews: "a set of reviews",
  measure: "a function of two lists of numbers",
  gate: "a function of a report",
  outputs: "outputs by name, such as { NEGATIVE: 0 }",
  names: 'names by output, such as { 0: "NEGATIVE" }',
};

/** Why a value cannot be an answer of its kind, whatever the task; nothing where it can be. */
export function unfit(value: unknown, kind: AnswerKind): { found: string; expected: string } | undefined {
  const expected = EXPECTED[kind];
  if (!isOfKind(value, kind)) return { found: shownAnswer(value), expected };
  const numbers = typeof value === "number" ? [value] : Array.isArray(value) ? value : [];
  const bad: unknown = numbers.find((one) => typeof one === "number" && !Number.isFinite(one));
  if (bad !== undefined) return { found: shownAnswer(bad), expected: `${expected} that can be measured` };
  if (sizeOf(value) === 0) return { found: "nothing in it", expected };
  return undefined;
}

/** A value in a few words. */
export function shownAnswer(value: unknown): string {
  if (value instanceof ReviewSet) return `a set of ${value.length} reviews`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string") return `text, ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value).slice(0, 80);
  if (typeof value === "number")
    return Number.isFinite(value) ? `${Number(value.toPrecision(6))}` : `${value}`;
  return typeof value === "function" ? "a function" : String(value);
}

function isOfKind(value: unknown, kind: AnswerKind): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number";
    case "text":
      return typeof value === "string";
    case "yes":
      return typeof value === "boolean";
    case "numbers":
      return Array.isArray(value) && value.every((one) => typeof one === "number");
    case "texts":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "reviews":
      return value instanceof ReviewSet;
    case "names":
      return isNames(value);
    case "outputs":
      return isOutputs(value);
    case "measure":
    case "gate":
      return typeof value === "function";
  }
}

function isNames(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([id, name]) => /^\d+$/.test(id) && typeof name === "string");
}

function isOutputs(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((id) => Number.isInteger(id));
}

function sizeOf(value: unknown): number {
  if (value instanceof ReviewSet || Array.isArray(value)) return value.length;
  if (typeof value === "string") return value.trim().length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 1;
}
