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

const SERIES = [
  OKABE_ITO.orange,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.skyBlue,
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
