import { existsSync } from "node:fs";
import path from "node:path";
import type { LogEntry, TrainerState } from "../training/trainer-state";
import { EventFile } from "./event-file";
import { SESSION_START, textValue } from "./event-messages";
import { finalTable } from "./final-table";
import { LogFollower, type Beginning, type Begun } from "./log-follower";
import { reportedMetrics } from "./metric-names";
import type { ReportedRun } from "./run-config";
import { shownFolder } from "./shown-command";
import { timeStamp } from "./time-stamp";

/**
 * Writes a run as TensorBoard reads it (transformers' TensorBoardCallback): into `outputDir/runs`, or the folder of
 * `TENSORBOARD_LOGGING_DIR`. It needs no TensorBoard.
 */
export class TensorBoardTracker extends LogFollower {
  protected readonly title = "TensorBoard";
  #file: EventFile | undefined;
  /** By tag, the step of its last point: where one step is logged twice, `train/epoch` comes twice too. */
  readonly #steps = new Map<string, number>();

  constructor(private readonly run: ReportedRun) {
    super();
  }

  protected override begin({ identity, state }: Beginning): Begun {
    const folder = identity === undefined ? undefined : this.#folderOf(identity);
    if (identity !== undefined && folder !== undefined && existsSync(folder)) {
      this.#file = new EventFile(folder);
      this.#file.write({ step: state.globalStep, sessionLog: { status: SESSION_START } });
      const known = state.logHistory.findIndex(({ step }) => step >= state.globalStep);
      return { identity, known: known < 0 ? state.logHistory.length : known };
    }
    const name = this.#newName();
    this.#file = new EventFile(this.#folderOf(name));
    const texts = Object.entries(this.run.config());
    const value = texts.map(([tag, json]) => textValue(tag, jsonBlock(json)));
    this.#file.write({ step: 0, summary: { value } });
    return { identity: name, known: 0 };
  }

  protected override add(entry: LogEntry): void {
    const { step } = entry;
    const metrics = Object.entries(reportedMetrics(entry));
    const fresh = metrics.filter(([tag]) => this.#steps.get(tag) !== step);
    for (const [tag] of fresh) this.#steps.set(tag, step);
    const value = fresh.map(([tag, simpleValue]) => ({ tag, simpleValue }));
    this.#file?.write({ step, summary: { value } });
  }

  protected override end(state: TrainerState): void {
    const rows = finalTable(state).map(([metric, value]) => `| ${metric} | ${value} |`);
    const table = ["| metric | value |", "| --- | ---: |", ...rows].join("\n");
    this.#file?.write({ step: state.globalStep, summary: { value: [textValue("final", table)] } });
    this.abandon();
  }

  protected override abandon(): void {
    this.release();
    const { word, hint } = shownFolder(this.#parent());
    console.log(`TensorBoard: tensorboard --logdir ${word}${hint}`);
  }

  protected override release(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #newName(): string {
    const { runName } = this.run.args;
    const name = runName === null ? "" : `_${runName.replaceAll(/[^\w.-]+/g, "-")}`;
    const stamped = `${timeStamp()}${name}`;
    for (let number = 1; ; number++) {
      const free = number === 1 ? stamped : `${stamped}-${number}`;
      if (!existsSync(this.#folderOf(free))) return free;
      if (process.env["TENSORBOARD_LOGGING_DIR"]) return free;
    }
  }

  #parent(): string {
    return process.env["TENSORBOARD_LOGGING_DIR"] || path.join(this.run.args.outputDir, "runs");
  }

  #folderOf(name: string): string {
    // a checkpoint may come from anywhere: the name alone counts
    return process.env["TENSORBOARD_LOGGING_DIR"]
      ? this.#parent()
      : path.join(this.#parent(), path.basename(name));
  }
}

const jsonBlock = (json: unknown): string =>
  JSON.stringify(json, null, 2)
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
