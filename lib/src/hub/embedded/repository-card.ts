import { parse } from "yaml";

/** What a card's metadata block says, or undefined if the card has none that can be read. */
export function cardMetadata(card: string): Record<string, unknown> | undefined {
  const read = readCard(card);
  return "metadata" in read ? read.metadata : undefined;
}

/** What is wrong with a card's metadata block, or undefined if nothing is. */
export function cardProblem(card: string): string | undefined {
  const read = readCard(card);
  return "problem" in read ? read.problem : undefined;
}

function readCard(card: string): { metadata: Record<string, unknown> } | { problem: string } | object {
  const block = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(\r?\n|$)/.exec(card)?.[1];
  if (block === undefined) return {};
  try {
    const metadata: unknown = parse(block);
    if (metadata === null) return {};
    if (typeof metadata === "object" && !Array.isArray(metadata)) return { metadata };
    return { problem: "The metadata block is not a mapping of names to values." };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
