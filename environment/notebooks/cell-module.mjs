// @ts-check
import path from "node:path";
import ts from "typescript";
import { codeCells, nameOf } from "./notebook.mjs";

/** @typedef {{ cell: number | undefined, line: number | undefined, message: string }} Finding */

/** What the kernel checks cells with (environment/kernel/src/compiler-options.ts), under this project's TypeScript. */
const OPTIONS = /** @type {import("typescript").CompilerOptions} */ ({
  strict: true,
  noUncheckedIndexedAccess: false,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
});

/**
 * A notebook's code cells as one module, and the way back from its lines to cells.
 * @param {import("./notebook.mjs").Notebook} notebook
 */
function toModule(notebook) {
  const cells = codeCells(notebook);
  /** @type {{ number: number, first: number }[]} */
  const starts = [];
  // an import or export makes it a module, in which await may stand at the top
  const text = ["export {};"];
  for (const { number, source } of cells) {
    starts.push({ number, first: text.length });
    // the semicolon keeps the end of a cell apart from a bracket that begins the next
    text.push(...source.split("\n"), ";");
  }
  const locate = (/** @type {number} */ line) => {
    const start = starts.findLast(({ first }) => first <= line);
    return { cell: start?.number, line: start && line - start.first + 1 };
  };
  return { text: text.join("\n"), locate };
}

/**
 * Type-checks notebooks, each as one module, without executing them.
 * @param {{ file: string, notebook: import("./notebook.mjs").Notebook }[]} notebooks
 * @returns {Map<string, Finding[]>} by file
 */
export function checkTypes(notebooks) {
  const modules = new Map(
    notebooks.map(({ file, notebook }) => {
      // beside the notebook, where nothing of that name exists: imports resolve as they do for its cells
      const virtual = path.join(path.dirname(file), `${nameOf(file)}.cells.ts`);
      return [virtual, { file, ...toModule(notebook) }];
    }),
  );
  const program = ts.createProgram([...modules.keys()], OPTIONS, virtualHost(modules));
  return new Map(
    [...modules].map(([virtual, { file, locate }]) => {
      const source = program.getSourceFile(virtual);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [file, found.map((diagnostic) => toFinding(diagnostic, locate))];
    }),
  );
}

/**
 * The file system, with modules in it that lie nowhere.
 * @param {Map<string, { text: string }>} modules
 */
function virtualHost(modules) {
  const real = ts.createCompilerHost(OPTIONS);
  /** @type {import("typescript").CompilerHost} */
  const host = {
    ...real,
    fileExists: (name) => modules.has(name) || real.fileExists(name),
    readFile: (name) => modules.get(name)?.text ?? real.readFile(name),
    getSourceFile(name, version, ...rest) {
      const text = modules.get(name)?.text;
      if (text === undefined) return real.getSourceFile(name, version, ...rest);
      return ts.createSourceFile(name, text, version, true);
    },
  };
  return host;
}

/**
 * @param {import("typescript").Diagnostic} diagnostic
 * @param {ReturnType<typeof toModule>["locate"]} locate
 * @returns {Finding}
 */
function toFinding({ file, start, messageText, code }, locate) {
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
  return { ...locate(line), message: `${ts.flattenDiagnosticMessageText(messageText, " ")} (TS${code})` };
}
