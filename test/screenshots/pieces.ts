import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";

/** A page that is longer than a screen, and where its pictures go. */
export interface Pieces {
  page: Page;
  /** What scrolls inside of the page; the page itself, where nothing is named. */
  scroller?: Locator;
  folder: string;
  /** The files are called `kind-01.png`, `kind-02.png`, ... */
  kind: string;
}

/** What is to be photographed. */
export interface PhotographParams {
  files: readonly string[];
  /** Where the pictures of a notebook go. */
  folderOf: (file: string) => string;
  /** Is told of each notebook before its pictures are taken. */
  onNotebook: (name: string) => void;
  signal: AbortSignal;
}

/** The parts of the browser's elements that are used here. */
interface Scrolling {
  scrollTop: number;
  scrollHeight: number;
  clientHeight: number;
  getBoundingClientRect(): { top: number };
  querySelectorAll(selector: ".jp-Cell"): Iterable<{ getBoundingClientRect(): { bottom: number } }>;
}
interface Picture {
  complete: boolean;
  decode(): Promise<void>;
}
interface Holder {
  querySelectorAll(selector: "img"): Iterable<Picture>;
}

/**
 * Takes pictures of a page from its top to its bottom, a screen each.
 *
 * @returns how many
 */
export async function takePieces({ page, scroller, folder, kind }: Pieces): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const element = scroller ?? page.locator("html");
  await element.evaluate(picturesDecoded);
  const { whole, screen } = await element.evaluate(sizesOf);
  const count = Math.max(1, Math.ceil((whole - 1) / screen));
  for (let index = 0; index < count; index += 1) {
    await element.evaluate(scrollTo, index * screen);
    const file = path.join(folder, `${kind}-${String(index + 1).padStart(2, "0")}.png`);
    await page.screenshot({ path: file });
  }
  return count;
}

/** Runs in the browser: resolves once every picture can be shown. */
async function picturesDecoded(element: unknown): Promise<void> {
  await Promise.allSettled([...(element as Holder).querySelectorAll("img")].map((image) => image.decode()));
}

/** Runs in the browser: how far the last cell reaches (below it JupyterLab leaves a screen empty), and how much is seen at a time. */
function sizesOf(element: unknown): { whole: number; screen: number } {
  const scroller = element as Scrolling;
  scroller.scrollTop = 0;
  const last = [...scroller.querySelectorAll(".jp-Cell")].at(-1);
  const { top } = scroller.getBoundingClientRect();
  const whole = last ? last.getBoundingClientRect().bottom - top : scroller.scrollHeight;
  return { whole, screen: scroller.clientHeight };
}

/** Runs in the browser. */
function scrollTo(element: unknown, top: number): void {
  (element as Scrolling).scrollTop = top;
}
