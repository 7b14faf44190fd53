import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { startEmbeddedHub, type EmbeddedHub } from "../hub/embedded/embedded-hub";
import { hubSettings, type HubOptions } from "../hub/hub-options";
import { ArgumentError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";

/** Owner and name of the repository on the embedded Hub. */
const EMBEDDED_USER = "reader";
const EMBEDDED_REPO = `${EMBEDDED_USER}/movie-review-sentiment`;

/** The Hub that a notebook pushes to: the real one, or one of its own on this machine. */
export class StoryHub extends Presentable {
  constructor(
    /** What every call to this Hub needs; it holds the token, so it is not for showing. */
    readonly options: HubOptions,
    /** Where the model goes, `owner/name`. */
    readonly repo: string,
    private readonly embedded: EmbeddedHub | undefined,
  ) {
    super();
    // a cell whose last line is the Hub must not show the token
    Object.defineProperty(this, "options", { enumerable: false });
  }

  /** Whether it runs in this process. */
  get isEmbedded(): boolean {
    return this.embedded !== undefined;
  }

  override present(): TableSpec {
    const where = this.isEmbedded
      ? "embedded: in this process, on loopback, files under build/hub"
      : "the Hugging Face Hub";
    return {
      kind: "table",
      columns: ["", "what is used"],
      rows: [
        ["Hub", where],
        ["repository", this.repo],
        ["token", "there, and never shown"],
      ],
    };
  }

  /** Ends an embedded Hub; its repositories stay on disk. */
  async close(): Promise<void> {
    await this.embedded?.close();
  }
}

/**
 * Opens the real Hub where the reader gave a token (`HF_TOKEN`) and a repository (`STORY_HUB_REPO`), otherwise an embedded
 * one that begins empty.
 *
 * @param folder where an embedded Hub keeps its repositories
 * @throws ArgumentError for a repository without a token
 */
export async function openStoryHub(folder: string): Promise<StoryHub> {
  const repo = process.env["STORY_HUB_REPO"];
  if (repo) {
    if (hubSettings().accessToken === undefined)
      throw new ArgumentError(
        `STORY_HUB_REPO is ${JSON.stringify(repo)}, and there is no token; set HF_TOKEN to one that may write, or unset STORY_HUB_REPO.`,
      );
    return new StoryHub({}, repo, undefined);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const token = `hf_${randomBytes(16).toString("hex")}`;
  const embedded = await startEmbeddedHub({ folder, token, user: EMBEDDED_USER });
  return new StoryHub({ endpoint: embedded.endpoint, token }, EMBEDDED_REPO, embedded);
}
