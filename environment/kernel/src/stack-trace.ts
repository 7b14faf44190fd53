import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Position, SourcePositions } from "./positions";

/** `async name (place:line:column)` or `async place:line:column`; `async` may be missing. */
const FRAME = /^(async )?(?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/;
/** How V8 names the objects that functions are called on where that means nothing to the reader. */
const NAMELESS = /^(?:Object\.<anonymous>$|Variables\.)/;
const KERNEL_ROOT = path.resolve(__dirname, "..");
const PACKAGES = `${path.sep}node_modules${path.sep}`;
/** The repository, or the project in which this kernel is installed as a package. */
const REPOSITORY_ROOT = KERNEL_ROOT.includes(PACKAGES)
  ? KERNEL_ROOT.split(PACKAGES)[0] || path.sep
  : path.resolve(KERNEL_ROOT, "../..");
/** Frames of what carries a cell rather than of what it calls. */
const MACHINERY = ["/node_modules/tslab/", "/node_modules/@tslab/", "/node_modules/zeromq/"];

/**
 * Makes every stack trace of this process show what a reader of the notebook can go to: cells by number,
 * line and column of their TypeScript, packages by their source, and no frame of Node or of this kernel.
 */
export function installStackTraces(positions: SourcePositions): void {
  Error.stackTraceLimit = 40; // the frames that are left out count too
  Error.prepareStackTrace = (error, sites) => {
    // TSLAB_KERNEL_DEBUG is for those who work on the kernel: then its own frames are what they look for
    const lines = sites.flatMap((site) => {
      const text = (site as { toString(): string }).toString(); // Node's types leave this out
      const frame = process.env["TSLAB_KERNEL_DEBUG"] ? text : readableFrame(text, positions);
      return frame === undefined ? [] : [`    at ${frame}`];
    });
    return [headOf(error), ...lines].join("\n");
  };
}

/** A frame for the reader, or undefined where it says nothing to them. */
function readableFrame(frame: string, positions: SourcePositions): string | undefined {
  const [, waiting = "", name = "", place, line, column] = FRAME.exec(frame) ?? [];
  if (place === undefined || place.startsWith("node:")) return undefined;
  const at = { line: Number(line), column: Number(column) };
  const found = positions.isCell(place)
    ? placeInCell(place, at, positions)
    : placeInFile(place, at, positions);
  if (found === undefined) return undefined;
  // variables of other cells are called as members of CellRuntime's Variables
  const ownName = name.replace(NAMELESS, "");
  return waiting + (ownName === "" ? found : `${ownName} (${found})`);
}

function placeInCell(name: string, at: Position, positions: SourcePositions): string | undefined {
  const found = positions.inCell(name, at);
  return found && `${found.label}:${found.position.line}:${found.position.column}`;
}

function placeInFile(place: string, at: Position, positions: SourcePositions): string | undefined {
  const file = place.startsWith("file://") ? fileURLToPath(place) : place;
  if (!path.isAbsolute(file)) return undefined; // code without a file, such as <anonymous>
  if (file.startsWith(KERNEL_ROOT + path.sep) || MACHINERY.some((part) => file.includes(part)))
    return undefined;
  const source = positions.inFile(file, at);
  return `${shortPath(source.path)}:${source.position.line}:${source.position.column}`;
}

/** A path as it reads on any machine: from the notebook's folder, the repository or node_modules on. */
function shortPath(file: string): string {
  for (const root of [process.cwd(), REPOSITORY_ROOT]) {
    if (file.startsWith(root + path.sep)) return file.slice(root.length + 1);
  }
  const packages = file.lastIndexOf("/node_modules/");
  return packages < 0 ? path.basename(file) : file.slice(packages + 1);
}

/** Replaces the paths of this machine in a text by such as read on any machine. */
export function hideMachinePaths(text: string): string {
  const folders = [process.cwd(), REPOSITORY_ROOT].filter((folder) => folder !== path.parse(folder).root);
  return folders.reduce((shown, folder) => shown.replaceAll(folder + path.sep, ""), text);
}

function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    // a class may have broken its own toString
    return "Error";
  }
}
