import { modelCard, type ModelCardParams } from "../../lib/src/hub/model-card";
import { SENTIMENT } from "../../lib/src/data/snippets";
import { wilsonInterval } from "../../lib/src/evaluation/metrics";

/** Examples that a healthy card's accuracy was measured on. */
const EXAMPLES = 300;

/** The text of a card in which nothing is wrong but what is changed. */
export function cardText(accuracy: number, changed: Partial<ModelCardParams> = {}): string {
  const hits = Math.round(accuracy * EXAMPLES);
  const value = hits / EXAMPLES;
  return modelCard({
    ...{ repo: "reader/sentiment", description: "Tells good movie reviews from bad ones." },
    ...{ license: "apache-2.0", baseModel: "sentence-transformers/all-MiniLM-L6-v2" },
    ...{ datasets: ["vaderSentiment"], language: ["en"], tags: ["sentiment"], id2label: SENTIMENT },
    trainingData: { name: "snippets", labelCounts: { 0: 1_500, 1: 1_500 } },
    hyperparameters: { learningRate: 5e-5, epochs: 2 },
    evaluation: {
      dataset: { type: "vaderSentiment", name: "snippets", split: "held out" },
      metrics: [
        {
          type: "accuracy",
          name: "Accuracy",
          value,
          interval: wilsonInterval(hits, EXAMPLES),
          examples: EXAMPLES,
        },
      ],
    },
    limits: ["English movie reviews only."],
    ...changed,
  });
}
