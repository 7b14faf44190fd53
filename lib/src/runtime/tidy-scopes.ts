import type { engine } from "@tensorflow/tfjs-node-gpu";

type Engine = ReturnType<typeof engine>;

/** The kernel's set of those who want to know of cells (environment/kernel/src/cell-watchers.ts). */
const WATCHERS = Symbol.for("jupyter.cellWatchers");

/**
 * Lets the kernel close what a cell left open that was broken off in the middle of a computation.
 *
 * `tf.tidy` closes its scope, and a gradient its tape, in code that such a cell never comes to. The scope would keep every
 * later tensor to itself; with a kernel counted as still running, TensorFlow.js would record no gradient any more.
 * Nothing happens outside a notebook.
 */
export function closeScopesOfBrokenCells(engine: Engine): void {
  const watchers = (globalThis as Record<symbol, unknown>)[WATCHERS];
  if (!(watchers instanceof Set)) return;
  const { state } = engine;
  let open = state.scopeStack.length;
  let moves = state.numDataMovesStack.length;
  watchers.add({
    begins() {
      open = state.scopeStack.length;
      moves = state.numDataMovesStack.length;
    },
    breaksOff() {
      while (state.scopeStack.length > open) engine.endScope();
      state.numDataMovesStack.length = Math.min(moves, state.numDataMovesStack.length);
      // what a gradient keeps for its way back belongs to no scope
      for (const node of state.gradientDepth > 0 ? state.activeTape : []) {
        for (const tensor of node.saved ?? []) tensor.dispose();
      }
      state.activeTape = [];
      state.gradientDepth = 0;
      state.kernelDepth = 0;
    },
  });
}
