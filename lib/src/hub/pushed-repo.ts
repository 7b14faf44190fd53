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
  constructor(
    /** Namespace and name. */
    readonly repo: string,
    /** The commit that holds the files, all 40 digits. */
    readonly commit: string,
    readonly files: readonly PushedFile[],
    /** The tag that names the commit, if one was asked for. */
    readonly tag?: string,
  ) {
    super();
  }

  override present(): TableSpec {
    const tagged = this.tag === undefined ? "" : `, tag ${this.tag}`;
    return {
      kind: "table",
      title: `${this.repo}: ${this.files.length} files in commit ${this.commit.slice(0, 7)}${tagged}`,
      columns: ["file", "bytes"],
      rows: this.files.map(({ path, size }) => [path, size]),
    };
  }
}
