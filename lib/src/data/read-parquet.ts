import { existsSync } from "node:fs";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { ParquetFile } from "./parquet-file";
import type { ReviewCells } from "./raw-reviews";
import type { ColumnOptions } from "./review-columns";

/**
 * Reads texts and labels of a parquet file, and the names of the labels where Hugging Face's `datasets` has left them.
 *
 * @throws DataError if it is missing, is no parquet, or lacks a column
 */
export async function readParquet(file: string, options: ColumnOptions = {}): Promise<ReviewCells> {
  if (!existsSync(file)) throw new DataError(`${shownPath(file)} does not exist; expected a parquet file.`);
  const { asyncBufferFromFile } = await import("hyparquet");
  const parquet = await ParquetFile.open(file, asyncBufferFromFile(file));
  return parquet.read(options);
}
