import { writeFileSync } from "node:fs";
import { chartToPng } from "./lib/src/display/chart-picture";
import { confidenceHistogram } from "./lib/src/display/charts/confidence-histogram";
import { confusionHeatmap } from "./lib/src/display/charts/confusion-heatmap";
import { reliabilityDiagram } from "./lib/src/display/charts/reliability-diagram";
import { answers, charts, id2label } from "./test/lib/display/examples";
async function main() {
  const stars = Object.fromEntries(["one", "two", "three", "four", "five"].map((n, i) => [i, `${n} stars`]));
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i, `class ${i}`]));
  const l9 = Array.from({ length: 400 }, (_, i) => (i * i) % 9);
  const l5 = Array.from({ length: 300 }, (_, i) => (i * 7) % 5);
  const all = { ...charts,
    learned: confidenceHistogram({ logits: answers.learned, labels: answers.labels, id2label }),
    relcol: reliabilityDiagram({ logits: answers.collapsed, labels: answers.labels }),
    stars: confusionHeatmap({ labels: l5, predictions: l5.map((l, i) => i % 4 ? l : Math.min(4, l + 1)), id2label: stars }),
    many: confusionHeatmap({ labels: l9, predictions: l9.map((l, i) => i % 3 ? l : 0), id2label: many }),
    collapsed: confusionHeatmap({ labels: answers.labels, predictions: answers.labels.map(() => 0), id2label }),
    conf5: confidenceHistogram({ logits: l5.map((l, i) => [0, 1, 2, 3, 4].map((k) => (k === l ? 1.5 : 0) + ((i * (k + 3)) % 11) / 5)), labels: l5, id2label: stars }),
  };
  const only = process.argv.slice(2);
  for (const [name, chart] of Object.entries(all)) {
    if (only.length && !only.includes(name)) continue;
    const t = performance.now();
    const png = await chartToPng(chart);
    writeFileSync(`build/try/${name}.png`, png);
    console.log(name, png.length, `${(performance.now() - t).toFixed(0)} ms`, chart.title);
  }
}
void main();
