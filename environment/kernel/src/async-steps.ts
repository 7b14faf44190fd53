import { inspect } from "node:util";

/** One result of an asynchronous iterator. */
type Step = IteratorResult<unknown>;

/** Iterates over the promises of an asynchronous iterator's steps: what is left of `for await` in a generator. */
export class AsyncSteps {
  /** Settles when the iterator has been closed, where the loop ended before it did. */
  closed: unknown;
  readonly #next: () => unknown;
  readonly #return: () => unknown;
  #open = false;

  /**
   * @throws TypeError when the value can be iterated over in neither way
   */
  constructor(iterable: AsyncIterable<unknown> | Iterable<unknown>) {
    if (Symbol.asyncIterator in Object(iterable)) {
      const iterator = (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      this.#next = () => iterator.next();
      this.#return = () => iterator.return?.();
    } else {
      if (!(Symbol.iterator in Object(iterable))) {
        throw new TypeError(`${inspect(iterable)} is neither iterable nor async iterable`);
      }
      const iterator = (iterable as Iterable<unknown>)[Symbol.iterator]();
      this.#next = () => settled(iterator.next());
      this.#return = () => iterator.return?.();
    }
  }

  /** Takes note of a step that has come; returns whether it says that there are no more. */
  isLast(step: Step): boolean {
    if (Object(step) !== step) throw new TypeError(`Iterator result ${inspect(step)} is not an object`);
    this.#open = step.done !== true;
    return !this.#open;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return {
      next: () => {
        // an iterator that fails to give its next step is not closed any more
        this.#open = false;
        return { done: false, value: this.#next() };
      },
      return: () => {
        if (this.#open) this.closed = this.#return();
        return { done: true, value: undefined };
      },
    };
  }
}

/** `for await` also waits for the values of a plain iterator. */
async function settled(step: Step): Promise<Step> {
  return step.done === true ? step : { done: false, value: await step.value };
}
