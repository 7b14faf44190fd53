import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { entryOf } from "./commit";
import { DEFAULT_GIT_ATTRIBUTES } from "./large-files";
import { checkName, type RepositoryId, type RepositoryType } from "./names";
import { HubRefusal } from "./refusal";
import { HubRepository } from "./repository";

/** The repositories of an embedded Hub, in one folder: `models/`, `datasets/` and `spaces/`, then namespace, then name. */
export class RepositoryStore {
  /** Where uploads lie until they are whole. */
  readonly incoming: string;
  readonly #folder: string;
  readonly #opened = new Map<string, HubRepository>();
  #creating: Promise<unknown> = Promise.resolve();

  /** @param folder - made if it is not there; what an earlier Hub left half uploaded is removed */
  constructor(folder: string) {
    this.#folder = folder;
    this.incoming = path.join(folder, "incoming");
    rmSync(this.incoming, { recursive: true, force: true });
    mkdirSync(this.incoming, { recursive: true });
  }

  /** The repository of that name, which may never have been created (`exists`). */
  repository(id: RepositoryId): HubRepository {
    const gitdir = this.#gitdir(id);
    const repository = this.#opened.get(gitdir) ?? new HubRepository(gitdir, id, this.incoming);
    // a name that is only asked for need not be remembered
    if (repository.exists) this.#opened.set(gitdir, repository);
    return repository;
  }

  /** All repositories of a type, by name. */
  list(type: RepositoryType): HubRepository[] {
    const root = path.join(this.#folder, `${type}s`);
    const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
    return namesIn(root)
      .flatMap((namespace) => namesIn(path.join(root, namespace)).map((name) => `${namespace}/${name}`))
      .filter((name) => name.endsWith(".git"))
      .map((name) => this.repository({ type, name: name.replace(/\.git$/, "") }))
      .filter(({ exists }) => exists);
  }

  /**
   * Creates a repository, with the .gitattributes that the Hub gives to new ones.
   *
   * @param params - `sdk`: what runs it, of a Space; `url`: its page, which the refusal tells
   * @throws HubRefusal (409) if it exists
   */
  async create(params: {
    id: RepositoryId;
    isPrivate: boolean;
    sdk?: string | undefined;
    author: string;
    url: string;
  }): Promise<void> {
    const { id, isPrivate, sdk, author, url } = params;
    const attributes = Buffer.from(DEFAULT_GIT_ATTRIBUTES);
    const first = {
      ...{ parent: null, title: "initial commit", message: "", author, date: commitDate() },
      ...{ files: new Map([[".gitattributes", entryOf(attributes)]]), contents: [attributes] },
    };
    // one after the other, so that of two with one name the second finds the first
    const creating = this.#creating.then(async () => {
      const repository = this.repository(id);
      if (repository.exists)
        throw new HubRefusal(`You already created this ${id.type} repo: ${id.name}`, {
          status: 409,
          body: { url },
        });
      // what an upload to a repository that was taken away meanwhile has left
      await rm(repository.gitdir, { recursive: true, force: true });
      await repository.create(first, { private: isPrivate, ...(sdk !== undefined && { sdk }) });
    });
    this.#creating = creating.catch(() => undefined);
    await creating;
  }

  /** Gives a repository another name, whole or not at all; what is being written to it is finished before. */
  async move(from: RepositoryId, to: RepositoryId): Promise<void> {
    const target = this.#gitdir(to);
    await this.#takeAway(from, async (gitdir) => {
      await mkdir(path.dirname(target), { recursive: true });
      await rename(gitdir, target);
    });
  }

  /** Takes a repository away: at once for whoever asks, then its bytes. */
  async delete(id: RepositoryId): Promise<void> {
    const part = path.join(this.incoming, randomUUID());
    await this.#takeAway(id, (gitdir) => rename(gitdir, part));
    await rm(part, { recursive: true, force: true });
  }

  async #takeAway(id: RepositoryId, move: (gitdir: string) => Promise<void>): Promise<void> {
    const repository = this.repository(id);
    await repository.exclusively(() => move(repository.gitdir));
    this.#opened.delete(repository.gitdir);
  }

  #gitdir({ type, name }: RepositoryId): string {
    const [namespace = "", own = ""] = name.split("/").map(checkName);
    return path.join(this.#folder, `${type}s`, namespace, `${own}.git`);
  }
}

/** Now, in the whole seconds that git keeps. */
export function commitDate(): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
}
