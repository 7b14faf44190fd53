import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { optionalPython } from "../../environment/setup/optional-python.mjs";
import { ROOT } from "../environment/programs";
import { runPython } from "./python-environment";
import { withoutStory } from "./clone";

/** What one user of a class got. */
export interface SeatResult {
  refused: boolean;
  /** For every code cell what it put out, as Jupyter's messages say it. */
  outputs: { kind: string; data?: Record<string, unknown>; text?: string; name?: string; ename?: string }[][];
  /** From the login to the server's first page, and from there to the last cell's reply. */
  seconds: { server: number; notebook: number };
  /** Peaks of the sums over server and kernel, in bytes; CPU seconds of both. */
  usage: { rss: number; pss: number; cpuSeconds: number; processes: number };
}

/** A class that runs, as `npm run class` starts it. */
export interface RunningClass {
  folder: string;
  printed: () => string;
  log: () => string;
  /** One user logs in and executes a notebook. */
  seat: (user: { name: string; password?: string; notebook: string }) => Promise<SeatResult>;
  /** The processes of the class, by where they work. */
  processes: () => string[];
  /** Ends it as Ctrl-C does; the exit status. */
  end: () => Promise<number | null>;
  /** Removes what it wrote. */
  remove: () => void;
}

/** The password of every class that a test starts. */
export const PASSWORD = "a-password-of-tests";

/** Starts a class on three ports of its own, in a folder of its own, and waits until it is open. */
export async function openClass(): Promise<RunningClass> {
  const folder = path.join(ROOT, "build", `class-${process.pid}`);
  const port = 20_000 + (process.pid % 10_000) * 4;
  const program = path.join(ROOT, "environment/jupyterhub.mjs");
  const args = [program, "--port", String(port), "--folder", folder];
  const env = { ...withoutStory(), CLASS_PASSWORD: PASSWORD };
  const child = spawn(process.execPath, args, { cwd: ROOT, env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "exit") as Promise<[number | null]>;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", () => {
      if (printed.includes("The class is open")) resolve();
    });
    child.once("exit", () => {
      reject(new Error(`the class ended: ${printed}`));
    });
  });
  const python = await optionalPython("jupyterhub");
  const client = path.join(__dirname, "jupyterhub_client.py");
  return {
    folder,
    printed: () => printed,
    log: () => readFileSync(path.join(folder, "hub.log"), "utf8"),
    seat: async ({ name, password = PASSWORD, notebook }) => {
      const input = { address: `http://127.0.0.1:${port}`, name, password, notebook };
      return JSON.parse(
        await runPython({ python, args: [client], input, env: withoutStory() }),
      ) as SeatResult;
    },
    processes: () => readdirSync("/proc").filter((name) => worksIn(name, folder)),
    end: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a process of /proc works in a folder: hub and proxy in the class's own, servers and kernels in the users'. */
function worksIn(name: string, folder: string): boolean {
  if (!/^\d+$/.test(name)) return false;
  try {
    return `${readlinkSync(`/proc/${name}/cwd`)}/`.startsWith(`${folder}/`);
  } catch {
    // ended meanwhile, or somebody else's
    return false;
  }
}
