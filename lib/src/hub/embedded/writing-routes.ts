import type { HubCall } from "./hub-call";
import { contentOid, uploadMode } from "./large-files";
import { receiveLargeFile } from "./large-upload";
import { checkPath } from "./names";
import { badRequest, HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import { asList, asObject, asSha256, asSize, asText, readObject } from "./request-body";
import { apiRoute, pageRoutes, type Route } from "./router";
import { sendFile } from "./send-file";

/** The Hub takes no larger file either. */
const LARGEST_FILE = 50e9;

/** What comes before a commit: how each file shall come, then the large ones. Also how git-lfs gets them. */
export const WRITING_ROUTES: Route[] = [
  apiRoute("POST", "/preupload/{revision}", preupload),
  ...pageRoutes("POST", "/info/lfs/objects/batch", lfsBatch),
  ...pageRoutes("POST", "/info/lfs/objects/verify", lfsVerify),
  ...pageRoutes("PUT", "/info/lfs/objects/{oid}", lfsUpload),
  ...pageRoutes("GET", "/info/lfs/objects/{oid}", lfsDownload),
];

async function preupload(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const commit = await repository.commitAt(call.parameter("revision"));
  const body = await readObject(call.params.request);
  const kept = (await repository.textOf(commit, ".gitattributes")) ?? "";
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
  const body = await readObject(call.params.request);
  const { operation } = body;
  const repository = operation === "download" ? call.readableRepository() : call.writableRepository();
  if (operation !== "upload" && operation !== "download")
    throw badRequest(`Expected the operation to be "upload" or "download".`);
  const objects = asList(body["objects"], "objects").map((value) => {
    const object = asObject(value, "each object");
    const [oid, size] = [asSha256(object["oid"]), asSize(object["size"], "size")];
    return operation === "upload"
      ? toUpload(call, repository, { oid, size })
      : toDownload(call, repository, oid);
  });
  call.sendJson({ transfer: "basic", objects }, { "Content-Type": "application/vnd.git-lfs+json" });
}

function toUpload(
  call: HubCall,
  repository: HubRepository,
  { oid, size }: { oid: string; size: number },
): Record<string, unknown> {
  if (repository.objectSize(oid) === size) return { oid, size };
  if (size > LARGEST_FILE)
    return { oid, size, error: { code: 413, message: `A file has at most ${LARGEST_FILE / 1e9} GB.` } };
  const signature = call.params.hub.access.sign(uploadName(repository, oid, size));
  const base = lfsObjects(call, repository);
  const upload = { href: `${base}/${oid}?size=${size}&signature=${signature}` };
  return { oid, size, authenticated: true, actions: { upload, verify: { href: `${base}/verify` } } };
}

function toDownload(call: HubCall, repository: HubRepository, oid: string): Record<string, unknown> {
  const size = repository.objectSize(oid);
  if (size === undefined) return { oid, size: 0, error: { code: 404, message: "There is no such file." } };
  const signature = call.params.hub.access.sign(downloadName(repository, oid));
  const download = { href: `${lfsObjects(call, repository)}/${oid}?signature=${signature}` };
  return { oid, size, authenticated: true, actions: { download } };
}

function lfsObjects(call: HubCall, repository: HubRepository): string {
  return `${call.pageOf(repository.id)}.git/info/lfs/objects`;
}

/** Gives a large file to a client that brings the signature in place of the token. */
async function lfsDownload(call: HubCall): Promise<void> {
  const oid = asSha256(call.parameter("oid"));
  const repository = call.signedRepository((found) => downloadName(found, oid));
  await sendFile(call, { file: repository.objectFile(oid) }, { "Content-Type": "application/octet-stream" });
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

function downloadName({ id }: HubRepository, oid: string): string {
  return `${id.type}/${id.name}/${oid}`;
}

function uploadName(repository: HubRepository, oid: string, size: number): string {
  return `${repository.id.type}/${repository.id.name}/${oid}/${size}`;
}
