import { createRequire } from "node:module";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type * as ConverterModule from "tslab/dist/converter";
import type * as ExecutorModule from "tslab/dist/executor";
import type * as InspectModule from "tslab/dist/inspect";
import { CachedModule } from "./code-cache";
import { readCellOptions } from "./compiler-options";
import { guardLoops } from "./loop-guards";
import { withMisplacedAwaits } from "./misplaced-await";
import { withPropertyNames } from "./property-names";
import { isRecord, textField } from "./records";
import { resumeAwaits } from "./resumable-awaits";
import { shareVariables } from "./shared-variables";
import { joinTimers } from "./watch-timers";

/** What becomes known of the code that tslab converts, besides the code. */
export interface Conversion {
  /** The number of the cell: what it hands to later cells is published under it. */
  cell: number;
  /** A source map from JavaScript as ES modules to TypeScript; empty where there is none. */
  toTypeScript: string;
  /** A source map from the JavaScript that runs (CommonJS) to that of ES modules. */
  toModule: string;
  /** Whether the cell awaits outside of functions. */
  awaits: boolean;
  /** The names of the variables that the cell declares for later cells. */
  names: string[];
}

/** The modules of tslab that this kernel uses. */
export interface TslabModules {
  /** What is wrong with the options of cells, once a converter has been created. */
  readonly optionProblems: string[];
  readonly typescript: typeof TypeScript;
  readonly converter: typeof ConverterModule;
  readonly executor: typeof ExecutorModule;
  readonly inspect: typeof InspectModule;
  /** tslab's own messaging layer: never started, but its `display` object publishes through a variable in it. */
  readonly jupyter: Record<string, unknown>;
  /** Makes later starts faster: call it once the compiler has worked a while. */
  readonly keepCode: () => void;
}

const COMPILER = "@tslab/typescript-for-tslab";
const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,\n]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/** As what tslab knows the code of a cell, unlike that of the modules that a cell defines or imports. */
const CELL_SOURCE = /"sources":\["[^"]*__tslab__\.ts"\]/;

/**
 * Loads tslab with a compiler that takes our options, keeps source maps and changes the code of cells so that they can
 * share variables and be interrupted; tslab has an option for nothing of it.
 *
 * @param conversion - where what becomes known of each conversion is put
 */
export function loadTslab(conversion: Conversion): TslabModules {
  const requireTslab = requireOfTslab();
  const compilerPath = requireTslab.resolve(COMPILER);
  const cachedCompiler = new CachedModule(compilerPath, __dirname);
  const original = cachedCompiler.exports as typeof TypeScript;
  const optionProblems: string[] = [];
  const compiler: typeof TypeScript = {
    ...original,
    ...withPropertyNames(original),
    ...withMisplacedAwaits(original),
    createWatchCompilerHost: withCellOptions(original, optionProblems),
    transpileModule: changingCells(original, conversion),
  };
  // the compiler's own exports are read-only, so a copy takes their place before the converter asks for them
  const cached = requireTslab.cache[compilerPath];
  if (!cached) throw new Error("tslab's TypeScript was not loaded by require");
  cached.exports = compiler;
  const jupyter: unknown = requireTslab("./jupyter");
  if (!isRecord(jupyter)) throw new Error("tslab's jupyter module has changed");
  return {
    optionProblems,
    typescript: compiler,
    converter: requireTslab("./converter") as typeof ConverterModule,
    executor: requireTslab("./executor") as typeof ExecutorModule,
    inspect: requireTslab("./inspect") as typeof InspectModule,
    jupyter,
    keepCode: () => {
      cachedCompiler.keep();
    },
  };
}

/** The version of the compiler, without loading it. */
export function compilerVersion(): string {
  const manifest: unknown = requireOfTslab()(`${COMPILER}/package.json`);
  return isRecord(manifest) ? textField(manifest, "version") : "";
}

function requireOfTslab(): NodeJS.Require {
  return createRequire(createRequire(__filename).resolve("tslab/dist/converter.js"));
}

type CreateHost = typeof TypeScript.createWatchCompilerHost;

function withCellOptions(original: typeof TypeScript, problems: string[]): CreateHost {
  // the function is overloaded, and tslab calls it with a list of files and their options
  const create = original.createWatchCompilerHost as (...parts: unknown[]) => unknown;
  const wrapped = (files: unknown, options: TypeScript.CompilerOptions, ...rest: unknown[]): unknown => {
    const cell = readCellOptions(original, process.cwd(), options);
    problems.push(...cell.problems);
    const host = create(files, cell.options, ...rest) as TypeScript.WatchHost;
    joinTimers(host);
    return host;
  };
  return wrapped as CreateHost;
}

function changingCells(
  original: typeof TypeScript,
  conversion: Conversion,
): typeof TypeScript.transpileModule {
  return (input, options) => {
    const inline = INLINE_MAP.exec(input);
    const code = inline ? input.slice(0, inline.index) : input;
    const toTypeScript = inline?.[1] ? Buffer.from(inline[1], "base64").toString() : "";
    const isCell = CELL_SOURCE.test(toTypeScript);
    const before = [guardLoops(original), ...(isCell ? cellTransformers(original, conversion) : [])];
    const compilerOptions = { ...options.compilerOptions, sourceMap: true };
    const output = original.transpileModule(code, { ...options, compilerOptions, transformers: { before } });
    conversion.toTypeScript = toTypeScript;
    conversion.toModule = output.sourceMapText ?? "";
    return { ...output, outputText: output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") };
  };
}

type Transformer = TypeScript.TransformerFactory<TypeScript.SourceFile>;

function cellTransformers(original: typeof TypeScript, conversion: Conversion): Transformer[] {
  conversion.awaits = false;
  conversion.names = [];
  const onAwait = (): void => {
    conversion.awaits = true;
  };
  return [shareVariables(original, conversion.cell, conversion.names), resumeAwaits(original, onAwait)];
}
