import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../runtime/repository";

/** The program that speaks with W&B's and Trackio's own clients. */
export const CLIENT_PROGRAM = path.resolve(__dirname, "../../src/tracking/tracking_client.py");

/** A Python that was found to have a package, or those that were asked. */
export type ClientPython = { python: string } | { asked: string };

/**
 * The Python that has a package: the one of `TRACKING_PYTHON` where that is set, else the project's own, else `python3` of the
 * path.
 */
export function clientPython(client: string): ClientPython {
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
  const found = choices.find(({ python }) => has(python, client));
  return found ? { python: found.python } : { asked: choices.map(({ name }) => name).join(" or ") };
}

function has(python: string, client: string): boolean {
  const { status } = spawnSync(python, [CLIENT_PROGRAM, "--has", client], {
    stdio: "ignore",
    timeout: 10_000,
  });
  return status === 0;
}
