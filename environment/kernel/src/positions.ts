import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SourceMap, type SourceMapPayload } from "node:module";

/** The code that a cell became: what is needed to find the way back from a stack trace to its TypeScript. */
export interface CellCode {
  /** The number of lines of the JavaScript that runs. */
  readonly lines: number;
  /** How far the wrapper around a cell moves its first line to the right. */
  readonly indent: number;
  /** From JavaScript as ES modules to the TypeScript of the cell; empty where there is none. */
  readonly toTypeScript: string;
  /** From the JavaScript that runs (CommonJS) to that of ES modules. */
  readonly toModule: string;
}

/** A place in a source text; both numbers count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A cell whose code has run. */
interface Cell {
  readonly label: string;
  readonly code: CellCode;
}

const CELL_NAME = /^jupyter-cell-(\d+)$/;
/** tslab puts one line before each cell: `export {};`. */
const LINES_BEFORE = 1;
/** Of how many cells the maps are kept: a kernel that runs for days should not grow. */
const REMEMBERED_CELLS = 500;

/** Finds the places in cells, and in compiled packages beside their source map, that stack traces mean. */
export class SourcePositions {
  /** How the cell that runs next is called in stack traces. */
  nextLabel = "cell";
  readonly #cells = new Map<string, Cell>();
  readonly #files = new Map<string, SourceMap | undefined>();
  #serial = 0;

  /** Takes note of a cell's code; returns the name by which V8 knows it. */
  register(code: CellCode): string {
    this.#serial += 1;
    const name = `jupyter-cell-${this.#serial}`;
    this.#cells.set(name, { label: this.nextLabel, code });
    this.#cells.delete(`jupyter-cell-${this.#serial - REMEMBERED_CELLS}`);
    return name;
  }

  /** Whether the name is one that `register` gave. */
  isCell(name: string): boolean {
    return CELL_NAME.test(name);
  }

  /** Where in the notebook a place in a cell's code is; undefined where it is of tslab's making. */
  inCell(name: string, at: Position): { label: string; position: Position } | undefined {
    const cell = this.#cells.get(name);
    if (!cell || at.line > cell.code.lines) return undefined;
    const { indent, toModule, toTypeScript } = cell.code;
    const column = at.line === 1 ? Math.max(1, at.column - indent) : at.column;
    const inModule = follow(parseMap(toModule), { line: at.line, column });
    const inSource = inModule && follow(parseMap(toTypeScript), inModule.position);
    if (!inSource) return undefined;
    const { line, column: sourceColumn } = inSource.position;
    return { label: cell.label, position: { line: line - LINES_BEFORE, column: sourceColumn } };
  }

  /** The source of a place in a compiled file that has a source map; otherwise the place itself. */
  inFile(path: string, at: Position): { path: string; position: Position } {
    const map = this.#fileMap(path);
    const found = map && follow(map, at);
    return found?.source
      ? { path: sourcePath(found.source, path), position: found.position }
      : { path, position: at };
  }

  #fileMap(path: string): SourceMap | undefined {
    if (!this.#files.has(path)) {
      const mapPath = `${path}.map`;
      this.#files.set(path, existsSync(mapPath) ? parseMap(readFileSync(mapPath, "utf8")) : undefined);
    }
    return this.#files.get(path);
  }
}

/** The path of a source, which a map names relative to itself, as part of a URL. */
function sourcePath(source: string, path: string): string {
  try {
    return fileURLToPath(new URL(source, pathToFileURL(path)));
  } catch {
    return path; // a source that is no file
  }
}

function parseMap(text: string): SourceMap | undefined {
  if (text === "") return undefined;
  try {
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    // a broken map of some package only costs its positions
    return undefined;
  }
}

function follow(
  map: SourceMap | undefined,
  at: Position,
): { source: string; position: Position } | undefined {
  const entry = map?.findEntry(at.line - 1, at.column - 1);
  if (!entry || !("originalLine" in entry)) return undefined;
  return {
    source: entry.originalSource,
    position: { line: entry.originalLine + 1, column: entry.originalColumn + 1 },
  };
}
