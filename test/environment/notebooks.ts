import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import {
  writeNotebook,
  type Cell,
  type Notebook,
  type Output,
} from "../../environment/notebooks/notebook.mjs";
import { ROOT } from "./programs";

/** A code cell as a test writes it. */
export interface Code {
  tags?: string[];
  outputs?: Output[];
  count?: number | null;
}

/** A code cell that was executed. */
export function code(source: string, { tags = [], outputs = [], count = 1 }: Code = {}): Cell {
  return { cell_type: "code", metadata: { tags }, source, outputs, execution_count: count };
}

/** A cell of prose. */
export function prose(source: string): Cell {
  return { cell_type: "markdown", metadata: {}, source };
}

/** A notebook for our kernel. */
export function notebook(...cells: Cell[]): Notebook {
  const kernelspec = { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" };
  const identified = cells.map((cell, index) => ({ ...cell, id: `cell-${index}` }));
  return { cells: identified, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

/** A folder in build/, where cells find the packages of the repository; it is removed in the end. */
export function notebookFolder(notebooks: Record<string, Notebook>): string {
  mkdirSync(path.join(ROOT, "build"), { recursive: true });
  const folder = mkdtempSync(path.join(ROOT, "build", "notebooks-test-"));
  after(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const [name, content] of Object.entries(notebooks))
    writeNotebook(path.join(folder, `${name}.ipynb`), content);
  return folder;
}
