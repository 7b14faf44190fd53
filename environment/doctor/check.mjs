// @ts-check

/**
 * One thing that this machine has or has not.
 * @typedef {object} Check
 * @property {string} name
 * @property {boolean} ok
 * @property {boolean} needed without it, the commands do not work
 * @property {string} found in plain words; never a secret
 * @property {string} [fix] what mends it, if it is missing
 */

/**
 * Looks at one thing; whatever goes wrong on the way says that it is missing.
 * @param {string} name
 * @param {() => string | Promise<string>} look returns what was found, or throws what is wrong
 * @param {{ needed?: boolean, fix?: string }} [options]
 * @returns {Promise<Check>}
 */
export async function check(name, look, { needed = true, fix = "npm run setup" } = {}) {
  try {
    return { name, ok: true, needed, found: await look() };
  } catch (error) {
    return { name, ok: false, needed, found: reason(error), fix };
  }
}

/**
 * The line of a failure that tells most.
 * @param {unknown} error
 */
function reason(error) {
  const { stderr, message } = /** @type {{ stderr?: unknown, message: string }} */ (error);
  const text = typeof stderr === "string" && stderr.trim() ? stderr : message;
  const lines = text.trim().split("\n");
  const telling = lines.findLast((line) => /\b\w*Error\b/.test(line)) ?? lines[0] ?? "";
  return telling.trim().slice(0, 200);
}

/**
 * The checks as a table, a line each, with the command that mends what is missing.
 * @param {Check[]} checks
 */
export function toTable(checks) {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, needed, found, fix }) => {
      const mark = ok ? "ok     " : needed ? "MISSING" : "-      ";
      return `${mark}  ${name.padEnd(width)}  ${found}${!ok && fix ? `  -> ${fix}` : ""}`;
    })
    .join("\n");
}
