import { VERDICT_SIGNS } from "../diagnosis/diagnosis-report";
import { lineChart } from "../diagnosis/evidence-charts";
import { counted, listed } from "../diagnosis/wording";
import { Presentable, type Cell, type ChartSpec, type Spec, type TableSpec } from "../runtime/presentation";
import { WORST_DRIFT_FIRST, type DriftFinding, type DriftVerdict } from "./drift-finding";
import type { DriftQuestionName } from "./drift-questions";

/** What was found of one window of a log. */
export interface DriftWindow {
  /** Of its first answer: ISO 8601. */
  readonly from: string;
  /** Of its last one. */
  readonly to: string;
  /** Answers in it. */
  readonly count: number;
  /** One for each question. */
  readonly findings: readonly DriftFinding[];
}

const SIGNS: Record<DriftVerdict, string> = {
  alert: VERDICT_SIGNS.fail.replace("fail", "alert"),
  warn: VERDICT_SIGNS.warn,
  ok: VERDICT_SIGNS.pass.replace("pass", "ok"),
};

/** Whether what comes in is still what a model was trained on: question by question, and over time. */
export class DriftReport extends Presentable {
  constructor(
    /** Of all answers together, in the order of the questions. */
    readonly findings: readonly DriftFinding[],
    /** In the order of time. */
    readonly windows: readonly DriftWindow[],
  ) {
    super();
  }

  /** The worst verdict of all. */
  get verdict(): DriftVerdict {
    return worst(this.findings.map(({ asked }) => this.of(asked.name)));
  }

  /** The verdict on one question: the worst of all answers together and of any window. */
  of(name: DriftQuestionName): DriftVerdict {
    const all = [...this.findings, ...this.windows.flatMap(({ findings }) => findings)];
    return worst(all.filter(({ asked }) => asked.name === name).map(({ verdict }) => verdict));
  }

  /** Names of the questions whose answer is not ok. */
  get drifted(): DriftQuestionName[] {
    return this.findings.map(({ asked }) => asked.name).filter((name) => this.of(name) !== "ok");
  }

  override present(): readonly Spec[] {
    const count = this.windows.reduce((sum, window) => sum + window.count, 0);
    return [
      {
        kind: "verdict",
        question: `${counted(count, "answer")} in ${counted(this.windows.length, "window")}:`,
        found: this.drifted.length === 0 ? "as in training" : `drift of ${listed(this.drifted, 5)}`,
        expected: "as in training",
        ok: this.drifted.length === 0,
      },
      this.#table(),
      ...(this.windows.length > 1 && this.#firstMarked < Infinity ? [this.#chart()] : []),
    ];
  }

  #table(): TableSpec {
    return {
      kind: "table",
      columns: ["", "question", "all answers together", "windows", "what to do"],
      rows: this.findings.map(({ asked, found }): Cell[] => {
        const verdict = this.of(asked.name);
        const windows = this.#windowsText(asked.name);
        return [SIGNS[verdict], asked.question, found, windows, verdict === "ok" ? "" : asked.advice];
      }),
    };
  }

  #windowsText(name: DriftQuestionName): string {
    const marked = this.#marked(name);
    const first = this.windows[marked[0] ?? -1];
    const share = `${marked.length} of ${this.windows.length}`;
    return first ? `${share}, first ${first.from.slice(0, 10)}` : share;
  }

  /** Which windows differ. */
  #marked(name: DriftQuestionName): number[] {
    return this.windows.flatMap(({ findings }, index) =>
      findings.some(({ asked, verdict }) => asked.name === name && verdict !== "ok") ? [index] : [],
    );
  }

  /** The first window that differs; infinite where none does. */
  get #firstMarked(): number {
    return Math.min(...this.findings.map(({ asked }) => this.#marked(asked.name)[0] ?? Infinity));
  }

  #chart(): ChartSpec {
    const names = this.findings.map(({ asked }) => asked.name);
    const first = this.#firstMarked;
    const which = names.filter((name) => this.#marked(name)[0] === first);
    return lineChart({
      title: `In window ${first + 1} for the first time: ${listed(which, 5)}`,
      series: [
        ...names.map((name, index) => ({
          name,
          x: this.windows.map((_, at) => at + 1),
          y: this.windows.map(({ findings }) => relativeSize(findings[index])),
        })),
        { name: "matters", x: [1, this.windows.length], y: [1, 1] },
      ],
      xTitle: "window",
      yTitle: "difference, by what matters",
    });
  }
}

/** A difference by the size from which on it matters. */
function relativeSize(finding: DriftFinding | undefined): number {
  return finding ? Number((finding.size / finding.asked.limits.warn).toPrecision(3)) : 0;
}

function worst(verdicts: readonly DriftVerdict[]): DriftVerdict {
  return WORST_DRIFT_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "ok";
}
