import type { Batcher } from "./batching";
import type { ServingMetrics } from "./metrics";
import type { ModelKeeper } from "./model-keeper";
import type { RequestLog } from "./request-log";
import type { ServedModel } from "./served-model";
import type { ServingLimits } from "./serving-limits";

/** What the routes of a server share. */
export interface Serving {
  /** The name that the model is asked by. */
  id: string;
  keeper: ModelKeeper;
  /** Resolves once a model was loaded. */
  model: Promise<ServedModel>;
  batcher: Batcher;
  metrics: ServingMetrics;
  limits: ServingLimits;
  log: RequestLog | undefined;
  token: string | undefined;
  /** Whether the server listens to this machine alone. */
  isLocal: boolean;
  /** Whether it is about to end: what has come is answered, and no connection is kept. */
  isDraining: boolean;
}
