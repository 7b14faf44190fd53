import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";

/** The root of the repository. */
export const ROOT = path.resolve(__dirname, "../..");
const FALLBACK_PYTHON = path.join(ROOT, ".venv/bin/python");
/** The Python that has jupyter_client, nbval and the rest. */
export const PYTHON = process.env["PYTHON"] ?? FALLBACK_PYTHON;
if (path.isAbsolute(PYTHON) && !existsSync(PYTHON)) {
  throw new Error(`${PYTHON} does not exist: run the set-up first, or set PYTHON`);
}

export interface Published {
  type: string;
  content: Record<string, unknown>;
  parent?: string;
  /** When the client received it, in seconds. */
  at: number;
}
export interface Answer {
  reply: Record<string, unknown>;
  published: Published[];
}
type Line = { answer: unknown } | { failure: string };

/** Makes a folder inside build/, so that what is written there finds the packages of the repository. */
export function makeFolder(name: string): string {
  mkdirSync(path.join(ROOT, "build"), { recursive: true });
  return mkdtempSync(path.join(ROOT, "build", `${name}-`));
}

/** The environment in which Jupyter finds our kernel, and writes nothing into the home. */
export function jupyterEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_PATH: path.join(ROOT, "environment/kernel/jupyter"),
    JUPYTER_CONFIG_DIR: path.join(folder, "config"),
    JUPYTER_DATA_DIR: path.join(folder, "data"),
    JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"),
    IPYTHONDIR: path.join(folder, "ipython"),
    JUPYTER_PLATFORM_DIRS: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** A kernel and its client, driven by drive.py. */
export class KernelClient {
  readonly folder = makeFolder("kernel");
  readonly #driver: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #waiting: ((line: Line) => void)[] = [];
  #stderr = "";

  constructor() {
    this.#driver = spawn(PYTHON, [path.join(__dirname, "drive.py")], {
      env: jupyterEnvironment(this.folder),
    });
    this.#lines = createInterface({ input: this.#driver.stdout });
    this.#lines.on("line", (line) => this.#waiting.shift()?.(JSON.parse(line) as Line));
    this.#driver.stderr.on("data", (data: Buffer) => (this.#stderr += data.toString()));
    this.#driver.on("exit", () => {
      for (const answer of this.#waiting.splice(0)) answer({ failure: `the driver ended: ${this.#stderr}` });
    });
  }

  /** Starts a kernel in the notebooks' folder, or in another one. */
  static async start(cwd = path.join(ROOT, "notebooks")): Promise<KernelClient> {
    const client = new KernelClient();
    await client.call("start", { cwd });
    return client;
  }

  /** What the kernel wrote to its own stderr, beside what it sent to clients. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Gives the driver a command. */
  async call(command: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    const answer = new Promise<Line>((resolve) => this.#waiting.push(resolve));
    this.#driver.stdin.write(`${JSON.stringify({ do: command, ...parameters })}\n`);
    const line = await answer;
    if ("failure" in line) throw new Error(`${command}: ${line.failure}\n${this.#stderr}`);
    return line.answer;
  }

  /** Runs one cell. */
  async run(code: string, options: Record<string, unknown> = {}, interruptAfter?: number): Promise<Cell> {
    const [cell] = await this.runAll([code], options, interruptAfter);
    if (!cell) throw new Error("no answer");
    return cell;
  }

  /** Sends several cells at once, as "run all" does. */
  async runAll(
    cells: string[],
    options: Record<string, unknown> = {},
    interruptAfter?: number,
  ): Promise<Cell[]> {
    const answers = await this.call("execute", { cells, options, interrupt_after: interruptAfter ?? null });
    return (answers as Answer[]).map((answer) => new Cell(answer));
  }

  /** Sends a request of any type. */
  async request(type: string, content: object = {}, channel: "shell" | "control" = "shell"): Promise<Answer> {
    return (await this.call("request", { type, content, channel })) as Answer;
  }

  /** Kills the driver, and it only, without warning. */
  killDriver(): void {
    this.#driver.kill("SIGKILL");
  }

  /** Ends the kernel. */
  async close(): Promise<void> {
    this.#driver.stdin.end();
    const ended = this.#driver.exitCode !== null || this.#driver.signalCode !== null;
    if (!ended) await new Promise((resolve) => this.#driver.once("exit", resolve));
    this.#lines.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a test against a kernel of its own: what breaks one does not break the next. */
export async function withKernel(test: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const kernel = await KernelClient.start();
  try {
    await test(kernel);
  } finally {
    await kernel.close();
  }
}

/** What came of a cell. */
export class Cell {
  readonly reply: Record<string, unknown>;
  readonly published: Published[];

  constructor({ reply, published }: Answer) {
    this.reply = reply;
    this.published = published;
  }

  /** All messages of a type. */
  all(type: string): Record<string, unknown>[] {
    return this.published.filter((message) => message.type === type).map((message) => message.content);
  }

  /** The only message of a type. */
  one(type: string): Record<string, unknown> {
    const [first, ...others] = this.all(type);
    if (!first || others.length > 0) throw new Error(`not one ${type} in ${JSON.stringify(this.published)}`);
    return first;
  }

  /** The text of a stream. */
  text(name: "stdout" | "stderr" = "stdout"): string {
    const parts = this.all("stream").filter((content) => content["name"] === name);
    return parts.map((content) => content["text"]).join("");
  }

  /** The plain text of the value. */
  get value(): unknown {
    const data = this.one("execute_result")["data"] as Record<string, unknown>;
    return data["text/plain"];
  }

  /** The traceback of the error, as the reader sees it. */
  get traceback(): string {
    return (this.one("error")["traceback"] as string[]).join("\n");
  }
}
