import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { cancelJob, getJob, listJobHardware, listJobs, runJob, streamJobLogs } from "@huggingface/hub";
import { startEmbeddedHub, type EmbeddedHub } from "../../../../lib/src/hub/embedded/embedded-hub";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, requests, TOKEN } from "./running-hub";

/** What the library's types leave out. */
interface Told {
  id: string;
  status: { stage: string; message: string | null };
  secrets: string[];
  environment: Record<string, string>;
  durations: Record<string, number | null>;
}

describe("a job on the embedded Hub", () => {
  const folder = temporaryFolder();
  let hub: EmbeddedHub;
  let who: { hubUrl: string; accessToken: string; namespace: string };

  before(async () => {
    hub = await startEmbeddedHub({ folder, token: TOKEN, allowJobs: true });
    who = { hubUrl: hub.endpoint, accessToken: TOKEN, namespace: "reader" };
  });
  after(() => hub.close());

  const run = (script: string, more: Partial<Parameters<typeof runJob>[0]> = {}) =>
    runJob({
      ...{ ...who, dockerImage: "node:20-bookworm", flavor: "a10g-small" as const },
      command: ["node", "-e", script],
      ...more,
      // credentials and namespace are always there; the type wants to see it
    } as Parameters<typeof runJob>[0]) as unknown as Promise<Told>;
  const log = async (jobId: string): Promise<string[]> => {
    const lines: string[] = [];
    for await (const { message } of streamJobLogs({ ...who, jobId })) lines.push(message);
    return lines;
  };
  const told = (jobId: string) => getJob({ ...who, jobId }) as unknown as Promise<Told>;

  it("runs its command here, says so first, and shows the output but no secret", async () => {
    const script = `console.log(process.env.WORD, process.env.HF_TOKEN, process.argv[1]);
      console.error("to standard error");
      process.stdout.write("no end of line");`;
    const job = await run(script, {
      ...{ environment: { WORD: "spoken" }, secrets: { HF_TOKEN: "hf_secretOfTheJob" }, arguments: ["more"] },
    });
    assert.equal(job.status.stage, "SCHEDULING");
    const [first, second, ...lines] = await log(job.id);
    assert.match(first ?? "", /^===== Job started at /);
    assert.match(
      second ?? "",
      /process of its own machine: neither in node:20-bookworm nor on a10g-small\.$/,
    );
    assert.deepEqual(lines.sort(), ["no end of line", "spoken *** more", "to standard error"]);
    const done = await told(job.id);
    assert.deepEqual(done.status, { stage: "COMPLETED", message: null, failureCount: 0 });
    assert.deepEqual([done.secrets, done.environment], [["HF_TOKEN"], { WORD: "spoken" }]);
    assert.ok(!JSON.stringify(done).includes("hf_secretOfTheJob"));
    assert.equal(typeof done.durations["runningSecs"], "number");
  });

  it("sees nothing of this process's variables, and has a folder of its own that is gone afterwards", async () => {
    process.env["ONLY_OF_THE_HUB"] = "x";
    const job = await run(
      "console.log(process.cwd() === process.env.HOME, process.cwd(), process.env.ONLY_OF_THE_HUB)",
    );
    const [isHome, cwd = "", hidden] = ((await log(job.id))[2] ?? "").split(" ");
    assert.deepEqual([isHome, hidden], ["true", "undefined"]);
    assert.ok(!existsSync(cwd), cwd);
  });

  it("ends as ERROR with its exit code, or if it cannot be started", async () => {
    const failed = await run("console.log('before'); process.exit(3)");
    assert.deepEqual((await log(failed.id)).slice(2), ["before"]);
    assert.match((await told(failed.id)).status.message ?? "", /^Job failed with exit code: 3$/);
    const none = await run("", { command: ["no-such-program"] });
    await log(none.id);
    const { stage, message } = (await told(none.id)).status;
    assert.deepEqual([stage, message], ["ERROR", "Job failed to start: ENOENT"]);
    // what the system refuses at once must not end the Hub
    for (const [command, code] of [
      [["/etc/passwd/x"], "ENOTDIR"],
      [["true", "x".repeat(2_000_000)], "E2BIG"],
    ] as const) {
      const refused = await run("", { command: [...command] });
      await log(refused.id);
      assert.equal((await told(refused.id)).status.message, `Job failed to start: ${code}`);
    }
  });

  it("ends as ERROR when its time is over, with all that it started", async () => {
    const script = `require("node:child_process").spawn("sleep", ["600"]); console.log("working"); setInterval(() => 0, 1e3);`;
    const job = await run(script, { timeoutSeconds: 5 });
    assert.deepEqual((await log(job.id)).slice(2), ["working"]);
    assert.deepEqual((await told(job.id)).status, {
      stage: "ERROR",
      message: "Job timeout",
      failureCount: 0,
    });
  });

  it("is cancelled with all processes of its group; one that has ended stays as it is", async () => {
    const script = `const { pid } = require("node:child_process").spawn("sleep", ["600"]);
      console.log(pid); setInterval(() => 0, 1e3);`;
    const job = await run(script);
    let sleeper = NaN;
    for await (const { message } of streamJobLogs({ ...who, jobId: job.id })) {
      if (!/^\d+$/.test(message)) continue;
      sleeper = Number(message);
      const canceled = (await cancelJob({ ...who, jobId: job.id })) as unknown as Told;
      assert.equal(canceled.status.stage, "CANCELED");
    }
    // killed processes of nobody may stay in the table for a moment
    for (let tries = 0; tries < 50 && isAlive(sleeper); tries += 1) await setTimeout(100);
    assert.ok(!isAlive(sleeper), "the process that the job started has ended");
    const done = await run("0");
    await log(done.id);
    await cancelJob({ ...who, jobId: done.id });
    assert.equal((await told(done.id)).status.stage, "COMPLETED");
  });

  it("has a log that is repeated from the beginning, or from its tail, and followed while it grows", async () => {
    const script = `let n = 0; const t = setInterval(() => { console.log("line " + ++n); if (n === 4) clearInterval(t); }, 100);`;
    const job = await run(script);
    const [live, also] = await Promise.all([log(job.id), log(job.id)]);
    assert.deepEqual(live.slice(2), ["line 1", "line 2", "line 3", "line 4"]);
    assert.deepEqual(also, live);
    assert.deepEqual(await log(job.id), live);
    const tail = await requests(hub.endpoint).get(`/api/jobs/reader/${job.id}/logs?tail=1`);
    assert.equal(tail.headers.get("content-type"), "text/event-stream");
    assert.match(await tail.text(), /^data: \{"data":"line 4","timestamp":"[^"]+"\}\n\n$/);
  });

  it("says of a line without an end that it was not kept, and goes on after it", async () => {
    const script = `process.stdout.write("x".repeat(3e6) + "\\nafter\\r\\nit\\n\\nend")`;
    const job = await run(script);
    const [long = "", ...further] = (await log(job.id)).slice(2);
    assert.match(long, /^A line of more than 1000000 characters was not kept\.$/);
    assert.deepEqual(further, ["after", "it", "", "end"]);
  });

  it("is listed, the newest first, and found by stage and label", async () => {
    const job = await run("0", { labels: { run: "of-the-list", sum: "a=b=c" } });
    await log(job.id);
    const [newest] = await listJobs(who);
    assert.equal(newest?.id, job.id);
    const { get } = requests(hub.endpoint);
    const ids = async (query: string) =>
      ((await (await get(`/api/jobs/reader?${query}`)).json()) as Told[]).map(({ id }) => id);
    assert.deepEqual(await ids("label=run%3Dof-the-list"), [job.id]);
    assert.deepEqual(await ids("label=run%3Dof-the-list&stage=CANCELED"), []);
    assert.deepEqual(await ids("label=sum%3Da%3Db%3Dc"), [job.id]);
    assert.deepEqual(await ids("label=sum%3Da"), []);
    const hardware = await listJobHardware({ hubUrl: hub.endpoint });
    assert.ok(hardware.some(({ name, accelerator }) => name === "a10g-small" && accelerator === null));
  });

  it("is refused with words for what is not of the protocol, and to strangers", async () => {
    const { post, get } = requests(hub.endpoint);
    const spec = { dockerImage: "x", flavor: "cpu-basic", command: ["true"] };
    for (const [body, error] of [
      [{ ...spec, flavor: "a10g-tiny" }, /^There is no flavor "a10g-tiny"; there are cpu-basic, /],
      [{ ...spec, command: [] }, /give one/],
      [{ ...spec, command: "true" }, /Expected "command" to be a list/],
      [{ ...spec, timeoutSeconds: -1 }, /Expected "timeoutSeconds"/],
      [{ ...spec, environment: { A: 1 } }, /Expected "A" to be a text/],
      [{ ...spec, command: ["a\0b"] }, /zero byte/],
      [{ ...spec, volumes: [{}] }, /without "volumes"/],
    ] as const)
      await assertRefused(await post("/api/jobs/reader", body), { status: 400, error });
    await assertRefused(await post("/api/jobs/other", spec), { status: 403, error: /are not yours/ });
    await assertRefused(await get("/api/jobs/reader/none"), { status: 404, error: /Job not found/ });
    const stranger = await fetch(`${hub.endpoint}/api/jobs/reader`);
    await assertRefused(stranger, { status: 401, error: /Invalid username/ });
  });

  it("is not run by a Hub that was not told to, and ends with the Hub that runs it", async () => {
    const plain = await startEmbeddedHub({ folder: temporaryFolder(), token: TOKEN });
    const spec = { dockerImage: "x", flavor: "cpu-basic", command: ["true"] };
    const answer = await requests(plain.endpoint).post("/api/jobs/reader", spec);
    await assertRefused(answer, { status: 403, error: /runs no jobs.*allowJobs/ });
    await plain.close();
    const closing = await startEmbeddedHub({ folder: temporaryFolder(), token: TOKEN, allowJobs: true });
    const script = "console.log(process.pid); setInterval(() => 0, 1e3)";
    const job = await run(script, { hubUrl: closing.endpoint });
    let pid = NaN;
    const stream = streamJobLogs({ ...who, hubUrl: closing.endpoint, jobId: job.id });
    for await (const { message } of stream) {
      pid = Number(message);
      if (pid > 0) break;
    }
    await closing.close();
    assert.ok(!isAlive(pid), "the job has ended");
  });
});

/** One that has ended, and that nobody has asked about yet, still has its number. */
function isAlive(pid: number): boolean {
  try {
    if (process.platform === "linux") return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
