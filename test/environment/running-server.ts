import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { ROOT } from "./programs";

/** The command `npm run serve`, running. */
export interface RunningServer {
  child: ChildProcess;
  endpoint: string;
  /** What it printed so far. */
  printed: () => string;
  /** Sends a signal; the exit status once it has ended, or the signal that ended it. */
  end: (signal: "SIGTERM" | "SIGINT" | "SIGKILL") => Promise<number | string | null>;
}

/** Starts environment/serve.mjs and waits until its model is loaded. */
export async function serve(
  args: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<RunningServer> {
  const program = path.join(ROOT, "environment/serve.mjs");
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, ...env } });
  let printed = "";
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", () => {
      if (printed.includes("Ready:")) resolve();
    });
    child.once("exit", () => {
      reject(new Error(`the server ended: ${printed}`));
    });
  });
  return {
    child,
    endpoint: /at (http:\/\/\S+) once/.exec(printed)?.[1] ?? "",
    printed: () => printed,
    end: async (signal) => {
      child.kill(signal);
      const [status, by] = await ended;
      return status ?? by;
    },
  };
}
