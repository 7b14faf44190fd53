import { DiagnosisError } from "../runtime/errors";
import { Presentable, type Cell, type DetailsSpec, type Spec, type TableSpec } from "../runtime/presentation";
import { formatRows } from "../runtime/presentation-text";
import { markdownTable } from "../runtime/markdown";
import { WORST_FIRST, type CheckArea, type CheckVerdict, type Finding } from "./check";
import { skippedText, type SkippedCheck } from "./skipped-checks";

/** A check with what it found. */
export interface CheckResult extends Finding {
  readonly name: string;
  readonly area: CheckArea;
  readonly question: string;
}

/** What {@link DiagnosisReport.toJSON} gives. */
export interface DiagnosisJson {
  verdict: CheckVerdict;
  results: Omit<CheckResult, "evidence">[];
  skipped: SkippedCheck[];
}

/** How a verdict is written: told apart without colour. */
export const VERDICT_SIGNS: Record<CheckVerdict, string> = { fail: "✗ fail", warn: "! warn", pass: "✓ pass" };

/** What all checks found: the table first, the evidence behind it. */
export class DiagnosisReport extends Presentable {
  /** The worst first, otherwise in the order in which they were asked. */
  readonly results: readonly CheckResult[];

  constructor(
    results: readonly CheckResult[],
    readonly skipped: readonly SkippedCheck[] = [],
  ) {
    super();
    this.results = WORST_FIRST.flatMap((verdict) => results.filter((result) => result.verdict === verdict));
  }

  /** The worst verdict of all; `pass` if nothing was asked. */
  get verdict(): CheckVerdict {
    return this.results[0]?.verdict ?? "pass";
  }

  /** How many checks fail, warn and pass, on one line. */
  get summary(): string {
    const counts = WORST_FIRST.map((verdict) => this.named(verdict).length);
    const [fail = 0, warn = 0, pass = 0] = counts;
    return `${fail} of ${this.results.length} checks fail, ${warn} warn, ${pass} pass`;
  }

  /** Names of the checks that failed. */
  get failed(): string[] {
    return this.named("fail");
  }

  /** Names of the checks with that verdict. */
  named(verdict: CheckVerdict): string[] {
    return this.results.filter((result) => result.verdict === verdict).map(({ name }) => name);
  }

  /** What a check found; `undefined` if it was not asked. */
  result(name: string): CheckResult | undefined {
    return this.results.find((result) => result.name === name);
  }

  /**
   * Lets pass what has no failing check: the gate before a training or a push.
   *
   * @throws DiagnosisError that says what each failing check found
   */
  assertNoFailure(): void {
    const failures = this.results.filter(({ verdict }) => verdict === "fail");
    if (failures.length > 0)
      throw new DiagnosisError(
        `${this.summary}: ${failures.map(({ name, found }) => `${name}: ${found}`).join(" ")}`,
      );
  }

  override present(): readonly Spec[] {
    return [
      {
        kind: "verdict",
        question: "diagnosis:",
        found: this.summary,
        expected: "none that fails",
        ok: this.failed.length === 0,
      },
      this.#table(),
      ...this.results.flatMap(foldedEvidence),
    ];
  }

  /** The report as Markdown, for a model card: one line of summary and the table. */
  toMarkdown(): string {
    const table = this.#table();
    return `${this.summary}\n\n${markdownTable(table.columns, formatRows(table))}\n`;
  }

  /** The report as data, without pictures; equal inputs give equal JSON. */
  toJSON(): DiagnosisJson {
    const results = this.results.map((result) => {
      const { evidence, ...rest } = result;
      return evidence ? rest : result;
    });
    return { verdict: this.verdict, results, skipped: [...this.skipped] };
  }

  #table(): TableSpec {
    const note = skippedText(this.skipped);
    return {
      kind: "table",
      columns: ["", "check", "what was asked", "what was found", "what to do"],
      rows: this.results.map(({ verdict, name, question, found, advice }): Cell[] => [
        VERDICT_SIGNS[verdict],
        name,
        question,
        found,
        (verdict === "pass" ? undefined : advice) ?? "",
      ]),
      ...(note !== undefined && { note }),
    };
  }
}

function foldedEvidence({ verdict, question, name, evidence = [] }: CheckResult): DetailsSpec[] {
  if (evidence.length === 0) return [];
  const summary = `${VERDICT_SIGNS[verdict]}: ${name}. ${question}`;
  return [{ kind: "details", summary, specs: evidence, inText: verdict !== "pass" }];
}
