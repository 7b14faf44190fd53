// @ts-check
import path from "node:path";
import ts from "typescript";
import { ROOT } from "../setup/paths.mjs";
import { codeCells, nameOf } from "./notebook.mjs";

/** @typedef {{ cell: number | undefined, line: number | undefined, message: string }} Finding */

const CELL_CONFIG = path.join(ROOT, "environment/kernel/tsconfig.cells.json");

/** What the kernel checks cells with, and what this project's TypeScript needs besides. */
function readOptions() {
  const { config, error } = ts.readConfigFile(CELL_CONFIG, (file) => ts.sys.readFile(file));
  const { compilerOptions } = /** @type {{ compilerOptions?: unknown }} */ (config);
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, path.dirname(CELL_CONFIG));
  const [wrong] = error ? [error] : errors;
  if (wrong) throw new Error(`${CELL_CONFIG}: ${ts.flattenDiagnosticMessageText(wrong.messageText, " ")}`);
  return {
    ...options,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  };
}

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
  const options = readOptions();
  const program = ts.createProgram([...modules.keys()], options, virtualHost(modules, options));
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
 * @param {import("typescript").CompilerOptions} options
 */
function virtualHost(modules, options) {
  const real = ts.createCompilerHost(options);
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
