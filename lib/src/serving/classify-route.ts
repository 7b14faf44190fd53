import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseClassificationRequest, type ClassificationRequest } from "./classification-request";
import { loggedPredictions } from "./log-predictions";
import { rankedLabels, scoresOf } from "./ranked-labels";
import { badRequest, ServingRefusal } from "./refusal";
import { readJson } from "./request-body";
import { sendJson } from "./send";
import type { ServedModel } from "./served-model";
import type { Serving } from "./serving";

/** Milliseconds before a client hears that the model is not there: \@huggingface/inference asks again at once, as often as it can. */
const PATIENCE = 1000;

/**
 * Answers a request to classify texts, as the Inference API does: a list for each text, of its labels by score.
 *
 * @throws ServingRefusal as parsing, waiting or the model refuses
 */
export async function classify(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const began = performance.now();
  const asked = parseClassificationRequest(await readJson(request, serving.limits.bodyBytes), serving.limits);
  const waits = asked.waitForModel || request.headers["x-wait-for-model"] === "true";
  const { signal, done } = deadline(serving, response);
  try {
    const model = await modelFor(serving, { waits, signal });
    const encodings = encode(model, asked);
    const { padTokenId } = model.tokenizer;
    const logits = await serving.batcher.logits({ encodings, padTokenId, signal });
    const { labels } = model;
    const answer = logits.map((row) =>
      rankedLabels({ scores: scoresOf(row, asked.apply ?? model.apply), labels, topK: asked.topK }),
    );
    const milliseconds = performance.now() - began;
    const requestId = randomUUID();
    sendJson(serving, response, {
      status: 200,
      body: answer,
      headers: { "X-Request-Id": requestId, "X-Compute-Time": (milliseconds / 1000).toFixed(3) },
    });
    serving.metrics.requestSeconds.observe(milliseconds / 1000);
    serving.metrics.texts.inc(encodings.length);
    serving.metrics.tokens.inc(encodings.reduce((sum, { length }) => sum + length, 0));
    serving.log?.append(
      loggedPredictions({
        id: serving.id,
        model,
        requestId,
        texts: asked.texts,
        encodings,
        logits,
        milliseconds,
      }),
    );
  } finally {
    done();
  }
}

/** Ends the waiting when the client is gone, or has waited too long. */
function deadline({ limits }: Serving, response: ServerResponse): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const gone = (): void => {
    controller.abort(new ServingRefusal("The client has gone.", { status: 499 }));
  };
  response.once("close", gone);
  if (response.destroyed) gone();
  const timer = setTimeout(() => {
    const message = `Model too busy, unable to get response in less than ${limits.answerSeconds} second(s)`;
    controller.abort(new ServingRefusal(message, { status: 503, headers: { "Retry-After": "1" } }));
  }, limits.answerSeconds * 1000);
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      response.off("close", gone);
    },
  };
}

/** @throws ServingRefusal (503) if the model is not there yet and the client does not wait for it */
async function modelFor(
  serving: Serving,
  { waits, signal }: { waits: boolean; signal: AbortSignal },
): Promise<ServedModel> {
  const { id, keeper } = serving;
  const isReady = (): boolean => keeper.isReady;
  if (isReady()) return serving.model;
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
  const patience = waits ? [] : [sleep(PATIENCE, undefined, { ref: false })];
  await Promise.race([keeper.ready(), aborted, ...patience]);
  if (isReady()) return serving.model;
  const seconds = Math.ceil(keeper.estimatedSeconds);
  throw new ServingRefusal(`Model ${id} is currently loading`, {
    status: 503,
    headers: { "Retry-After": String(seconds) },
    body: { estimated_time: seconds },
  });
}

function encode({ tokenizer, maxLength: most }: ServedModel, asked: ClassificationRequest): number[][] {
  const { texts, truncate, maxLength = most } = asked;
  if (maxLength > most)
    throw badRequest(`\`max_length\` in \`parameters\` is ${maxLength}; expected at most ${most}.`);
  return texts.map((text, at) => {
    const { inputIds, truncated } = tokenizer.encode(text, { maxLength });
    if (truncated > 0 && !truncate)
      throw badRequest(
        `Text ${at} of \`inputs\` has ${inputIds.length + truncated} tokens; expected at most ${maxLength} with \`truncation\` off.`,
      );
    return inputIds;
  });
}
