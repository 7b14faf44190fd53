import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { loadReviews, type LoadReviewsOptions } from "../../../lib/src/data/read-reviews";
import { DataError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";

/** Small files of reviews in a folder of their own. */
export function reviewFiles() {
  const folder = temporaryFolder();
  let written = 0;

  function write(ending: string, content: string | Uint8Array): string {
    const file = path.join(folder, `${(written += 1)}.${ending}`);
    writeFileSync(file, content);
    return file;
  }

  const load = (ending: string, content: string | Uint8Array, options?: LoadReviewsOptions) =>
    loadReviews(write(ending, content), options);

  /** Texts with the names of their labels. */
  async function named(ending: string, content: string, options?: LoadReviewsOptions) {
    const { rows, id2label } = await load(ending, content, options);
    return rows.map(({ text, label }) => [text, id2label[label]]);
  }

  /** Expects one clear line, without this machine's paths. */
  const refused = (work: Promise<unknown>, message: RegExp) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof DataError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /[\n\0]/u);
      assert.ok(!error.message.includes(path.dirname(folder)), error.message);
      assert.ok(error.message.length < 500, "a line that can be read");
      return true;
    });

  return { folder, write, load, named, refused };
}

/** A parquet file, with what Hugging Face's `datasets` says in it. */
export function parquet(columns: ColumnSource[], huggingface?: unknown): Uint8Array {
  const about = { key: "huggingface", value: JSON.stringify(huggingface) };
  const buffer = parquetWriteBuffer({
    columnData: columns,
    ...(huggingface !== undefined && { kvMetadata: [about] }),
  });
  return new Uint8Array(buffer);
}

/** The parquet files beside the tests. */
export const FIXTURES = path.join(__dirname, "fixtures");
