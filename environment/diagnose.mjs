// @ts-check
/**
 * `npm run diagnose -- --model DIR_OR_REPO --data FILE_OR_DATASET`, either alone too: asks every check that applies and reports
 * (`--help` says the rest). Ends with 0 if no check fails, 1 if one does, 2 if what it was given cannot be read.
 */
import { loadLib, loadRuntime } from "./diagnose/lib.mjs";
import { HELP, parseOptions } from "./diagnose/options.mjs";
import { showReport } from "./diagnose/outputs.mjs";
import { readSubject } from "./diagnose/subject.mjs";
import { readerFolder } from "./reader-folder.mjs";

async function diagnose() {
  process.chdir(readerFolder("diagnose"));
  const { nearestName } = await loadRuntime();
  const options = parseOptions(process.argv.slice(2), nearestName);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const lib = await loadLib();
  if (options.list) {
    console.log(listChecks(lib));
    return 0;
  }
  const subject = await readSubject(lib, options);
  const report = await lib.diagnose(subject, options.checks);
  await showReport(lib, report, { options, subject });
  return report.failed.length > 0 ? 1 : 0;
}

/** @param {import("./diagnose/lib.mjs").Lib} lib */
function listChecks({ CHECKS }) {
  const width = Math.max(0, ...CHECKS.map(({ name }) => name.length));
  const lines = CHECKS.map(
    ({ area, name, question }) => `${area.padEnd("training".length)}  ${name.padEnd(width)}  ${question}`,
  );
  return lines.join("\n");
}

// a reader that has seen enough, such as head, is no failure
process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await diagnose().catch((/** @type {unknown} */ error) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message.replaceAll(/\s*\n\s*/g, " "));
  if (process.env["DEBUG"]) console.error(error);
  return 2;
});
