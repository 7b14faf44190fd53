import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

/** The rules of WCAG 2.1, levels A and AA, as axe-core names them. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const SCRIPT = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface AxeWindow {
  axe?: {
    run(
      selector: string,
      options: object,
    ): Promise<{ violations: { id: string; help: string; nodes: AxeNode[] }[] }>;
  };
}
interface AxeNode {
  target: unknown[];
  html: string;
  failureSummary?: string;
}

/**
 * What axe finds against WCAG 2.1 A and AA on a page, or in one part of it: a line for each place, with the rule, where, and why.
 * Nothing found says that nothing was found by a machine, no more.
 */
export async function accessibilityTroubles(page: Page, params: { within?: string } = {}): Promise<string[]> {
  // not as a script element, which a page's policy may forbid
  await page.evaluate(SCRIPT);
  return page.evaluate(
    async ({ within, tags }) => {
      const { axe } = globalThis as unknown as AxeWindow;
      if (!axe) throw new Error("axe-core is not on the page");
      const { violations } = await axe.run(within, {
        runOnly: { type: "tag", values: tags },
        resultTypes: ["violations"],
        // it would ask for style sheets again, which a page that was opened as a file may not
        preload: false,
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, html, failureSummary = "" }) =>
          [
            `${id} (${help})`,
            target.join(" "),
            html.slice(0, 200),
            failureSummary.replaceAll("\n", " "),
          ].join(" | "),
        ),
      );
    },
    { within: params.within ?? "html", tags: WCAG },
  );
}
