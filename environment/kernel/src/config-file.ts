import { statSync } from "node:fs";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";

/** What a tsconfig says. */
export interface Config {
  /** Its options; what is wrong with one of them costs this one only. */
  readonly options: TypeScript.CompilerOptions;
  /** Whether it could be read, and what it extends. */
  readonly usable: boolean;
  readonly problems: readonly ConfigProblem[];
}

/** Something that is wrong with a tsconfig. */
export interface ConfigProblem {
  /** One line, without paths of this machine. */
  readonly text: string;
  /** The known option that has a wrong value, if it is that. */
  readonly option: string | undefined;
}

/** Errors that cost one option: unknown, of a wrong type, without such a value. */
const ABOUT_ONE_OPTION = new Set([5023, 5024, 5025, 6046]);
/** Of these, the ones about the value of an option that exists, which they name. */
const ABOUT_A_VALUE = new Set([5024, 6046]);
/** Errors about the files of a project, which cells have none of. */
const ABOUT_FILES = new Set([18002, 18003]);
/** `Argument for '--lib' option`, `Compiler option 'strict'`. */
const OPTION_NAME = /'(?:--)?(\w+)'/;
/** Beyond it a file is no tsconfig, in bytes. */
const LARGEST = 1 << 20;
/** Of some errors the compiler lists every value that there is. */
const LONGEST_MESSAGE = 200;

/**
 * Reads a tsconfig with what it extends. Whatever is wrong with it is told, never thrown: it is not ours, and must not
 * keep the kernel from starting.
 */
export function readConfig(typescript: typeof TypeScript, file: string): Config {
  const folder = path.dirname(file);
  const asked = new Set([folder + path.sep]);
  const host: TypeScript.ParseConfigHost = {
    ...typescript.sys,
    // the files of a project are none of ours, and may be a whole home folder
    readDirectory: () => [],
    fileExists(name) {
      asked.add(name);
      return typescript.sys.fileExists(name);
    },
    readFile(name) {
      asked.add(name);
      return isSmallFile(name) ? typescript.sys.readFile(name) : undefined;
    },
  };
  const hidePaths = (text: string): string =>
    // the longest first: one may be the beginning of another
    [...asked]
      .sort((a, b) => b.length - a.length)
      .reduce((rest, name) => rest.replaceAll(name, path.relative(folder, name)), text);
  try {
    const { options, errors } = parse(typescript, host, file);
    return {
      options,
      usable: errors.every(({ code }) => ABOUT_ONE_OPTION.has(code)),
      problems: errors.map((error) => ({
        text: describe(error, file, hidePaths(messageOf(typescript, error))),
        option: ABOUT_A_VALUE.has(error.code)
          ? OPTION_NAME.exec(messageOf(typescript, error))?.[1]
          : undefined,
      })),
    };
  } catch (error) {
    // brackets nested too deep, for one
    const text = hidePaths(`${path.basename(file)}: ${String(error)}`);
    return { options: {}, usable: false, problems: [{ text, option: undefined }] };
  }
}

function parse(
  typescript: typeof TypeScript,
  host: TypeScript.ParseConfigHost,
  file: string,
): { options: TypeScript.CompilerOptions; errors: TypeScript.Diagnostic[] } {
  const read: { config?: { extends?: unknown; compilerOptions?: unknown }; error?: TypeScript.Diagnostic } =
    typescript.readConfigFile(file, (name) => host.readFile(name));
  const json = { extends: read.config?.extends, compilerOptions: read.config?.compilerOptions };
  const folder = path.dirname(file);
  const { options, errors } = typescript.parseJsonConfigFileContent(json, host, folder, undefined, file);
  // the compiler's own notes, which nobody wrote into the file
  delete options["configFilePath"];
  delete options["pathsBasePath"];
  const found = read.error ? [read.error, ...errors] : errors;
  return { options, errors: found.filter(({ code }) => !ABOUT_FILES.has(code)) };
}

/** A device or a pipe would never end. */
function isSmallFile(name: string): boolean {
  const stat = statSync(name, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() && stat.size <= LARGEST;
}

/** `tsconfig.json:3: ',' expected.` */
function describe({ file: place, start }: TypeScript.Diagnostic, file: string, message: string): string {
  const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  if (!place || start === undefined) return `${path.basename(file)}: ${short}`;
  const { line } = place.getLineAndCharacterOfPosition(start);
  return `${path.relative(path.dirname(file), place.fileName)}:${line + 1}: ${short}`;
}

function messageOf(typescript: typeof TypeScript, { messageText }: TypeScript.Diagnostic): string {
  return typescript.flattenDiagnosticMessageText(messageText, " ");
}
