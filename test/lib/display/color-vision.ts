/** What the two eyes of somebody see of a colour, and how far two colours are apart. */

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/**
 * How linear RGB looks with one kind of cone missing: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency", table 1, severity 1.
 */
export const VISIONS = {
  "full colour vision": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Matrix>;

/** Linear sRGB to CIE XYZ, D65 (IEC 61966-2-1). */
const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

/** `hue-rotate(180deg)` on sRGB (Filter Effects Module 1, feColorMatrix with cos = -1 and sin = 0). */
const HALF_CIRCLE: Matrix = [
  [2 * 0.213 - 1, 2 * 0.715, 2 * 0.072],
  [2 * 0.213, 2 * 0.715 - 1, 2 * 0.072],
  [2 * 0.213, 2 * 0.715, 2 * 0.072 - 1],
];

/** CIE76 distance of two colours as that vision sees them; about 2.3 is just noticeable (Mahy et al. 1994). */
export function distance(vision: keyof typeof VISIONS, one: string, other: string): number {
  const [a, b] = [one, other].map((color) => lab(multiply(VISIONS[vision], linear(color)).map(clamp)));
  return Math.hypot(...(a ?? []).map((value, at) => value - (b?.[at] ?? 0)));
}

/** WCAG 2.2's contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What `invert(amount) hue-rotate(180deg)` makes of a colour. */
export function turnedOver(color: string, amount: number): string {
  const inverted = channels(color).map((value) => value * (1 - 2 * amount) + amount);
  return toHex(multiply(HALF_CIRCLE, inverted as unknown as Vector).map(clamp));
}

/** The hue of a colour in CIE Lab, in degrees. */
export function hue(color: string): number {
  const [, a = 0, b = 0] = lab(linear(color));
  return (Math.atan2(b, a) * 180) / Math.PI;
}

function luminance(color: string): number {
  return multiply(TO_XYZ, linear(color))[1];
}

function lab(rgb: readonly number[]): readonly number[] {
  const white = [0.95047, 1, 1.08883];
  const [x = 0, y = 0, z = 0] = multiply(TO_XYZ, rgb as unknown as Vector).map((value, at) => {
    const part = value / (white[at] ?? 1);
    return part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(color: string): Vector {
  const values = channels(color).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return values as unknown as Vector;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
}

function multiply(matrix: Matrix, [x, y, z]: Vector): [number, number, number] {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a ?? 0, b ?? 0, c ?? 0];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function toHex(values: readonly number[]): string {
  return `#${values
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
