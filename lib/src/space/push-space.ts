import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { authorization, withHub } from "../hub/hub-session";
import { hubSettings, type HubOptions } from "../hub/hub-options";
import { pushToHub } from "../hub/push-to-hub";
import type { RepoId } from "../hub/repo-id";
import { isRepoName } from "../hub/repo-name";
import { writeFilesAtomically } from "../runtime/atomic-file";
import { ArgumentError } from "../runtime/errors";
import { PushedSpace } from "./pushed-space";
import { shownModel, type DemoSdk } from "./shown-model";
import { spaceFiles } from "./space-files";

/** Which model to show, and where. */
export interface PushSpaceParams extends HubOptions {
  /** Namespace and name of the Space, such as `reader/sentiment-demo`; made if it is missing. */
  repo: string;
  /** Namespace and name of a model on the same Hub. */
  model: string;
  /** A branch, a tag or a commit of the model; `main` by default. What it names now is shown until the Space is pushed again. */
  revision?: string;
  /**
   * What runs the Space. A `static` one, by default, is a page that runs the model in its reader's browser and needs
   * `onnx/model_quantized.onnx` or `onnx/model.onnx` in a public model; a `gradio` one runs it on a machine of the Hub's.
   */
  sdk?: DemoSdk;
  /** By default the model's name. */
  title?: string;
  /** Texts to try; by default those that the model's card offers. */
  examples?: readonly string[];
  /** Whether a Space that is made is private; by default as the Hub decides. */
  private?: boolean;
}

/**
 * Makes and pushes a Space that shows a model: what it says of a text, how sure it is, and what each word weighs. What the Space has
 * already is not sent again.
 *
 * @throws ArgumentError if a name cannot be one, or title or an example is empty
 * @throws HubError if there is no such model, it lacks a file that the Space needs, or the token may not write
 * @throws InterruptedError if the reader interrupted it
 */
export async function pushSpace(params: PushSpaceParams): Promise<PushedSpace> {
  const {
    repo,
    model,
    revision = "main",
    sdk = "static",
    title,
    examples,
    private: isPrivate,
    ...hub
  } = params;
  checkSpace(params);
  const shown = await shownModel({ ...hub, model, revision, sdk });
  const settings = hubSettings(hub);
  const files = spaceFiles({
    ...{ sdk, hubUrl: settings.hubUrl, title: title ?? model.split("/").at(-1) ?? model },
    shown: { ...shown, ...(examples && { examples: [...examples] }) },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "space-"));
  try {
    writeFilesAtomically(new Map([...files].map(([name, content]) => [path.join(folder, name), content])));
    const pushed = await pushToHub({
      ...{ ...hub, folder, repo, repoType: "space", spaceSdk: sdk },
      commitMessage: `Show ${model} at ${shown.commit.slice(0, 7)}`,
      ...(isPrivate === undefined ? {} : { private: isPrivate }),
    });
    const host = await hostOf(repo, hub);
    return new PushedSpace(pushed, { url: `${settings.hubUrl}/spaces/${repo}`, host, model });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkSpace({ repo, model, sdk = "static", title, examples = [] }: PushSpaceParams): void {
  // a notebook may hold another
  if (!["static", "gradio"].includes(sdk))
    throw new ArgumentError(`The sdk is ${JSON.stringify(sdk)}; expected "static" or "gradio".`);
  for (const name of [repo, model])
    if (!isRepoName(name) || !name.includes("/"))
      throw new ArgumentError(
        `"${name}" cannot be a repository; expected a namespace and a name, such as reader/sentiment-demo.`,
      );
  if (title?.trim() === "") throw new ArgumentError("title is empty; expected what the page is called.");
  if (examples.some((text) => text.trim() === ""))
    throw new ArgumentError("An example is empty; expected texts to try.");
}

/** Where a Space runs, as the Hub says it; the library leaves it out. */
async function hostOf(name: string, options: HubOptions): Promise<string | undefined> {
  const repo: RepoId = { type: "space", name };
  return withHub({ doing: "asking about", repo }, hubSettings(options), async (session) => {
    const address = `${session.hubUrl}/api/spaces/${name}`;
    const answer = await session.fetch(address, { headers: authorization(session) });
    const { host } = Object(await answer.json()) as { host?: unknown };
    return typeof host === "string" ? host : undefined;
  });
}
