import type * as TypeScript from "@tslab/typescript-for-tslab";

/** Whether code could run as it stands, needs more lines (indented so), or can never run. */
export type Completeness =
  { readonly status: "complete" | "invalid" } | { readonly status: "incomplete"; readonly indent: string };

/** Complaints of text that goes on to the end; TypeScript points at where it began. */
const UNTERMINATED = new Set([
  1010, // a comment
  1160, // a template
]);
/** A string in quotes that is not closed: more lines cannot close it. */
const BROKEN_STRING = 1002;

/**
 * Tells a console whether Enter should run the code.
 *
 * @param indent - how the next line should be indented, where more lines are needed
 */
export function judgeCompleteness(code: string, typescript: typeof TypeScript, indent = ""): Completeness {
  // a module, like every cell: only there is a top-level await one
  const prefix = "export {};\n";
  const source = typescript.createSourceFile("cell.ts", prefix + code, typescript.ScriptTarget.Latest);
  const [first] = parseErrors(source);
  if (first === undefined) return { status: "complete" };
  const end = prefix.length + code.trimEnd().length;
  // a parser that only missed something at the very end would be content with more lines
  const unfinished = UNTERMINATED.has(first.code) || (first.start >= end && first.code !== BROKEN_STRING);
  return unfinished ? { status: "incomplete", indent } : { status: "invalid" };
}

function parseErrors(source: TypeScript.SourceFile): readonly TypeScript.DiagnosticWithLocation[] {
  // not in the compiler's published types, but in every version of it
  const { parseDiagnostics } = source as { parseDiagnostics?: readonly TypeScript.DiagnosticWithLocation[] };
  return parseDiagnostics ?? [];
}
