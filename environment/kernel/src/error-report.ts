import { inspect, types } from "node:util";
import { Interrupted } from "./interrupted";
import { hideMachinePaths } from "./stack-trace";
import type { Diagnostic } from "./tslab";

/** An error as Jupyter shows it; `traceback` is what the reader sees, the message first. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** How far the causes of an error are followed: they may lead in a circle. */
const MOST_CAUSES = 5;

/** Reports anything that a cell may throw, which need not be an Error, nor let itself be looked at. */
export function reportThrown(thrown: unknown): ErrorReport {
  try {
    return report(thrown);
  } catch {
    const evalue = "what was thrown cannot be shown: it throws when it is looked at";
    return { ename: "Error", evalue, traceback: [`Uncaught ${evalue}`] };
  }
}

function report(thrown: unknown): ErrorReport {
  if (!isError(thrown)) {
    const evalue = hideMachinePaths(typeof thrown === "string" ? thrown : inspect(thrown));
    return { ename: "Error", evalue, traceback: [`Uncaught ${evalue}`] };
  }
  const { ename, evalue } = namesOf(thrown);
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...framesOf(thrown), ...causesOf(thrown)] };
}

/** Reports what the type check found; the cell has not run. */
export function reportTypeErrors(diagnostics: readonly Diagnostic[]): ErrorReport {
  const lines = diagnostics.map(({ fileName, start, messageText }) => {
    const file = fileName === undefined ? "" : `${fileName} `;
    return `${file}${start.line + 1}:${start.character + 1} - ${hideMachinePaths(messageText)}`;
  });
  return { ename: "TypeScriptError", evalue: lines[0] ?? "", traceback: lines };
}

/** Reports that the reader stopped the cell. */
export function reportInterruption(): ErrorReport {
  const { name: ename, message: evalue } = new Interrupted();
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

/** The name and the message of an error, to which its class may have given any type. */
function namesOf(error: Error): { ename: string; evalue: string } {
  const { name, message } = error as { name: unknown; message: unknown };
  return { ename: String(name === "" ? "Error" : name), evalue: hideMachinePaths(String(message)) };
}

/** The lines of the stack below the message, which may itself have several lines. */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === "string" ? error.stack.split("\n") : [];
  return stack.filter((line) => line.startsWith("    at ")).map(hideMachinePaths);
}

function causesOf(error: Error): string[] {
  const lines: string[] = [];
  let cause = error.cause;
  for (let depth = 0; depth < MOST_CAUSES && cause !== undefined; depth += 1) {
    if (!isError(cause)) return [...lines, `Caused by: ${hideMachinePaths(inspect(cause))}`];
    const { ename, evalue } = namesOf(cause);
    lines.push(`Caused by: ${ename}: ${evalue}`, ...framesOf(cause));
    cause = cause.cause;
  }
  return lines;
}
