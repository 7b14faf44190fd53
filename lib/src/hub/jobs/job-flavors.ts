import { listJobHardware } from "@huggingface/hub";
import { ArgumentError } from "../../runtime/errors";
import { nearestName } from "../../runtime/nearest-name";
import { hubSettings, type HubOptions } from "../hub-options";
import { withHub } from "../hub-session";

/** Hardware that a job may ask for. */
export interface JobFlavor {
  name: string;
  /** Such as `Nvidia A10G - small`. */
  prettyName: string;
  hasNvidiaGpu: boolean;
  /** US dollars. */
  costPerMinute: number | undefined;
}

/**
 * The hardware that a Hub offers to jobs under a name.
 *
 * @throws ArgumentError with the names that there are, if this is none of them
 * @throws HubError if the Hub cannot be reached
 */
export async function jobFlavor(name: string, options: HubOptions = {}): Promise<JobFlavor> {
  const settings = hubSettings(options);
  const task = { doing: "asking for", repo: { type: "list", name: "of the hardware for jobs" } };
  const flavors = await withHub(task, settings, (session) => listJobHardware(session));
  const found = flavors.find((flavor) => flavor.name === name);
  if (!found) {
    const names = flavors.map((flavor) => flavor.name);
    throw new ArgumentError(
      `There is no flavor ${JSON.stringify(name)}; the nearest is ${nearestName(name, names) ?? "none"}. There are ${names.join(", ")}.`,
    );
  }
  const { prettyName, accelerator, unitCostUSD, unitLabel } = found;
  return {
    ...{ name, prettyName, hasNvidiaGpu: accelerator?.manufacturer === "Nvidia" },
    costPerMinute: unitLabel === "minute" ? unitCostUSD : undefined,
  };
}
