import type { Files } from "./commit";

/** Regular files lie in git, and travel in a commit's JSON; the Hub takes 10 MB at most. */
export const LARGEST_REGULAR_FILE = 10 * 1024 * 1024;

/** What the Hub calls large by name in a new repository. */
const LARGE =
  "*.7z *.arrow *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.mlmodel *.model *.msgpack *.npy *.npz *.onnx *.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors saved_model/**/* *.tar.* *.tar *.tflite *.tgz *.wasm *.xz *.zip *.zst *tfevents*";

/** The .gitattributes that a new repository on the Hub comes with. */
export const DEFAULT_GIT_ATTRIBUTES = LARGE.split(" ")
  .map((pattern) => `${pattern} filter=lfs diff=lfs merge=lfs -text\n`)
  .join("");

/**
 * How a client shall upload a file: `lfs` if .gitattributes says so, if it is binary or too large for git.
 *
 * @param params - `sample`: the file's first bytes; `size` in bytes
 */
export function uploadMode(params: {
  path: string;
  size: number;
  sample: Uint8Array;
  gitAttributes: string;
}): "lfs" | "regular" {
  const { path, size, sample, gitAttributes } = params;
  // git's own test of a binary file
  const isBinary = sample.includes(0);
  return isBinary || size > LARGEST_REGULAR_FILE || isTracked(path, gitAttributes) ? "lfs" : "regular";
}

/** Whether .gitattributes gives a path to Git LFS; the last line that fits decides. */
function isTracked(path: string, gitAttributes: string): boolean {
  const decisive = gitAttributes
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([pattern = "", ...attributes]) => {
      const speaks = attributes.some((attribute) => /^[-!]?filter(=|$)/.test(attribute));
      return speaks && !pattern.startsWith("#") && patternOf(pattern).test(path);
    })
    .at(-1);
  return decisive?.includes("filter=lfs") ?? false;
}

/** A pattern of .gitattributes as an expression: without a slash it is about the file's name in any folder. */
function patternOf(pattern: string): RegExp {
  const anywhere = !pattern.replace(/^\//, "").includes("/");
  const body = pattern
    .replace(/^\//, "")
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => GLOB.get(part) ?? part.replace(/[.+^${}()|[\]\\]/g, "\\$&"))
    .join("");
  return new RegExp(`^${anywhere && !pattern.startsWith("/") ? "(?:.*/)?" : ""}${body}$`);
}

const GLOB = new Map([
  ["**/", "(?:.*/)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
  ["?", "[^/]"],
]);

/** The oid by which a client sees that a file has not changed. */
export function contentOid(files: Files, path: string): string | undefined {
  const entry = files.get(path);
  return entry?.lfs?.oid ?? entry?.oid;
}
