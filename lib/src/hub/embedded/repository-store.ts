import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { regularEntry } from "./git-objects";
import { DEFAULT_GIT_ATTRIBUTES } from "./large-files";
import { checkName, type RepositoryId } from "./names";
import { HubRefusal } from "./refusal";
import { HubRepository } from "./repository";

/** The repositories of an embedded Hub, in one folder: `models/` and `datasets/`, then namespace, then name. */
export class RepositoryStore {
  /** Where uploads lie until they are whole. */
  readonly incoming: string;
  readonly #folder: string;

  /** @param folder - made if it is not there; what an earlier Hub left half uploaded is removed */
  constructor(folder: string) {
    this.#folder = folder;
    this.incoming = path.join(folder, "incoming");
    rmSync(this.incoming, { recursive: true, force: true });
    mkdirSync(this.incoming, { recursive: true });
  }

  /** The repository of that name, which may never have been created (`exists`). */
  repository(id: RepositoryId): HubRepository {
    const parts = id.name.split("/").map(checkName);
    return new HubRepository(path.join(this.#folder, `${id.type}s`, ...parts), id);
  }

  /**
   * Creates a repository, with the .gitattributes that the Hub gives to new ones.
   *
   * @param params - `url`: its page, which the refusal tells
   * @throws HubRefusal (409) if it exists
   */
  create(params: { id: RepositoryId; isPrivate: boolean; author: string; url: string }): HubRepository {
    const { id, isPrivate, author, url } = params;
    const repository = this.repository(id);
    if (repository.exists)
      throw new HubRefusal(`You already created this ${id.type} repo: ${id.name}`, {
        status: 409,
        body: { url },
      });
    const attributes = Buffer.from(DEFAULT_GIT_ATTRIBUTES);
    const files = new Map([[".gitattributes", regularEntry(attributes)]]);
    const commit = { parent: null, title: "initial commit", message: "", author, date: commitDate(), files };
    repository.create({ isPrivate, commit, contents: [attributes] });
    return repository;
  }
}

/** Now, in the whole seconds that git keeps. */
export function commitDate(): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
}
