import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { DataError, LibError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { ReviewCells } from "./raw-reviews";
import { chooseColumns, type ColumnOptions, type ReviewColumns } from "./review-columns";

/** Rows from `start` up to `end`, which is not among them; the first is row 0. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** What a parquet file says of itself, as far as the names of labels need it. */
interface KeyValue {
  key: string;
  value?: string;
}

/** A footer rarely takes more; one that does is fetched in a second step. */
const FOOTER_BYTES = 64 * 1024;

/** A parquet file whose footer was read: of the rest only what is asked for is read. */
export class ParquetFile {
  private constructor(
    /** What errors call it. */
    readonly name: string,
    private readonly buffer: AsyncBuffer,
    private readonly metadata: FileMetaData,
  ) {}

  /** @throws DataError if it is no parquet */
  static async open(name: string, buffer: AsyncBuffer | Promise<AsyncBuffer>): Promise<ParquetFile> {
    return readable(name, async () => {
      const { parquetMetadataAsync } = await import("hyparquet");
      const metadata = await parquetMetadataAsync(await buffer, { initialFetchSize: FOOTER_BYTES });
      return new ParquetFile(name, await buffer, metadata);
    });
  }

  /** How many rows it has. */
  get length(): number {
    return Number(this.metadata.num_rows);
  }

  /**
   * Reads texts and labels, and the names of the labels where Hugging Face's `datasets` has left them.
   *
   * @param rows - must lie within the file; all of its rows without it
   * @throws DataError if it lacks a column, or cannot be read
   */
  async read(
    options: ColumnOptions = {},
    rows: RowRange = { start: 0, end: this.length },
  ): Promise<ReviewCells> {
    const { parquetReadObjects, parquetSchema } = await import("hyparquet");
    const { compressors } = await import("hyparquet-compressors");
    const found = parquetSchema(this.metadata).children.map(({ element }) => element.name);
    const columns = chooseColumns(this.name, found, options);
    const cells = await readable(this.name, () =>
      parquetReadObjects({
        ...{ file: this.buffer, metadata: this.metadata, compressors },
        ...{ columns: [columns.text, columns.label], rowStart: rows.start, rowEnd: rows.end },
        // where the file has one, it says which pages of a column hold the rows
        useOffsetIndex: true,
      }),
    );
    const labelNames = labelNamesIn(this.metadata.key_value_metadata ?? [], columns);
    return {
      columns,
      rows: cells.map((row) => ({
        text: row[columns.text] as unknown,
        label: row[columns.label] as unknown,
      })),
      placeOf: (row) => `row ${rows.start + row}`,
      ...(labelNames && { labelNames }),
    };
  }
}

async function readable<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // that a Hub cannot be reached says nothing about the file
    if (error instanceof LibError) throw error;
    throw new DataError(`${shownPath(name)} is not a readable parquet file (${(error as Error).message}).`);
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
