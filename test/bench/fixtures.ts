/** What the benchmarks read: reviews of IMDB and models in build/bench/, written once for both sides. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadImdb } from "../../lib/src/data/imdb";
import type { Review } from "../../lib/src/data/review-set";
import { DOWNLOADS } from "../../lib/src/runtime/repository";
import { ROOT } from "../environment/programs";
import type { PythonWorker } from "./python-worker";

const OUT = path.join(ROOT, "build/bench");

/** The packaged encoder, without a head. */
export const ENCODER = path.join(DOWNLOADS, "encoder");

/** Why rows that read reviews cannot run; undefined where they can. */
export const NO_IMDB = process.env["IMDB_DIR"] ? undefined : "IMDB_DIR is not set";

/** A file or folder in build/bench/, whose parent is there. */
export function outputPath(name: string): string {
  mkdirSync(OUT, { recursive: true });
  return path.join(OUT, name);
}

/** Reviews for training, at even distances in the set, so that both labels come; and a file of them for Python. */
export async function reviews(count: number): Promise<{ rows: Review[]; file: string; textsFile: string }> {
  const { rows: all } = await loadImdb("train");
  const rows = Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]).flatMap(
    (row) => row ?? [],
  );
  const [file, textsFile] = [outputPath(`reviews-${count}.json`), outputPath(`texts-${count}.json`)];
  writeFileSync(file, JSON.stringify(rows));
  writeFileSync(textsFile, JSON.stringify(rows.map(({ text }) => text)));
  return { rows, file, textsFile };
}

/** DistilBERT-base with random weights, made by Python at the first call. */
export async function baseModel(python: PythonWorker): Promise<string> {
  return madeOnce(outputPath("distilbert-base"), (folder) => python.ask("makeBaseModel", { folder }));
}

/** The packaged encoder with a head of random weights, made by Python at the first call. */
export async function classifier(python: PythonWorker): Promise<string> {
  return madeOnce(outputPath("classifier"), (folder) =>
    python.ask("makeClassifier", { encoder: ENCODER, folder }),
  );
}

async function madeOnce(folder: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  if (!existsSync(path.join(folder, "model.safetensors"))) await make(folder);
  return folder;
}
