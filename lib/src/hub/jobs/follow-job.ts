import { setTimeout } from "node:timers/promises";
import { streamJobLogs } from "@huggingface/hub";
import { InterruptedError } from "../../runtime/errors";
import { HubError } from "../hub-error";
import { hubSettings, type HubOptions } from "../hub-options";
import { withHub } from "../hub-session";
import { inspectJob, isOver, shownJob, type HubJob, type HubJobId } from "./hub-job";

/** What to do with a job's output while it comes. */
export interface FollowJobParams extends HubOptions {
  job: HubJobId;
  onLine: (line: string) => void;
  /** Called when the Hub cannot be reached, with the seconds until the next try. */
  onTrouble?: (error: HubError, seconds: number) => void;
  /** Stops following; the job goes on. */
  signal?: AbortSignal;
  /** Milliseconds before each further try while the Hub cannot be reached; by default about five minutes in all. */
  outageDelays?: readonly number[];
  /** Milliseconds after which a log that says nothing is looked behind; 15 seconds by default. */
  pollMs?: number;
}

const OUTAGE_DELAYS = [1, 2, 4, 8, 15, 30, 60, 60, 60, 60].map((seconds) => 1_000 * seconds);
const POLL_MS = 15_000;
/** Before the log is asked for again of a job that has none yet. */
const PAUSE_MS = 2_000;

/**
 * Hands over a job's output line by line until the job is over, and says how it ended. A log that breaks off is asked for again,
 * and goes on with the line that comes next: the Hub repeats it from the beginning (as huggingface_hub's `fetch_job_logs` does it).
 *
 * @throws HubError if there is no such job, or the Hub cannot be reached for as long as the delays last
 * @throws InterruptedError if the signal stopped it
 */
export async function followJob(params: FollowJobParams): Promise<HubJob> {
  const { job, onTrouble, signal, outageDelays = OUTAGE_DELAYS } = params;
  const { onLine, pollMs = POLL_MS, ...rest } = params;
  // an outage is waited for here, with more patience and with a word
  const options = { ...rest, retryDelays: [] };
  const reader = new LogReader({ job, onLine, options, pollMs });
  let pauseMs = Math.min(PAUSE_MS, pollMs);
  let outages = 0;
  for (;;) {
    const linesBefore = reader.lines;
    try {
      await reader.read(signal);
      const now = await inspectJob(job, options);
      if (isOver(now)) return now;
      outages = 0;
    } catch (error) {
      if (signal?.aborted) throw stopped(job);
      // a log that breaks off again and again, but each time further on, is no long outage
      if (reader.lines > linesBefore) outages = 0;
      const delay = outageDelays[outages];
      if (!(error instanceof HubError) || error.failure !== "unreachable" || delay === undefined) throw error;
      outages += 1;
      pauseMs = delay;
      onTrouble?.(error, delay / 1_000);
    }
    await setTimeout(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    if (signal?.aborted) throw stopped(job);
    pauseMs = Math.min(PAUSE_MS, pollMs);
  }
}

function stopped(job: HubJobId): InterruptedError {
  return new InterruptedError(`The job ${shownJob(job).name} is not followed any more; it goes on.`);
}

/** Reads one job's log, as often as need be, and hands over each line once. */
class LogReader {
  /** How many were handed over. */
  lines = 0;

  constructor(
    private readonly params: {
      job: HubJobId;
      onLine: (line: string) => void;
      options: HubOptions;
      pollMs: number;
    },
  ) {}

  /** Reads until the log ends, breaks off, or says nothing although its job is over. */
  async read(signal: AbortSignal | undefined): Promise<void> {
    const { job, onLine, options, pollMs } = this.params;
    const settings = hubSettings(options);
    const silence = new AbortController();
    const stop = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    const watch = setInterval(this.#watcher(silence), pollMs);
    try {
      await withHub({ doing: "following", repo: shownJob(job) }, settings, async (session) => {
        const log = streamJobLogs({
          ...{ ...session, namespace: job.namespace, jobId: job.id },
          // in the answer's body, which comes as long as the job lasts, an interrupt must be heard too
          fetch: (input, init) => session.open(input, { ...init, signal: stop }),
        });
        let at = 0;
        for await (const { message } of log) {
          at += 1;
          if (at <= this.lines) continue;
          this.lines = at;
          onLine(message);
        }
      });
    } catch (error) {
      if (!silence.signal.aborted) throw error;
    } finally {
      clearInterval(watch);
    }
  }

  /**
   * The Hub has been seen to leave the log of a finished job open: one that says nothing more between two looks at a job that is over
   * has ended.
   */
  #watcher(silence: AbortController): () => void {
    const { job, options } = this.params;
    let linesBefore = -1;
    let wasOver = false;
    return () => {
      const isSilent = linesBefore === this.lines;
      linesBefore = this.lines;
      if (!isSilent) return;
      if (wasOver) silence.abort();
      inspectJob(job, options).then(
        (now) => {
          wasOver = isOver(now);
        },
        // reading the log meets the same trouble, and says so
        () => undefined,
      );
    };
  }
}
