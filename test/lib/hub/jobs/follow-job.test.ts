import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { startEmbeddedHub, type EmbeddedHub } from "../../../../lib/src/hub/embedded/embedded-hub";
import { HubError } from "../../../../lib/src/hub/hub-error";
import { followJob, type FollowJobParams } from "../../../../lib/src/hub/jobs/follow-job";
import { cancelHubJob, inspectJob, submitJob, type HubJob } from "../../../../lib/src/hub/jobs/hub-job";
import { InterruptedError } from "../../../../lib/src/runtime/errors";
import { temporaryFolder } from "../../temporary-folder";
import { startHubProxy, type HubProxy } from "../hub-proxy";
import { forgetHubSettings, refused, TOKEN } from "../test-hub";

const COUNTING = `let n = 0; const t = setInterval(() => { console.log("line " + ++n); if (n === 5) clearInterval(t); }, 50);`;
const LINES = [1, 2, 3, 4, 5].map((n) => `line ${n}`);
const ENDLESS = "console.log('working'); setInterval(() => 0, 1e3);";

describe("following a job", () => {
  const folder = temporaryFolder();
  let hub: EmbeddedHub;
  let proxy: HubProxy;
  let said: string[] = [];
  let troubles: string[] = [];

  before(async () => {
    forgetHubSettings(path.join(folder, "home"));
    hub = await startEmbeddedHub({ folder: path.join(folder, "hub"), token: TOKEN, allowJobs: true });
    proxy = await startHubProxy(hub.endpoint);
  });
  after(async () => {
    await proxy.close();
    await hub.close();
  });

  const submit = (script: string): Promise<HubJob> =>
    submitJob(
      {
        ...{ namespace: "reader", image: "node:20-bookworm", command: ["node", "-e", script] },
        ...{ environment: {}, secrets: {}, flavor: "cpu-basic", timeoutSeconds: 60 },
      },
      { endpoint: hub.endpoint, token: TOKEN },
    );
  /** Follows over the proxy; what the Hub itself says at the beginning is left out. */
  const follow = (job: HubJob, more: Partial<FollowJobParams> = {}): Promise<HubJob> => {
    said = [];
    troubles = [];
    return followJob({
      ...{ job, endpoint: proxy.endpoint, token: TOKEN, pollMs: 1_000, outageDelays: [1, 2, 3] },
      onLine: (line) => {
        if (!/^(=====|The embedded Hub)/.test(line)) said.push(line);
      },
      onTrouble: ({ message }) => troubles.push(message),
      ...more,
    });
  };

  /** Follows a job past the proxy, and stops once it says that it works. */
  const untilItWorks = (job: HubJob): Promise<HubJob> => {
    const stop = new AbortController();
    const onLine = (line: string): void => {
      if (line === "working") stop.abort();
    };
    return follow(job, { endpoint: hub.endpoint, signal: stop.signal, onLine });
  };

  it("hands over each line once, though the log breaks off", async () => {
    let isFirst = true;
    proxy.mishap = (url, body) => {
      if (!url.endsWith("/logs") || !isFirst) return undefined;
      isFirst = false;
      // after a whole line, and in the middle of the next
      return { breakAfter: body.indexOf("line 3") };
    };
    const done = await follow(await submit(COUNTING));
    assert.equal(done.stage, "COMPLETED");
    assert.deepEqual(said, LINES);
    assert.equal(troubles.length, 1);
    assert.match(troubles[0] ?? "", /cannot be reached for following the job reader\//);
    proxy.mishap = undefined;
  });

  it("is patient with a log that breaks off at each further line", async () => {
    let tries = 1;
    proxy.mishap = (url, body) => {
      if (!url.endsWith("/logs")) return undefined;
      tries += 1;
      return tries > 5 ? undefined : { breakAfter: body.indexOf(`line ${tries}`) };
    };
    const done = await follow(await submit(COUNTING), { outageDelays: [1, 2] });
    assert.equal(done.stage, "COMPLETED");
    assert.deepEqual([said, troubles.length], [LINES, 4]);
    proxy.mishap = undefined;
  });

  it("ends when the job has ended, though the Hub leaves the log open", async () => {
    proxy.mishap = (url, body) => (url.endsWith("/logs") ? { stallAfter: body.length } : undefined);
    const done = await follow(await submit(COUNTING));
    assert.equal(done.stage, "COMPLETED");
    assert.deepEqual(said, LINES);
    proxy.mishap = undefined;
  });

  it("gives up a Hub that stays out of order, and says so; the job goes on", async () => {
    const job = await submit(ENDLESS);
    await assert.rejects(untilItWorks(job), InterruptedError);
    proxy.outage = () => true;
    await refused(follow(job), "unreachable", /out of order for now \(status 503/);
    assert.equal(troubles.length, 3);
    proxy.outage = undefined;
    const options = { endpoint: hub.endpoint, token: TOKEN };
    assert.equal((await inspectJob(job, options)).stage, "RUNNING");
    await cancelHubJob(job, options);
    assert.deepEqual([(await follow(job)).stage, said], ["CANCELED", ["working"]]);
  });

  it("stops when it is told to; the job goes on", async () => {
    const job = await submit(ENDLESS);
    await assert.rejects(untilItWorks(job), InterruptedError);
    const options = { endpoint: hub.endpoint, token: TOKEN };
    assert.equal((await inspectJob(job, options)).stage, "RUNNING");
    await cancelHubJob(job, options);
  });

  it("is refused for a job that there is not, and without a token", async () => {
    const none = { namespace: "reader", id: "none" };
    const onLine = () => undefined;
    const endpoint = hub.endpoint;
    await refused(
      followJob({ job: none, endpoint, token: TOKEN, onLine }),
      "no-repo",
      /has no job reader\/none/,
    );
    await assert.rejects(inspectJob(none, { endpoint }), (error) => {
      return error instanceof HubError && error.failure === "no-token";
    });
    await assert.rejects(
      inspectJob({ namespace: "reader", id: "a/b" }, { endpoint, token: TOKEN }),
      /names no job/,
    );
  });
});
