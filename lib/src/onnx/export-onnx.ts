import { statSync } from "node:fs";
import path from "node:path";
import { writeFilesAtomically } from "../runtime/atomic-file";
import { ArgumentError, ModelError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { startProgress } from "../runtime/progress";
import { shownPath } from "../runtime/repository";
import { checkShape, withCurrentNames } from "../model/pretrained-weights";
import type { HostTensor } from "../model/safetensors";
import { readWeights } from "../model/weights";
import { readArchitecture, type Architecture } from "./architecture";
import type { Dtype } from "./arithmetic";
import { classifierFile } from "./classifier-graph";
import { ONNX_FILES } from "./onnx-files";

/** What Protocol Buffers, and so one file, can hold. */
const MOST_BYTES = 2 ** 31 - 1;

/** The files of an export. */
export class ExportedOnnx extends Presentable {
  constructor(readonly files: readonly { path: string; dtype: Dtype; size: number }[]) {
    super();
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["file", "dtype", "MB"],
      rows: this.files.map(({ path: name, dtype, size }) => [name, dtype, size / 1e6]),
      format: { MB: 1 },
    };
  }
}

/**
 * Writes a saved classifier once more, as ONNX, into the same folder, for Transformers.js and onnxruntime: `onnx/model.onnx` in float32 and
 * `onnx/model_quantized.onnx` in int8, a quarter of the size. It reads the folder's own weights, so that the files say the same:
 * export again after saving again.
 *
 * @param params - `folder`: with config.json and weights, of lib or transformers; `dtypes`: both where nothing is said
 * @throws ModelError if the folder is incomplete, of another architecture, without a classification head, too large for a file (2 GB), or
 *   has values that are no numbers
 * @throws ArgumentError for a type that is none
 * @throws InterruptedError when the reader stops it: what an earlier export wrote is still there
 */
export async function exportOnnx(params: {
  folder: string;
  dtypes?: readonly Dtype[];
}): Promise<ExportedOnnx> {
  const { folder, dtypes = ["fp32", "q8"] } = params;
  const unknown = dtypes.find((dtype) => !(dtype in ONNX_FILES));
  if (unknown !== undefined || dtypes.length === 0)
    throw new ArgumentError(
      `dtypes is ${JSON.stringify(dtypes)}; expected some of ${Object.keys(ONNX_FILES).join(", ")}.`,
    );
  const architecture = readArchitecture(folder);
  const weights = checkedWeights(folder, architecture);
  const fileOf = (dtype: Dtype): string => path.join(folder, ONNX_FILES[dtype]);
  const total = dtypes.length * architecture.layers;
  const progress = startProgress({ total, label: "Exporting", unit: "layers" });
  const checkInterrupt = watchInterrupt();
  let done = 0;
  const onLayer = async (): Promise<void> => {
    progress.update((done += 1));
    await checkInterrupt("The export");
  };
  try {
    const contents = new Map<string, Uint8Array>();
    for (const dtype of dtypes)
      contents.set(fileOf(dtype), await classifierFile({ architecture, weights, dtype, onLayer }));
    writeFilesAtomically(contents);
  } finally {
    progress.end();
  }
  return new ExportedOnnx(
    dtypes.map((dtype) => ({ path: ONNX_FILES[dtype], dtype, size: statSync(fileOf(dtype)).size })),
  );
}

/** The weights of all parameters, each of its shape. */
function checkedWeights(folder: string, architecture: Architecture): ReadonlyMap<string, HostTensor> {
  const { file, tensors: stored } = readWeights(folder);
  const tensors = withCurrentNames(stored, architecture);
  let bytes = 0;
  for (const [name, expected] of architecture.shapes) {
    const found = tensors.get(name);
    if (!found)
      throw new ModelError(
        `${shownPath(file)} has no ${name}; expected a classifier, with the head that fine-tuning gives it: train it and save it first.`,
      );
    checkShape({ file, name, found: found.shape, expected });
    if (!found.data.every(Number.isFinite))
      throw new ModelError(
        `${shownPath(file)} has values in ${name} that are no numbers (NaN or infinite): training has gone wrong, so there is nothing to export.`,
      );
    bytes += found.data.byteLength;
  }
  if (bytes > MOST_BYTES)
    throw new ModelError(
      `${shownPath(file)} holds ${(bytes / 1e9).toFixed(1)} GB as float32; an ONNX file holds 2 GB at most, and lib writes one file.`,
    );
  return tensors;
}
