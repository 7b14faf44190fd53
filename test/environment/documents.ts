import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { lexer, walkTokens, type Tokens } from "marked";
import { ROOT } from "./programs";

/** What a Markdown file says that can be looked up. */
export interface Document {
  /** Its path in the repository. */
  readonly file: string;
  readonly text: string;
  readonly links: readonly string[];
  readonly pictures: readonly { readonly href: string; readonly alt: string }[];
  /** What stands in backticks. */
  readonly codes: readonly string[];
  /** Its headings, as GitHub makes anchors of them. */
  readonly anchors: readonly string[];
}

/** The Markdown files that git knows or would add, but for texts that tests read. */
export const DOCUMENTS = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\0")
  .filter((file) => file !== "" && !file.startsWith("test/fixtures/"));

/** Reads a Markdown file. */
export function readDocument(file: string): Document {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const links: string[] = [];
  const pictures: { href: string; alt: string }[] = [];
  const codes: string[] = [];
  const headings: string[] = [];
  // without extensions nothing is waited for
  void walkTokens(lexer(text), (token) => {
    if (token.type === "link") links.push((token as Tokens.Link).href);
    if (token.type === "image")
      pictures.push({ href: (token as Tokens.Image).href, alt: (token as Tokens.Image).text });
    if (token.type === "codespan") codes.push((token as Tokens.Codespan).text);
    if (token.type === "heading") headings.push((token as Tokens.Heading).text);
    if (token.type !== "html") return;
    for (const [tag] of token.raw.matchAll(/<img\b[^>]*>/gu)) {
      const [, href = ""] = /\ssrc="([^"]*)"/u.exec(tag) ?? [];
      pictures.push({ href, alt: /\salt="([^"]*)"/u.exec(tag)?.[1] ?? "" });
    }
    for (const [, href = ""] of token.raw.matchAll(/<a\b[^>]*\shref="([^"]*)"/gu)) links.push(href);
  });
  links.push(...pictures.map(({ href }) => href));
  return { file, text, links, pictures, codes, anchors: anchorsOf(headings) };
}

/** As GitHub does: lower case, no punctuation, hyphens for blanks, a number where a name comes again. */
function anchorsOf(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/gu, "$1").toLowerCase();
    const name = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
}
