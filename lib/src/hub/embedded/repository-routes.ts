import type { HubCall } from "./hub-call";
import { checkName, hexId, type RepositoryId, type RepositoryType } from "./names";
import { badRequest, HubRefusal } from "./refusal";
import { cardMetadata, cardProblem } from "./repository-card";
import { spaceSubdomain } from "./space-card";
import { repositoryInfo } from "./repository-info";
import { asText, readObject } from "./request-body";
import { apiRoute, type Route } from "./router";

const REPOSITORY_TYPES: readonly RepositoryType[] = ["model", "dataset", "space"];
const SPACE_SDKS = ["static", "gradio", "docker"];
/** Of a host's name (RFC 1035, 2.3.4). */
const LONGEST_HOST_PART = 63;

/** Who one is, and what repositories, branches and tags there are. */
export const REPOSITORY_ROUTES: Route[] = [
  { method: "GET", pattern: "/api/whoami-v2", handler: whoAmI },
  { method: "POST", pattern: "/api/repos/create", handler: createRepository },
  { method: "POST", pattern: "/api/validate-yaml", handler: validateCard },
  apiRoute("GET", "", info),
  apiRoute("GET", "/revision/{revision}", info),
  apiRoute("PUT", "/settings", changeSettings),
  { method: "DELETE", pattern: "/api/repos/delete", handler: deleteRepository },
  { method: "POST", pattern: "/api/repos/move", handler: moveRepository },
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
  const type = repositoryType(body["type"]);
  for (const key of ["files", "license"])
    if (body[key]) throw badRequest(`The embedded Hub creates repositories without "${key}": commit it.`);
  const id = ownId(call, type, { namespace: body["organization"], name: body["name"] });
  const url = call.pageOf(id);
  const isPrivate = body["private"] === true || body["visibility"] === "private";
  const sdk = type === "space" ? checkSdk(body["sdk"]) : undefined;
  if (type === "space") refuseTakenHost(call, id);
  await hub.store.create({ id, isPrivate, sdk, author: hub.access.user, url });
  call.sendJson({ url, name: id.name, id: hexId(`${type}/${id.name}`) });
}

async function deleteRepository(call: HubCall): Promise<void> {
  const { hub, request } = call.params;
  hub.access.requireUser(request);
  const body = await readObject(request);
  const id = ownId(call, body["type"], { namespace: body["organization"], name: body["name"] });
  refuseMissing(call, id);
  await hub.store.delete(id);
  call.sendJson({ success: true });
}

async function moveRepository(call: HubCall): Promise<void> {
  const { hub, request } = call.params;
  hub.access.requireUser(request);
  const body = await readObject(request);
  const from = ownId(call, body["type"], parted(body["fromRepo"], "fromRepo"));
  const to = ownId(call, from.type, parted(body["toRepo"], "toRepo"));
  refuseMissing(call, from);
  if (hub.store.repository(to).exists)
    throw new HubRefusal(`There is a ${to.type} ${to.name} already.`, { status: 409 });
  if (to.type === "space") refuseTakenHost(call, to, from);
  await hub.store.move(from, to);
  call.sendJson({ success: true });
}

async function changeSettings(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const { private: isPrivate, visibility, gated } = await readObject(call.params.request);
  repository.changeSettings({
    ...(visibility !== undefined && { private: visibility === "private" }),
    ...(typeof isPrivate === "boolean" && { private: isPrivate }),
    ...(gated !== undefined && { gated: gated === "auto" || gated === "manual" || gated === true }),
  });
  call.sendJson({ success: true });
}

/** A repository of the user's own, there or not. */
function ownId(call: HubCall, type: unknown, names: { namespace: unknown; name: unknown }): RepositoryId {
  const { user } = call.params.hub.access;
  const namespace = checkName(names.namespace ? asText(names.namespace, "organization") : user);
  const kind = repositoryType(type);
  if (namespace !== user)
    throw new HubRefusal(
      `You don't have the rights to change a ${kind} under the namespace "${namespace}": yours is "${user}".`,
      { status: 403 },
    );
  return { type: kind, name: `${namespace}/${checkName(asText(names.name, "name"))}` };
}

/** The parts of `namespace/name`. */
function parted(value: unknown, key: string): { namespace: unknown; name: unknown } {
  const [namespace, ...name] = asText(value, key).split("/");
  return { namespace, name: name.join("/") };
}

function refuseMissing(call: HubCall, id: RepositoryId): void {
  if (!call.params.hub.store.repository(id).exists)
    throw new HubRefusal("Repository not found", { status: 404, code: "RepoNotFound" });
}

function repositoryType(type: unknown): RepositoryType {
  const found = REPOSITORY_TYPES.find((known) => known === (type ?? "model"));
  if (!found)
    throw badRequest(
      `The embedded Hub holds models, datasets and spaces; found the type ${JSON.stringify(type)}.`,
    );
  return found;
}

function checkSdk(sdk: unknown): string {
  const found = SPACE_SDKS.find((known) => known === sdk);
  if (!found)
    throw badRequest(
      `A Space is made with an "sdk": ${SPACE_SDKS.join(", ")}; found ${JSON.stringify(sdk)}.`,
    );
  return found;
}

/** Two Spaces whose names differ in signs alone would run at one address. */
function refuseTakenHost(call: HubCall, { name }: RepositoryId, moved?: RepositoryId): void {
  const subdomain = spaceSubdomain(name);
  if (subdomain.length > LONGEST_HOST_PART)
    throw badRequest(`A Space's namespace and name have at most ${LONGEST_HOST_PART} signs together.`);
  const others = call.params.hub.store
    .list("space")
    .filter(({ id }) => ![name, moved?.name].includes(id.name));
  if (others.some(({ id }) => spaceSubdomain(id.name) === subdomain))
    throw new HubRefusal(`Another Space runs at the address of ${name} already: take another name.`, {
      status: 409,
    });
}

async function validateCard(call: HubCall): Promise<void> {
  const { content } = await readObject(call.params.request);
  const text = asText(content, "content");
  const message = cardProblem(text);
  if (message) throw new HubRefusal(message, { status: 400, body: { errors: [{ message }], warnings: [] } });
  const warnings = cardMetadata(text) ? [] : [{ message: "empty or missing yaml metadata in repo card" }];
  call.sendJson({ errors: [], warnings });
}

async function info(call: HubCall): Promise<void> {
  const repository = call.repository();
  const commit = await repository.commitAt(call.parameter("revision") || "HEAD");
  const { query } = call.params;
  const expand = [...query.getAll("expand"), ...query.getAll("expand[]")];
  const blobs = query.has("blobs");
  call.sendJson(await repositoryInfo({ repository, commit, expand, blobs, endpoint: call.endpoint }));
}
