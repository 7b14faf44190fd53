import type { Commit } from "./commit";
import type { HubRepository } from "./repository";
import { cardMetadata } from "./repository-card";

/** What a Space says of how it is to be run (the Hub's Spaces Configuration Reference). */
export interface SpaceCard {
  /** `static`, `gradio` or `docker`. */
  sdk: string;
  /** What is served for `/`. */
  appFile: string;
  /** Headers with which its files are served. */
  customHeaders: Record<string, string>;
}

/** The headers that a card may set, and what they may say. */
const CUSTOM_HEADERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["cross-origin-embedder-policy", ["unsafe-none", "require-corp", "credentialless"]],
  [
    "cross-origin-opener-policy",
    ["same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"],
  ],
  ["cross-origin-resource-policy", ["same-site", "same-origin", "cross-origin"]],
]);

/** What a Space's README.md says at its head, or else what was said when it was created. */
export async function spaceCard(repository: HubRepository, commit: Commit): Promise<SpaceCard> {
  const card = cardMetadata((await repository.textOf(commit, "README.md")) ?? "") ?? {};
  const { sdk, app_file: appFile, custom_headers: headers } = card;
  const asked = Object.entries(Object(headers) as Record<string, unknown>);
  return {
    sdk: typeof sdk === "string" ? sdk : (repository.settings.sdk ?? "static"),
    appFile: typeof appFile === "string" ? appFile : "index.html",
    customHeaders: Object.fromEntries(
      asked.flatMap(([name, value]) => {
        const key = name.toLowerCase();
        return typeof value === "string" && CUSTOM_HEADERS.get(key)?.includes(value) ? [[key, value]] : [];
      }),
    ),
  };
}

/** Namespace and name as one part of a host's name. */
export function spaceSubdomain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
