import type { IncomingMessage, ServerResponse } from "node:http";
import { unauthorised, type HubAccess } from "./access";
import type { JobStore } from "./job-store";
import { PLURALS, typeOf, type RepositoryId } from "./names";
import { HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import type { RepositoryStore } from "./repository-store";

/** What every request to one Hub shares. */
export interface Hub {
  store: RepositoryStore;
  access: HubAccess;
  jobs: JobStore;
}

/** One request, with what its address says. */
export class HubCall {
  /** @param params - `parameters`: the named parts of the address, decoded */
  constructor(
    readonly params: {
      hub: Hub;
      request: IncomingMessage;
      response: ServerResponse;
      parameters: ReadonlyMap<string, string>;
      query: URLSearchParams;
    },
  ) {}

  /** A named part of the address. */
  parameter(name: string): string {
    return this.params.parameters.get(name) ?? "";
  }

  /**
   * The repository that the address names, or another one.
   *
   * @throws HubRefusal (404, or 401 without the token, as the Hub does) if there is none, or none that this client may see
   */
  repository(id = this.#id()): HubRepository {
    const { hub, request } = this.params;
    const isUser = hub.access.isUser(request);
    const repository = hub.store.repository(id);
    if (repository.exists && (isUser || !repository.settings.private)) return repository;
    // so that private repositories stay unknown; huggingface_hub needs the code to see it, but behind https
    if (!isUser) throw unauthorised("Invalid username or password.", "RepoNotFound");
    throw new HubRefusal("Repository not found", { status: 404, code: "RepoNotFound" });
  }

  /**
   * The repository that the address names, to read files of: those of a gated one need the token.
   *
   * @throws HubRefusal (401) without it
   */
  readableRepository(): HubRepository {
    const repository = this.repository();
    const { hub, request } = this.params;
    if (repository.settings.gated && !hub.access.isUser(request))
      throw unauthorised(`Access to ${repository.id.type} ${repository.id.name} is restricted.`, "GatedRepo");
    return repository;
  }

  /**
   * The repository that the address names, to write to.
   *
   * @throws HubRefusal (401) without the token, (404) if there is none
   */
  writableRepository(): HubRepository {
    this.params.hub.access.requireUser(this.params.request);
    return this.repository();
  }

  /**
   * The repository that the address names, for an upload whose address is signed.
   *
   * @param uploadTo - what must have been signed
   * @throws HubRefusal (403) unless it was
   */
  signedRepository(uploadTo: (repository: HubRepository) => string): HubRepository {
    const { hub, query } = this.params;
    const repository = hub.store.repository(this.#id());
    hub.access.requireSignature(uploadTo(repository), query.get("signature") ?? "");
    return repository;
  }

  /** Where this client finds the Hub, which may be the other end of a tunnel; without a slash at the end. */
  get endpoint(): string {
    return `http://${this.params.request.headers.host ?? ""}`;
  }

  /** Where a repository's page is. */
  pageOf(id: RepositoryId): string {
    return `${this.endpoint}/${id.type === "model" ? "" : `${PLURALS[id.type]}/`}${id.name}`;
  }

  /** Answers with JSON. */
  sendJson(value: unknown, headers: Record<string, string> = {}): void {
    const body = JSON.stringify(value);
    const { response } = this.params;
    response.writeHead(200, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
  }

  /** Answers with a page, on which no script runs whatever a card says. */
  sendPage(html: string): void {
    const { response } = this.params;
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Length": Buffer.byteLength(html),
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:",
      "X-Content-Type-Options": "nosniff",
    });
    response.end(html);
  }

  #id(): RepositoryId {
    // Git LFS asks under the repository's name as git writes it
    return {
      type: typeOf(this.parameter("type")),
      name: `${this.parameter("namespace")}/${this.parameter("name").replace(/\.git$/, "")}`,
    };
  }
}
