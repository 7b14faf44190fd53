// @ts-check

/** A set-up that cannot go on: the message is one line that names what was found and what to do. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/**
 * Turns the output of a failed tool into the one line a person needs.
 * @param {string} what the tool's job, in plain words
 * @param {string} output everything that it printed
 * @param {string} logFile where the whole output lies
 * @returns {SetupError}
 */
export function explainFailure(what, output, logFile) {
  const because = (/** @type {string} */ reason) => new SetupError(`${what} failed: ${reason}`);
  if (/ENOSPC|No space left on device|os error 28|Errno 28/i.test(output))
    return because(
      "the disk is full. Free about 4 GB (9 GB with a GPU) and run the same command again; it carries on.",
    );
  if (/DO NOT MATCH THE HASHES|hash(es)? mismatch|HashMismatch|EINTEGRITY/i.test(output))
    return because(
      "a download does not have the pinned checksum. Nothing of it was used; try again, or ask who serves your packages.",
    );
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|Failed to fetch|dns error|Connection refused|error sending request|Max retries|Temporary failure in name resolution/i.test(
      output,
    )
  )
    return because(
      "the package registry did not answer. Check the network (or proxy) and run the same command again; it carries on.",
    );
  if (/ensurepip/i.test(output))
    return because(
      "this Python has no ensurepip. Install the package python3-venv, or set PYTHON to another Python >= 3.10.",
    );
  const lines = output.trim().split("\n");
  const last = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no output";
  return because(`${last.trim().slice(0, 300)} (the whole output: ${logFile})`);
}
