/** The known name that takes the fewest edits to become another, capitals and underscores aside: what was probably meant. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  const ranked = known.map((other) => ({ other, edits: editDistance(plain(name), plain(other)) }));
  return ranked.sort((left, right) => left.edits - right.edits)[0]?.other;
}

/** Letters to insert, drop or replace until one text is the other (Levenshtein 1966). */
function editDistance(one: string, other: string): number {
  // distances from the beginning of `one` read so far to each beginning of `other`
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (const [index, otherLetter] of Array.from(other).entries()) {
      const replaced = (row[index] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
