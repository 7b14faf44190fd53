/** Okabe and Ito's colours (2008), which readers with every kind of colour vision can tell apart. */
export const OKABE_ITO = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermilion: "#D55E00",
  purple: "#CC79A7",
} as const;

/** Text, rules and grids, on the white ground that every chart brings along, so that it also reads in a dark theme. */
export const INK = {
  text: "#24292f",
  muted: "#57606a",
  rule: "#8c959f",
  grid: "#e4e8ec",
  ground: "#ffffff",
} as const;

/** Okabe and Ito's orange and sky blue, darker: as lines on white theirs have a contrast of 2.3, and WCAG 2.2 asks for 3. */
export const DARKER = { orange: "#C28500", skyBlue: "#3A93CC" } as const;

/** What came of an answer: text on its ground has a contrast of at least 4.5. */
export const ANSWER_INKS = {
  right: { ink: "#00664A", ground: "#E9F6F1" },
  "not yet": { ink: "#8F3D00", ground: "#FCF1E8" },
  missing: { ink: "#4A525B", ground: "#EFF2F5" },
} as const;

/** The colours of series, in their order; the label colours are not among them. */
export const SERIES = [
  DARKER.orange,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  DARKER.skyBlue,
  OKABE_ITO.black,
] as const;

/** The colour of the series at that place; never one of the two label colours. */
export function seriesColor(index: number): string {
  return SERIES[index % SERIES.length] ?? OKABE_ITO.black;
}

/** The colour of a label: NEGATIVE and POSITIVE have the same two in every chart, other labels a series colour by place. */
export function labelColor(name: string, index: number): string {
  if (name === "NEGATIVE") return OKABE_ITO.vermilion;
  if (name === "POSITIVE") return OKABE_ITO.blue;
  return seriesColor(index);
}

/** A colour (`#rrggbb`) on the white ground, by a share of 0 (the ground) to 1 (the colour). */
export function mixed(color: string, share: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const onGround = parts.map((part) => Math.round(255 + (part - 255) * share));
  return `#${onGround.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The colour of a label's name as text: vermilion is too light to be read easily on white. */
export function labelInk(name: string): string {
  if (name === "NEGATIVE") return "#AD4B00";
  return name === "POSITIVE" ? OKABE_ITO.blue : INK.text;
}

/** The ground of a cell whose part is from 0 to 1: from white to a blue on which text in `INK.text` can still be read. */
export function shade(part: number): string {
  return mixed(OKABE_ITO.blue, 0.45 * part);
}
