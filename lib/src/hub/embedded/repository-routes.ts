import { createHash } from "node:crypto";
import type { HubCall } from "./hub-call";
import { checkName, checkRefName, type RepositoryId } from "./names";
import { badRequest, HubRefusal, revisionNotFound } from "./refusal";
import { cardMetadata, cardProblem } from "./repository-card";
import { repositoryInfo } from "./repository-info";
import { asText, readObject } from "./request-body";
import { apiRoute, type Route } from "./router";

/** Who one is, and what repositories, branches and tags there are. */
export const REPOSITORY_ROUTES: Route[] = [
  { method: "GET", pattern: "/api/whoami-v2", handler: whoAmI },
  { method: "POST", pattern: "/api/repos/create", handler: createRepository },
  { method: "POST", pattern: "/api/validate-yaml", handler: validateCard },
  apiRoute("GET", "", info),
  apiRoute("GET", "/revision/{revision}", info),
  apiRoute("GET", "/refs", listRefs),
  apiRoute("POST", "/branch/{branch}", createBranch),
  apiRoute("DELETE", "/branch/{branch}", deleteBranch),
  apiRoute("POST", "/tag/{revision}", createTag),
  apiRoute("DELETE", "/tag/{tag}", deleteTag),
];

function whoAmI(call: HubCall): void {
  const { access } = call.params.hub;
  access.requireUser(call.params.request);
  call.sendJson({
    type: "user",
    id: hexId(`user/${access.user}`),
    name: access.user,
    fullname: access.user,
    emailVerified: false,
    canPay: false,
    isPro: false,
    periodEnd: null,
    avatarUrl: "",
    orgs: [],
    auth: { type: "access_token", accessToken: { displayName: "embedded Hub", role: "write" } },
  });
}

async function createRepository(call: HubCall): Promise<void> {
  const { hub, request } = call.params;
  hub.access.requireUser(request);
  const body = await readObject(request);
  const type = body["type"] ?? "model";
  if (type !== "model" && type !== "dataset")
    throw badRequest(`The embedded Hub holds models and datasets; found the type ${JSON.stringify(type)}.`);
  for (const key of ["files", "license"])
    if (body[key]) throw badRequest(`The embedded Hub creates repositories without "${key}": commit it.`);
  const namespace = checkName(
    body["organization"] ? asText(body["organization"], "organization") : hub.access.user,
  );
  if (namespace !== hub.access.user)
    throw new HubRefusal(
      `You don't have the rights to create a ${type} under the namespace "${namespace}": yours is "${hub.access.user}".`,
      { status: 403 },
    );
  const id: RepositoryId = { type, name: `${namespace}/${checkName(asText(body["name"], "name"))}` };
  const url = call.pageOf(id);
  const isPrivate = body["private"] === true || body["visibility"] === "private";
  hub.store.create({ id, isPrivate, author: hub.access.user, url });
  call.sendJson({ url, name: id.name, id: hexId(`${type}/${id.name}`) });
}

async function validateCard(call: HubCall): Promise<void> {
  const { content } = await readObject(call.params.request);
  const text = asText(content, "content");
  const message = cardProblem(text);
  if (message) throw new HubRefusal(message, { status: 400, body: { errors: [{ message }], warnings: [] } });
  const warnings = cardMetadata(text) ? [] : [{ message: "empty or missing yaml metadata in repo card" }];
  call.sendJson({ errors: [], warnings });
}

function info(call: HubCall): void {
  const repository = call.repository();
  const commit = repository.commitAt(call.parameter("revision") || "HEAD");
  const { query } = call.params;
  const expand = [...query.getAll("expand"), ...query.getAll("expand[]")];
  const id = hexId(`${repository.id.type}/${repository.id.name}`);
  call.sendJson(repositoryInfo({ id, repository, commit, expand, blobs: query.has("blobs") }));
}

function listRefs(call: HubCall): void {
  const repository = call.repository();
  const list = (refs: ReadonlyMap<string, string>, folder: string) => {
    return [...refs].map(([name, targetCommit]) => ({ name, ref: `refs/${folder}/${name}`, targetCommit }));
  };
  call.sendJson({
    branches: list(repository.branches, "heads"),
    tags: list(repository.tags, "tags"),
    converts: [],
    pullRequests: [],
  });
}

async function createBranch(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const branch = checkRefName(call.parameter("branch"));
  if (body["emptyBranch"]) throw badRequest("The embedded Hub has no empty branches.");
  if (repository.branches.has(branch) && body["overwrite"] !== true)
    throw new HubRefusal(`Reference already exists: the branch "${branch}"`, { status: 409 });
  const start = body["startingPoint"] === undefined ? "HEAD" : asText(body["startingPoint"], "startingPoint");
  repository.setBranch(branch, repository.commitAt(start).id);
  call.sendJson({ success: true });
}

function deleteBranch(call: HubCall): void {
  const repository = call.writableRepository();
  const branch = call.parameter("branch");
  if (!repository.branches.has(branch)) throw revisionNotFound(branch);
  if (branch === "main") throw new HubRefusal("The default branch cannot be deleted.", { status: 403 });
  repository.setBranch(branch, null);
  call.sendJson({ success: true });
}

async function createTag(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const tag = checkRefName(asText(body["tag"], "tag"));
  const { id } = repository.commitAt(call.parameter("revision"));
  if (repository.tags.has(tag))
    throw new HubRefusal(`Tag reference exists already: "${tag}"`, { status: 409 });
  repository.setTag(tag, id);
  call.sendJson({ success: true });
}

function deleteTag(call: HubCall): void {
  const repository = call.writableRepository();
  const tag = call.parameter("tag");
  if (!repository.tags.has(tag)) throw revisionNotFound(tag);
  repository.setTag(tag, null);
  call.sendJson({ success: true });
}

/** An id of the Hub's form, 24 hexadecimal digits, the same whenever the name is. */
function hexId(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 24);
}
