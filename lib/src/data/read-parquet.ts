import { existsSync } from "node:fs";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { ReviewCells } from "./raw-reviews";
import { chooseColumns, type ColumnOptions, type ReviewColumns } from "./review-columns";

/** What a parquet file says of itself, as far as the names of labels need it. */
interface KeyValue {
  key: string;
  value?: string;
}

/**
 * Reads texts and labels of a parquet file, and the names of the labels where Hugging Face's `datasets` has left them.
 *
 * @throws DataError if it is missing, is no parquet, or lacks a column
 */
export async function readParquet(file: string, options: ColumnOptions = {}): Promise<ReviewCells> {
  if (!existsSync(file)) throw new DataError(`${shownPath(file)} does not exist; expected a parquet file.`);
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } =
    await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const buffer = await readable(file, () => asyncBufferFromFile(file));
  const metadata = await readable(file, () => parquetMetadataAsync(buffer));
  const found = parquetSchema(metadata).children.map(({ element }) => element.name);
  const columns = chooseColumns(file, found, options);
  const wanted = [columns.text, columns.label];
  const rows = await readable(file, () =>
    parquetReadObjects({ file: buffer, metadata, columns: wanted, compressors }),
  );
  const labelNames = labelNamesIn(metadata.key_value_metadata ?? [], columns);
  return {
    columns,
    rows: rows.map((row) => ({ text: row[columns.text] as unknown, label: row[columns.label] as unknown })),
    placeOf: (row) => `row ${row}`,
    ...(labelNames && { labelNames }),
  };
}

async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DataError(`${shownPath(file)} is not a readable parquet file (${(error as Error).message}).`);
  }
}

/** The `names` of the label column's ClassLabel (`datasets`' features.py); nothing where there are none that can be read. */
function labelNamesIn(pairs: readonly KeyValue[], columns: ReviewColumns): readonly string[] | undefined {
  const text = pairs.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return undefined;
  let names: unknown;
  try {
    const { info } = JSON.parse(text) as { info?: { features?: Record<string, { names?: unknown }> } };
    names = info?.features?.[columns.label]?.names;
  } catch {
    return undefined;
  }
  const isList = Array.isArray(names) && names.every((name) => typeof name === "string");
  return isList ? (names as string[]) : undefined;
}
