/**
 * A repository of a Hub, as `@huggingface/hub` names it. Declared anew, since the first cell of a notebook would read that
 * library's 130 files of types along with ours.
 */
export interface RepoId {
  /** With its owner: `distilbert/distilbert-base-uncased`. */
  name: string;
  type: "model" | "dataset" | "space";
}
