import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Summary } from "../../environment/notebooks/summary.mjs";
import { listJobs } from "@huggingface/hub";
import { startEmbeddedHub, type EmbeddedHub } from "../../lib/src/hub/embedded/embedded-hub";
import { startHubProxy, type HubProxy } from "../lib/hub/hub-proxy";
import { start, type Running } from "./clone";
import { code, notebook, notebookFolder } from "../environment/notebooks";
import { ROOT, temporaryFolder } from "../environment/programs";

const TOKEN = "hf_ofThisTestAlone";
/** A notebook in which a job can be seen at work. */
const WORKING = notebook(
  code(`console.log("profile", process.env.STORY_PROFILE, process.env.STORY_SEED);`),
  code(`console.log("token", process.env.HF_TOKEN);`),
);

describe("npm run story -- --on hf-jobs", () => {
  const home = temporaryFolder();
  let hub: EmbeddedHub;
  let proxy: HubProxy;

  before(async () => {
    hub = await startEmbeddedHub({ folder: path.join(home, "hub"), token: TOKEN, allowJobs: true });
    proxy = await startHubProxy(hub.endpoint);
  });
  after(async () => {
    await proxy.close();
    await hub.close();
  });

  /** Starts the command with an own cache; the job takes this very checkout for what its image holds, unless told otherwise. */
  const story = (
    folder: string,
    flags: string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Running & { out: string } => {
    const out = path.join(folder, "fetched");
    const places = ["--folder", folder, "--out", out];
    const own = { HF_ENDPOINT: hub.endpoint, HF_TOKEN: TOKEN, HF_HOME: path.join(home, "hf"), ...env };
    const args = ["environment/story.mjs", "--on", "hf-jobs", ...places, ...flags];
    return { ...start(args, { cwd: ROOT, env: { ...process.env, STORY_SEED: "5", ...own } }), out };
  };
  const inImage = ["--project", ROOT];
  const summaryOf = (out: string) =>
    JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8")) as Summary;
  const stages = async () => {
    const jobs = await listJobs({ hubUrl: hub.endpoint, accessToken: TOKEN, namespace: "reader" });
    return jobs.map(({ status }) => status.stage as string);
  };

  it("runs the notebooks in a job, follows its log, and fetches what came of them; the token is nowhere", async () => {
    const folder = notebookFolder({ "01-one": WORKING, "02-two": notebook(code("1;")) });
    mkdirSync(path.join(folder, "fetched"));
    writeFileSync(path.join(folder, "fetched", "of an earlier run"), "");
    const run = story(folder, [...inImage, "--only", "01"]);
    assert.equal(await run.ended, 0, run.printed());
    const said = run.printed();
    assert.match(said, /^The job reader\/[0-9a-f]{24} is on a10g-small: this machine: http/m);
    assert.match(said, /neither in node:20-bookworm nor on a10g-small\.$/m);
    assert.match(said, /^The story: 1 notebooks, profile full, /m);
    assert.match(said, /^Fetched from the dataset reader\/finetune-debug-runs, .*: 01-one\.ipynb, /m);
    assert.match(said, /^The story holds: 1 of 1 notebooks, /m);
    assert.ok(!existsSync(path.join(run.out, "of an earlier run")));
    assert.deepEqual([summaryOf(run.out).profile, summaryOf(run.out).seed], ["full", 5]);
    assert.match(readFileSync(path.join(run.out, "01-one.ipynb"), "utf8"), /profile full 5/);
    assert.match(readFileSync(path.join(run.out, "index.html"), "utf8"), /profile full 5/);
    assert.ok(!said.includes(TOKEN), said);
    assert.match(
      said,
      /^The token of the Hub stood in .*01-one\.ipynb.*; it is replaced there by \*\*\*\.$/m,
    );
    assert.match(readFileSync(path.join(run.out, "01-one.ipynb"), "utf8"), /token \*\*\*/);
    for (const name of readdirSync(run.out))
      assert.ok(!readFileSync(path.join(run.out, name)).includes(TOKEN), name);
    const repo = await fetch(`${hub.endpoint}/api/datasets/reader/finetune-debug-runs`);
    assert.equal(repo.status, 401, "the data set is private");
  });

  it("fetches the artefacts too where it is asked to, for the notebooks that need them here", async () => {
    const leave = `const fs = require("node:fs"), to = process.env.STORY_BUILD + "/artefacts/01-one";
fs.mkdirSync(to, { recursive: true });
fs.writeFileSync(to + "/result.json", "{}");`;
    const folder = notebookFolder({ "01-one": notebook(code(leave)) });
    const build = path.join(folder, "build");
    const out = path.join(folder, "not", "yet", "there");
    const run = story(folder, [...inImage, "--artefacts", "--out", out], { STORY_BUILD: build });
    assert.equal(await run.ended, 0, run.printed());
    assert.ok(summaryOf(out).ok);
    assert.match(run.printed(), /^Artefacts: 1 files into /m);
    assert.ok(existsSync(path.join(build, "artefacts/01-one/result.json")));
  });

  it("sends the files that git knows, as they lie here, and the notebooks", async () => {
    const folder = notebookFolder({ "01-one": WORKING });
    // the job has nothing but what was sent; a Python that is none ends its set-up at once
    const run = story(folder, ["--env", "PYTHON=no-such-python", "--flavor", "cpu-basic"]);
    assert.equal(await run.ended, 1);
    const said = run.printed();
    assert.match(said, /^The project's \d+ files are in the private dataset reader\/finetune-debug-runs, /m);
    assert.match(said, /^Set-up stopped\. No Python 3\.10 or newer was found/m);
    assert.match(said, /^The job ended as ERROR \(Job failed with exit code: 1\)\. The last lines/m);
    assert.match(said, /^ {4}Set-up stopped\./m);
    assert.match(said, /^The job left no result in the dataset reader\/finetune-debug-runs, /m);
    const name = /finetune-debug-runs, (\S+)\.$/m.exec(said)?.[1] ?? "";
    const archive = await fetch(
      `${hub.endpoint}/datasets/reader/finetune-debug-runs/resolve/main/${name}/project.tar.gz`,
      { headers: { Authorization: `Bearer ${TOKEN}` } },
    );
    const listed = execFileSync("tar", ["-tz"], { input: Buffer.from(await archive.arrayBuffer()) });
    const files = listed.toString().trim().split("\n");
    const notebookOf = path.relative(ROOT, path.join(folder, "01-one.ipynb"));
    for (const name of ["package.json", ".npmrc", "environment/jobs/in-job.mjs", notebookOf])
      assert.ok(files.includes(name), name);
    assert.ok(!files.some((file) => /^(node_modules|\.venv|data\/downloads|\.git)\//.test(file)));
  });

  it("is red for a notebook that fails, and fetches it all the same", async () => {
    const folder = notebookFolder({ "01-one": notebook(code("throw new RangeError('too far');")) });
    const run = story(folder, inImage);
    assert.equal(await run.ended, 1);
    assert.match(run.printed(), /^The job ended as ERROR \(Job failed with exit code: 1\)/m);
    assert.match(run.printed(), /^The story does NOT hold: 0 of 1 notebooks/m);
    assert.equal(summaryOf(run.out).notebooks[0]?.error, "cell [1]: RangeError: too far");
  });

  it("says that the time was over, and leaves what was fetched before", async () => {
    const endless = notebook(code("await new Promise((end) => setTimeout(end, 1e6));"));
    const folder = notebookFolder({ "01-one": endless });
    mkdirSync(path.join(folder, "fetched"));
    writeFileSync(path.join(folder, "fetched", "of an earlier run"), "");
    const run = story(folder, [...inImage, "--timeout", "4s"]);
    assert.equal(await run.ended, 1);
    assert.match(run.printed(), /^The job ended as ERROR \(Job timeout\)/m);
    assert.match(run.printed(), /give it more with --timeout\.$/m);
    assert.ok(existsSync(path.join(run.out, "of an earlier run")));
  });

  it("stops the story before its time is over, and fetches what there is", async () => {
    const endless = notebook(code("await new Promise((end) => setTimeout(end, 1e6));"));
    const folder = notebookFolder({ "01-one": WORKING, "02-two": endless });
    // the story gets what comes before the last 25 seconds; a slow machine has 20 to start it, and those 25 to end
    const run = story(folder, [...inImage, "--timeout", "70s", "--env", "RUN_LAST_SECONDS=25"]);
    assert.equal(await run.ended, 1);
    assert.match(run.printed(), /^The job's time is nearly over: .* --timeout gives it more\.$/m);
    assert.match(run.printed(), /^The job ended as ERROR \(Job failed with exit code: 130\)/m);
    // how far it came depends on the machine
    assert.ok(!summaryOf(run.out).ok);
    assert.ok(existsSync(path.join(run.out, "01-one.ipynb")));
  });

  it("cancels its job at Ctrl-C; one that is only followed goes on", async () => {
    const endless = notebook(code("await new Promise((end) => setTimeout(end, 1e6));"));
    const folder = notebookFolder({ "01-one": endless });
    const run = story(folder, inImage);
    await run.prints(/cell 1 of 1/);
    const id = /^The job reader\/([0-9a-f]+) is on/m.exec(run.printed())?.[1] ?? "";
    const following = story(folder, ["--follow", id]);
    await following.prints(/cell 1 of 1/);
    following.child.kill("SIGINT");
    assert.equal(await following.ended, 130);
    assert.match(following.printed(), new RegExp(`goes on, .*--follow reader/${id}. follows it again`));
    assert.equal((await stages())[0], "RUNNING");
    run.child.kill("SIGINT");
    assert.equal(await run.ended, 130);
    assert.match(run.printed(), /^The job is cancelled; what it had not pushed yet is lost\.$/m);
    assert.equal((await stages())[0], "CANCELED");
  });

  it("submits alone with --detach, and --follow fetches the result afterwards", async () => {
    const folder = notebookFolder({ "01-one": WORKING });
    const run = story(folder, [...inImage, "--detach"]);
    assert.equal(await run.ended, 0);
    const job = /--follow (\S+?)`/.exec(run.printed())?.[1] ?? "";
    const following = story(folder, ["--follow", job]);
    assert.equal(await following.ended, 0, following.printed());
    assert.ok(summaryOf(following.out).ok);
  });

  it("goes on following when the Hub comes back, each line once", async () => {
    const lines = notebook(code("await new Promise((end) => setTimeout(end, 3000));"));
    const folder = notebookFolder({ "01-one": lines });
    // the first answer with a log ends in its middle; then nothing comes through for two tries
    let troubles = 0;
    proxy.mishap = (url, body) =>
      url.endsWith("/logs") && troubles++ === 0 ? { breakAfter: Math.floor(body.length / 2) } : undefined;
    proxy.outage = (url) => url.endsWith("/logs") && troubles > 0 && troubles++ < 3;
    const run = story(folder, inImage, { HF_ENDPOINT: proxy.endpoint });
    assert.equal(await run.ended, 0, run.printed());
    assert.equal(run.printed().match(/The job goes on; the next try is in \d+ s\./g)?.length, 3);
    for (const once of [/^The embedded Hub runs this/gm, /^The story: 1 notebooks/gm, /^Set-up: /gm])
      assert.equal(run.printed().match(once)?.length, 1, String(once));
    proxy.mishap = undefined;
    proxy.outage = undefined;
  });

  it("is refused in one line before anything is paid for", async () => {
    const folder = notebookFolder({ "01-one": WORKING });
    const before = (await stages()).length;
    proxy.mishap = (url) =>
      url === "/api/jobs/reader"
        ? { status: 402, text: '{"error":"Pre-paid credit balance is insufficient"}' }
        : undefined;
    const paying = { HF_ENDPOINT: proxy.endpoint };
    for (const [flags, env, expected] of [
      [[], { HF_TOKEN: "" }, /^HF_TOKEN is not set/],
      [[], { HF_TOKEN: "hf_wrong" }, /does not know the token/],
      [
        ["--flavor", "a10g-smal"],
        {},
        /^There is no flavor "a10g-smal"; the nearest is a10g-small\. There are cpu-basic, /,
      ],
      [
        inImage,
        paying,
        /wants to be paid for starting the job of reader \(status 402: Pre-paid credit.*Billing\.$/,
      ],
      [["--timeout", "long"], {}, /^--timeout is "long"; expected a time such as/],
      [["--only", "07"], {}, /^There is no notebook 07/],
      [["--profile", "huge"], {}, /^STORY_PROFILE is "huge"/],
      [["--env", "HF_TOKEN=x"], {}, /^--env HF_TOKEN would be shown/],
      [["--follow", "none"], {}, /has no job reader\/none/],
      [["--namespace", "other", ...inImage], {}, /does not allow starting the job of other/],
      [[], { HF_ENDPOINT: "http://127.0.0.1:9" }, /cannot be reached for asking for the user/],
    ] as const) {
      const run = story(folder, [...flags], env);
      assert.equal(await run.ended, 1, run.printed());
      assert.match(run.printed().trim(), expected);
      assert.equal(run.printed().trim().split("\n").length, 1, run.printed());
      assert.ok(!run.printed().includes(TOKEN));
    }
    proxy.mishap = undefined;
    // the proxy asked the Hub before it answered 402
    assert.equal((await stages()).length, before + 1);
    const stray = start(["environment/story.mjs", "--flavor", "cpu-basic"], { cwd: ROOT, env: process.env });
    assert.equal(await stray.ended, 1);
    assert.match(
      stray.printed(),
      /^--flavor belongs to a story on another machine: say --on hf-jobs too\.\n$/,
    );
  });
});
