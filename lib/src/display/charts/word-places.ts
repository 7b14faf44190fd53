import { textWidth } from "../font-metrics";

/** The box of a word, in pixels from the left end of the first line and from its top. */
export interface WordPlace {
  /** The word, shortened where it is wider than a line. */
  readonly text: string;
  readonly left: number;
  readonly width: number;
  /** From 0. */
  readonly line: number;
}

/** How {@link wordPlaces} sets words. */
export interface WordPlacesParams {
  readonly words: readonly string[];
  /** Width of a box at least, by the word's place in the list. */
  readonly leastWidth: (at: number) => number;
  readonly lineWidth: number;
  readonly fontSize: number;
}

/** Left and right of a word, in its box. */
const PADDING = 4;
const GAP = 2;

/** Words in boxes, set in lines from left to right. */
export function wordPlaces({ words, leastWidth, lineWidth, fontSize }: WordPlacesParams): WordPlace[] {
  let [left, line] = [0, 0];
  return words.map((word, at) => {
    const text = cutToWidth(word, lineWidth - 2 * PADDING, fontSize);
    const width = Math.ceil(Math.max(textWidth(text, fontSize) + 2 * PADDING, leastWidth(at)));
    if (left > 0 && left + width > lineWidth) [left, line] = [0, line + 1];
    const place = { text, left, width, line };
    left += width + GAP;
    return place;
  });
}

function cutToWidth(word: string, most: number, fontSize: number): string {
  if (textWidth(word, fontSize) <= most) return word;
  const characters = Array.from(word);
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, fontSize) > most) characters.pop();
  return `${characters.join("")}…`;
}
