import { JOB_FLAVORS } from "./job-hardware";
import { badRequest } from "./refusal";
import { asList, asObject, asText, type JsonObject } from "./request-body";

/** What a client wants to be run. */
export interface JobSpec {
  dockerImage: string;
  /** With its arguments. */
  command: readonly string[];
  arguments: readonly string[];
  environment: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  flavor: string;
  timeoutSeconds: number;
  labels: Readonly<Record<string, string>>;
}

/** The Hub's own default. */
const HALF_AN_HOUR = 30 * 60;
/** A timer of Node's holds no more milliseconds, which is 24 days. */
const LONGEST_SECONDS = Math.floor((2 ** 31 - 1) / 1_000);
/** What a process of this machine cannot have. */
const NOT_EMBEDDED = ["spaceId", "volumes", "expose", "ssh", "network", "resourceGroupId"];

/**
 * Reads the body of a request to run a job.
 *
 * @throws HubRefusal (400) for what is not of the protocol's form, an unknown flavor, or what an embedded Hub has not
 */
export function jobSpec(body: JsonObject): JobSpec {
  for (const key of NOT_EMBEDDED)
    if (body[key]) throw badRequest(`The embedded Hub runs jobs without "${key}": leave it out.`);
  const flavor = asText(body["flavor"] ?? "cpu-basic", "flavor");
  if (!JOB_FLAVORS.includes(flavor))
    throw badRequest(`There is no flavor ${JSON.stringify(flavor)}; there are ${JOB_FLAVORS.join(", ")}.`);
  const command = texts(body["command"], "command");
  if (!command[0]) throw badRequest("The embedded Hub knows no image's own command: give one.");
  const timeoutSeconds = body["timeoutSeconds"] ?? HALF_AN_HOUR;
  if (typeof timeoutSeconds !== "number" || !(timeoutSeconds > 0) || timeoutSeconds > LONGEST_SECONDS)
    throw badRequest(`Expected "timeoutSeconds" to be from 1 to ${LONGEST_SECONDS}.`);
  return {
    ...{ dockerImage: asText(body["dockerImage"], "dockerImage"), flavor, command, timeoutSeconds },
    arguments: texts(body["arguments"] ?? [], "arguments"),
    environment: variables(body["environment"], "environment"),
    secrets: variables(body["secrets"], "secrets"),
    labels: variables(body["labels"], "labels"),
  };
}

function texts(value: unknown, name: string): string[] {
  return asList(value, name).map((one) => checked(asText(one, name), name));
}

function variables(value: unknown, name: string): Record<string, string> {
  const entries = Object.entries(asObject(value ?? {}, `"${name}"`));
  return Object.fromEntries(
    entries.map(([key, one]) => [checked(key, name), checked(asText(one, key), name)]),
  );
}

/** A zero byte ends a text for the system, which Node refuses with an error of its own. */
function checked(text: string, name: string): string {
  if (text.includes("\0")) throw badRequest(`"${name}" holds a zero byte.`);
  return text;
}
