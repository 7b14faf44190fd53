import { writeFileSync } from "node:fs";

/** A code cell of a notebook that a test writes. */
export interface CellSource {
  code: string;
  tags?: string[];
  /** Outputs that were saved with it; a notebook with any counts as executed from top to bottom. */
  outputs?: { output_type: string; [field: string]: unknown }[];
}

/** Writes a notebook for the kernel. */
export function writeNotebook(file: string, cells: readonly CellSource[]): void {
  const kernelspec = { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" };
  const isExecuted = cells.some(({ outputs }) => outputs !== undefined);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: cells.map(({ code, tags = [], outputs = [] }, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: { tags },
      execution_count: isExecuted ? index + 1 : null,
      source: code,
      outputs,
    })),
  };
  writeFileSync(file, JSON.stringify(notebook));
}
