import { applyOperations, parseCommit } from "./commit-operations";
import type { HubCall } from "./hub-call";
import { contentOid, uploadMode } from "./large-files";
import { receiveLargeFile } from "./large-upload";
import { checkPath } from "./names";
import { badRequest, HubRefusal, revisionNotFound } from "./refusal";
import type { HubRepository } from "./repository";
import { commitDate } from "./repository-store";
import { asList, asObject, asSha256, asSize, asText, readBody, readObject } from "./request-body";
import { apiRoute, pageRoutes, type Route } from "./router";

/** A commit's regular files come in one body: some dozens of the largest ones. */
const LARGEST_COMMIT = 128 * 1024 * 1024;

/** Uploading: how each file shall come, the large ones, then one commit. */
export const WRITING_ROUTES: Route[] = [
  apiRoute("POST", "/preupload/{revision}", preupload),
  apiRoute("POST", "/commit/{revision}", createCommit),
  ...pageRoutes("POST", "/info/lfs/objects/batch", lfsBatch),
  ...pageRoutes("POST", "/info/lfs/objects/verify", lfsVerify),
  ...pageRoutes("PUT", "/info/lfs/objects/{oid}", lfsUpload),
];

async function preupload(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  refusePullRequest(call);
  const commit = repository.commitAt(call.parameter("revision"));
  const body = await readObject(call.params.request);
  const kept = repository.textOf(commit, ".gitattributes") ?? "";
  const gitAttributes = asText(body["gitAttributes"] ?? kept, "gitAttributes");
  const answers = asList(body["files"], "files").map((value) => {
    const file = asObject(value, "each file");
    const path = checkPath(asText(file["path"], "path"));
    const sample = Buffer.from(asText(file["sample"], "sample"), "base64");
    const mode = uploadMode({ path, size: asSize(file["size"], "size"), sample, gitAttributes });
    return { path, uploadMode: mode, shouldIgnore: false, oid: contentOid(commit.files, path) };
  });
  call.sendJson({ files: answers });
}

async function lfsBatch(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  if (body["operation"] !== "upload")
    throw badRequest(`The embedded Hub's LFS takes uploads only: download by "resolve".`);
  const { hub } = call.params;
  const base = `${call.pageOf(repository.id)}.git/info/lfs/objects`;
  const objects = asList(body["objects"], "objects").map((value) => {
    const object = asObject(value, "each object");
    const oid = asSha256(object["oid"]);
    const size = asSize(object["size"], "size");
    if (repository.objectSize(oid) === size) return { oid, size };
    const signature = hub.access.sign(uploadName(repository, oid, size));
    const upload = { href: `${base}/${oid}?size=${size}&signature=${signature}` };
    return { oid, size, authenticated: true, actions: { upload, verify: { href: `${base}/verify` } } };
  });
  call.sendJson({ transfer: "basic", objects }, { "Content-Type": "application/vnd.git-lfs+json" });
}

/** Takes a large file from a client that brings the signature in place of the token. */
async function lfsUpload(call: HubCall): Promise<void> {
  const { hub, query, request } = call.params;
  const repository = call.signedRepository((found) => {
    return uploadName(found, call.parameter("oid"), Number(query.get("size")));
  });
  const oid = asSha256(call.parameter("oid"));
  const size = Number(query.get("size"));
  await receiveLargeFile({
    body: request as AsyncIterable<Buffer>,
    incoming: hub.store.incoming,
    file: repository.objectFile(oid),
    oid,
    size,
  });
  call.sendJson({ oid, size }, { ETag: `"${oid}"` });
}

async function lfsVerify(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const oid = asSha256(body["oid"]);
  const size = asSize(body["size"], "size");
  if (repository.objectSize(oid) !== size)
    throw new HubRefusal(`The large file ${oid} of ${size} bytes was not uploaded.`, { status: 404 });
  call.sendJson({ oid, size });
}

async function createCommit(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  refusePullRequest(call);
  const body = await readBody(call.params.request, LARGEST_COMMIT);
  const { header, operations } = parseCommit(body);
  // from here on nothing awaits, so no other commit comes between the head and its successor
  const branch = call.parameter("revision").replace(/^refs\/heads\//, "");
  const head = repository.branches.get(branch);
  if (head === undefined) throw revisionNotFound(branch);
  if (header.parentCommit !== undefined && header.parentCommit !== head)
    throw new HubRefusal("A commit has happened since. Please refresh and try again.", { status: 412 });
  const { files } = repository.commitAt(head);
  const oid = repository.commit({
    branch,
    commit: {
      parent: head,
      title: header.title,
      message: header.message,
      author: call.params.hub.access.user,
      date: commitDate(),
      files: applyOperations({ repository, files, operations }),
    },
    contents: operations.flatMap((operation) => (operation.key === "file" ? [operation.content] : [])),
  });
  call.sendJson({
    success: true,
    commitOid: oid,
    commitUrl: `${call.pageOf(repository.id)}/commit/${oid}`,
    hookOutput: "",
  });
}

function uploadName(repository: HubRepository, oid: string, size: number): string {
  return `${repository.id.type}/${repository.id.name}/${oid}/${size}`;
}

function refusePullRequest(call: HubCall): void {
  if (call.params.query.has("create_pr"))
    throw badRequest("The embedded Hub has no pull requests: commit to a branch.");
}
