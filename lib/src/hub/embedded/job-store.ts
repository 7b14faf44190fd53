import { Job } from "./job";
import type { JobSpec } from "./job-spec";
import { HubRefusal } from "./refusal";

/** How many of them may run at once: all share one machine. */
const MOST_RUNNING = 8;
/** Of how many jobs that have ended the logs are kept: each may hold some megabytes. */
const MOST_LOGS = 20;

/** The jobs of an embedded Hub, which end with it. */
export class JobStore {
  readonly #jobs = new Map<string, Job>();
  readonly #isAllowed: boolean;

  /** @param params - `isAllowed`: whether commands of clients are run on this machine at all */
  constructor(params: { isAllowed: boolean }) {
    this.#isAllowed = params.isAllowed;
  }

  /** The newest first. */
  list(): Job[] {
    return [...this.#jobs.values()].reverse();
  }

  /** @throws HubRefusal (404) if there is none of that id */
  job(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw new HubRefusal("Job not found", { status: 404 });
    return job;
  }

  /** @throws HubRefusal (403) unless this Hub was started to run jobs, (429) if too many run */
  run(spec: JobSpec): Job {
    if (!this.#isAllowed)
      throw new HubRefusal(
        "This embedded Hub runs no jobs, which would be commands on its own machine: start it with allowJobs (npm run hub -- --allow-jobs).",
        { status: 403 },
      );
    const running = this.list().filter(isRunning);
    if (running.length >= MOST_RUNNING)
      throw new HubRefusal(`${MOST_RUNNING} jobs run already: wait for one, or cancel it.`, { status: 429 });
    const ended = this.list().filter((job) => !isRunning(job));
    for (const { log } of ended.slice(MOST_LOGS))
      log.forget(
        `The embedded Hub keeps the logs of the last ${MOST_LOGS} jobs that have ended, and this one's no more.`,
      );
    const job = new Job(spec);
    this.#jobs.set(job.id, job);
    return job;
  }

  /** Cancels all that run, and waits for their ends. */
  async close(): Promise<void> {
    const jobs = this.list();
    for (const job of jobs) job.cancel();
    await Promise.all(jobs.map(({ ended }) => ended));
  }
}

function isRunning({ stage }: Job): boolean {
  return stage === "RUNNING" || stage === "SCHEDULING";
}
