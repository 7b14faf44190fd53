import type { CallbackContext, TrainerCallback } from "./callbacks";
import type { CallbackState, StatefulCallbacks } from "./trainer-state";

/** What the callbacks remember now, by the name of their class; those that remember nothing are left out. */
export function callbackStates(callbacks: readonly TrainerCallback[]): StatefulCallbacks {
  const states: Record<string, CallbackState[]> = {};
  for (const callback of callbacks) {
    const state = callback.state?.();
    // a copy: the callback goes on counting
    if (state) (states[callback.constructor.name] ??= []).push(structuredClone(state));
  }
  // transformers has a list only where there are several of one class
  return Object.fromEntries(Object.entries(states).map(([name, list]) => [name, oneOrMany(list)]));
}

/** Gives callbacks back what they remembered: by class, those of one class in order. */
export function loadCallbackStates(
  callbacks: readonly TrainerCallback[],
  { states, context }: { states: StatefulCallbacks; context: CallbackContext },
): void {
  const left = new Map(Object.entries(states).map(([name, state]) => [name, [state].flat()]));
  for (const callback of callbacks) {
    if (!callback.loadState) continue;
    const state = left.get(callback.constructor.name)?.shift();
    if (state) callback.loadState(state, context);
  }
}

function oneOrMany(list: CallbackState[]): CallbackState | CallbackState[] {
  const [first] = list;
  return list.length === 1 && first ? first : list;
}
