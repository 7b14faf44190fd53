import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { inspect } from "node:util";
import { startEmbeddedHub, type EmbeddedHub } from "../../../lib/src/hub/embedded/embedded-hub";
import { HubError, type HubFailure } from "../../../lib/src/hub/hub-error";
import { pushToHub, type PushToHubParams } from "../../../lib/src/hub/push-to-hub";
import { listRepoFiles } from "../../../lib/src/hub/repo-files";
import { temporaryFolder } from "../temporary-folder";
import { startHubProxy, type HubProxy } from "./hub-proxy";

/** The token that may write to the tests' Hub. */
export const TOKEN = "hf_TheTokenOfTheTests";

/** Five tries, as everywhere, without the waiting. */
export const QUICK = { retryDelays: [1, 2, 3, 4] };

/** An embedded Hub behind a proxy. */
export interface TestHub {
  /** Where the tests' folders lie. */
  folder: string;
  hub: EmbeddedHub;
  proxy: HubProxy;
  /** An address at which nobody listens. */
  nowhere: string;
}

/**
 * Starts an embedded Hub behind a proxy, with nothing of this machine's own Hub settings. The object is filled before `prepare`
 * runs, and that before the tests.
 */
export function testHub(prepare: () => Promise<void> = () => Promise.resolve()): TestHub {
  const folder = temporaryFolder();
  const started = { folder } as TestHub;
  forgetHubSettings(path.join(folder, "home"));
  before(async () => {
    started.hub = await startEmbeddedHub({ folder: path.join(folder, "hub"), token: TOKEN });
    started.proxy = await startHubProxy(started.hub.endpoint);
    const gone = await startHubProxy(started.hub.endpoint);
    await gone.close();
    started.nowhere = gone.endpoint;
    await prepare();
  });
  after(async () => {
    await started.proxy.close();
    await started.hub.close();
  });
  return started;
}

/** Pushes a folder through the proxy, and lists repositories past it. */
export function pushing(setup: TestHub, folder: string) {
  const push = (repo: string, more: Partial<PushToHubParams> = {}) =>
    pushToHub({
      folder,
      repo,
      commitMessage: "Push",
      ...QUICK,
      endpoint: setup.proxy.endpoint,
      token: TOKEN,
      ...more,
    });
  const listing = (repo: string, revision = "main") =>
    listRepoFiles({ repo, revision, endpoint: setup.hub.endpoint, token: TOKEN });
  return { push, listing };
}

/** Takes away what the surroundings say about a Hub; the process of a test file is its own. */
export function forgetHubSettings(home: string): void {
  for (const name of Object.keys(process.env))
    if (/^(HF_|HUGGING_?FACE_|TRANSFORMERS_OFFLINE|XDG_CACHE_HOME)/.test(name))
      Reflect.deleteProperty(process.env, name);
  process.env["HF_HOME"] = home;
}

/** Writes files into a folder and returns it. */
export function writeFiles(folder: string, files: Record<string, string | Uint8Array>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** Expects one clear line, without the token, this machine's paths, or the error that it came from. */
export async function refused(
  work: Promise<unknown>,
  failure: HubFailure,
  message: RegExp,
): Promise<HubError> {
  let found: unknown;
  await assert.rejects(work, (error) => {
    found = error;
    assert.ok(error instanceof HubError, inspect(error));
    assert.match(error.message, message);
    assert.equal(error.failure, failure);
    assert.ok(!error.message.includes("\n"), error.message);
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    assert.ok(!shown.includes(TOKEN), shown);
    assert.ok(!/Bearer hf_[^*]|finetune-debug-/.test(shown.replace(error.stack ?? "", error.message)), shown);
    return true;
  });
  return found as HubError;
}
