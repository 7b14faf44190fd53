import path from "node:path";
import { parseConfigFile } from "../model/config-file";
import { Tokenizer } from "../tokenization/tokenizer";
import type { LoadedModel } from "./model-messages";
import { defaultFunction, type ScoreFunction } from "./ranked-labels";

/** What a server knows of its model. */
export interface ServedModel {
  tokenizer: Tokenizer;
  /** Names of the outputs, in their order. */
  labels: string[];
  /** Tokens of a text that it reads. */
  maxLength: number;
  /** What makes its scores where a request names nothing else. */
  apply: ScoreFunction;
  /** The commit that it was pulled at, shortened; undefined for a folder. */
  revision: string | undefined;
}

/**
 * What is to know of a model that its process has loaded.
 *
 * @throws ModelError if its folder has no usable tokenizer
 */
export function servedModel({ folder, labels, maxLength }: LoadedModel, isPulled: boolean): ServedModel {
  const { problem_type: problemType } = parseConfigFile(path.join(folder, "config.json"));
  return {
    tokenizer: Tokenizer.fromFolder(folder),
    apply: defaultFunction(problemType, labels.length),
    // the cache names a snapshot by its commit
    revision: isPulled ? path.basename(folder).slice(0, 7) : undefined,
    ...{ labels, maxLength },
  };
}
