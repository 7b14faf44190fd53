import { ArgumentError, InterruptedError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { nearestName } from "../runtime/nearest-name";
import { startProgress } from "../runtime/progress";
import type { Check, Finding } from "./check";
import { CHECKS } from "./checks";
import { DiagnosisReport, type CheckResult } from "./diagnosis-report";
import { examine, type Examination } from "./examination";
import type { SkippedCheck } from "./skipped-checks";
import type { Subject } from "./subject";

/** Which checks are asked. */
export interface DiagnoseOptions {
  /** All that lib has, where nothing is said: add your own to `CHECKS`. */
  checks?: readonly Check[];
  /** Names of the checks to ask; all where nothing is said. */
  only?: readonly string[];
  /** Names of checks to leave out. */
  skip?: readonly string[];
}

/**
 * Asks every check that applies to what is there, and reports.
 *
 * @throws ArgumentError for a name that no check has, or a subject to which no check applies
 * @throws InterruptedError when the reader stops it
 */
export async function diagnose(subject: Subject, options: DiagnoseOptions = {}): Promise<DiagnosisReport> {
  const checks = chooseChecks(options);
  const examination = examine(subject);
  const missing = checks.map((check) => missingNeeds(check, examination));
  const asked = checks.filter((_, index) => missing[index]?.length === 0);
  if (asked.length === 0)
    throw new ArgumentError(
      `None of the ${checks.length} checks applies to ${givenNames(subject)}; expected a data set or a model.`,
    );
  const skipped = checks.flatMap(({ name }, index): SkippedCheck[] => {
    const needs = missing[index] ?? [];
    return needs.length > 0 ? [{ name, needs }] : [];
  });
  return new DiagnosisReport(await askAll(asked, examination), skipped);
}

async function askAll(checks: readonly Check[], examination: Examination): Promise<CheckResult[]> {
  const progress = startProgress({ total: checks.length, label: "Diagnosing", unit: "checks" });
  const checkInterrupt = watchInterrupt();
  const results: CheckResult[] = [];
  try {
    for (const check of checks) {
      await checkInterrupt("Diagnosing");
      const { name, area, question } = check;
      results.push({ name, area, question, ...(await ask(check, examination)) });
      progress.update(results.length, name);
    }
  } finally {
    progress.end();
  }
  return results;
}

/** An answer, or the reason why there is none: a gate must not open because a question stayed open. */
async function ask(check: Check, examination: Examination): Promise<Finding> {
  try {
    return await check.run(examination as Parameters<Check["run"]>[0]);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return {
      verdict: "fail",
      found: `This could not be answered: ${reason}`,
      advice: "Mend that and ask again.",
    };
  }
}

function chooseChecks({ checks = CHECKS, only, skip = [] }: DiagnoseOptions): readonly Check[] {
  const names = checks.map(({ name }) => name);
  for (const name of [...(only ?? []), ...skip])
    if (!names.includes(name))
      throw new ArgumentError(
        `There is no check called "${name}"; the nearest is "${nearestName(name, names)}".`,
      );
  return checks.filter(({ name }) => (only?.includes(name) ?? true) && !skip.includes(name));
}

function missingNeeds({ needs }: Check, examination: Examination): string[] {
  return needs.filter((need) => examination[need] === undefined);
}

function givenNames(subject: Subject): string {
  const given = Object.entries(subject).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return given.length > 0 ? `what was given (${given.join(", ")})` : "nothing";
}
