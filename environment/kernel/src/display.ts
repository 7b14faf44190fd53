import { inspect } from "node:util";
import type { IoPublisher } from "./publisher";
import { isRecord } from "./records";
import type { Tslab } from "./tslab";

/** One value in several formats, by MIME type: the client shows the richest one that it can. */
export type MimeBundle = Record<string, unknown>;

/** How a bundle is displayed. */
export interface DisplayOptions {
  /** A name under which the display can be changed later. */
  readonly displayId?: string;
  /** Changes the displays of that name instead of adding one. */
  readonly update?: boolean;
  readonly metadata?: Record<string, unknown>;
}

/** What libraries find at `globalThis[Symbol.for("jupyter.display")]`, without importing this kernel. */
export interface DisplayHook {
  /** Shows a bundle in the cell that runs. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Takes away what the cell has shown so far; with `wait`, not before it shows something new. */
  clearOutput(wait?: boolean): void;
}

/** What a cell publishes through tslab's own `display` object. */
interface TslabDisplayData {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

/** What receives that which cells publish through tslab's own `display` object. */
export type DisplayPublisher = (data: TslabDisplayData, update: boolean) => void;

/** Lets cells and libraries show rich output: by the global hook, and by tslab's own `display`. */
export function installDisplayHook(publisher: IoPublisher, tslab: Tslab): void {
  const display = (
    bundle: MimeBundle,
    { displayId, update = false, metadata = {} }: DisplayOptions = {},
  ): void => {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    const type = update ? "update_display_data" : "display_data";
    publisher.publish(type, { data: withTextBytes(bundle), metadata, transient });
  };
  const hook: DisplayHook = {
    display,
    clearOutput(wait = false) {
      publisher.publish("clear_output", { wait });
    },
  };
  Object.defineProperty(globalThis, Symbol.for("jupyter.display"), { value: hook, configurable: true });
  tslab.onDisplay(({ data, metadata, transient }, update) => {
    const id = transient.display_id;
    display(data, { update, metadata, ...(id === undefined ? {} : { displayId: id }) });
  });
}

/** How the value of a cell's last expression is shown: by its own `toMimeBundle`, else as Node prints it. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  if (offersBundle(value)) {
    const bundle: unknown = await value.toMimeBundle();
    if (!isRecord(bundle)) throw new TypeError("toMimeBundle() must return an object of MIME types");
    return withTextBytes(bundle);
  }
  return { "text/plain": inspect(value, { colors: false }) };
}

function offersBundle(value: unknown): value is { toMimeBundle(): unknown } {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return typeof (value as { toMimeBundle?: unknown }).toMimeBundle === "function";
}

/** Bytes travel as base64, the form in which Jupyter expects pictures. */
function withTextBytes(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).map(([type, data]) => {
    if (!(data instanceof Uint8Array)) return [type, data] as const;
    return [type, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")] as const;
  });
  return Object.fromEntries(entries);
}
