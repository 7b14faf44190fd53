import type { HubCall } from "./hub-call";
import { checkRefName } from "./names";
import { badRequest, HubRefusal, revisionNotFound } from "./refusal";
import { asText, readObject } from "./request-body";
import { apiRoute, type Route } from "./router";

/** Branches, tags, and the heads of pull requests. */
export const REF_ROUTES: Route[] = [
  apiRoute("GET", "/refs", listRefs),
  apiRoute("POST", "/branch/{branch}", createBranch),
  apiRoute("DELETE", "/branch/{branch}", deleteBranch),
  apiRoute("POST", "/tag/{revision}", createTag),
  apiRoute("DELETE", "/tag/{tag}", deleteTag),
];

async function listRefs(call: HubCall): Promise<void> {
  const { branches, tags, pullRequests } = await call.repository().refs();
  const list = (refs: ReadonlyMap<string, string>, folder: string) => {
    return [...refs].map(([name, targetCommit]) => ({ name, ref: `refs/${folder}/${name}`, targetCommit }));
  };
  call.sendJson({
    branches: list(branches, "heads"),
    tags: list(tags, "tags"),
    converts: [],
    pullRequests: list(pullRequests, "pr"),
  });
}

async function createBranch(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const branch = checkRefName(call.parameter("branch"));
  if (body["emptyBranch"]) throw badRequest("The embedded Hub has no empty branches.");
  const start = body["startingPoint"] === undefined ? "HEAD" : asText(body["startingPoint"], "startingPoint");
  await repository.exclusively(async () => {
    const { branches } = await repository.refs();
    if (branches.has(branch) && body["overwrite"] !== true)
      throw new HubRefusal(`Reference already exists: the branch "${branch}"`, { status: 409 });
    refuseNested(branch, branches.keys());
    await repository.setRef(`refs/heads/${branch}`, (await repository.commitAt(start)).id);
  });
  call.sendJson({ success: true });
}

async function deleteBranch(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const branch = call.parameter("branch");
  await repository.exclusively(async () => {
    if (!(await repository.refs()).branches.has(branch)) throw revisionNotFound(branch);
    if (branch === "main") throw new HubRefusal("The default branch cannot be deleted.", { status: 403 });
    await repository.setRef(`refs/heads/${branch}`, null);
  });
  call.sendJson({ success: true });
}

async function createTag(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const tag = checkRefName(asText(body["tag"], "tag"));
  await repository.exclusively(async () => {
    const { id } = await repository.commitAt(call.parameter("revision"));
    const { tags } = await repository.refs();
    if (tags.has(tag)) throw new HubRefusal(`Tag reference exists already: "${tag}"`, { status: 409 });
    refuseNested(tag, tags.keys());
    await repository.setRef(`refs/tags/${tag}`, id);
  });
  call.sendJson({ success: true });
}

async function deleteTag(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const tag = call.parameter("tag");
  await repository.exclusively(async () => {
    if (!(await repository.refs()).tags.has(tag)) throw revisionNotFound(tag);
    await repository.setRef(`refs/tags/${tag}`, null);
  });
  call.sendJson({ success: true });
}

/** git keeps names as files: one cannot be a folder of another. */
function refuseNested(name: string, others: Iterable<string>): void {
  for (const other of others)
    if (other.startsWith(`${name}/`) || name.startsWith(`${other}/`))
      throw new HubRefusal(`"${name}" cannot be beside "${other}": git keeps one as a folder of the other.`, {
        status: 409,
      });
}
