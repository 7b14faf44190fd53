import type { QuickInfo } from "@tslab/typescript-for-tslab";

/** What the compiler knows of a name, as Markdown: its signature in TypeScript's colours, then its documentation. */
export function quickInfoMarkdown({ displayParts = [], documentation = [], tags = [] }: QuickInfo): string {
  const signature = displayParts.map(({ text }) => text).join("");
  const described = tags.map(({ name, text = [] }) => `*@${name}* ${text.map((part) => part.text).join("")}`);
  const paragraphs = [documentation.map(({ text }) => text).join(""), ...described];
  return ["```typescript\n" + signature + "\n```", ...paragraphs]
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}
