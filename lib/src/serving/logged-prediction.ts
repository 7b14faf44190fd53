/** One text that a server answered, as a line of its request log keeps it. */
export interface LoggedPrediction {
  /** When it was answered: ISO 8601, UTC. */
  time: string;
  /** The request that it came with; texts of one batch share it. */
  requestId: string;
  /** Which model answered, with its revision if it has one, such as `reader/sentiment@3f2a`. */
  model: string;
  text: string;
  /** Tokens that the model read. */
  tokens: number;
  /** The label with the highest score. */
  label: string;
  /** Score by label: a probability, but the output itself of a model whose function is `none`, as of a regression. */
  scores: Record<string, number>;
  /** From the request's arrival to its answer, waiting included. */
  milliseconds: number;
}
