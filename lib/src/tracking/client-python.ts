import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../runtime/repository";

/** The program that speaks with W&B's and Trackio's own clients. */
export const CLIENT_PROGRAM = path.resolve(__dirname, "../../src/tracking/tracking_client.py");

/** How long a Python may take to say whether it has a package, in seconds. */
const PATIENCE = 10;

/** A Python that was found to have a package, or a line that says why there is none. */
type ClientPython = { python: string } | { line: string };

/**
 * The Python that has a package: the one of `TRACKING_PYTHON` where that is set, else the project's own, else `python3` of the
 * path. One that does not answer in so many seconds is passed over.
 */
export function clientPython(client: string, seconds = PATIENCE): ClientPython {
  const named = process.env["TRACKING_PYTHON"];
  const own = path.join(REPOSITORY, ".venv", "bin", "python");
  const choices = named
    ? [
        {
          python: named.includes(path.sep) ? path.resolve(named) : named,
          name: "the Python of TRACKING_PYTHON",
        },
      ]
    : [...(existsSync(own) ? [{ python: own, name: ".venv" }] : []), { python: "python3", name: "python3" }];
  const silent: string[] = [];
  for (const { python, name } of choices) {
    const { status, error } = spawnSync(python, [CLIENT_PROGRAM, "--has", client], {
      stdio: "ignore",
      timeout: seconds * 1_000,
      killSignal: "SIGKILL",
    });
    if (status === 0) return { python };
    if (error && "code" in error && error.code === "ETIMEDOUT") silent.push(name);
  }
  const names = (silent.length > 0 ? silent : choices.map(({ name }) => name)).join(" or ");
  return {
    line:
      silent.length > 0
        ? `${names} did not say within ${seconds} s whether ${client} is installed; training goes on without it.`
        : `${client} is not installed for ${names}; training goes on without it. pip install ${client}`,
  };
}
