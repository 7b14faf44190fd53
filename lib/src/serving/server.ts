import { existsSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../runtime/errors";
import { isLoopbackAddress } from "../runtime/loopback";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { Batcher } from "./batching";
import { listen, type Listening } from "./listening";
import { ServingMetrics } from "./metrics";
import { ModelKeeper } from "./model-keeper";
import type { ModelOrder } from "./model-messages";
import { RequestLog } from "./request-log";
import { answer } from "./routes";
import { servedModel } from "./served-model";
import type { Serving } from "./serving";
import { servingLimits, type ServingLimits } from "./serving-limits";

/** What a server is started with. */
export interface ServerParams {
  /** A model's folder, or its name on the Hub. */
  model: string;
  /** Of a model on the Hub: a branch, a tag or a commit. */
  revision?: string;
  /** The name that clients ask for; the model's name on the Hub, or that of its folder, where nothing is said. */
  id?: string;
  /** 127.0.0.1 where nothing is said, which this machine alone reaches. */
  host?: string;
  /** 0, the default, is any that is free. */
  port?: number;
  /** Tokens of a text that the model reads; as many as it can where nothing is said. */
  maxLength?: number;
  /** A file to append every answer to, as {@link readRequestLog} reads it; one server a file. */
  log?: string;
  /** What clients must send as `Authorization: Bearer`; everybody may ask without. */
  token?: string;
  limits?: Partial<ServingLimits>;
  /** Is told what an operator should know: that the model's process was replaced, that the log's disk is full. */
  onTrouble?: (message: string) => void;
}

/** A server that classifies texts, until it is closed. */
export interface ClassificationServer extends Presentable {
  /** What clients take as `endpointUrl` or `base_url`. */
  readonly endpoint: string;
  /** The name that the model is asked by. */
  readonly id: string;
  /** The id of the process that holds the model; undefined where none does. */
  readonly modelPid: number | undefined;
  /**
   * Resolves once the model answers.
   *
   * @throws LibError if it cannot be loaded
   */
  ready(): Promise<ClassificationServer>;
  /** Ends the server: nobody new is let in, what was accepted is answered, the log is written. */
  close(): Promise<void>;
}

class RunningServer extends Presentable implements ClassificationServer {
  #closing: Promise<void> | undefined;

  constructor(
    readonly endpoint: string,
    private readonly serving: Serving,
    private readonly listening: Listening,
  ) {
    super();
  }

  get id(): string {
    return this.serving.id;
  }

  get modelPid(): number | undefined {
    return this.serving.keeper.pid;
  }

  async ready(): Promise<this> {
    await this.serving.model;
    await this.serving.keeper.ready();
    return this;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  override present(): TableSpec {
    const { keeper, batcher, isDraining } = this.serving;
    const state = isDraining ? "ended" : keeper.isReady ? "ready" : "loading";
    return {
      kind: "table",
      columns: ["server", "model", "state", "texts waiting"],
      rows: [[this.endpoint, this.id, state, batcher.waitingCount]],
    };
  }

  async #close(): Promise<void> {
    this.serving.isDraining = true;
    await this.listening.drain();
    await this.serving.keeper.close();
    await this.serving.log?.close();
  }
}

/**
 * Starts a server that classifies texts with a fine-tuned model, in the form of the Hugging Face Inference API: `POST /` or
 * `POST /models/ID` with `{ inputs, parameters }`, for `\@huggingface/inference`, Python's `InferenceClient` and curl.
 *
 * It listens at once and loads the model in a process of its own meanwhile: until {@link ClassificationServer.ready} resolves,
 * clients are told that it is loading, or wait. Texts of several requests share a forward pass.
 *
 * @throws ArgumentError for a setting that cannot be, LibError if the port is taken
 *
 * @example
 * const server = await (await startServer({ model: "out/checkpoint-400" })).ready();
 * await fetch(server.endpoint, { method: "POST", body: JSON.stringify({ inputs: "A gem." }) });
 * await server.close();
 */
export async function startServer(params: ServerParams): Promise<ClassificationServer> {
  const { host = "127.0.0.1", port = 0, log: logFile, token, onTrouble = () => undefined } = params;
  const isFolder = existsSync(params.model);
  const id = params.id ?? (isFolder ? path.basename(path.resolve(params.model)) : params.model);
  if (id.trim() === "" || token === "") throw new ArgumentError("The id and the token may not be empty.");
  const limits = servingLimits(params.limits ?? {});
  const log = logFile === undefined ? undefined : await RequestLog.open(logFile, onTrouble);
  const metrics = new ServingMetrics();
  const keeper = new ModelKeeper({
    order: orderOf(params),
    onRestart: (reason) => {
      metrics.restarts.inc();
      onTrouble(`The model's process ended (${reason}): another is started.`);
    },
  });
  const model = keeper.model.then((loaded) => servedModel(loaded, !isFolder));
  // whoever awaits ready() hears of it
  model.catch(() => undefined);
  const serving: Serving = {
    ...{ id, keeper, model, metrics, limits, log, token },
    batcher: new Batcher({ keeper, limits, metrics }),
    isLocal: true,
    isDraining: false,
  };
  watch(serving);
  try {
    const listening = await listen({
      ...{ host, port, limits },
      answer: (request, response) => void answer(serving, request, response),
    });
    // a name says nothing of where it leads
    serving.isLocal = isLoopbackAddress(listening.address);
    const shown = host.includes(":") ? `[${host}]` : host;
    return new RunningServer(`http://${shown}:${listening.port}`, serving, listening);
  } catch (error) {
    await Promise.all([keeper.close(), log?.close()]);
    throw error;
  }
}

function orderOf({ model, revision, maxLength }: ServerParams): ModelOrder {
  return {
    model,
    ...(revision !== undefined && { revision }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

function watch({ metrics, batcher, keeper, log }: Serving): void {
  metrics.watch("serving_waiting_texts", "Texts that wait for a forward pass.", () => batcher.waitingCount);
  metrics.watch("serving_model_ready", "1 if a process holds the model, 0 while it loads.", () =>
    keeper.isReady ? 1 : 0,
  );
  metrics.watch("serving_log_lines_lost", "Lines that the request log could not hold.", () => log?.lost ?? 0);
}
