import { specToText } from "./presentation-text";

/** What Jupyter calls a MIME bundle: one result in several forms, of which a reader's program takes the richest it knows. */
export type MimeBundle = Record<string, unknown>;

/** One cell of a table; `null` is shown as a dash. */
export type Cell = string | number | boolean | null;

/** How the numbers of a column are written: that many decimals, or a share of 1 as a percentage. */
export type CellFormat = number | "percent";

/** A table as data. Numbers without a format are written with at most four significant decimals. */
export interface TableSpec {
  readonly kind: "table";
  readonly title?: string;
  readonly columns: readonly string[];
  /** `[row, column]`; each row has as many cells as there are columns. */
  readonly rows: readonly (readonly Cell[])[];
  /** How to write the numbers, by the column's name. */
  readonly format?: Readonly<Record<string, CellFormat>>;
  /** A remark set below the table. */
  readonly note?: string;
}

/** A chart as data: plotly's traces and layout, without the title, which the renderer sets. */
export interface ChartSpec {
  readonly kind: "chart";
  /** The finding, in a sentence, computed from the data that the chart shows. */
  readonly title: string;
  /** What a reader who cannot see the picture should know. */
  readonly altText: string;
  readonly data: readonly unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
  /** In CSS pixels; 720 when absent. */
  readonly width?: number;
  /** In CSS pixels; 400 when absent. */
  readonly height?: number;
}

/** The answer to one question, shown as one line: `✓ balanced accuracy 0.81 (expected at least 0.78)`. */
export interface VerdictSpec {
  readonly kind: "verdict";
  /** What was asked, such as `balanced accuracy`. */
  readonly question: string;
  /** What was found, with its unit. */
  readonly found: string;
  /** What was expected, such as `at least 0.78`. */
  readonly expected: string;
  readonly ok: boolean;
}

/** What came of a reader's answer to a task: one word that says it, and sentences that say why. */
export interface AnswerSpec {
  readonly kind: "answer";
  readonly state: "right" | "not yet" | "missing";
  readonly sentences: readonly string[];
}

/** Something that a reader may open: evidence behind a finding. */
export interface DetailsSpec {
  readonly kind: "details";
  /** The line that is always seen. */
  readonly summary: string;
  readonly specs: readonly (TableSpec | ChartSpec)[];
  /** Whether plain text, which cannot fold, shows the content too. */
  readonly inText: boolean;
}

/** Everything that can be shown. */
export type Spec = TableSpec | ChartSpec | VerdictSpec | AnswerSpec | DetailsSpec;

/** Turns specifications into one MIME bundle. */
export type Renderer = (specs: readonly Spec[]) => Promise<MimeBundle>;

let renderer: Renderer | undefined;

/**
 * Says who draws what the rooms return. The rooms do not import `display`; `lib/src/index.ts` brings the two together here.
 * `undefined` takes the renderer away.
 */
export function setRenderer(render: Renderer | undefined): void {
  renderer = render;
}

/** A result that knows how to show itself, as data. */
export abstract class Presentable {
  /** What to show, in this order. */
  abstract present(): Spec | readonly Spec[];

  /** The result as one MIME bundle; plain text only as long as no renderer is set. */
  async toMimeBundle(): Promise<MimeBundle> {
    const specs = toSpecs(this);
    return renderer ? renderer(specs) : { "text/plain": specs.map(specToText).join("\n\n") };
  }
}

/** The specifications of anything that can be shown, as a list. */
export function toSpecs(shown: Presentable | Spec | readonly Spec[]): readonly Spec[] {
  const spec = shown instanceof Presentable ? shown.present() : shown;
  return "kind" in spec ? [spec] : spec;
}
