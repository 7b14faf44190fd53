import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ALERT_RULES } from "../../../lib/src/monitoring/alert-rules";
import { raiseAlerts } from "../../../lib/src/monitoring/alerts";
import type { DriftWindow } from "../../../lib/src/monitoring/drift-report";
import { falseAlarms } from "../../../lib/src/monitoring/false-alarms";
import { trafficBaseline } from "../../../lib/src/monitoring/traffic-baseline";
import { watchTraffic } from "../../../lib/src/monitoring/watch-traffic";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { toSpecs } from "../../../lib/src/runtime/presentation";
import { readersAnswer, reviews, trainingSet } from "./reader-answers";

const train = trainingSet(reviews(0, 1_500));
const baseline = trafficBaseline({ train, validation: readersAnswer(reviews(1_500, 2_100)) });
const healthy = readersAnswer(reviews(2_100, 5_100));

/** Windows of which those with an x are shouted. */
async function windowsOf(plan: string): Promise<readonly DriftWindow[]> {
  const log = healthy.slice(0, 100 * plan.length).map((entry, index) => {
    return plan[Math.floor(index / 100)] === "x" ? { ...entry, text: entry.text.toUpperCase() } : entry;
  });
  return (await watchTraffic({ baseline, log, window: 100 })).windows;
}

describe("raiseAlerts", () => {
  it("waits for as many windows in a row as the patience, and tells once", async () => {
    const at = async (plan: string): Promise<number[]> => {
      const { alerts } = raiseAlerts({ windows: await windowsOf(plan) });
      return alerts.map(({ window }) => window);
    };
    assert.deepEqual(await at("....."), []);
    assert.deepEqual(await at("..x.."), []);
    assert.deepEqual(await at("..xxxx"), [3]);
    assert.deepEqual(await at("xx.xx"), [1, 4]);
    assert.deepEqual(await at("x"), []);
  });

  it("says when, what was found, and what to do", async () => {
    const windows = await windowsOf(".xx");
    const raised = raiseAlerts({ windows });
    const [alert] = raised.alerts;
    assert.equal(alert?.time, windows[2]?.to);
    assert.equal(alert?.rule.question, "words");
    const [verdict, table] = toSpecs(raised);
    assert.ok(verdict?.kind === "verdict" && !verdict.ok && verdict.found === "1");
    assert.ok(table?.kind === "table" && String(table.rows[0]?.[4]).startsWith("Label a hundred"));
  });

  it("keeps the threshold, the significance and the patience of a rule of one's own", async () => {
    const windows = await windowsOf(".x.");
    const [words] = ALERT_RULES.filter(({ question }) => question === "words");
    assert.ok(words);
    const count = (change: object): number =>
      raiseAlerts({ windows, rules: [{ ...words, patience: 1, ...change }] }).alerts.length;
    assert.equal(count({}), 1);
    assert.equal(count({ threshold: 1 }), 0);
    assert.equal(count({ patience: 2 }), 0);
    const quiet = await windowsOf("...");
    const rules = ALERT_RULES.map((rule) => ({ ...rule, threshold: 0, significance: 1, patience: 1 }));
    assert.ok(raiseAlerts({ windows: quiet, rules }).alerts.length > 0);
    assert.equal(
      raiseAlerts({ windows: quiet, rules: rules.map((rule) => ({ ...rule, significance: 1e-9 })) }).alerts
        .length,
      0,
    );
  });

  it("refuses a rule that cannot be kept", () => {
    const [rule] = ALERT_RULES;
    assert.ok(rule);
    for (const change of [
      { threshold: -0.1 },
      { threshold: NaN },
      { significance: 0 },
      { patience: 0 },
      { patience: 1.5 },
      { advice: " " },
    ])
      assert.throws(() => raiseAlerts({ windows: [], rules: [{ ...rule, ...change }] }), ArgumentError);
  });
});

describe("falseAlarms", () => {
  it("is none of the default rules on healthy replays, and many of a plain p below 0.05", async () => {
    const hasty = ALERT_RULES.map((rule) => ({ ...rule, threshold: 0, significance: 0.25, patience: 1 }));
    const impatient = ALERT_RULES.map((rule) => ({ ...rule, patience: 1 }));
    const rules = { ours: ALERT_RULES, impatient, hasty };
    const { rates } = await falseAlarms({ baseline, healthy, rules, replays: 20, seed: 2 });
    const [ours, withoutPatience, plain] = rates.map(({ alarmed }) => alarmed);
    assert.equal(ours, 0);
    assert.equal(withoutPatience, 0);
    assert.ok((plain ?? 0) >= 5, `${plain ?? 0} of 20`);
  });

  it("refuses too little to replay, and numbers that are none", async () => {
    await assert.rejects(
      falseAlarms({ baseline, healthy: healthy.slice(0, 1_999) }),
      (error) => error instanceof DataError && error.message.includes("at least 2000"),
    );
    for (const change of [{ window: 10 }, { windows: 0 }, { replays: 0.5 }])
      await assert.rejects(falseAlarms({ baseline, healthy, ...change }), ArgumentError);
  });
});
