import { randomBytes } from "node:crypto";

/** What became of a discussion. */
export type DiscussionStatus = "open" | "closed" | "merged" | "draft";

/** Something that was said or done in a discussion, in the Hub's form. */
export interface DiscussionEvent {
  id: string;
  type: "comment" | "status-change" | "title-change";
  author: { name: string; type: "user" };
  /** ISO 8601. */
  createdAt: string;
  data: Record<string, unknown>;
}

/** A discussion, or a pull request with the commits under `refs/pr/<num>`. */
export interface Discussion {
  /** From 1; shared by discussions and pull requests. */
  num: number;
  title: string;
  author: string;
  /** ISO 8601. */
  createdAt: string;
  status: DiscussionStatus;
  isPullRequest: boolean;
  /** The branch that a pull request is to go into, and the commit that it was begun from. */
  base?: { branch: string; commit: string };
  /** The commit by which it went in. */
  mergeCommit?: string;
  events: DiscussionEvent[];
}

/** What somebody did at a time. */
interface Deed {
  author: string;
  /** ISO 8601. */
  createdAt: string;
}

/** A comment, as the Hub tells it. */
export function comment(text: string, deed: Deed): DiscussionEvent {
  const latest = { raw: text, html: "", updatedAt: deed.createdAt, author: { name: deed.author } };
  return event("comment", { edited: false, hidden: false, latest, history: [latest], numEdits: 0 }, deed);
}

/** Something else that happened, such as a change of the status to `{ status: "closed" }`. */
export function event(
  type: DiscussionEvent["type"],
  data: Record<string, unknown>,
  { author, createdAt }: Deed,
): DiscussionEvent {
  const id = randomBytes(12).toString("hex");
  return { id, type, author: { name: author, type: "user" }, createdAt, data };
}
