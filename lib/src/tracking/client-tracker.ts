import { mkdirSync } from "node:fs";
import path from "node:path";
import { interruptFlag, type InterruptFlag } from "../runtime/interrupt";
import type { LogEntry, TrainerState } from "../training/trainer-state";
import { ClientProcess, type ClientPlace } from "./client-process";
import { clientPython, CLIENT_PROGRAM } from "./client-python";
import { finalTable } from "./final-table";
import { LogFollower, type Beginning, type Begun } from "./log-follower";
import { curvePoints, reportedMetrics, singleValues } from "./metric-names";
import type { ReportedRun } from "./run-config";
import { shownFolder, type ShownFolder } from "./shown-command";

/** How long the end of a run waits for its clients together, in seconds: for those that are behind, or send to a slow host. */
const PATIENCE = 30;
/** The same where the run threw: the kernel gives an interrupted cell 1.5 s, and the client ends by itself. */
const SHORT_PATIENCE = 1;

/** Hands a run to a Python client in a process of its own. */
export abstract class ClientTracker extends LogFollower {
  #client: ClientProcess | undefined;
  #flag: InterruptFlag | undefined;

  constructor(protected readonly run: ReportedRun) {
    super();
  }

  /** Name of the Python package. */
  protected abstract readonly client: string;

  /** What identifies a run that is new. */
  protected abstract newIdentity(): string;

  /** What the client is told of a run beside its config. */
  protected abstract nameOf(identity: string): { id?: string; name: string };

  /** Where the run is to be seen, in one line. */
  protected abstract whereabouts(place: ClientPlace): string;

  protected override begin(beginning: Beginning): Begun {
    this.#flag = interruptFlag();
    const identity = beginning.identity ?? this.newIdentity();
    const found = clientPython(this.client);
    if (!("python" in found)) {
      this.giveUp(found.line);
      return { identity, known: 0 };
    }
    const { outputDir: folder, project } = this.run.args;
    mkdirSync(folder, { recursive: true });
    this.#client = new ClientProcess({
      ...{ python: found.python, program: CLIENT_PROGRAM, client: this.client, folder },
      onFailure: (reason) => {
        this.giveUp(`${this.title} stopped recording (${reason}); training goes on without it.`);
      },
    });
    const { args, model_config, run } = this.run.config();
    // as transformers does: the arguments win over the model's settings of the same name
    const config = { ...model_config, ...args, ...run };
    this.#client.send({ begin: { project, ...this.nameOf(identity), config } });
    return { identity, known: 0 };
  }

  protected override add(entry: LogEntry, index: number): void {
    const summary = singleValues(entry);
    if (Object.keys(summary).length > 0) this.#client?.send({ summary });
    const points = curvePoints(entry);
    // an entry of single values has nothing but the epoch left
    if (Object.keys(points).every((name) => name === "epoch" || name === "step")) return;
    const metrics = { ...reportedMetrics(points), "train/global_step": entry.step };
    this.#client?.send({ row: { index, step: entry.step, metrics } });
  }

  protected override async end(state: TrainerState): Promise<void> {
    this.#client?.send({ table: finalTable(state) });
    const end = await this.#client?.end({ end: 0 }, { seconds: PATIENCE, flag: this.#flag });
    if (this.#client && !end?.isDone && this.#flag?.requested) {
      console.warn(`${this.title} was not waited for; its client goes on for ${PATIENCE} s at most.`);
    } else if (!end?.isDone) {
      const late = `was not done ${PATIENCE} s after the run's end, and was stopped; it may lack the last points`;
      this.giveUp(`${this.title} ${late}.`);
    }
    if (end?.place) console.log(this.whereabouts(end.place));
  }

  protected override async abandon(): Promise<void> {
    const end = await this.#client?.end({ end: 1 }, { seconds: SHORT_PATIENCE });
    if (end?.place) console.log(this.whereabouts(end.place));
  }

  protected override release(): void {
    this.#client?.kill();
    this.#client = undefined;
  }

  /** A folder that the client named, as it may be shown in a command. */
  protected shown(folder: string): ShownFolder {
    return shownFolder(path.resolve(this.run.args.outputDir, folder));
  }
}
