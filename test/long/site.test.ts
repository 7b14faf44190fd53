import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { ROOT, runNode, temporaryFolder } from "../environment/programs";
import { accessibilityTroubles } from "./axe";
import { launchChromium, NO_BROWSER } from "./chromium";

const SCREENS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ["light", "dark"] as const;
const NOTEBOOK = "notebooks/01-broken-first-attempt.html";
const LOOKED_AT = [
  ...["index.html", NOTEBOOK, "notebooks/appendix/tokenization.html"],
  ...["practice/02-distribution-check.html", "test/bench/index.html"],
];

function buildSite(params: { root?: string; out: string }): ReturnType<typeof runNode> {
  const { root = ROOT, out } = params;
  return runNode(["environment/site.mjs", "--root", root, "--out", out]);
}

describe("the site", { skip: NO_BROWSER, timeout: 600_000 }, () => {
  mkdirSync(path.join(ROOT, "build"), { recursive: true });
  const home = mkdtempSync(path.join(ROOT, "build", "site-test-"));
  const site = path.join(home, "site");
  /** Whatever a page asked a host for. */
  const asked: string[] = [];
  /** What a script of a page complained about. */
  const complaints: string[] = [];
  let browser: Browser;

  before(async () => {
    const { status, stdout, stderr } = buildSite({ out: site });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /links and pictures on \d+ pages: 0 lead to nothing/);
    browser = await launchChromium({ ...process.env, HOME: home });
  });
  after(async () => {
    await browser.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function open(params: { name: string; screen?: keyof typeof SCREENS }): Promise<Page> {
    const { name, screen = "desktop" } = params;
    const page = await browser.newPage({ viewport: SCREENS[screen] });
    page.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url())) asked.push(request.url());
    });
    page.on("pageerror", ({ message }) => complaints.push(message));
    await page.goto(pathToFileURL(path.join(site, name)).href.replace("%3F", "?"));
    return page;
  }

  for (const screen of ["desktop", "phone"] as const)
    for (const name of LOOKED_AT)
      it(`has nothing that axe finds wrong, and nothing to scroll sideways: ${name}, ${screen}`, async () => {
        const page = await open({ name, screen });
        const chart = page.locator("figure.chart").first();
        if ((await chart.count()) > 0) {
          await chart.scrollIntoViewIfNeeded();
          await page.locator("figure.is-drawn").first().waitFor();
        }
        const root = "document.documentElement";
        const sideways = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
        assert.equal(sideways, 0);
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await accessibilityTroubles(page), [], colorScheme);
        }
        await page.close();
      });

  it("draws charts that answer to the mouse, and keeps their pictures for paper", async () => {
    const page = await open({ name: NOTEBOOK });
    const figure = page.locator("figure.chart").last();
    assert.match((await figure.locator("img").getAttribute("alt")) ?? "", /falls from 1\.00/);
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".main-svg").first().waitFor();
    await figure.locator(".nsewdrag").first().hover();
    await figure.locator(".hoverlayer text").first().waitFor();
    await page.emulateMedia({ media: "print" });
    const picture = '[...document.querySelectorAll("figure.chart img")].at(-1)';
    assert.equal(await page.evaluate<string>(`getComputedStyle(${picture}).opacity`), "1");
    assert.equal(await figure.locator(".chart-drawn").isVisible(), false);
    await page.close();
  });

  it("shows pictures without a script", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(pathToFileURL(path.join(site, NOTEBOOK)).href);
    const picture = page.locator("figure.chart img").first();
    await picture.scrollIntoViewIfNeeded();
    assert.ok(await picture.isVisible());
    await page.close();
  });

  it("is searched without a server", async () => {
    const page = await open({ name: "search.html?q=sorted+label" });
    const found = page.locator("#search-results li a").filter({ hasText: "distribution check" });
    await found.first().click();
    await page.waitForURL(/02-distribution-check\.html/);
    await page.close();
  });

  it("goes on from page to page, and hands out the notebook", async () => {
    const page = await open({ name: NOTEBOOK });
    const name = await page.getByText("Download this notebook").getAttribute("href");
    const [file, saved] = [site, ROOT].map((folder) =>
      readFileSync(path.join(folder, "notebooks", name ?? "")),
    );
    assert.deepEqual(file, saved);
    await page.locator(".related-pages .next-page").click();
    await page.waitForURL(/02-distribution-check\.html/);
    await page.close();
  });

  it("is reached by keyboard: past the navigation, with what it is at in sight", async () => {
    const page = await open({ name: NOTEBOOK });
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate<boolean>('document.activeElement.matches(".skip-to-content")'));
    // it slides into sight
    await page.waitForFunction("document.activeElement.getBoundingClientRect().top >= 0");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate<boolean>('document.activeElement.closest("article, .content") !== null'));
    const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
    assert.notEqual(outline, "none");
    await page.close();
  });

  it("opens its drawers by keyboard on a narrow screen", async () => {
    const page = await open({ name: NOTEBOOK, screen: "phone" });
    const link = page.locator(".sidebar-tree a").first();
    assert.equal(await link.isVisible(), false, "what is closed is no stop for the Tab key");
    await page.getByRole("button", { name: "Navigation" }).focus();
    await page.keyboard.press("Enter");
    await link.waitFor({ state: "visible" });
    await page.keyboard.press("Escape");
    await link.waitFor({ state: "hidden" });
    await page.close();
  });

  it("asks no host, and no script of it complains", () => {
    assert.deepEqual({ asked, complaints }, { asked: [], complaints: [] });
  });

  it("takes the place of a site, and of nothing else", () => {
    const out = temporaryFolder();
    writeFileSync(path.join(out, "mine.txt"), "mine");
    const { status, stderr } = buildSite({ out });
    assert.notEqual(status, 0);
    assert.match(stderr, /which holds something else: expected a site, or a new folder/);
    assert.equal(readFileSync(path.join(out, "mine.txt"), "utf8"), "mine");
  });

  it("is not replaced by one with a link that leads to nothing", () => {
    const root = temporaryFolder();
    writeFileSync(path.join(root, "README.md"), "# One\n\n[gone](gone.md)\n");
    const { status, stderr } = buildSite({ root, out: site });
    assert.equal(status, 1);
    assert.match(stderr, /^index\.html: .*gone\.md leads to no /m);
    const kept = runNode(["environment/site.mjs", "--check-links", "--out", site]);
    assert.match(kept.stdout, /on \d\d pages: 0 lead to nothing/);
  });
});
