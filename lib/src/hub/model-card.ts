import { parse, stringify } from "yaml";
import { DataError } from "../runtime/errors";
import { modelCardBody } from "./model-card-body";
import { checkModelCard } from "./model-card-check";

/** One result of a model, as the Hub's model-index has it. */
export interface ModelCardMetric {
  /** The Hub's name of the metric, such as `accuracy`. */
  type: string;
  /** What a reader calls it. */
  name: string;
  /** A share, 0 to 1. */
  value: number;
  /** Bounds of the 95 % interval around the value. */
  interval: readonly [number, number];
  /** Number of examples that it was measured on. */
  examples: number;
}

/** Everything that a model card says. */
export interface ModelCardParams {
  /** Namespace and name of the repository: what a reader types to load it. */
  repo: string;
  /** What the model does, in a sentence or two. */
  description: string;
  /** The Hub's identifier of a licence, such as `apache-2.0`. */
  license: string;
  /** The encoder that was fine-tuned. */
  baseModel: string;
  /** Data sets that it was fine-tuned on, by their names on the Hub where they are there. */
  datasets: readonly string[];
  /** Two-letter codes, such as `en`. */
  language: readonly string[];
  tags: readonly string[];
  /** Names of the labels by id. */
  id2label: Readonly<Record<number, string>>;
  /** What it was fine-tuned on: the name of the set, and how often each label occurs. */
  trainingData: { name: string; labelCounts: Readonly<Record<number, number>> };
  /** By transformers' names, in camelCase. */
  hyperparameters: Readonly<Record<string, string | number | boolean | null>>;
  /** What it was measured on, and how well it did. */
  evaluation: {
    dataset: { type: string; name: string; split: string };
    metrics: readonly ModelCardMetric[];
  };
  /** What the model cannot do, one sentence each. */
  limits: readonly string[];
  /** Sentences that the model's page on the Hub offers for trying it out (its widget). */
  examples?: readonly string[];
  /** Whether `onnx/model.onnx` goes along, which Transformers.js needs: the card then says how to use it there. */
  onnx?: boolean;
  /** What the checks said of it, in Markdown: a diagnosis report's `toMarkdown()`. */
  diagnosis?: string;
}

/** What stands at the head of a card, by the Hub's names. */
export interface ModelCardMetadata {
  license: string;
  base_model: string;
  datasets: string[];
  language: string[];
  library_name: string;
  pipeline_tag: string;
  tags: string[];
  widget?: { text: string }[];
  "model-index": {
    name: string;
    results: {
      task: { type: string; name: string };
      dataset: { type: string; name: string; split: string };
      metrics: { type: string; value: number; name: string }[];
    }[];
  }[];
}

const TASK = { type: "text-classification", name: "Text Classification" };
const FRONT_MATTER = /^---\r?\n([^]*?\n)---(?:\r?\n|$)([^]*)$/;

/**
 * Writes a model card: README.md with the metadata that the Hub reads (its modelcard.md) at its head, and the same for people.
 *
 * @throws ArgumentError naming the field that is missing, empty or not what it may be
 */
export function modelCard(params: ModelCardParams): string {
  checkModelCard(params);
  // the Hub reads YAML 1.2, Python 1.1, to which `no` is a boolean
  const head = stringify(metadataOf(params), { compat: "yaml-1.1" });
  return `---\n${head}---\n\n${modelCardBody(params)}`;
}

/**
 * Reads the metadata at the head of a card, and the Markdown below it.
 *
 * @throws DataError if there is no head, or it is no YAML mapping
 */
export function readModelCard(text: string): { metadata: Partial<ModelCardMetadata>; body: string } {
  const [, head, body = ""] = FRONT_MATTER.exec(text) ?? [];
  if (head === undefined)
    throw new DataError(
      "The model card has no metadata; expected YAML between two lines of --- at its head.",
    );
  let metadata: unknown;
  try {
    metadata = parse(head);
  } catch (error) {
    throw new DataError(
      `The model card's metadata is no YAML: ${(error as Error).message.split("\n")[0] ?? ""}`,
    );
  }
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))
    throw new DataError("The model card's metadata is no mapping; expected fields such as license and tags.");
  return { metadata, body: body.trimStart() };
}

function metadataOf(params: ModelCardParams): ModelCardMetadata {
  const { dataset, metrics } = params.evaluation;
  const { examples } = params;
  return {
    license: params.license,
    base_model: params.baseModel,
    datasets: [...params.datasets],
    language: [...params.language],
    library_name: "transformers",
    pipeline_tag: TASK.type,
    // by which the Hub's search finds what a browser can run
    tags: [...new Set([...params.tags, ...(params.onnx ? ["onnx", "transformers.js"] : [])])],
    ...(examples && { widget: examples.map((text) => ({ text })) }),
    "model-index": [
      {
        name: params.repo.split("/").at(-1) ?? params.repo,
        results: [
          {
            task: TASK,
            dataset: { type: dataset.type, name: dataset.name, split: dataset.split },
            metrics: metrics.map(({ type, value, name }) => ({ type, value, name })),
          },
        ],
      },
    ],
  };
}
