import type { HubCall } from "./hub-call";
import { badRequest } from "./refusal";
import type { Route } from "./router";

/** What a split is called in the names of files (Hugging Face datasets' data_files.py). */
const SPLITS: Readonly<Record<string, string>> = {
  train: "train|training",
  validation: "validation|valid|dev|val",
  test: "test|testing|eval|evaluation",
};
const DATA = /\.(parquet|arrow|csv|tsv|jsonl?|txt)(\.(gz|zst|xz|bz2))?$/;

/** Which splits a data set has: what the Hub's viewer answers, which on the real Hub is a server of its own. */
export const SPLIT_ROUTES: Route[] = [{ method: "GET", pattern: "/splits", handler: splits }];

async function splits(call: HubCall): Promise<void> {
  const name = call.params.query.get("dataset") ?? "";
  if (!/^[^/]+\/[^/]+$/.test(name))
    throw badRequest(
      `Expected "dataset" to be a name such as reader/reviews; found ${JSON.stringify(name)}.`,
    );
  const repository = call.repository({ type: "dataset", name });
  const { files } = await repository.commitAt(call.params.query.get("revision") ?? "main");
  call.sendJson({
    splits: splitsIn([...files.keys()]).map((split) => ({ dataset: name, config: "default", split })),
    ...{ pending: [], failed: [] },
  });
}

/** By what the files are called; data files that no split is named in are all for training. */
function splitsIn(paths: readonly string[]): string[] {
  const data = paths.map((path) => path.toLowerCase()).filter((path) => DATA.test(path));
  const named = Object.entries(SPLITS).flatMap(([split, words]) => {
    const pattern = new RegExp(`(^|[^a-z0-9])(${words})([^a-z]|$)`);
    return data.some((path) => pattern.test(path)) ? [split] : [];
  });
  return named.length > 0 || data.length === 0 ? named : ["train"];
}
