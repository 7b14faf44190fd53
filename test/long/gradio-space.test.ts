/** The demo Space run by Gradio, as the Hub runs it. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { pushSpace } from "../../lib/src/space/push-space";
import { ROOT } from "../environment/programs";
import { clientPython, hubEnvironment, runPython } from "./python-environment";
import { CASES, MIXED, SENTIMENT_MODEL, spaceHub } from "./space-hub";

/** What gr.Label answers. */
interface GradioLabel {
  label: string;
  confidences: { label: string; confidence: number }[];
}

/** A piece of what gr.HighlightedText answers. */
interface GradioWord {
  token: string;
  class_or_confidence: number;
}

describe("the Space run by Gradio", () => {
  const setup = spaceHub();

  it("says what lib says", async () => {
    const repo = "reader/gradio-demo";
    await pushSpace({ ...setup.on, model: SENTIMENT_MODEL, repo, sdk: "gradio", examples: [MIXED] });
    const texts = [...CASES, MIXED];
    const printed = await runPython({
      python: clientPython(),
      args: [path.join(ROOT, "test/long/space_client.py"), repo],
      input: texts,
      env: {
        ...hubEnvironment({ endpoint: setup.hub.endpoint, home: path.join(setup.folder, "home") }),
        GRADIO_ANALYTICS_ENABLED: "False",
      },
    });
    const answers = JSON.parse(printed.trim().split("\n").at(-1) ?? "") as [GradioLabel, GradioWord[]][];
    const ours = (await setup.classify(texts)).texts;
    for (const [index, [label, words]] of answers.entries()) {
      const { text = "", label: expected, scores = {} } = ours[index] ?? {};
      assert.equal(label.label, expected, text);
      for (const { label: name, confidence } of label.confidences)
        assert.ok(Math.abs(confidence - (scores[name] ?? NaN)) <= 1e-3, `${name} of ${text}`);
      assert.equal(words.map(({ token }) => token).join(""), text);
      assert.ok(words.every(({ class_or_confidence: weight }) => Math.abs(weight) <= 1));
    }
    assert.equal(answers.length, texts.length);
  });
});
