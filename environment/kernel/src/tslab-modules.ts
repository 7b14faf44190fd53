import { createRequire } from "node:module";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type * as ConverterModule from "tslab/dist/converter";
import type * as ExecutorModule from "tslab/dist/executor";
import type * as InspectModule from "tslab/dist/inspect";
import { CachedModule } from "./code-cache";
import { CELL_COMPILER_OPTIONS, CELL_TYPE_ROOT } from "./compiler-options";
import { isRecord, textField } from "./records";
import { withPropertyNames } from "./property-names";

/** Source maps of the code that tslab converted last. */
export interface TranspiledMaps {
  /** From JavaScript as ES modules to TypeScript; empty where there is none. */
  toTypeScript: string;
  /** From the JavaScript that runs (CommonJS) to that of ES modules. */
  toModule: string;
}

/** The modules of tslab that this kernel uses. */
export interface TslabModules {
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

/**
 * Loads tslab with a compiler that takes our options and keeps source maps; tslab has an option for neither.
 *
 * @param maps - where the maps of each conversion are put
 */
export function loadTslab(maps: TranspiledMaps): TslabModules {
  const requireTslab = requireOfTslab();
  const compilerPath = requireTslab.resolve(COMPILER);
  const cachedCompiler = new CachedModule(compilerPath, __dirname);
  const original = cachedCompiler.exports as typeof TypeScript;
  const compiler: typeof TypeScript = {
    ...original,
    ...withPropertyNames(original),
    createWatchCompilerHost: withCellOptions(original),
    transpileModule: keepingMaps(original, maps),
  };
  // the compiler's own exports are read-only, so a copy takes their place before the converter asks for them
  const cached = requireTslab.cache[compilerPath];
  if (!cached) throw new Error("tslab's TypeScript was not loaded by require");
  cached.exports = compiler;
  const jupyter: unknown = requireTslab("./jupyter");
  if (!isRecord(jupyter)) throw new Error("tslab's jupyter module has changed");
  return {
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

function withCellOptions(original: typeof TypeScript): CreateHost {
  // the function is overloaded, and tslab calls it with a list of files and their options
  const create = original.createWatchCompilerHost as (...parts: unknown[]) => unknown;
  const wrapped = (files: unknown, options: TypeScript.CompilerOptions, ...rest: unknown[]): unknown => {
    const typeRoots = [...(options.typeRoots ?? []), CELL_TYPE_ROOT];
    return create(files, { ...options, ...CELL_COMPILER_OPTIONS, typeRoots }, ...rest);
  };
  return wrapped as CreateHost;
}

function keepingMaps(original: typeof TypeScript, maps: TranspiledMaps): typeof TypeScript.transpileModule {
  return (input, options) => {
    const inline = INLINE_MAP.exec(input);
    const code = inline ? input.slice(0, inline.index) : input;
    const compilerOptions = { ...options.compilerOptions, sourceMap: true };
    const output = original.transpileModule(code, { ...options, compilerOptions });
    maps.toTypeScript = inline?.[1] ? Buffer.from(inline[1], "base64").toString() : "";
    maps.toModule = output.sourceMapText ?? "";
    return { ...output, outputText: output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") };
  };
}
