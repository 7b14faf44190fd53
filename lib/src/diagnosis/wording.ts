/** A share of 1 in words: `83.3 %`; what is nearly none or nearly all is not called so. */
export function percent(share: number): string {
  const rounded = (share * 100).toFixed(1);
  if (rounded === "0.0" && share > 0) return "less than 0.1 %";
  if (rounded === "100.0" && share < 1) return "more than 99.9 %";
  return `${rounded} %`;
}

/** A number of things in words: `1 row`, `12,500 rows`, `2 classes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  // a fixed locale, so that a saved notebook reads the same wherever it is run
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** A p-value in words: `p = 0.03`. */
export function pValueText(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`;
}

/** A number in three digits: `0.693`, `825`, `1e-7`. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

const MOST_NAMES = 4;

/** Names as a sentence lists them: `a, b and c`; of many the first and how many more. */
export function listed(names: readonly string[], most = MOST_NAMES): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}` : (parts[0] ?? "");
}

/** In characters: as much of a text as a cell of a table should hold. */
const MOST_SHOWN = 80;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]/gu;

/**
 * A text as evidence shows it: in quotation marks, so that an empty one is seen, its beginning if it is long, and what cannot be
 * seen (line breaks, NUL, half a surrogate pair) by its number.
 */
export function quoted(text: string, most = MOST_SHOWN): string {
  // a character is at most two units: a text of a million is not walked through
  const characters = Array.from(text.slice(0, 2 * (most + 1)));
  const shown = characters.slice(0, most).join("").replace(UNSEEN, codePoint);
  return `"${shown}${characters.length > most ? "…" : ""}"`;
}

function codePoint(char: string): string {
  if (char === "\n") return "\\n";
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
