import { ArgumentError } from "./errors";
import { tf } from "./tensorflow";

/**
 * Calls a function, and frees every tensor that was made on the way, as `tf.tidy` does: tensors live outside of JavaScript's
 * memory, where its garbage collector does not come.
 *
 * @param body must not wait for anything: what comes after an `await` is no longer its own
 * @returns what the function returns; tensors in it live on, and the caller frees them
 * @throws ArgumentError for a function that returns a promise
 */
export function tidy<T>(body: () => T): T {
  const checked = (): T => {
    const value = body();
    if (value instanceof Promise)
      throw new ArgumentError(
        "tidy was given a function that returns a promise; expected one that waits for nothing: free what it makes with dispose().",
      );
    return value;
  };
  // whatever is returned, TensorFlow.js looks for tensors in it; it declares less than it takes
  return tf.tidy(checked as unknown as () => tf.Tensor) as unknown as T;
}
