/** What a long piece of work says about itself when it starts. */
export interface ProgressOptions {
  /** How many units there are. */
  readonly total: number;
  /** What is being done, such as `training`. */
  readonly label: string;
  /** What is counted, in the plural, such as `steps`. */
  readonly unit: string;
  /** How many units an earlier run had finished, which say nothing about the rate of this one (tqdm's `initial`); by default none. */
  readonly initial?: number;
  /**
   * How many times work with progress of its own, such as an evaluation, comes between the units: its time is then no part of
   * their rate, and what is left of it is part of the time that is left. Where nothing is said, such work is part of the units.
   */
  readonly interludes?: number;
}

/** Where a long piece of work reports how far it is. */
export interface ProgressReporter {
  /** `done` units of the total are finished; the notes are short remarks such as the loss, the most important first. */
  update(done: number, ...notes: string[]): void;
  /** The work is over, finished or given up; the notes are those of the line that stays. */
  end(...notes: string[]): void;
}

/** Starts a reporter for one piece of work. */
export type ProgressFactory = (options: ProgressOptions) => ProgressReporter;

const SILENT: ProgressReporter = {
  update: () => undefined,
  end: () => undefined,
};

let factory: ProgressFactory | undefined;

/**
 * Says where progress is shown. The rooms do not import `display`; `lib/src/index.ts` brings the two together here.
 * `undefined` makes progress silent, as it is at the start.
 */
export function setProgressFactory(create: ProgressFactory | undefined): void {
  factory = create;
}

/** Starts reporting a piece of work to wherever progress is shown; silent where nothing is set. */
export function startProgress(options: ProgressOptions): ProgressReporter {
  return factory ? factory(options) : SILENT;
}
