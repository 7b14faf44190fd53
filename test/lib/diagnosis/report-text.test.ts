import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiagnosisReport, type CheckResult } from "../../../lib/src/diagnosis/diagnosis-report";
import { reportText } from "../../../lib/src/diagnosis/report-text";

function result(name: string, verdict: CheckResult["verdict"], found: string): CheckResult {
  return {
    ...{ name, verdict, found, area: "data", question: `Is it ${name}?`, advice: "Mend it." },
    evidence: [
      { kind: "table", title: `Rows of ${name}`, columns: ["row"], rows: [[1]] },
      {
        ...{ kind: "chart", title: "Seen", altText: "a line", data: [], layout: {} },
      },
    ],
  };
}

describe("a report in a terminal", () => {
  it("has the worst first, with advice and tables, and what passes in short", () => {
    const report = new DiagnosisReport(
      [
        result("fine", "pass", "It is."),
        result("fair", "pass", "So is it."),
        result("bad", "fail", "12.5 % are not."),
      ],
      [
        { name: "shy", needs: ["heldOut"] },
        { name: "needy", needs: ["model", "train"] },
        { name: "poor", needs: ["model", "train"] },
      ],
    );
    assert.equal(
      reportText(report),
      `1 of 3 checks fail, 0 warn, 2 pass

✗ fail  bad: Is it bad?
        12.5 % are not.
        → Mend it.

        Rows of bad
        row
        ---
          1

✓ pass  fine
        It is.
✓ pass  fair
        So is it.

Not asked: shy (no test or validation set); needy, poor (no model, no training set).
`,
    );
  });

  it("breaks sentences at its width, but no number from its %, and words not at all", () => {
    const report = new DiagnosisReport([
      result("bad", "pass", "Of all them 83.3 % are a-word-that-is-longer-than-that"),
    ]);
    assert.deepEqual(reportText(report, { width: 24 }).split("\n").slice(2, -1), [
      "✓ pass  bad",
      "        Of all them",
      "        83.3 % are",
      "        a-word-that-is-longer-than-that",
    ]);
  });

  it("shows of a long table the beginning", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, row) => [row]);
    const shown = (count: number) => {
      const evidence = [{ kind: "table", columns: ["row"], rows: rows(count), note: "As it is." } as const];
      const report = new DiagnosisReport([{ ...result("bad", "fail", "No."), evidence }]);
      return reportText(report).trimEnd().split("\n").slice(-3);
    };
    assert.deepEqual(shown(40), ["         11", "        ... and 28 more rows.", "        As it is."]);
    assert.deepEqual(shown(13).slice(1), ["         12", "        As it is."]);
  });

  it("lets no label command the terminal", () => {
    const report = new DiagnosisReport([result("bad", "warn", "Of \u001b[31mred 3, of \u009b0m\u0000 2.")]);
    assert.match(reportText(report), /^ {8}Of \\u\{1b\}\[31mred 3, of \\u\{9b\}0m\\u\{0\} 2\.$/m);
  });

  it("says so where nothing was asked", () => {
    assert.equal(reportText(new DiagnosisReport([])), "0 of 0 checks fail, 0 warn, 0 pass\n");
  });
});
