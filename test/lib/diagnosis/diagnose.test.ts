import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ReviewSet } from "../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../lib/src/data/snippets";
import { defineCheck, type CheckVerdict } from "../../../lib/src/diagnosis/check";
import { diagnose } from "../../../lib/src/diagnosis/diagnose";
import { renderMimeBundle } from "../../../lib/src/display/mime-bundle";
import { ArgumentError, DataError, DiagnosisError, InterruptedError } from "../../../lib/src/runtime/errors";
import { specToText } from "../../../lib/src/runtime/presentation-text";

const train = new ReviewSet(
  "train",
  [
    { text: "see http://a.example <b>", label: 1 },
    { text: "bad", label: 0 },
  ],
  SENTIMENT,
);

const links = defineCheck({
  name: "links",
  area: "data",
  question: "Do reviews hold links?",
  needs: ["train"],
  run: ({ train }) => {
    const count = train.texts.filter((text) => text.includes("http")).length;
    return {
      verdict: count > 0 ? "warn" : "pass",
      found: `${count} of ${train.length} hold one.`,
      advice: "Take them out.",
      numbers: { count },
      evidence: [{ kind: "table", columns: ["text"], rows: [[train.texts[0] ?? ""]] }],
    };
  },
});

function always(name: string, verdict: CheckVerdict) {
  const finding = { verdict, found: `found ${verdict}`, advice: `mend ${name}` };
  return defineCheck({ name, area: "data", question: `${name}?`, needs: [], run: () => finding });
}

describe("diagnose", () => {
  it("asks what applies, the worst first, and says what was not asked and why", async () => {
    const needy = defineCheck({
      name: "needy",
      area: "model",
      question: "?",
      needs: ["classifier", "heldOut"],
      run: () => assert.fail("there is no model"),
    });
    const checks = [always("fine", "pass"), links, always("bad", "fail"), needy];
    const report = await diagnose({ train }, { checks });
    assert.deepEqual(
      report.results.map(({ name, verdict }) => [name, verdict]),
      [
        ["bad", "fail"],
        ["links", "warn"],
        ["fine", "pass"],
      ],
    );
    assert.equal(report.verdict, "fail");
    assert.deepEqual(report.failed, ["bad"]);
    assert.deepEqual(report.skipped, [{ name: "needy", needs: ["classifier", "heldOut"] }]);
    assert.deepEqual(report.result("links")?.numbers, { count: 1 });
  });

  it("chooses checks by name, and names the nearest to one that there is not", async () => {
    const checks = [links, always("bad", "fail")];
    assert.equal((await diagnose({ train }, { checks, only: ["links"] })).verdict, "warn");
    assert.equal((await diagnose({ train }, { checks, skip: ["bad"] })).verdict, "warn");
    await assert.rejects(diagnose({ train }, { checks, only: ["link"] }), /no check called "link".*"links"/u);
  });

  it("refuses a subject that no check applies to", async () => {
    await assert.rejects(
      diagnose({ maxLength: 3 }, { checks: [links] }),
      (error: unknown) => error instanceof ArgumentError && /maxLength/u.test(error.message),
    );
  });

  it("counts a question that stayed open as a failure, and stops where the reader stops it", async () => {
    const broken = (error: Error) =>
      defineCheck({
        name: "broken",
        area: "data",
        question: "?",
        needs: [],
        run: () => {
          throw error;
        },
      });
    const report = await diagnose({ train }, { checks: [broken(new DataError("row 3 is torn"))] });
    assert.match(report.result("broken")?.found ?? "", /row 3 is torn/u);
    assert.equal(report.verdict, "fail");
    await assert.rejects(
      diagnose({ train }, { checks: [broken(new InterruptedError("stopped"))] }),
      InterruptedError,
    );
  });
});

describe("a report", () => {
  it("is a table first, with the evidence folded behind it", async () => {
    const report = await diagnose({ train }, { checks: [links, always("fine", "pass")] });
    const bundle = await renderMimeBundle(report.present());
    const html = String(bundle["text/html"]);
    assert.match(html, /0 of 2 checks fail, 1 warn, 1 pass[^]*<table>[^]*<details><summary>! warn: links/u);
    assert.match(html, /see http:\/\/a\.example &lt;b&gt;/u);
    assert.ok(!("image/png" in bundle), "there is no chart");
    const text = report.present().map(specToText).join("\n");
    assert.match(text, /✓ diagnosis: 0 of 2[^]*! warn {2}links[^]*see http/u);
  });

  it("is a gate that a failing check closes", async () => {
    const fine = await diagnose({ train }, { checks: [links, always("fine", "pass")] });
    fine.assertNoFailure();
    const sick = await diagnose({ train }, { checks: [links, always("bad", "fail")] });
    assert.throws(
      () => {
        sick.assertNoFailure();
      },
      (error: unknown) =>
        error instanceof DiagnosisError &&
        error.message === "1 of 2 checks fail, 1 warn, 0 pass: bad: found fail",
    );
  });

  it("is Markdown and JSON too", async () => {
    const report = await diagnose({ train }, { checks: [links] });
    assert.match(
      report.toMarkdown(),
      /^0 of 1 checks fail[^]*\| ! warn \| links \| Do reviews hold links\? \|/u,
    );
    const json = JSON.parse(JSON.stringify(report)) as object;
    assert.deepEqual(json, {
      verdict: "warn",
      results: [
        {
          ...{ name: "links", area: "data", question: "Do reviews hold links?" },
          ...{ verdict: "warn", found: "1 of 2 hold one.", advice: "Take them out.", numbers: { count: 1 } },
        },
      ],
      skipped: [],
    });
  });
});
