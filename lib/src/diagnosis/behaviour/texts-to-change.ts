import { behaviourCases } from "../../data/behaviour-cases";
import { permutation, seededRandom } from "../../runtime/random";
import type { Answerable } from "../check";
import type { Classifier } from "../examination";

const MOST_TEXTS = 100;
/** As many of the reader's own as leave room for plain sentences, of which the model is sure. */
const MOST_OWN_TEXTS = 80;
/** A classifier of anything is asked plain sentences too where it has fewer texts of its own. */
const FEWEST_OWN_TEXTS = 20;
/** Tokens of what a check adds to a text, which the model must get to read. */
const ADDED_TOKENS = 24;
/** In characters: no token of a text is longer, on average. */
const LONGEST_TOKEN = 12;

/**
 * Texts whose label a change must not turn: at most 100, drawn by the seed from what the model is measured on (or was trained on),
 * with plain sentences for a sentiment classifier, or where texts are few. Each is cut to what the model reads, so that what a
 * check adds at its end is read too.
 */
export function textsToChange(examination: Answerable<"classifier">): string[] {
  const { heldOut, train, classifier, sentiment, seed } = examination;
  const set = [heldOut, train].find((candidate) => candidate !== undefined && candidate.length > 0);
  const known = new Set<string>();
  const rows = set ? permutation(set.length, seededRandom(seed)) : [];
  for (const row of rows) {
    if (known.size >= MOST_OWN_TEXTS) break;
    const text = beginning(set?.rows[row]?.text ?? "", classifier);
    if (text !== "") known.add(text);
  }
  if (sentiment || known.size < FEWEST_OWN_TEXTS) {
    const { plain } = behaviourCases();
    for (const index of permutation(plain.length, seededRandom(seed))) {
      if (known.size >= MOST_TEXTS) break;
      known.add(plain[index]?.text ?? "");
    }
  }
  return [...known];
}

/** What the model reads of a text, less the room for what is added; whole words. */
function beginning(text: string, { tokenizer, maxLength }: Classifier): string {
  const room = Math.max(3, Math.ceil(maxLength / 2), maxLength - ADDED_TOKENS);
  let words = text
    .slice(0, maxLength * LONGEST_TOKEN)
    .trim()
    .split(/\s+/u);
  for (;;) {
    const beginning = words.join(" ");
    const { truncated } = tokenizer.encode(beginning, { maxLength: room });
    if (truncated === 0 || words.length === 1) return beginning;
    words = words.slice(0, Math.max(1, Math.floor((words.length * room) / (room + truncated))));
  }
}
