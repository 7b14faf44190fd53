import { randomUUID } from "node:crypto";

import type { ChartSpec, MimeBundle } from "../runtime/presentation";
import { shownError } from "../runtime/shown-error";
import type { CallbackContext, TrainerCallback } from "../training/callbacks";
import type { TrainerState } from "../training/trainer-state";
import { trainingCurves } from "./charts/training-curves";
import { chartSize } from "./figure";
import { kernelDisplay } from "./kernel-hook";
import { chartBundle, renderMetadata, renderMimeBundle } from "./mime-bundle";

/** How {@link LiveCurves} draws. */
export interface LiveCurvesOptions {
  /** The chart of a run as far as it is; {@link trainingCurves} where nothing is said. */
  readonly chart?: (params: { state: TrainerState }) => ChartSpec;
  /** Milliseconds from any fixed moment; the process' clock when absent. */
  readonly now?: () => number;
}

/** From one drawing to the next; a shorter run is drawn once, at its end. */
const UPDATE_MS = 2_000;

/**
 * Shows the curves of a run in the cell that trains: one chart that grows while it runs, at most every two seconds, and at the
 * end, also of a run that is interrupted or fails, is the whole, with a picture for programs that do not draw. Where no kernel runs it shows nothing.
 *
 * A chart that cannot be drawn says so in its place, and does not stop the run.
 */
export class LiveCurves implements TrainerCallback {
  readonly #chart: NonNullable<LiveCurvesOptions["chart"]>;
  readonly #now: () => number;
  #displayId: string | undefined;
  #drawnAt = 0;
  /** Of a run that has logged something and is not over. */
  #unfinished: TrainerState | undefined;

  constructor({ chart = trainingCurves, now = () => performance.now() }: LiveCurvesOptions = {}) {
    this.#chart = chart;
    this.#now = now;
  }

  /** Called by the Trainer before the first step: each run has a chart of its own. */
  onTrainBegin(): void {
    this.#displayId = undefined;
    this.#unfinished = undefined;
    this.#drawnAt = this.#now();
  }

  /** Called by the Trainer after each entry of the log. */
  async onLog(_: unknown, { state }: CallbackContext): Promise<void> {
    this.#unfinished = state;
    if (this.#now() - this.#drawnAt < UPDATE_MS) return;
    // the picture takes longer than some steps: it is for the end
    await this.#draw(state, chartBundle);
    this.#drawnAt = this.#now();
  }

  /** Called by the Trainer after the last step. */
  async onTrainEnd({ state }: CallbackContext): Promise<void> {
    this.#unfinished = undefined;
    await this.#draw(state, renderMimeBundle);
  }

  /** Called by the Trainer however the run ended: of one that did not reach its end the curves stay as far as they got. */
  async close(): Promise<void> {
    const state = this.#unfinished;
    this.#unfinished = undefined;
    if (state) await this.#draw(state, renderMimeBundle);
  }

  async #draw(
    state: TrainerState,
    render: (chart: ChartSpec) => MimeBundle | Promise<MimeBundle>,
  ): Promise<void> {
    if (!kernelDisplay()) return;
    try {
      const chart = this.#chart({ state });
      const bundle = await render(chart);
      this.#makeRoom(chart);
      this.#show(bundle, renderMetadata(chart));
    } catch (error) {
      this.#show({ "text/plain": `The curves could not be drawn: ${shownError(error)}` });
    }
  }

  /**
   * Takes the chart before away, by something as high: jupyterlab-plotly draws an output once, and leaves it as it is when other
   * data come for it (`renderModel` in its javascript-renderer), unless something of another type was there in between.
   */
  #makeRoom(chart: ChartSpec): void {
    if (this.#displayId === undefined) return;
    const room = `<div style="height: ${chartSize(chart).height}px"></div>`;
    this.#show({ "text/html": room, "text/plain": chart.title });
  }

  #show(bundle: MimeBundle, metadata: Record<string, unknown> = {}): void {
    const update = this.#displayId !== undefined;
    this.#displayId ??= randomUUID();
    kernelDisplay()?.display(bundle, { displayId: this.#displayId, update, metadata });
  }
}
