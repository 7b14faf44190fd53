import type { HubCall } from "./hub-call";
import type { Job } from "./job";
import { jobHardware } from "./job-hardware";
import { jobSpec } from "./job-spec";
import { hexId } from "./names";
import { badRequest, HubRefusal } from "./refusal";
import { readObject } from "./request-body";
import type { Route } from "./router";

/** So that neither end takes a stream without news for a broken one; the Hub's own interval. */
const KEEP_ALIVE_MS = 30_000;

/** Jobs (huggingface_hub's `run_job` and what goes with it), without scheduled ones, events and metrics. */
export const JOB_ROUTES: Route[] = [
  { method: "GET", pattern: "/api/jobs/hardware", handler: listHardware },
  { method: "GET", pattern: "/api/jobs/{namespace}", handler: list },
  { method: "POST", pattern: "/api/jobs/{namespace}", handler: run },
  { method: "GET", pattern: "/api/jobs/{namespace}/{job}", handler: inspect },
  { method: "POST", pattern: "/api/jobs/{namespace}/{job}/cancel", handler: cancel },
  { method: "GET", pattern: "/api/jobs/{namespace}/{job}/logs", handler: streamLog },
];

function listHardware(call: HubCall): void {
  call.sendJson(jobHardware());
}

function list(call: HubCall): void {
  requireOwner(call);
  const { query, hub } = call.params;
  const stages = query.getAll("stage");
  const labels = query.getAll("label").map((label) => /^([^=]*)=?(.*)$/s.exec(label) ?? []);
  const jobs = hub.jobs
    .list()
    .filter(({ stage }) => stages.length === 0 || stages.includes(stage))
    .filter(({ spec }) => labels.every(([, name = "", value = ""]) => spec.labels[name] === value));
  call.sendJson(jobs.map((job) => told(call, job)));
}

async function run(call: HubCall): Promise<void> {
  requireOwner(call);
  const spec = jobSpec(await readObject(call.params.request));
  call.sendJson(told(call, call.params.hub.jobs.run(spec)));
}

function inspect(call: HubCall): void {
  call.sendJson(told(call, found(call)));
}

function cancel(call: HubCall): void {
  const job = found(call);
  job.cancel();
  call.sendJson(told(call, job));
}

/** The whole log as server-sent events, then what is still to come, until the job has ended or the client has gone. */
async function streamLog(call: HubCall): Promise<void> {
  const job = found(call);
  const tail = call.params.query.get("tail") ?? undefined;
  if (tail !== undefined && !/^[1-9]\d{0,8}$/.test(tail))
    throw badRequest('Expected "tail" to be a number of lines.');
  const { response } = call.params;
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
  const keepAlive = setInterval(() => response.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    stop = job.log.read(
      { onLine: (line) => response.write(`data: ${JSON.stringify(line)}\n\n`), onEnd: resolve },
      tail === undefined ? undefined : Number(tail),
    );
  });
  stop?.();
  clearInterval(keepAlive);
  response.end();
}

function found(call: HubCall): Job {
  requireOwner(call);
  return call.params.hub.jobs.job(call.parameter("job"));
}

/** @throws HubRefusal (401) without the token, (403) for a namespace that is not its user's */
function requireOwner(call: HubCall): void {
  const { access } = call.params.hub;
  access.requireUser(call.params.request);
  const namespace = call.parameter("namespace");
  if (namespace !== access.user)
    throw new HubRefusal(`The jobs of "${namespace}" are not yours: your namespace is "${access.user}".`, {
      status: 403,
    });
}

function told(call: HubCall, job: Job): Record<string, unknown> {
  const { user } = call.params.hub.access;
  return job.told({ id: hexId(`user/${user}`), name: user });
}
