import type { ConvertResult, Converter, Diagnostic } from "tslab/dist/converter";
import type { Executor } from "tslab/dist/executor";
import { CellRuntime } from "./cell-runtime";
import { judgeCompleteness, type Completeness } from "./completeness";
import { Interrupted } from "./interrupted";
import { keepDeclarations } from "./kept-declarations";
import type { CellCode } from "./positions";
import { loadTslab, type Conversion, type TslabModules } from "./tslab-modules";

export type { Diagnostic } from "tslab/dist/converter";

/** What came of running a cell's code. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "type-errors"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "thrown"; readonly error: unknown };

/** What a cell publishes through tslab's own `display` object. */
export interface TslabDisplayData {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

/** What can be written at a place in a cell: `start` and `end` bound the text that a candidate replaces. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/** tslab passes over such cells in silence. */
const NO_BROWSER = "cells for the browser (/** @browser */) are not supported by this kernel";
/** What tslab puts before and after the JavaScript of a cell to run it. */
const WRAPPER = {
  sync: "(function(exports, require) { ",
  async: "(async function(exports, require) { ",
};
/** What we put before the JavaScript of a cell: the reader may have interrupted it while its types were checked. */
const GUARD = "__tslab__.guard(); ";
/** What we put around the JavaScript of a cell that awaits, within tslab's. */
const DRIVE = { before: "return __tslab__.drive(function*() { ", after: "\n});" };

/**
 * tslab's converter (TypeScript in, JavaScript and types out) and executor, which keep the variables of a notebook.
 * With `tslab-modules.ts` the one place that knows tslab from within.
 */
export class Tslab {
  readonly #conversion: Conversion = { cell: 0, toTypeScript: "", toModule: "", awaits: false, names: [] };
  readonly #runtime: CellRuntime;
  readonly #modules: TslabModules;
  readonly #executor: Executor;
  readonly #register: (code: CellCode) => string;
  #declarations = "";
  #newDeclarations: string | undefined;
  #diagnostics: readonly Diagnostic[] = [];
  #resultName: string | undefined;
  #thrown: unknown;
  #converted = false;

  /**
   * @param register - takes note of the code of a cell before it runs, and names it for stack traces
   * @param interrupted - its first number is not 0 once the reader has interrupted the cell that runs
   */
  constructor(register: (code: CellCode) => string, interrupted: Int32Array) {
    this.#register = register;
    this.#runtime = new CellRuntime(interrupted);
    this.#modules = loadTslab(this.#conversion);
    const converter = this.#modules.converter.createConverter({ isJS: false, isBrowser: false });
    const observed: Converter = {
      ...converter,
      // tslab forgets what a cell has declared that fails later: it is not asked
      convert: (_, source) => this.#observe(converter.convert(this.#declarations, source)),
      inspect: (_, source, at) => converter.inspect(this.#declarations, source, at),
      complete: (_, source, at) => converter.complete(this.#declarations, source, at),
      addModule: (name, content, meta) => {
        const found = converter.addModule(name, content, meta);
        this.#diagnostics = found;
        this.#converted = true;
        return found;
      },
    };
    const converters = {
      node: observed,
      get browser(): Converter {
        throw new Error(NO_BROWSER);
      },
      close: (): void => {
        converter.close();
      },
    };
    this.#executor = this.#modules.executor.createExecutor(process.cwd(), converters, {
      log: () => undefined,
      error: (thrown: unknown) => {
        this.#thrown = thrown;
      },
    });
    this.#runtime.install();
  }

  /** The version of the TypeScript that checks cells. */
  get typescriptVersion(): string {
    return this.#modules.typescript.version;
  }

  /** What the reader should be told, once, of the tsconfig.json beside the notebook, a line each. */
  takeOptionProblems(): string[] {
    return this.#modules.optionProblems.splice(0);
  }

  /** Checks a cell and, where no type is wrong, runs it. */
  async execute(code: string): Promise<Outcome> {
    this.#forget();
    this.#conversion.cell += 1;
    this.#runtime.begin(this.#conversion.cell);
    const done = await this.#executor.execute(code);
    this.#keepDeclarations(this.#runtime.end());
    if (this.#diagnostics.length > 0) return { kind: "type-errors", diagnostics: this.#diagnostics };
    const error = this.#thrown;
    this.#thrown = undefined; // it may hold much memory
    if (!this.#converted) return { kind: "thrown", error: new Error(NO_BROWSER) };
    if (!done) return { kind: "thrown", error };
    return { kind: "value", value: this.#takeResult() };
  }

  /** Stops waiting for the cell that runs: its `execute` comes back as thrown. */
  interrupt(): void {
    this.#runtime.interrupt();
    this.#executor.interrupt();
  }

  /** Stops watching the files that cells have imported. */
  close(): void {
    this.#executor.close();
  }

  /** Whether a thrown error is the way in which tslab or Node tells that a cell was interrupted. */
  isInterruption(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    return (
      error instanceof Interrupted ||
      error.message === "Interrupted asynchronously" ||
      ("code" in error && error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED")
    );
  }

  /** Whether code could run as it stands, needs more lines, or can never run. */
  completeness(code: string): Completeness {
    const { typescript, converter } = this.#modules;
    return judgeCompleteness(code, typescript, converter.isCompleteCode(code).indent);
  }

  /** What can be written at an offset of the code. */
  complete(code: string, offset: number): Completions {
    return this.#executor.complete(code, offset);
  }

  /** What is known of the name at an offset of the code: its type and its documentation. */
  inspect(code: string, offset: number): string | undefined {
    // tslab's types leave out that there may be nothing to say
    const info = this.#executor.inspect(code, offset) as ReturnType<Executor["inspect"]> | undefined;
    return info && this.#modules.inspect.printQuickInfo(info);
  }

  /** Receives what cells publish through `import { display } from "tslab"`. */
  onDisplay(publish: (data: TslabDisplayData, update: boolean) => void): void {
    this.#modules.jupyter["lastWriteDisplayData"] = publish;
  }

  #forget(): void {
    this.#newDeclarations = undefined;
    this.#diagnostics = [];
    this.#resultName = undefined;
    this.#thrown = undefined;
    this.#converted = false;
  }

  #observe(result: ConvertResult): ConvertResult {
    this.#diagnostics = result.diagnostics;
    this.#converted = true;
    this.#resultName = result.lastExpressionVar;
    if (!result.output) return result;
    this.#newDeclarations = result.declOutput;
    const { awaits, toModule, toTypeScript } = this.#conversion;
    const lines = result.output.split("\n").length;
    const indent = ((awaits ? WRAPPER.async + DRIVE.before : WRAPPER.sync) + GUARD).length;
    const name = this.#register({ lines, indent, toModule, toTypeScript });
    const guarded = GUARD + result.output;
    const code = awaits ? DRIVE.before + guarded + DRIVE.after : guarded;
    const output = `${code}\n//# sourceURL=${name}`;
    const named = { ...result, output, hasToplevelAwait: awaits };
    // without it the executor would print the result, and leave out null
    delete named.lastExpressionVar;
    return named;
  }

  #keepDeclarations(published: ReadonlySet<string>): void {
    if (this.#newDeclarations === undefined) return;
    const missing = new Set(this.#conversion.names.filter((name) => !published.has(name)));
    const change = { before: this.#declarations, after: this.#newDeclarations, missing };
    this.#declarations = keepDeclarations(this.#modules.typescript, change);
  }

  #takeResult(): unknown {
    if (this.#resultName === undefined) return undefined;
    const { variables } = this.#runtime;
    const value = variables[this.#resultName];
    Reflect.deleteProperty(variables, this.#resultName);
    return value;
  }
}
