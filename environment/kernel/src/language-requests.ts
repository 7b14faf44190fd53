import type { Content } from "./message";
import { numberField, textField } from "./records";
import type { Tslab } from "./tslab";

// Jupyter counts the characters of a position (code points), TypeScript the units of UTF-16: 🙂 is one or two.

/** Answers `complete_request`: what can be written at the cursor. */
export function complete(tslab: Tslab, request: Content): Content {
  const code = textField(request, "code");
  const { start, end, candidates, original } = tslab.complete(code, cursorOf(request));
  const [cursor_start, cursor_end] = [toCodePoints(code, start), toCodePoints(code, end)];
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
  // JupyterLab shows the kinds beside the names; the protocol has no field of its own for them yet
  const types = candidates.map((text) => ({
    text,
    type: kinds.get(text) ?? "",
    start: cursor_start,
    end: cursor_end,
  }));
  const metadata = { _jupyter_types_experimental: types };
  return { status: "ok", matches: candidates, cursor_start, cursor_end, metadata };
}

/** Answers `inspect_request`: the type and the documentation of the name at the cursor. */
export function inspect(tslab: Tslab, request: Content): Content {
  const data = tslab.inspect(textField(request, "code"), cursorOf(request));
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
}

/** Answers `is_complete_request`: whether a console should run the code on Enter. */
export function isComplete(tslab: Tslab, request: Content): Content {
  return { ...tslab.completeness(textField(request, "code")) };
}

function cursorOf(request: Content): number {
  const characters = Array.from(textField(request, "code"));
  return characters.slice(0, numberField(request, "cursor_pos")).join("").length;
}

function toCodePoints(code: string, offset: number): number {
  return Array.from(code.slice(0, offset)).length;
}
