import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { CHECKS } from "../../../lib/src/diagnosis/checks";
import { diagnose } from "../../../lib/src/diagnosis/diagnose";
import type { Subject } from "../../../lib/src/diagnosis/subject";
import { renderMimeBundle } from "../../../lib/src/display/mime-bundle";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { wordModel } from "./behaviour/word-model";
import { ODD_SETS } from "./data/odd-sets";
import { tinyModel, TOKENIZER } from "./training/tiny-subject";

const model = wordModel(TOKENIZER, { praise: ["good", "great"], blame: ["bad", "awful"] });
after(() => {
  model.dispose();
});

const RUN = {
  logHistory: [1, 2, 3, 4].flatMap((turn) => [
    { step: 10 * turn, epoch: turn, loss: 0.7 / turn },
    { step: 10 * turn, epoch: turn, eval_loss: 0.6, eval_accuracy: 0.5 + turn / 20 },
  ]),
  ...{ bestGlobalStep: 40, metricForBestModel: "accuracy" },
};

describe("all checks together", () => {
  for (const [odd, set] of Object.entries(ODD_SETS))
    it(`report clearly on ${odd}`, async () => {
      const subject: Subject = {
        ...{ train: set, validation: set, test: set, incoming: set },
        ...{ model, tokenizer: TOKENIZER, maxLength: 32, run: RUN, card: {} },
        ...{ newModel: tinyModel(), args: { learningRate: 0.01 } },
        cases: [{ text: "a good film", label: "POSITIVE" }],
      };
      const report = await diagnose(subject);
      const asked = report.results.map(({ name }) => name);
      const open = report.skipped.map(({ name }) => name);
      assert.deepEqual([...asked, ...open].sort(), CHECKS.map(({ name }) => name).sort());
      assert.deepEqual(open, ["label-names"]);
      const page = await renderMimeBundle(report.present());
      const shown = [...report.present().map(specToText), JSON.stringify(page), report.toMarkdown()].join(
        "\n",
      );
      assert.doesNotMatch(shown, /\bNaN\b|\bInfinity\b|\bundefined\b|could not be answered/u);
      assert.equal(JSON.stringify(report.toJSON()).includes(":null"), false);
    });
});
