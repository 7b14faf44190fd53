import type { Commit, Files } from "./commit";
import { comment, event, type Discussion } from "./discussion";
import { badRequest, HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import { commitDate } from "./repository-store";

/** What a discussion or a pull request begins with. */
interface Opening {
  title: string;
  /** The first comment; none where it is empty. */
  message: string;
  author: string;
  /** Of a pull request: where it is to go, and from where. */
  base?: Discussion["base"];
}

/** Opens a discussion, or a pull request whose commits the caller puts under `refs/pr/<num>`. */
export function openDiscussion(repository: HubRepository, opening: Opening): Discussion {
  const { title, message, author, base } = opening;
  const { discussions } = repository.settings;
  const createdAt = new Date().toISOString();
  const opened: Discussion = {
    ...{ num: discussions.length + 1, title, author, createdAt, status: "open" },
    isPullRequest: base !== undefined,
    ...(base && { base }),
    events: message ? [comment(message, { author, createdAt })] : [],
  };
  repository.changeSettings({ discussions: [...discussions, opened] });
  return opened;
}

/** Opens a pull request, at first without a change. */
export async function openPullRequest(
  repository: HubRepository,
  opening: Opening & { base: { branch: string; commit: string } },
): Promise<Discussion> {
  const opened = openDiscussion(repository, opening);
  await repository.setRef(`refs/pr/${opened.num}`, opening.base.commit);
  return opened;
}

/** Writes down a discussion that has changed. */
export function keepDiscussion(repository: HubRepository, changed: Discussion): void {
  const discussions = repository.settings.discussions.map((one) => (one.num === changed.num ? changed : one));
  repository.changeSettings({ discussions });
}

/** Paths that a pull request changes and its branch has changed since: it cannot go in. */
export async function conflictsOf(repository: HubRepository, pull: Discussion): Promise<string[]> {
  return conflictsBetween(await sidesOf(repository, pull));
}

/**
 * Puts a pull request's changes on its branch as one commit. Nobody else may write meanwhile (`exclusively`).
 *
 * @throws HubRefusal (400) if it is no open pull request, (409) if the branch has changed the same files
 */
export async function mergePullRequest(
  repository: HubRepository,
  pull: Discussion,
  author: string,
): Promise<Discussion> {
  if (!pull.base || pull.status === "merged" || pull.status === "closed")
    throw badRequest(`Number ${pull.num} is no open pull request: it is ${pull.status}.`);
  const sides = await sidesOf(repository, pull);
  const conflicts = conflictsBetween(sides);
  if (conflicts.length > 0)
    throw new HubRefusal(
      `The branch has changed ${conflicts.join(", ")} since: begin the pull request anew.`,
      { status: 409 },
    );
  const { from, mine, theirs } = sides;
  const files = new Map(theirs.files);
  for (const path of changesOf(from.files, mine.files)) {
    const entry = mine.files.get(path);
    if (entry) files.set(path, entry);
    else files.delete(path);
  }
  const title = `${pull.title} (#${pull.num})`;
  const commit = { parent: theirs.id, title, message: "", author, date: commitDate(), files, contents: [] };
  const mergeCommit = await repository.commit(`refs/heads/${pull.base.branch}`, commit);
  const merged = event(
    "status-change",
    { status: "merged" },
    { author, createdAt: new Date().toISOString() },
  );
  const changed: Discussion = { ...pull, status: "merged", mergeCommit, events: [...pull.events, merged] };
  keepDiscussion(repository, changed);
  return changed;
}

/** What a pull request was begun from, what it holds, and what its branch holds. */
interface Sides {
  from: Commit;
  mine: Commit;
  theirs: Commit;
}

async function sidesOf(repository: HubRepository, { base, num }: Discussion): Promise<Sides> {
  if (!base) throw badRequest(`Number ${num} is a discussion and no pull request.`);
  return {
    from: await repository.commitAt(base.commit),
    mine: await repository.commitAt(`refs/pr/${num}`),
    theirs: await repository.commitAt(`refs/heads/${base.branch}`),
  };
}

function conflictsBetween({ from, mine, theirs }: Sides): string[] {
  return changesOf(from.files, mine.files).filter(
    (path) => oidOf(theirs.files, path) !== oidOf(from.files, path),
  );
}

function changesOf(before: Files, after: Files): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => oidOf(before, path) !== oidOf(after, path));
}

function oidOf(files: Files, path: string): string | undefined {
  return files.get(path)?.oid;
}
