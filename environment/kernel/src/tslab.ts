import type { ConvertResult, Converter, Diagnostic } from "tslab/dist/converter";
import type { Executor } from "tslab/dist/executor";
import { CellRuntime } from "./cell-runtime";
import type { DisplayPublisher } from "./display";
import { isBrokenOff } from "./cell-watchers";
import { wrapCell } from "./cell-wrapper";
import { judgeCompleteness, type Completeness } from "./completeness";
import { Interrupted } from "./interrupted";
import { keepDeclarations } from "./kept-declarations";
import type { CellCode } from "./positions";
import { quickInfoMarkdown } from "./quick-info";
import { survivingConverter } from "./surviving-converter";
import { compilerVersion, loadTslab, type Conversion, type TslabModules } from "./tslab-modules";

export type { Diagnostic } from "tslab/dist/converter";

/** What came of running a cell's code. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "type-errors"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "thrown"; readonly error: unknown };

/** What can be written at a place in a cell: `start` and `end` bound the text that a candidate replaces. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
  /** The compiler's own list, which says of what kind each is. */
  readonly original?: { readonly entries: readonly { readonly name: string; readonly kind: string }[] };
}

/** tslab at work. */
interface LoadedTslab {
  readonly modules: TslabModules;
  readonly converter: Converter;
  readonly executor: Executor;
}

/** tslab passes over such cells in silence. */
const NO_BROWSER = "cells for the browser (/** @browser */) are not supported by this kernel";
/** A cell that lets the compiler read what most cells need. It never runs. */
const WARM_UP =
  'import path from "node:path";\nconst names = ["a"].map((name) => path.join(name));\nconsole.log(`${names}`);\nnames';
/** The variable of tslab through which its `display` publishes. */
const DISPLAY = "lastWriteDisplayData";
/**
 * tslab's converter (TypeScript in, JavaScript and types out) and executor, which keep the variables of a notebook.
 * With `tslab-modules.ts` the one place that knows tslab from within.
 */
export class Tslab {
  readonly #conversion: Conversion = { cell: 0, toTypeScript: "", toModule: "", awaits: false, names: [] };
  readonly #runtime: CellRuntime;
  readonly #register: (code: CellCode) => string;
  readonly #version = compilerVersion();
  #loaded: LoadedTslab | undefined;
  #publish: DisplayPublisher | undefined;
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
  }

  /** The version of the TypeScript that checks cells. */
  get typescriptVersion(): string {
    return this.#version;
  }

  /** What the reader should be told, once, of the tsconfig.json beside the notebook, a line each. */
  takeOptionProblems(): string[] {
    return this.#load().modules.optionProblems.splice(0);
  }

  /** Checks a cell and, where no type is wrong, runs it. */
  async execute(code: string): Promise<Outcome> {
    this.#forget();
    const { executor } = this.#load();
    this.#conversion.cell += 1;
    this.#runtime.begin(this.#conversion.cell);
    const done = await executor.execute(code);
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
    this.#loaded?.executor.interrupt();
  }

  /** Stops watching the files that cells have imported. */
  close(): void {
    this.#loaded?.executor.close();
  }

  /** Whether a thrown error is the way in which tslab or Node tells that a cell was interrupted. */
  isInterruption(error: unknown): boolean {
    const isLeftWaiting = error instanceof Error && error.message === "Interrupted asynchronously"; // tslab's own
    return error instanceof Interrupted || isLeftWaiting || isBrokenOff(error);
  }

  /** Whether code could run as it stands, needs more lines, or can never run. */
  completeness(code: string): Completeness {
    const { typescript, converter } = this.#load().modules;
    return judgeCompleteness(code, typescript, converter.isCompleteCode(code).indent);
  }

  /** What can be written at an offset of the code. */
  complete(code: string, offset: number): Completions {
    return this.#load().executor.complete(code, offset);
  }

  /** What is known of the name at an offset of the code: its type and its documentation, by MIME type. */
  inspect(code: string, offset: number): Record<string, string> | undefined {
    // tslab's types leave out that there may be nothing to say
    const { executor, modules } = this.#load();
    const info = executor.inspect(code, offset) as ReturnType<Executor["inspect"]> | undefined;
    return (
      info && { "text/plain": modules.inspect.printQuickInfo(info), "text/markdown": quickInfoMarkdown(info) }
    );
  }

  /** Receives what cells publish through `import { display } from "tslab"`. */
  onDisplay(publish: DisplayPublisher): void {
    this.#publish = publish;
    if (this.#loaded) this.#loaded.modules.jupyter[DISPLAY] = publish;
  }

  /**
   * The steps that make the first cell fast, each up to some seconds of synchronous work: whoever has the time should take them, in
   * their order. A cell that comes before them takes what it needs of them itself.
   */
  preparation(): readonly (() => void)[] {
    return [
      () => {
        this.#load();
      },
      () => {
        const { converter } = this.#load();
        if (!this.#converted) converter.convert("", WARM_UP);
        this.keepCode();
      },
    ];
  }

  /** Makes later starts faster, by what the compiler has become in this one. */
  keepCode(): void {
    this.#loaded?.modules.keepCode();
  }

  #load(): LoadedTslab {
    if (this.#loaded) return this.#loaded;
    const modules = loadTslab(this.#conversion);
    if (this.#publish) modules.jupyter[DISPLAY] = this.#publish;
    const create = (): Converter => modules.converter.createConverter({ isJS: false, isBrowser: false });
    const converter = survivingConverter(create);
    const executor = this.#createExecutor(modules, converter);
    this.#runtime.install();
    this.#loaded = { modules, converter, executor };
    return this.#loaded;
  }

  #createExecutor(modules: TslabModules, converter: Converter): Executor {
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
    return modules.executor.createExecutor(process.cwd(), converters, {
      log: () => undefined,
      error: (thrown: unknown) => {
        this.#thrown = thrown;
      },
    });
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
    const { code, indent } = wrapCell(result.output, this.#conversion.awaits);
    const { awaits, toModule, toTypeScript } = this.#conversion;
    const lines = result.output.split("\n").length;
    const name = this.#register({ lines, indent, toModule, toTypeScript });
    const named = { ...result, output: `${code}\n//# sourceURL=${name}`, hasToplevelAwait: awaits };
    // without it the executor would print the result, and leave out null
    delete named.lastExpressionVar;
    return named;
  }

  #keepDeclarations(published: ReadonlySet<string>): void {
    if (this.#newDeclarations === undefined) return;
    const missing = new Set(this.#conversion.names.filter((name) => !published.has(name)));
    const change = { before: this.#declarations, after: this.#newDeclarations, missing };
    this.#declarations = keepDeclarations(this.#load().modules.typescript, change);
  }

  #takeResult(): unknown {
    if (this.#resultName === undefined) return undefined;
    const { variables } = this.#runtime;
    const value = variables[this.#resultName];
    Reflect.deleteProperty(variables, this.#resultName);
    return value;
  }
}
