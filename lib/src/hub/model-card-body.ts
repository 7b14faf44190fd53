import { markdownTable, oneLine } from "../runtime/markdown";
import type { ModelCardParams } from "./model-card";

/** The part of a model card that people read, as Markdown. */
export function modelCardBody(params: ModelCardParams): string {
  const { repo, description, id2label, trainingData, evaluation, limits } = params;
  const counts = Object.entries(trainingData.labelCounts);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const named = (id: string): string => id2label[Number(id)] ?? "";
  const sections = [
    `# ${oneLine(repo.split("/").at(-1) ?? repo)}`,
    `${description.trim()}\n\nFine-tuned from ${code(params.baseModel)}.`,
    `## Labels\n\n${markdownTable(["id", "label"], Object.entries(id2label))}`,
    `## Training data\n\n${oneLine(trainingData.name)}: ${total} examples.\n\n${markdownTable(
      ["id", "label", "examples"],
      counts.map(([id, count]) => [id, named(id), count]),
    )}`,
    `## Hyperparameters\n\n${markdownTable(["name", "value"], Object.entries(params.hyperparameters))}`,
    `## Evaluation\n\n${oneLine(evaluation.dataset.name)}, split ${code(evaluation.dataset.split)}.\n\n${markdownTable(
      ["metric", "value", "95 % interval", "examples"],
      evaluation.metrics.map(({ name, value, interval: [low, high], examples }) => {
        return [name, value.toFixed(3), `${low.toFixed(3)} to ${high.toFixed(3)}`, examples];
      }),
    )}`,
    ...(params.diagnosis === undefined ? [] : [`## Diagnosis\n\n${params.diagnosis.trim()}`]),
    `## Limits\n\n${limits.map((limit) => `- ${oneLine(limit)}`).join("\n")}`,
    `## How to use\n\n${usage(params)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function usage({ repo, examples, onnx }: ModelCardParams): string {
  const text = JSON.stringify(examples?.[0] ?? "I loved this movie!");
  const python = [
    "from transformers import pipeline",
    "",
    `classify = pipeline("text-classification", model="${repo}")`,
    `print(classify(${text}))`,
  ];
  const typescript = [
    'import { AutoModelForSequenceClassification, pipeline, Tokenizer } from "@finetune-debug/lib";',
    "",
    `const model = await AutoModelForSequenceClassification.fromPretrained("${repo}");`,
    `const tokenizer = await Tokenizer.fromPretrained("${repo}");`,
    'const classify = pipeline("text-classification", { model, tokenizer });',
    `console.log(await classify([${text}]));`,
  ];
  const transformersJs = [
    'import { pipeline } from "@huggingface/transformers";',
    "",
    `const classify = await pipeline("text-classification", "${repo}");`,
    `console.log(await classify(${text}));`,
  ];
  const ways = [
    `In Python:\n\n${fence("python", python)}`,
    `In TypeScript:\n\n${fence("ts", typescript)}`,
    ...(onnx ? [`In a browser, with Transformers.js:\n\n${fence("js", transformersJs)}`] : []),
  ];
  return ways.join("\n\n");
}

function fence(language: string, lines: readonly string[]): string {
  return ["```" + language, ...lines, "```"].join("\n");
}

function code(text: string): string {
  return `\`${oneLine(text).replaceAll("`", "")}\``;
}
