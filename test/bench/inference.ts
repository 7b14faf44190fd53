/**
 * Classifying 2,000 reviews with the packaged encoder, from texts to labels: `npm run bench -- inference`. Against transformers' pipeline in
 * PyTorch, and onnxruntime-node on torch's own export where build/bench-onnx has it (see README.md).
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { argmax } from "../../lib/src/evaluation/predict";
import { pipeline } from "../../lib/src/evaluation/pipeline";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { describeRuntime } from "../../lib/src/runtime/describe-runtime";
import { collate } from "../../lib/src/tokenization/collator";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { ROOT } from "../environment/programs";
import { compete, type Contest, type Row, type Turn } from "./contest";
import { classifier, ENCODER, NO_IMDB, outputPath, reviews } from "./fixtures";
import { missingPackage, type PythonWorker } from "./python-worker";

/** What of onnxruntime-node is used. */
interface OnnxRuntime {
  Tensor: new (type: "int64", data: BigInt64Array, dims: number[]) => object;
  InferenceSession: { create(file: string): Promise<OnnxSession> };
}
interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

const [REVIEWS, MAX_LENGTH] = [2000, 256];
const ONNX_RUNTIME = path.join(ROOT, "build/bench-onnx/node_modules/onnxruntime-node");
const device = describeRuntime().device === "gpu" ? "cuda" : "cpu";
const hasOnnx = existsSync(ONNX_RUNTIME) && missingPackage("onnx") === undefined;

/** A row in which all read batches of one size, sorted by length. */
function row(batch: number): Row {
  return {
    name: `packaged encoder, ${REVIEWS.toLocaleString("en")} reviews of up to ${MAX_LENGTH} tokens, batches of ${batch}`,
    unit: "s",
    missing: NO_IMDB,
    open: (python) => contest(python, batch),
  };
}

async function contest(python: PythonWorker, batch: number): Promise<Contest> {
  const [folder, { rows, textsFile: file }] = [await classifier(python), await reviews(REVIEWS)];
  const texts = rows.map(({ text }) => text);
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const model = DistilBertForSequenceClassification.fromFolder(folder);
  const classify = pipeline("text-classification", {
    model,
    tokenizer,
    maxLength: MAX_LENGTH,
    batchSize: batch,
  });
  const rival = { model: folder, tokenizer: ENCODER, file, batch, maxLength: MAX_LENGTH, device };
  await python.ask("open", { name: "pipeline", kind: "inference", ...rival });
  let positive = NaN;
  /** The same answers, but for reviews on the edge. */
  const assertSame = (name: string, found: number): void => {
    if (Math.abs(found - positive) > REVIEWS / 500)
      throw new Error(`${name} finds ${found} reviews positive, we ${positive}`);
  };
  const others: Record<string, Turn> = {
    "transformers' pipeline": async () => {
      const run = await python.ask<{ seconds: number; positive: number }>("run", { name: "pipeline" });
      assertSame("transformers' pipeline", run.positive);
      return run.seconds;
    },
  };
  if (hasOnnx) {
    const onnx = await onnxClassifier(python, folder, { tokenizer, batch });
    others["onnxruntime-node"] = async () => {
      const run = await timed(() => onnx(texts));
      assertSame("onnxruntime-node", run.result);
      return run.seconds;
    };
  } else console.log("skipped: onnxruntime-node (README.md says how to install it)");
  const ours: Turn = async () => {
    const run = await timed(() => classify(texts));
    positive = run.result.texts.filter(({ scores }) => argmax(Object.values(scores)) === 1).length;
    return run.seconds;
  };
  return {
    ours,
    others,
    close: () => {
      model.dispose();
    },
  };
}

/** How many of some texts are positive, by onnxruntime-node: our tokenizer, the same batches, all threads. */
async function onnxClassifier(
  python: PythonWorker,
  folder: string,
  { tokenizer, batch }: { tokenizer: Tokenizer; batch: number },
): Promise<(texts: string[]) => Promise<number>> {
  const file = outputPath("classifier.onnx");
  await python.ask("exportOnnx", { model: folder, file });
  const { Tensor, InferenceSession } = createRequire(__filename)(ONNX_RUNTIME) as OnnxRuntime;
  const session = await InferenceSession.create(file);
  return async (texts) => {
    const features = (await tokenizer.encodeBatch(texts, { maxLength: MAX_LENGTH })).sort(
      (one, other) => one.inputIds.length - other.inputIds.length,
    );
    let positive = 0;
    for (let begin = 0; begin < features.length; begin += batch) {
      const { inputIds, attentionMask, batchSize, sequenceLength } = collate(
        features.slice(begin, begin + batch),
        tokenizer.padTokenId,
      );
      const whole = (values: ArrayLike<number>): object =>
        new Tensor("int64", BigInt64Array.from(Array.from(values, BigInt)), [batchSize, sequenceLength]);
      const feeds = { input_ids: whole(inputIds), attention_mask: whole(attentionMask) };
      const logits = (await session.run(feeds))["logits"]?.data ?? new Float32Array();
      for (let at = 0; at < logits.length; at += 2)
        if ((logits[at + 1] ?? NaN) > (logits[at] ?? NaN)) positive += 1;
    }
    return positive;
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const begin = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - begin) / 1000 };
}

void compete("inference", () => [row(32), row(64)]);
