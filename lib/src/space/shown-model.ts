import { modelInfo } from "@huggingface/hub";
import { HubError } from "../hub/hub-error";
import { authorization, withHub, type HubSession } from "../hub/hub-session";
import { hubSettings, type HubOptions } from "../hub/hub-options";
import { readModelCard } from "../hub/model-card";
import { repoCommit } from "../hub/repo-commit";
import { listed } from "../hub/repo-files";
import type { RepoId } from "../hub/repo-id";
import type { Dtype } from "../onnx/arithmetic";
import { ONNX_FILES } from "../onnx/onnx-files";

/** What runs a Space that shows a model: the reader's browser, or a server with Gradio. */
export type DemoSdk = "static" | "gradio";

/** The smaller first: it is what the page begins with. */
const SHOWN_DTYPES: readonly Dtype[] = ["q8", "fp32"];
const NEEDED = ["config.json", "tokenizer.json"];

/** A model on a Hub, as a Space needs to know it. */
export interface ShownModel {
  /** Namespace and name. */
  model: string;
  /** The version that is shown, all 40 digits. */
  commit: string;
  /** Size in bytes of the model's file for browsers, in each precision that there is. */
  bytes: Partial<Record<Dtype, number>>;
  /** Texts that its card offers to try. */
  examples: string[];
}

/**
 * Looks whether a Space can show a model, and which version of it.
 *
 * @throws HubError if there is no such model, it lacks a file that the Space needs, or a browser may not read it
 */
export async function shownModel(
  params: HubOptions & { model: string; revision: string; sdk: DemoSdk },
): Promise<ShownModel> {
  const { model, revision, sdk, ...options } = params;
  const repo: RepoId = { type: "model", name: model };
  return withHub({ doing: "looking for", repo, revision }, hubSettings(options), async (session) => {
    const commit = await repoCommit(session, repo, revision);
    if (sdk === "static") await refuseHidden(session, model);
    const files = await listed({ session, repo, revision: commit });
    const sizes = new Map(files.map(({ path, size }) => [path, size]));
    const bytes = Object.fromEntries(
      SHOWN_DTYPES.flatMap((dtype) => {
        const size = sizes.get(ONNX_FILES[dtype]);
        return size === undefined ? [] : [[dtype, size]];
      }),
    );
    const missing = NEEDED.filter((file) => !sizes.has(file));
    if (sdk === "static" && Object.keys(bytes).length === 0) missing.push(ONNX_FILES.q8);
    if (missing.length > 0)
      throw new HubError(
        "no-file",
        `The model ${model} has no ${missing.join(" and no ")} at ${revision}, which a Space needs to show it${missing.includes(ONNX_FILES.q8) ? ": write it with exportOnnx, and push the model again" : ""}.`,
      );
    const examples = sizes.has("README.md") ? await cardExamples(session, model, commit) : [];
    return { model, commit, bytes, examples };
  });
}

/** A page has no token to read with. */
async function refuseHidden(session: HubSession, name: string): Promise<void> {
  const { private: isPrivate, gated } = await modelInfo({ ...session, name });
  if (isPrivate || gated)
    throw new HubError(
      "not-allowed",
      `The model ${name} is ${isPrivate ? "private" : "gated"}: a page in a reader's browser cannot read it. Make it public, or push the Space with sdk "gradio" and give it HF_TOKEN as a secret.`,
    );
}

/** The texts of the card's widget; none where the card cannot be read. */
async function cardExamples(session: HubSession, model: string, commit: string): Promise<string[]> {
  const address = `${session.hubUrl}/${model}/resolve/${commit}/README.md`;
  const answer = await session.fetch(address, { headers: authorization(session) });
  try {
    const { widget } = readModelCard(await answer.text()).metadata;
    const entries = Array.isArray(widget) ? (widget as unknown[]) : [];
    const texts = entries.map((entry) => (Object(entry) as { text?: unknown }).text);
    return texts.filter((text) => typeof text === "string");
  } catch {
    return [];
  }
}
