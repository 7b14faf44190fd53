import { cancelJob, getJob, runJob } from "@huggingface/hub";
import { ArgumentError } from "../../runtime/errors";
import { HubError } from "../hub-error";
import { hubSettings, type HubOptions } from "../hub-options";
import { requiredToken, withHub, type HubSession } from "../hub-session";

/** Which job: its number in somebody's namespace. */
export interface HubJobId {
  /** A user or an organisation, who pays. */
  namespace: string;
  id: string;
}

/** A job as the Hub told of it. */
export interface HubJob extends HubJobId {
  /**
   * huggingface_hub's `JobStage`, such as `RUNNING` or `COMPLETED`; a text, since a Hub may come to have others.
   */
  stage: string;
  /** Why it is there, if the Hub says so. */
  message: string | undefined;
  /** Its page. */
  url: string;
  /** Variables that it was given, without the secret ones. */
  environment: Readonly<Record<string, string>>;
}

/** What to run. */
export interface HubJobRequest {
  namespace: string;
  /** Of a container, such as `node:20-bookworm`. */
  image: string;
  /** The program, and each of its arguments. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Variables that the Hub keeps encrypted and never shows. */
  secrets: Readonly<Record<string, string>>;
  /** Name of the hardware. */
  flavor: string;
  timeoutSeconds: number;
  labels?: Readonly<Record<string, string>>;
}

/** Stages that no job leaves (huggingface_hub's `TERMINAL_JOB_STAGES`). */
const LAST_STAGES = ["COMPLETED", "CANCELED", "ERROR", "DELETED"];

/** Whether a job will not run on. */
export function isOver({ stage }: Pick<HubJob, "stage">): boolean {
  return LAST_STAGES.includes(stage);
}

/**
 * Starts a job (huggingface_hub's `run_job`). It is asked for once: nobody wants to pay for a job twice.
 *
 * @throws HubError if there is no token, it may not run jobs, nobody pays for them, or the Hub cannot be reached
 */
export async function submitJob(request: HubJobRequest, options: HubOptions = {}): Promise<HubJob> {
  const { namespace, image, command, environment, secrets, flavor, timeoutSeconds, labels } = request;
  return asking("starting", { namespace, id: "" }, options, (session) =>
    runJob({
      ...{ ...session, namespace, dockerImage: image, command: [...command] },
      ...{ environment, secrets, timeoutSeconds, ...(labels && { labels }) },
      // the library lists the names of one day
      flavor: flavor as Parameters<typeof runJob>[0]["flavor"],
    }),
  );
}

/**
 * How it is with a job (huggingface_hub's `inspect_job`).
 *
 * @throws HubError if there is no such job, or the Hub cannot be reached
 */
export async function inspectJob(job: HubJobId, options: HubOptions = {}): Promise<HubJob> {
  return asking("asking about", job, options, (session) =>
    getJob({ ...session, namespace: job.namespace, jobId: job.id }),
  );
}

/**
 * Ends a job (huggingface_hub's `cancel_job`).
 *
 * @throws HubError if there is no such job, or the Hub cannot be reached
 */
export async function cancelHubJob(job: HubJobId, options: HubOptions = {}): Promise<HubJob> {
  return asking("cancelling", job, options, (session) =>
    cancelJob({ ...session, namespace: job.namespace, jobId: job.id }),
  );
}

/** A job as an error names it. */
export function shownJob({ namespace, id }: HubJobId): { type: string; name: string } {
  return { type: "job", name: id === "" ? `of ${namespace}` : `${namespace}/${id}` };
}

async function asking(
  doing: string,
  job: HubJobId,
  options: HubOptions,
  ask: (session: HubSession & { accessToken: string }) => Promise<unknown>,
): Promise<HubJob> {
  const settings = hubSettings(options);
  const accessToken = requiredToken(settings, "; jobs need a token that may run them");
  // each becomes a part of the address as it is
  for (const part of [job.namespace, job.id])
    if (!/^[\w.-]*$/.test(part))
      throw new ArgumentError(`${JSON.stringify(part)} names no job; expected an id as the Hub shows it.`);
  const task = { doing, repo: shownJob(job) };
  const answer = await withHub(task, settings, (session) => ask({ ...session, accessToken }));
  return jobOf(answer, settings.hubUrl, job.namespace);
}

function jobOf(answer: unknown, hubUrl: string, namespace: string): HubJob {
  const { id, status, environment, owner } = answer as {
    id?: unknown;
    status?: { stage?: unknown; message?: unknown };
    environment?: Record<string, string> | null;
    owner?: { name?: unknown };
  };
  if (typeof id !== "string" || typeof status?.stage !== "string")
    throw new HubError(
      "refused",
      "The Hub's answer about a job names no job or no stage: check HF_ENDPOINT.",
    );
  const name = typeof owner?.name === "string" ? owner.name : namespace;
  return {
    ...{ namespace, id, stage: status.stage, url: `${hubUrl}/jobs/${name}/${id}` },
    message: typeof status.message === "string" && status.message !== "" ? status.message : undefined,
    environment: environment ?? {},
  };
}
