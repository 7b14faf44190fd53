/** Letters, spaces among them, that make a feature of a short text: a typo spoils four of about a hundred. */
const LETTERS = 4;
/** Words that make a feature of a long text. */
const WORDS = 2;
/** The scripts that write without spaces: each character counts as a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const UNSPACED_ALL = new RegExp(UNSPACED.source, "gu");

/** All runs of four characters of a plain text, hashed, none twice. */
export function letterFeatures(plain: string): Uint32Array {
  const hashes = new Uint32Array(Math.max(0, plain.length - LETTERS + 1));
  for (let at = 0; at < hashes.length; at += 1) {
    let hash = 0;
    for (let letter = at; letter < at + LETTERS; letter += 1) hash = add(hash, plain.charCodeAt(letter));
    hashes[at] = mix(hash);
  }
  return withoutRepeats(hashes);
}

/** All pairs of neighbouring words of a plain text, hashed, none twice. */
export function wordFeatures(plain: string): Uint32Array {
  const spaced = UNSPACED.test(plain) ? plain.replace(UNSPACED_ALL, " $& ") : plain;
  const words = spaced.split(/ +/u).map((word) => {
    let hash = 0;
    for (let letter = 0; letter < word.length; letter += 1) hash = add(hash, word.charCodeAt(letter));
    return hash;
  });
  const hashes = new Uint32Array(Math.max(0, words.length - WORDS + 1));
  for (let at = 0; at < hashes.length; at += 1)
    hashes[at] = mix(words.slice(at, at + WORDS).reduce((hash, word) => add(mix(hash), word), 0));
  return withoutRepeats(hashes);
}

function add(hash: number, value: number): number {
  return (Math.imul(hash, 0x01000193) + value + 1) | 0;
}

/** Spreads a hash over all 32 bits (the finalizer of MurmurHash3, Austin Appleby, public domain). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function withoutRepeats(hashes: Uint32Array): Uint32Array {
  return hashes.sort().filter((hash, at) => at === 0 || hash !== hashes[at - 1]);
}
