import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { JobLog } from "./job-log";
import { readLines } from "./job-output";
import type { JobSpec } from "./job-spec";

/** Where a job is (huggingface_hub's `JobStage`, without `DELETED`). */
export type JobStage = "SCHEDULING" | "RUNNING" | "COMPLETED" | "CANCELED" | "ERROR";

/** From the polite signal to the one that no process can refuse. */
const GRACE_MS = 5_000;
/** How long what a job started may hold its output open once the job itself has ended. */
const LAST_WORDS_MS = 2_000;

/**
 * One job: its command as a process of this machine, in a temporary folder of its own that is removed afterwards. It gets its own
 * environment and secrets, and of this machine's variables only those that say where programs are.
 */
export class Job {
  readonly id = randomBytes(12).toString("hex");
  readonly createdAt = new Date();
  readonly log: JobLog;
  /** Resolves once nothing of it runs any more. */
  readonly ended: Promise<void>;
  #startedAt: Date | undefined;
  #finishedAt: Date | undefined;
  #stage: JobStage = "SCHEDULING";
  #message: string | null = null;
  #child: ChildProcess | undefined;

  constructor(readonly spec: JobSpec) {
    this.log = new JobLog(Object.values(spec.secrets));
    // whoever asked for it is answered first
    this.ended = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  /** Where it is. */
  get stage(): JobStage {
    return this.#stage;
  }

  /** Ends it; what has ended stays as it is. */
  cancel(): void {
    this.#stop("CANCELED", "Job canceled");
  }

  /** As the Hub tells of it: secrets by their names. */
  told(user: { id: string; name: string }): Record<string, unknown> {
    const { secrets, ...spec } = this.spec;
    const owner = { ...user, type: "user" };
    return {
      ...{ type: "job", id: this.id, createdAt: this.createdAt.toISOString() },
      ...{ startedAt: this.#startedAt?.toISOString() ?? null },
      ...{ finishedAt: this.#finishedAt?.toISOString() ?? null },
      ...{ ...spec, spaceId: null, arch: "amd64", attempts: 1, secrets: Object.keys(secrets) },
      ...{ status: { stage: this.#stage, message: this.#message, failureCount: 0 } },
      ...{ durations: this.#durations(), owner, initiator: owner, createdBy: user },
    };
  }

  #durations(): Record<string, number | null> {
    const end = this.#finishedAt ?? new Date();
    const seconds = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 1_000);
    return {
      schedulingSecs: this.#startedAt ? seconds(this.createdAt, this.#startedAt) : null,
      runningSecs: this.#startedAt ? seconds(this.#startedAt, end) : null,
      totalSecs: seconds(this.createdAt, end),
    };
  }

  async #run(): Promise<void> {
    try {
      if (this.#stage === "SCHEDULING") await this.#runCommand();
    } catch (error) {
      // such as an argument that is too long, which spawn throws
      const { code, name } = error as NodeJS.ErrnoException;
      if (this.#stage === "RUNNING") this.#end("ERROR", `Job failed to start: ${code ?? name}`);
    } finally {
      this.#finishedAt = new Date();
      this.log.end();
    }
  }

  async #runCommand(): Promise<void> {
    const { dockerImage, flavor, timeoutSeconds } = this.spec;
    this.#stage = "RUNNING";
    this.#startedAt = new Date();
    // huggingface_hub leaves this line of the Hub's out
    this.log.write(
      `===== Job started at ${this.#startedAt.toISOString().slice(0, 19).replace("T", " ")} =====`,
    );
    this.log.write(
      `The embedded Hub runs this as a process of its own machine: neither in ${dockerImage} nor on ${flavor}.`,
    );
    const folder = mkdtempSync(path.join(os.tmpdir(), "embedded-job-"));
    const timer = setTimeout(() => {
      this.#stop("ERROR", "Job timeout");
    }, timeoutSeconds * 1_000);
    try {
      const failure = await this.#command(folder);
      // a job that was stopped ends with what stopped it
      if (this.stage !== "RUNNING") return;
      this.#end(failure === undefined ? "COMPLETED" : "ERROR", failure ?? null);
    } finally {
      clearTimeout(timer);
      // one that the job made unremovable stays, and is no failure of the job
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    }
  }

  /** Runs the command to its end; says how it failed, if it did. */
  async #command(folder: string): Promise<string | undefined> {
    const [program = "", ...args] = [...this.spec.command, ...this.spec.arguments];
    // a process group of its own, so that all of it can be ended
    const child = spawn(program, args, {
      ...{ cwd: folder, env: this.#environment(folder), detached: true },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const ending = new Promise<string | undefined>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        resolve(`Job failed to start: ${error.code ?? error.name}`);
      });
      child.once("exit", (code, signal) => {
        resolve(code === 0 ? undefined : `Job failed with exit code: ${code ?? signal ?? "unknown"}`);
      });
    });
    const printed = [child.stdout, child.stderr].map((stream) =>
      readLines(stream, (line) => {
        this.log.write(line);
      }),
    );
    const failure = await ending;
    // as a container ends with its first process
    signalGroup(child, "SIGKILL");
    const patience = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, LAST_WORDS_MS);
    await Promise.all(printed);
    clearTimeout(patience);
    return failure;
  }

  #environment(folder: string): NodeJS.ProcessEnv {
    const { PATH, LANG, TZ } = process.env;
    const { environment, secrets } = this.spec;
    const machine = { PATH, LANG, TZ, HOME: folder, TMPDIR: folder };
    return { ...machine, JOB_ID: this.id, ...environment, ...secrets };
  }

  #end(stage: JobStage, message: string | null): void {
    this.#stage = stage;
    this.#message = message;
  }

  #stop(stage: "CANCELED" | "ERROR", message: string): void {
    if (this.#stage !== "RUNNING" && this.#stage !== "SCHEDULING") return;
    this.#end(stage, message);
    const child = this.#child;
    if (!child) return;
    signalGroup(child, "SIGTERM");
    const timer = setTimeout(() => {
      signalGroup(child, "SIGKILL");
    }, GRACE_MS);
    child.once("exit", () => {
      clearTimeout(timer);
    });
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // nobody of it is left
  }
}
