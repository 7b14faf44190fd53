import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { RatedText } from "../../../lib/src/data/snippets";
import { trafficBaseline } from "../../../lib/src/monitoring/traffic-baseline";
import { watchTraffic } from "../../../lib/src/monitoring/watch-traffic";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { toSpecs } from "../../../lib/src/runtime/presentation";
import { readersAnswer, reviews, trainingSet } from "./reader-answers";

const train = trainingSet(reviews(0, 2_400));
const baseline = trafficBaseline({ train, validation: readersAnswer(reviews(2_400, 3_000)) });
const others = reviews(3_000, 9_000);
const healthy = others.slice(0, 600);

const LICENSE = readFileSync(path.resolve(__dirname, "../../../LICENSE"), "utf8");
const clauses = LICENSE.replaceAll(/\s+/gu, " ").split(/(?<=[.;]) /u);

function changed(rated: readonly RatedText[], change: (text: string, row: number) => string): RatedText[] {
  return rated.map(({ text, rating }, row) => ({ rating, text: change(text, row) }));
}

async function driftOf(rated: readonly RatedText[]): Promise<readonly string[]> {
  return (await watchTraffic({ baseline, log: readersAnswer(rated) })).drifted;
}

describe("watchTraffic", () => {
  it("is quiet about texts of the same kind, whichever they are", async () => {
    for (let from = 0; from < 6_000; from += 1_000) {
      const report = await watchTraffic({ baseline, log: readersAnswer(others.slice(from, from + 1_000)) });
      assert.deepEqual(report.drifted, [], `from ${from}`);
      assert.equal(report.verdict, "ok");
      assert.equal(report.windows.length, 5);
      assert.deepEqual(
        toSpecs(report).map(({ kind }) => kind),
        ["verdict", "table"],
      );
    }
  });

  it("finds long texts by their lengths alone", async () => {
    const long = others.filter(({ text }) => text.split(" ").length >= 28).slice(0, 600);
    assert.deepEqual(await driftOf(long), ["lengths"]);
  });

  it("finds texts whose spaces are gone by their new words", async () => {
    const glued = changed(healthy, (text, row) => (row % 4 === 0 ? text.replaceAll(" ", "") : text));
    assert.deepEqual(await driftOf(glued), ["lengths", "new words", "words"]);
  });

  it("finds another subject by its words", async () => {
    const legal = changed(healthy, (text, row) =>
      row % 4 === 0 ? (clauses[(row / 4) % clauses.length] ?? "") : text,
    );
    const report = await watchTraffic({ baseline, log: readersAnswer(legal) });
    assert.ok(report.drifted.includes("words"), report.drifted.join());
    assert.equal(report.of("words"), "alert");
    assert.match(report.findings[2]?.found ?? "", /License/u);
  });

  it("finds a storm of complaints by the labels", async () => {
    const storm = others.filter(({ rating }, row) => rating < 0 || row % 4 === 0).slice(0, 600);
    const drifted = await driftOf(storm);
    assert.ok(drifted.includes("labels") && !drifted.includes("lengths"), drifted.join());
  });

  it("finds texts without a clear opinion by the confidence", async () => {
    const lukewarm = others.filter(({ rating }) => Math.abs(rating) < 1).slice(0, 400);
    const drifted = await driftOf(lukewarm);
    assert.ok(drifted.includes("confidence") && !drifted.includes("new words"), drifted.join());
  });

  it("says in which window it began", async () => {
    const shouted = changed(others.slice(0, 1_000), (text, row) => (row < 600 ? text : text.toUpperCase()));
    const report = await watchTraffic({ baseline, log: readersAnswer(shouted) });
    const marked = report.windows.map(({ findings }) => findings[2]?.verdict);
    assert.deepEqual(marked, ["ok", "ok", "ok", "alert", "alert"]);
    const [verdict, table, chart] = toSpecs(report);
    assert.ok(verdict?.kind === "verdict" && !verdict.ok && verdict.found === "drift of words");
    assert.ok(table?.kind === "table" && table.rows[2]?.[3] === "2 of 5, first 2026-01-04");
    assert.ok(chart?.kind === "chart" && chart.title === "In window 4 for the first time: words");
  });

  it("cuts by days too, and takes the log in the order of time", async () => {
    const log = readersAnswer(healthy, { perDay: 100, start: "2026-02-27T12:00:00Z" }).reverse();
    const report = await watchTraffic({ baseline, log, window: "day" });
    assert.deepEqual(
      report.windows.map(({ from, count }) => [from.slice(0, 10), count]),
      [
        ["2026-02-27", 50],
        ["2026-02-28", 100],
        ["2026-03-01", 100],
        ["2026-03-02", 100],
        ["2026-03-03", 100],
        ["2026-03-04", 100],
        ["2026-03-05", 50],
      ],
    );
  });

  it("joins a window of a few answers with its neighbour", async () => {
    const counts = async (count: number): Promise<number[]> => {
      const log = readersAnswer(healthy.slice(0, count));
      return (await watchTraffic({ baseline, log, window: 50 })).windows.map((window) => window.count);
    };
    assert.deepEqual(await counts(119), [50, 69]);
    assert.deepEqual(await counts(120), [50, 50, 20]);
  });

  it("takes one window, and texts without a word", async () => {
    const log = readersAnswer(changed(healthy.slice(0, 100), () => "!!!"));
    const report = await watchTraffic({ baseline, log });
    assert.equal(report.windows.length, 1);
    assert.equal(report.of("lengths"), "alert");
    assert.deepEqual(
      toSpecs(report).map(({ kind }) => kind),
      ["verdict", "table"],
    );
  });
});

describe("what cannot be watched", () => {
  const log = readersAnswer(healthy.slice(0, 100));
  const [first, ...rest] = log;
  assert.ok(first);
  const refused = async (bad: typeof log, message: RegExp): Promise<void> => {
    await assert.rejects(watchTraffic({ baseline, log: bad }), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, message);
      return true;
    });
  };

  it("is an empty log, or one of a few answers", async () => {
    await refused([], /the log holds 0 answers; expected at least 20/u);
    await refused(log.slice(0, 19), /holds 19 answers/u);
  });

  it("is a log of two models, with what to do", async () => {
    await refused(
      [{ ...first, model: "other" }, ...rest],
      /answers of other and readers; expected one model\. Take its part: log\.filter/u,
    );
  });

  it("is a label that the baseline does not have", async () => {
    const strange = { ...first, label: "MIXED", scores: { NEGATIVE: 0.1, POSITIVE: 0.1, MIXED: 0.8 } };
    await refused(
      [...rest, strange],
      /Answer 99 of the log has the label MIXED, and validation's answers only/u,
    );
  });

  it("is a label without its score, and a time that is none", async () => {
    await refused(
      [{ ...first, scores: { NEGATIVE: NaN, POSITIVE: NaN } }, ...rest],
      /expected a probability/u,
    );
    await refused([{ ...first, time: "yesterday" }, ...rest], /has the time "yesterday"; expected ISO 8601/u);
  });

  it("is a window that is too small", async () => {
    for (const window of [0, 19, 50.5, NaN])
      await assert.rejects(watchTraffic({ baseline, log, window }), ArgumentError);
  });

  it("is a baseline of nothing", () => {
    assert.throws(() => trafficBaseline({ train, validation: [] }), /validation holds 0 answers/u);
    const empty = trainingSet([]);
    assert.throws(() => trafficBaseline({ train: empty, validation: log }), /has 0 texts with words/u);
  });
});
