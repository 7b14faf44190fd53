import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LibError } from "../../runtime/errors";
import { isLoopbackHost } from "../../runtime/loopback";
import { shownPath } from "../../runtime/repository";
import { HubAccess } from "./access";
import type { Hub } from "./hub-call";
import { checkName } from "./names";
import { allowReading } from "./cross-origin";
import { COMMIT_ROUTES } from "./commit-routes";
import { DISCUSSION_ROUTES } from "./discussion-routes";
import { GIT_ROUTES } from "./git-routes";
import { JOB_ROUTES } from "./job-routes";
import { JobStore } from "./job-store";
import { LISTING_ROUTES } from "./listing-routes";
import { PAGE_ROUTES } from "./page-routes";
import { READING_ROUTES } from "./reading-routes";
import { REF_ROUTES } from "./ref-routes";
import { HubRefusal } from "./refusal";
import { REPOSITORY_ROUTES } from "./repository-routes";
import { RepositoryStore } from "./repository-store";
import { dispatch } from "./router";
import { askedSubdomain, serveSpace } from "./space-hosting";
import { SPLIT_ROUTES } from "./split-routes";
import { WRITING_ROUTES } from "./writing-routes";

const ROUTES = [
  ...[...REPOSITORY_ROUTES, ...LISTING_ROUTES, ...SPLIT_ROUTES, ...REF_ROUTES, ...DISCUSSION_ROUTES],
  ...[...JOB_ROUTES, ...READING_ROUTES, ...WRITING_ROUTES, ...COMMIT_ROUTES, ...GIT_ROUTES, ...PAGE_ROUTES],
];

/** A Hub of this process's own, on loopback. */
export interface EmbeddedHub {
  /** What clients take as `hubUrl` or `HF_ENDPOINT`. */
  readonly endpoint: string;
  /** Stops it: uploads that are under way end without a trace, jobs are cancelled. The repositories stay on disk. */
  close(): Promise<void>;
}

/**
 * Starts a Hub that speaks the Hugging Face Hub's protocol on 127.0.0.1, for `@huggingface/hub` and Python's huggingface_hub.
 *
 * It holds models, data sets and Spaces: commits, branches, tags, large files by Git LFS (basic transfer; not Xet). A static Space
 * runs at `{namespace}-{name}.static.localhost`, on the same port. A request with a wrong
 * token is refused even for reading, as the Hub does. One process at a time may use a folder.
 *
 * @param params - `folder`: where the repositories lie and survive a restart; `token`: what writing, and reading private
 *   repositories, needs, starting with "hf_" for `@huggingface/hub` (without it nobody may write); `port`: 0, the default, is any
 *   that is free; `user`: whose token it is, "reader" by default, and the one namespace to create repositories in; `allowJobs`:
 *   whether whoever has the token may run jobs, which are commands on this machine with this process's rights and no container
 *   around them: off by default
 * @throws LibError if the port is taken, or the folder cannot be written to
 */
export async function startEmbeddedHub(params: {
  folder: string;
  token?: string;
  port?: number;
  user?: string;
  allowJobs?: boolean;
}): Promise<EmbeddedHub> {
  const { folder, token, port = 0, user = "reader", allowJobs = false } = params;
  const store = openStore(folder);
  const access = new HubAccess({ token, user: checkName(user) });
  const jobs = new JobStore({ isAllowed: allowJobs });
  const hub: Hub = { store, access, jobs };
  const answers = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answering = answer(hub, request, response).finally(() => answers.delete(answering));
    answers.add(answering);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        new LibError(
          `The embedded Hub cannot listen on port ${port} (${cause.code ?? cause.name}): give it another.`,
          { cause },
        ),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, jobs.close(), ...answers]);
    },
  };
}

function openStore(folder: string): RepositoryStore {
  try {
    return new RepositoryStore(folder);
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    throw new LibError(
      `The embedded Hub cannot keep repositories in ${shownPath(folder)} (${code}): give it a folder that you may write to.`,
      { cause },
    );
  }
}

async function answer(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("X-Request-Id", randomUUID());
  try {
    const subdomain = askedSubdomain(request);
    if (subdomain !== undefined) {
      await serveSpace({ hub, subdomain, request, response });
      return;
    }
    checkHost(request);
    if (!allowReading(request, response)) await dispatch({ hub, routes: ROUTES, request, response });
  } catch (error) {
    // half an answer cannot be taken back: the client sees the connection end
    if (response.headersSent) response.destroy();
    else refuse(response, error instanceof HubRefusal ? error : failure(error));
  }
}

/**
 * A page of somewhere else may let its own name lead to this machine, to ask what its reader's browser can reach.
 *
 * @throws HubRefusal (421) for a request to another name than loopback's
 */
function checkHost({ headers: { host = "" } }: IncomingMessage): void {
  if (!isLoopbackHost(host))
    throw new HubRefusal("The embedded Hub is asked as 127.0.0.1 or localhost alone.", { status: 421 });
}

function refuse(response: ServerResponse, refusal: HubRefusal): void {
  const { status, code, headers, body } = refusal.params;
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    // a header holds one line of Latin-1
    "X-Error-Message": refusal.message.replace(/[^\u0020-\u007e]/g, "?"),
    ...(code && { "X-Error-Code": code }),
    ...headers,
  });
  response.end(JSON.stringify({ error: refusal.message, ...body }));
}

/** What a failure of this machine is to a client: its kind alone, for the message may say where the folder lies. */
function failure(error: unknown): HubRefusal {
  const { code, name } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC")
    return new HubRefusal("The embedded Hub's disk is full: nothing was kept.", { status: 507 });
  return new HubRefusal(`The embedded Hub failed (${code ?? name}).`, { status: 500 });
}
