import { readFileSync } from "node:fs";
import path from "node:path";

import { DataError } from "../runtime/errors";
import { DATA } from "../runtime/repository";

/** A sentence with the label that it must get, and what it tries. */
export interface BehaviourCase {
  /** What it tries, such as `intensifiers` or `sarcasm`. */
  readonly kind: string;
  readonly label: "POSITIVE" | "NEGATIVE";
  readonly text: string;
}

/** A text that no reviewer meant, but that comes in all the same. */
export interface OddText {
  readonly kind: string;
  readonly text: string;
  /** Whether there is nothing in it that a label could stand on. */
  readonly meaningless: boolean;
}

/** What a classifier's behaviour is asked with; the labels are those of sentiment. */
export interface BehaviourCases {
  /** Sentences that every sentiment classifier must get right. */
  readonly plain: readonly BehaviourCase[];
  /** Sentences that good ones get wrong too. */
  readonly hard: readonly BehaviourCase[];
  /** Sentences to add to a text. */
  readonly additions: {
    readonly praise: readonly string[];
    readonly blame: readonly string[];
    readonly neutral: readonly string[];
  };
  /** First names, of many countries. */
  readonly names: readonly string[];
  /** Emoji that say nothing of what somebody thinks. */
  readonly emoji: readonly string[];
  readonly odd: readonly OddText[];
}

type WordLists = Readonly<Record<string, readonly string[]>>;

interface TemplateGroup {
  kind: string;
  label: "POSITIVE" | "NEGATIVE";
  templates: string[];
}

interface CasesFile extends Omit<BehaviourCases, "plain" | "hard" | "odd"> {
  words: WordLists;
  plain: TemplateGroup[];
  hard: TemplateGroup[];
  odd: { kind: string; text: string; times?: number; meaningless?: boolean }[];
}

/** The sentences of data/behaviour-cases.json, their templates filled. */
export function behaviourCases(): BehaviourCases {
  const file = path.join(DATA, "behaviour-cases.json");
  const { words, plain, hard, additions, names, emoji, odd } = JSON.parse(
    readFileSync(file, "utf8"),
  ) as CasesFile;
  const fill = (groups: readonly TemplateGroup[]): BehaviourCase[] =>
    groups.flatMap(({ kind, label, templates }) =>
      templates.flatMap((template) => fillTemplate(template, words)).map((text) => ({ kind, label, text })),
    );
  return {
    ...{ plain: fill(plain), hard: fill(hard), additions, names, emoji },
    odd: odd.map(({ kind, text, times = 1, meaningless = false }) => ({
      ...{ kind, text: text.repeat(times), meaningless },
    })),
  };
}

/**
 * A template's sentences: every word of the longest list that it names comes once, shorter lists go round, so that
 * `The {thing} was {praise}.` gives as many sentences as there are words of praise. Each begins with a capital letter.
 *
 * @throws DataError for a list that there is not
 */
export function fillTemplate(template: string, words: WordLists): string[] {
  const listOf = (name: string): readonly string[] => {
    const list = words[name] ?? [];
    if (list.length === 0)
      throw new DataError(`The template "${template}" names the list "${name}"; expected one with words.`);
    return list;
  };
  const lengths = [...template.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => listOf(name).length);
  return Array.from({ length: Math.max(1, ...lengths) }, (_, index) => {
    const text = template.replace(/\{(\w+)\}/gu, (_slot, name: string) => {
      const list = listOf(name);
      return list[index % list.length] ?? "";
    });
    return text.charAt(0).toUpperCase() + text.slice(1);
  });
}
