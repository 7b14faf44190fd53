import { Presentable, type TableSpec } from "../runtime/presentation";

/** One file that was pushed. */
export interface PushedFile {
  /** Relative to the folder, with slashes. */
  path: string;
  /** In bytes. */
  size: number;
}

/** What a push left on a Hub, as a table of files. */
export class PushedRepo extends Presentable {
  /** Namespace and name. */
  readonly repo: string;
  /** The commit that holds the files, all 40 digits. */
  readonly commit: string;
  readonly files: readonly PushedFile[];
  /** The branch with the commit, if one was asked for. */
  readonly branch: string | undefined;
  /** The tag that names the commit, if one was asked for. */
  readonly tag: string | undefined;
  /** Where the pull request is discussed, if one was made. */
  readonly pullRequestUrl: string | undefined;
  /** Whether the repository had all files already, so that no commit was made. */
  readonly isUnchanged: boolean;

  constructor(params: {
    repo: string;
    commit: string;
    files: readonly PushedFile[];
    branch?: string | undefined;
    tag?: string | undefined;
    pullRequestUrl?: string | undefined;
    isUnchanged: boolean;
  }) {
    super();
    this.repo = params.repo;
    this.commit = params.commit;
    this.files = params.files;
    this.branch = params.branch;
    this.tag = params.tag;
    this.pullRequestUrl = params.pullRequestUrl;
    this.isUnchanged = params.isUnchanged;
  }

  override present(): TableSpec {
    const { branch, tag, pullRequestUrl, isUnchanged } = this;
    const count = `${this.files.length} files in commit ${this.commit.slice(0, 7)}`;
    const parts = [
      ...(isUnchanged ? ["nothing had changed"] : []),
      count,
      ...(branch === undefined ? [] : [`branch ${branch}`]),
      ...(tag === undefined ? [] : [`tag ${tag}`]),
      ...(pullRequestUrl === undefined ? [] : [`pull request ${pullRequestUrl}`]),
    ];
    return {
      kind: "table",
      title: `${this.repo}: ${parts.join(", ")}`,
      columns: ["file", "bytes"],
      rows: this.files.map(({ path, size }) => [path, size]),
    };
  }
}
