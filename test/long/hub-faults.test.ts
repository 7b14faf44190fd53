/**
 * Uploads and downloads with lib and with Python's huggingface_hub, of 1 B to 64 MB, over a network that cuts connections and answers
 * 500, and to a Hub that is killed meanwhile. A tenth of it; `npm run test:long -- --deep` does it all: 200 transfers, 20 kills.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { listCommits } from "@huggingface/hub";
import { pretrainedFolder } from "../../lib/src/hub/pretrained-folder";
import { pushToHub } from "../../lib/src/hub/push-to-hub";
import { seededRandom } from "../../lib/src/runtime/random";
import { ROOT, temporaryFolder } from "../environment/programs";
import { requests } from "../lib/hub/embedded/running-hub";
import { startFlakyNetwork, type FlakyNetwork } from "./flaky-network";
import { clientPython, hubEnvironment, runPython } from "./python-environment";

const DEEP = process.env["DEEP"] === "1";
const TRANSFERS = DEEP ? 200 : 20;
const KILLS = DEEP ? 20 : 2;
const SEED = 7;
const LARGEST = 64e6;
const WORKERS = 2;
const MOST_TRIES = 60;
const QUICK = { retryDelays: [20, 40, 80, 160] };
const TOKEN = "hf_embedded";
const REPOS = ["reader/one", "reader/two", "reader/three"];

/** A folder to upload under its name, and to fetch back. */
interface Job {
  repo: string;
  folder: string;
  name: string;
}

/** A Hub in a process of its own, which may be killed and started again at the same port. */
class HubProcess {
  port = 0;
  #child: ChildProcess | undefined;

  constructor(readonly folder: string) {}

  async start(): Promise<void> {
    const args = ["--dir", this.folder, "--token", TOKEN, "--port", String(this.port)];
    const child = spawn(process.execPath, [path.join(ROOT, "environment/hub.mjs"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const port = /127\.0\.0\.1:(\d+)/.exec(chunk.toString())?.[1];
      if (port === undefined) continue;
      this.port = Number(port);
      return;
    }
    assert.fail("the Hub did not start");
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }
}

/** Bytes that look random and hang on the number alone. */
function bytesOf(number: number, size: number): Buffer {
  const key = createHash("md5").update(`file ${number}`).digest();
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** What a user does whose upload failed: the same again. */
async function insist<Result>(call: () => Promise<Result>): Promise<Result> {
  let last: unknown;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      return await call();
    } catch (error) {
      last = error;
      await wait(200);
    }
  }
  throw last;
}

describe(`uploads and downloads that meet faults (${TRANSFERS} transfers, ${KILLS} kills)`, () => {
  const folder = temporaryFolder();
  const closing: (() => Promise<void>)[] = [];
  let hub: HubProcess;
  let network: FlakyNetwork;
  let python: string;

  before(() => {
    python = clientPython();
  });
  const begin = async (name: string, badness: { cut: number; refused: number }): Promise<void> => {
    const started = new HubProcess(path.join(folder, name));
    closing.push(() => started.stop("SIGKILL"));
    await started.start();
    hub = started;
    network = await startFlakyNetwork({ port: () => started.port, badness, seed: SEED });
    closing.push(network.close);
    const { create } = requests(`http://127.0.0.1:${hub.port}`);
    for (const repo of REPOS) await create(repo.replace("reader/", ""));
  };
  after(async () => {
    for (const close of closing) await close();
  });

  const jobsOf = (kind: string, count: number, largest: number): Job[] => {
    const random = seededRandom(SEED);
    return Array.from({ length: count }, (_, number) => {
      const own = path.join(folder, "source", kind, String(number));
      mkdirSync(own, { recursive: true });
      const size = number === 0 ? largest : Math.max(1, Math.round(largest ** random()));
      writeFileSync(path.join(own, "weights.bin"), bytesOf(number, size));
      writeFileSync(path.join(own, "note.txt"), `note ${number}\n`);
      return { repo: REPOS[number % REPOS.length] ?? "", folder: own, name: `${kind}-${number}` };
    });
  };
  /** With lib: the folder holds one of the job's name, as upload_folder's path_in_repo does. */
  const byLib = async ({ repo, folder: own, name }: Job): Promise<void> => {
    const parent = path.join(folder, "staged", name);
    mkdirSync(path.join(parent, name), { recursive: true });
    const files = readdirSync(own);
    for (const file of files)
      writeFileSync(path.join(parent, name, file), readFileSync(path.join(own, file)));
    const options = { endpoint: network.endpoint, token: TOKEN, ...QUICK };
    await insist(() => pushToHub({ folder: parent, repo, commitMessage: `upload ${name}`, ...options }));
    const cacheDir = path.join(folder, "cache");
    const required = files.map((file) => `${name}/${file}`);
    const fetched = await insist(() => pretrainedFolder(repo, { required }, { ...options, cacheDir }));
    for (const file of files)
      assert.ok(
        readFileSync(path.join(fetched, name, file)).equals(readFileSync(path.join(own, file))),
        `${name}/${file} is not what was uploaded`,
      );
  };
  const byPython = async (jobs: Job[], worker: number): Promise<void> => {
    const home = path.join(folder, `home ${worker}`);
    const env = hubEnvironment({ endpoint: network.endpoint, home, token: TOKEN });
    const args = [path.join(ROOT, "test/long/hub_faults_client.py")];
    await runPython({ python, args, input: { jobs, cache: path.join(home, "cache") }, env });
  };
  /** All at once: some workers each, of lib and of Python. */
  const doAll = async (jobs: readonly Job[]): Promise<void> => {
    const shareOf = (worker: number) => jobs.filter((_, index) => index % (2 * WORKERS) === worker);
    const workers = Array.from({ length: 2 * WORKERS }, (_, worker) => worker);
    await Promise.all(
      workers.map(async (worker) => {
        if (worker % 2 === 1) return byPython(shareOf(worker), worker);
        for (const job of shareOf(worker)) await byLib(job);
      }),
    );
  };
  /** Every repository is whole to git, and every upload is one commit with all of its files or none. */
  const assertWhole = async (jobs: readonly Job[]): Promise<void> => {
    const hubUrl = `http://127.0.0.1:${hub.port}`;
    for (const repo of REPOS) {
      const gitdir = path.join(hub.folder, "models", `${repo}.git`);
      assert.equal(
        execFileSync("git", ["-C", gitdir, "fsck", "--full", "--strict"], { encoding: "utf8" }),
        "",
      );
      const titles: string[] = [];
      for await (const { title, oid } of listCommits({ hubUrl, repo, accessToken: TOKEN })) {
        titles.push(title);
        const name = /^upload (.*)$/.exec(title)?.[1];
        const job = jobs.find((one) => one.name === name);
        for (const file of job ? readdirSync(job.folder) : []) {
          const given = await fetch(`${hubUrl}/${repo}/resolve/${oid}/${name}/${file}`);
          const expected = readFileSync(path.join(job?.folder ?? "", file));
          assert.ok(
            Buffer.from(await given.arrayBuffer()).equals(expected),
            `${title}: ${file} is not whole`,
          );
        }
      }
      const wanted = jobs.filter((job) => job.repo === repo).map(({ name }) => `upload ${name}`);
      // whose answer was lost may have come twice: huggingface_hub asks again before the Hub is done with the first
      const made = new Set(titles.filter((title) => title.startsWith("upload")));
      assert.deepEqual([...made].sort(), wanted.sort());
    }
    await hub.stop("SIGTERM");
    const incoming = path.join(hub.folder, "incoming");
    assert.deepEqual(existsSync(incoming) ? readdirSync(incoming) : [], []);
  };

  it("all end right over a network that cuts connections and answers 500", async () => {
    await begin("cut", { cut: 0.4, refused: 0.1 });
    const jobs = jobsOf("cut", TRANSFERS, LARGEST);
    await doAll(jobs);
    const { cut, refused, connections } = network.counts;
    console.log(`${connections} connections, ${cut} cut, ${refused} answered with 500`);
    assert.ok(cut >= TRANSFERS / 2 && refused > 0, "too little went wrong to show anything");
    await assertWhole(jobs);
  });

  it("all end right with a Hub that is killed, and nothing half is there", async () => {
    await begin("killed", { cut: 0, refused: 0 });
    const jobs = jobsOf("killed", 3 * KILLS, LARGEST / 4);
    const random = seededRandom(SEED);
    const killing = async (): Promise<void> => {
      for (let kills = 0; kills < KILLS; kills += 1) {
        await wait(100 + 1_500 * random());
        await hub.stop("SIGKILL");
        await hub.start();
      }
    };
    await Promise.all([doAll(jobs), killing()]);
    await assertWhole(jobs);
  });
});
