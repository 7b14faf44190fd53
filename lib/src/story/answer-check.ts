import { ArgumentError } from "../runtime/errors";
import { Presentable, type AnswerSpec } from "../runtime/presentation";
import { shownAnswer, unfit, type AnswerKind, type AnswerKinds } from "./answer-kinds";

export type { AnswerKind, AnswerKinds } from "./answer-kinds";

/** A property that a right answer has, and what to say where it is missing. */
export interface AnswerExpectation {
  ok: boolean;
  /** What was found, such as `0.5`. */
  found: string | number;
  /** What was expected of it, in a few words that do not give the answer away. */
  expected: string;
  /** Why that matters, as a sentence. */
  why: string;
}

/** A task of a practice notebook: what was answered, and what makes an answer right. */
export interface AnswerParams<Kinds extends Readonly<Record<string, AnswerKind>>> {
  /** What each variable of the answer must be. */
  kinds: Kinds;
  /** The variables as the reader left them; `undefined` is one that has no answer yet. */
  given: Readonly<Record<keyof Kinds, unknown>>;
  /** Why the answer is right, told to whoever found it. */
  right: string;
  /** The properties of a right answer; the first that is missing is told. Only asked of values of the right kinds. */
  expect: (answer: { [Name in keyof Kinds]: AnswerKinds[Kinds[Name]] }) => readonly AnswerExpectation[];
}

/** What came of an answer: "Right", "Not yet" or "Missing", each with its reason. */
export class AnswerCheck extends Presentable {
  constructor(private readonly spec: AnswerSpec) {
    super();
  }

  /** What came of it, in a word. */
  get state(): AnswerSpec["state"] {
    return this.spec.state;
  }

  override present(): AnswerSpec {
    return this.spec;
  }
}

/**
 * The place of an answer in a practice notebook, which the reader replaces.
 *
 * @returns nothing yet, as the type says; `checkAnswer` then tells what is missing
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the reader sees what kind of value is asked for
export function yourAnswer<T>(): T | undefined {
  return undefined;
}

/**
 * Judges an answer by its properties, so that whatever has them is right, however it was come by.
 *
 * @throws ArgumentError for a task that asks for nothing
 */
export function checkAnswer<const Kinds extends Readonly<Record<string, AnswerKind>>>(
  params: AnswerParams<Kinds>,
): AnswerCheck {
  const { given, kinds, right } = params;
  const named: [string, AnswerKind][] = Object.entries(kinds);
  if (named.length === 0)
    throw new ArgumentError(
      "A task that names no variable has no answer; expected `kinds` to name at least one.",
    );
  const missing = named.map(([name]) => name).filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    const has = missing.length === 1 ? "has" : "have";
    const sentence = `${missing.join(" and ")} ${has} no value yet.`;
    return new AnswerCheck({
      kind: "answer",
      state: "missing",
      sentences: [sentence, "Replace lib.yourAnswer() in the cell above, run that cell, and then this one."],
    });
  }
  for (const [name, kind] of named) {
    const bad = unfit(given[name], kind);
    if (bad)
      return notYet({ ...bad, expected: `${bad.expected} in ${name}`, why: "Nothing else can be judged." });
  }
  const first = firstMissing(() => params.expect(given as Parameters<typeof params.expect>[0]));
  return first ? notYet(first) : new AnswerCheck({ kind: "answer", state: "right", sentences: [right] });
}

/** The first property that is missing; an answer with which its own check fails has none that can be told. */
function firstMissing(expect: () => readonly AnswerExpectation[]): Omit<AnswerExpectation, "ok"> | undefined {
  try {
    return expect().find(({ ok }) => !ok);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { found, expected: "an answer that can be tried", why: "Nothing else can be judged." };
  }
}

function notYet({ found, expected, why }: Omit<AnswerExpectation, "ok">): AnswerCheck {
  const shown = typeof found === "number" ? shownAnswer(found) : found;
  const sentences = [`found ${shown}; expected ${expected}.`, why];
  return new AnswerCheck({ kind: "answer", state: "not yet", sentences });
}
