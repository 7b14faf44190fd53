import { entryOf, lfsPointer, type FileEntry, type Files } from "./commit";
import { LARGEST_REGULAR_FILE } from "./large-files";
import { checkPath } from "./names";
import { badRequest, entryNotFound, HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import { asObject, asSha256, asSize, asText, parseJson, type JsonObject } from "./request-body";

/** What a commit's first line says. */
export interface CommitHeader {
  title: string;
  message: string;
  /** The head that the client has seen. */
  parentCommit: string | undefined;
}

/** One change of a commit. */
export type CommitOperation =
  | { key: "file"; path: string; content: Buffer }
  | { key: "lfsFile"; path: string; oid: string; size: number | undefined }
  | { key: "deletedFile" | "deletedFolder"; path: string };

/**
 * Reads a commit's body: a JSON object on each line, the header first.
 *
 * @throws HubRefusal (400, 413) for anything else
 */
export function parseCommit(body: Buffer): { header: CommitHeader; operations: CommitOperation[] } {
  const [first, ...rest] = lines(body);
  if (first?.key !== "header") throw badRequest(`Expected the first line of a commit to be its "header".`);
  const { summary, description, parentCommit } = first.value;
  const header = {
    // git's own: a title is one line, and no commit holds a NUL
    title: asText(summary, "summary")
      .replace(/\s+|\0/g, " ")
      .trim(),
    message: asText(description ?? "", "description")
      .replaceAll("\0", "")
      .trim(),
    parentCommit: parentCommit === undefined ? undefined : asText(parentCommit, "parentCommit"),
  };
  if (!header.title) throw badRequest(`Expected the "summary" of a commit to say something.`);
  return { header, operations: rest.map(parseOperation) };
}

/**
 * The files after a commit's changes. Nothing is written.
 *
 * @throws HubRefusal (400) if a large file was not uploaded, or a name would be file and folder; (404) for deleting what is not there
 */
export function applyOperations(params: {
  repository: HubRepository;
  files: Files;
  operations: readonly CommitOperation[];
}): Files {
  const { repository, operations } = params;
  const files = new Map(params.files);
  for (const operation of operations) {
    if (operation.key === "file") files.set(operation.path, regular(repository, operation));
    else if (operation.key === "lfsFile") files.set(operation.path, uploaded(repository, operation));
    else remove(files, operation);
  }
  for (const path of files.keys()) {
    const parts = path.split("/");
    const folder = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const file = folder.find((name) => files.has(name));
    if (file !== undefined) throw badRequest(`"${file}" cannot be a file and a folder at once.`);
  }
  return files;
}

/** The bytes that git itself is to hold for a commit's changes: of a large file, its pointer. */
export function contentsOf(operations: readonly CommitOperation[], files: Files): Buffer[] {
  return operations.flatMap((operation) => {
    if (operation.key === "file") return [operation.content];
    const lfs = operation.key === "lfsFile" ? files.get(operation.path)?.lfs : undefined;
    return lfs ? [Buffer.from(lfsPointer(lfs))] : [];
  });
}

function regular(repository: HubRepository, file: { path: string; content: Buffer }): FileEntry {
  const entry = entryOf(file.content);
  // whoever commits a pointer by hand means the large file that it points to
  return entry.lfs ? uploaded(repository, { path: file.path, ...entry.lfs }) : entry;
}

function uploaded(
  repository: HubRepository,
  file: { path: string; oid: string; size: number | undefined },
): FileEntry {
  const size = repository.objectSize(file.oid);
  if (size === undefined || (file.size !== undefined && file.size !== size))
    throw badRequest(
      `The large file "${file.path}" (${file.oid}, ${file.size ?? "any number of"} bytes) was not uploaded: upload it before the commit.`,
    );
  return entryOf(Buffer.from(lfsPointer({ oid: file.oid, size })));
}

function remove(
  files: Map<string, unknown>,
  operation: { key: "deletedFile" | "deletedFolder"; path: string },
): void {
  const { key, path } = operation;
  const gone =
    key === "deletedFile" ? [path] : [...files.keys()].filter((name) => name.startsWith(`${path}/`));
  const deleted = gone.filter((name) => files.delete(name));
  if (!deleted.length)
    throw entryNotFound(
      `A ${key === "deletedFile" ? "file" : "folder"} with this name doesn't exist: ${path}`,
    );
}

function* lines(body: Buffer): Generator<{ key: unknown; value: JsonObject }> {
  for (let start = 0; start < body.length;) {
    const newline = body.indexOf(0x0a, start);
    const end = newline < 0 ? body.length : newline;
    const line = body.toString("utf8", start, end).trim();
    start = end + 1;
    if (!line) continue;
    const { key, value } = asObject(parseJson(line), "each line of a commit");
    yield { key, value: asObject(value, "value") };
  }
}

function parseOperation({ key, value }: { key: unknown; value: JsonObject }): CommitOperation {
  if (value["oldPath"] !== undefined)
    throw badRequest(`The embedded Hub does not copy files ("oldPath"): add the file under its new path.`);
  const path = checkPath(asText(value["path"], "path").replace(/\/$/, ""));
  switch (key) {
    case "file":
      return { key, path, content: regularContent(path, value) };
    case "lfsFile": {
      const size = value["size"] === undefined ? undefined : asSize(value["size"], "size");
      return { key, path, oid: asSha256(value["oid"]), size };
    }
    case "deletedFile":
    case "deletedFolder":
      return { key, path };
    default:
      throw badRequest(
        `Expected a commit's lines to be "file", "lfsFile", "deletedFile" or "deletedFolder"; found ${JSON.stringify(key)}.`,
      );
  }
}

function regularContent(path: string, value: JsonObject): Buffer {
  const text = asText(value["content"], "content");
  const encoding = value["encoding"] ?? "utf-8";
  if (encoding !== "base64" && encoding !== "utf-8")
    throw badRequest(`Expected the encoding of "${path}" to be "base64" or "utf-8".`);
  const content = Buffer.from(text, encoding);
  // Node reads as much of broken base64 as it can
  if (encoding === "base64" && content.length !== base64Length(text))
    throw badRequest(`The content of "${path}" is not valid base64.`);
  if (content.length > LARGEST_REGULAR_FILE)
    throw new HubRefusal(
      `"${path}" has ${content.length} bytes; files over ${LARGEST_REGULAR_FILE} are uploaded as large files (LFS).`,
      { status: 413 },
    );
  return content;
}

/** The bytes that a text of base64 stands for if every character of it counts. */
function base64Length(text: string): number {
  return Math.floor((text.replace(/=+$/, "").length * 3) / 4);
}
