/** What a model's process is told when it starts. */
export interface ModelOrder {
  /** A folder, or a name on the Hub. */
  model: string;
  revision?: string;
  /** Tokens of the longest text that will be asked; the model's positions where nothing is said. */
  maxLength?: number;
}

/** What a model's process says of the model that it loaded. */
export interface LoadedModel {
  /** Where its files lie. */
  folder: string;
  /** Names of the outputs, in their order. */
  labels: string[];
  /** Tokens of a text that it reads. */
  maxLength: number;
}

/** Texts for one forward pass. */
export interface PassOrder {
  inputIds: number[][];
  padTokenId: number;
}

/** What a model's process answers. */
export type ModelReply =
  | { kind: "loaded"; model: LoadedModel }
  | { kind: "unusable"; message: string }
  | { kind: "logits"; logits: number[][] }
  | { kind: "failed"; message: string };
