/** Python as a rival that waits for its turn: worker.py, kept running, which does one round when it is asked to. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../environment/programs";

/** The environment of test:long, with PyTorch and transformers. */
const PYTHON = path.join(ROOT, "build/clients/bin/python");
/** Packages that the benchmarks alone need beside them. */
const PACKAGES = path.join(ROOT, "build/bench-python");

/** Why a row that needs one of those packages cannot run; undefined where it is there. */
export function missingPackage(name: string): string | undefined {
  return existsSync(path.join(PACKAGES, name)) ? undefined : `README.md says how to install ${name}`;
}

/** What runs in Python. */
export interface PythonVersions {
  torch: string;
  transformers: string;
  tokenizers: string;
  /** Threads of PyTorch. */
  threads: number;
  gpu: boolean;
}

/** One process of worker.py. */
export class PythonWorker {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    if (!existsSync(PYTHON))
      throw new Error(`${path.relative(ROOT, PYTHON)} does not exist: npm run test:long makes it`);
    const env = { ...process.env, PYTHONPATH: PACKAGES };
    const worker = spawn(PYTHON, [path.join(__dirname, "worker.py")], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process = worker;
    this.#lines = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
  }

  /** Asks for one thing and waits for the answer. */
  async ask<T>(task: string, params: Record<string, unknown> = {}): Promise<T> {
    this.#process.stdin?.write(`${JSON.stringify({ task, ...params })}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(`worker.py ended before it answered "${task}"`);
    const { result, error } = JSON.parse(line.value) as { result: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  /** Lets the process end. */
  close(): void {
    this.#process.stdin?.end();
  }
}
