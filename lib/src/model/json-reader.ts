/** As deep as serde_json goes, which reads headers for the reference implementation. */
const MAX_DEPTH = 127;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANK = /[ \t\n\r]*/y;

/**
 * Reads JSON from front to back, a piece at a time: the caller asks for what it expects and builds nothing else from it.
 *
 * `JSON.parse` keeps the last of two equal names, takes `2.0` for a whole number and a lone surrogate for text. Here the caller sees
 * every name, and both of the others are refused, as serde_json does (RFC 8259, strictly).
 *
 * Every method throws SyntaxError where the text is not JSON, or not what was asked for.
 */
export class JsonReader {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  /** The character that the next value begins with; empty at the end. */
  next(): string {
    BLANK.lastIndex = this.#at;
    BLANK.test(this.text);
    this.#at = BLANK.lastIndex;
    return this.text.charAt(this.#at);
  }

  /** Reads an object; `onField` is told each name and must read its value. */
  object(onField: (name: string) => void): void {
    this.#list("{", "}", () => {
      const name = this.string();
      this.#take(":");
      onField(name);
    });
  }

  /** Reads an array; `onItem` must read each item. */
  array(onItem: () => void): void {
    this.#list("[", "]", onItem);
  }

  /** Reads text. */
  string(): string {
    if (this.next() !== '"') this.#fail("text");
    const token = this.text.slice(this.#at, this.#endOfString());
    const value = this.#decoded(token);
    if (token.includes("\\u") && /\p{Surrogate}/u.test(value)) this.#fail("whole characters");
    this.#at += token.length;
    return value;
  }

  /** Reads a number, a truth value or null, as it is written. */
  scalar(): string {
    this.next();
    SCALAR.lastIndex = this.#at;
    const [token] = SCALAR.exec(this.text) ?? this.#fail("a value");
    this.#at += token.length;
    return token;
  }

  /** Reads over a value of any kind. */
  skip(): void {
    const first = this.next();
    const over = () => {
      this.skip();
    };
    if (first === "{") this.object(over);
    else if (first === "[") this.array(over);
    else if (first === '"') this.string();
    else this.scalar();
  }

  /** Makes sure that nothing follows. */
  end(): void {
    if (this.next() !== "") this.#fail("the end");
  }

  #list(open: string, close: string, onItem: () => void): void {
    this.#take(open);
    if (++this.#depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    if (this.next() !== close) {
      onItem();
      while (this.next() === ",") {
        this.#at++;
        onItem();
      }
    }
    this.#take(close);
    this.#depth--;
  }

  #take(character: string): void {
    if (this.next() !== character) this.#fail(JSON.stringify(character));
    this.#at++;
  }

  /** Behind the closing quote: the next one with an even number of backslashes before it. */
  #endOfString(): number {
    for (let quote = this.#at; ;) {
      quote = this.text.indexOf('"', quote + 1);
      if (quote < 0) this.#fail("a closing quote");
      let first = quote;
      while (this.text.charAt(first - 1) === "\\") first--;
      if ((quote - first) % 2 === 0) return quote + 1;
    }
  }

  #decoded(token: string): string {
    try {
      return JSON.parse(token) as string;
    } catch {
      // its own message would quote the file
      return this.#fail("text without control characters or unknown escapes");
    }
  }

  #fail(expected: string): never {
    throw new SyntaxError(`expected ${expected} at character ${this.#at}`);
  }
}
