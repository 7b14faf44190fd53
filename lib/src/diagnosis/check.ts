import type { ChartSpec, TableSpec } from "../runtime/presentation";
import type { Examination } from "./examination";

/** Whether a check found nothing, something to look at, or something that has to be mended. */
export type CheckVerdict = "pass" | "warn" | "fail";

/** The verdicts in the order in which a reader should see them. */
export const WORST_FIRST: readonly CheckVerdict[] = ["fail", "warn", "pass"];

/** What a check looks at. */
export type CheckArea = "data" | "training" | "model";

/** What a check found. */
export interface Finding {
  readonly verdict: CheckVerdict;
  /** In one sentence, with the numbers that decide. */
  readonly found: string;
  /** What to do, in one sentence; where there is nothing to mend, nothing. */
  readonly advice?: string;
  /** The numbers behind the verdict by name, for programs; uncertainty beside what is measured. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Tables and charts that a reader may open. */
  readonly evidence?: readonly (TableSpec | ChartSpec)[];
}

/** One question to the data, the training or the model. */
export interface Check<Need extends keyof Examination = keyof Examination> {
  /** Such as `label-order`: by this it is chosen and left out. */
  readonly name: string;
  readonly area: CheckArea;
  /** What is asked, as a reader would ask it. */
  readonly question: string;
  /** What must be there for the question to make sense; without it the check is not asked. */
  readonly needs: readonly Need[];
  /** Asks it. An error counts as a failure, since the question stayed open. */
  readonly run: (examination: Answerable<Need>) => Finding | Promise<Finding>;
}

/** An examination in which what a check needs is there. */
export type Answerable<Need extends keyof Examination> = Examination & {
  readonly [Name in Need]-?: NonNullable<Examination[Name]>;
};

/**
 * Makes a check; what it needs is there when it runs, also to the type checker.
 *
 * @example
 * const links = defineCheck({
 *   name: "links",
 *   area: "data",
 *   question: "Do reviews hold links?",
 *   needs: ["train"],
 *   run: ({ train }) => {
 *     const count = train.texts.filter((text) => text.includes("http")).length;
 *     return { verdict: count > 0 ? "warn" : "pass", found: `${count} of ${train.length} hold one.` };
 *   },
 * });
 */
export function defineCheck<const Need extends keyof Examination>(check: Check<Need>): Check {
  // a check is run only where what it needs is there: see `missingNeeds`
  return check as unknown as Check;
}
