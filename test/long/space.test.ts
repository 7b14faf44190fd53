/** The demo Space as its readers have it: in a browser that may reach nothing but this machine. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { exportOnnx } from "../../lib/src/onnx/export-onnx";
import { DOWNLOADS } from "../../lib/src/runtime/repository";
import { pushSpace } from "../../lib/src/space/push-space";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../environment/programs";
import { launchChromium, NO_BROWSER } from "./chromium";
import { CASES, MIXED, pushModel, SENTIMENT_MODEL, spaceHub } from "./space-hub";

const EXAMPLES = ["I loved this movie!", MIXED];
/** Three names, one of which is HTML. */
const NAMES = { 0: "bad", 1: "neither <b>good</b> nor bad", 2: "good" };

describe("the Space in a browser", { skip: NO_BROWSER }, () => {
  const setup = spaceHub();
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  /** Requests to any other machine, all of them stopped. */
  const outside: string[] = [];
  /** What was asked of this machine. */
  const inside: string[] = [];

  before(async () => {
    address = await pushPage(SENTIMENT_MODEL);
    browser = await launchChromium({ ...process.env, HOME: temporaryFolder() });
    context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    await context.route("**/*", async (route) => {
      const url = route.request().url();
      const { hostname } = new URL(url);
      const isHere = hostname === "127.0.0.1" || hostname.endsWith(".static.localhost");
      (isHere ? inside : outside).push(url);
      await (isHere ? route.continue() : route.abort());
    });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
  });
  after(() => browser.close());

  /** Pushes the page for a model, and says where it is open. */
  const pushPage = async (model: string): Promise<string> => {
    const pushed = await pushSpace({ ...setup.on, model, repo: `${model}-demo`, examples: EXAMPLES });
    assert.ok(pushed.host !== undefined);
    return pushed.host;
  };
  const open = async (url: string) => {
    await page.goto(url);
    await page
      .locator("#state", { hasText: "ready" })
      .or(page.locator("#error"))
      .filter({ visible: true })
      .waitFor();
  };
  /** What the page says of a text that is put into it. */
  const ask = async (text: string) => {
    await page.locator("#text").fill(text);
    await page.keyboard.press("Control+Enter");
    await page.locator("#result[aria-busy=false]").waitFor();
    const verdict = (await page.locator("#verdict").textContent()) ?? "";
    const [, label, percent] = /^(.*), ([\d.]+) % sure$/.exec(verdict) ?? [];
    return { label, score: Number(percent) / 100 };
  };
  const widthOf = () => page.locator("html").evaluate((html: { scrollWidth: number }) => html.scrollWidth);

  it("answers what is typed, by keyboard alone, with label, confidence and coloured words", async () => {
    await open(address);
    for (const id of ["model", "text"]) {
      await page.keyboard.press("Tab");
      assert.equal(await page.locator(":focus").getAttribute("id"), id);
    }
    await page.keyboard.type(MIXED);
    for (const label of [...EXAMPLES, "Classify"]) {
      await page.keyboard.press("Tab");
      assert.equal(await page.locator(":focus").textContent(), label);
    }
    await page.keyboard.press("Enter");
    await page.locator("#weighing", { hasText: /^Most for/ }).waitFor();
    const [ours] = (await setup.classify([MIXED])).texts;
    assert.match(
      (await page.locator("#verdict").textContent()) ?? "",
      new RegExp(`^${ours?.label ?? ""}, \\d`),
    );
    assert.match((await page.getByRole("status").textContent()) ?? "", /^Most for/, "read out");
    const coloured = page.locator("#words .word[class*='for-'], #words .word[class*='against-']");
    assert.ok((await coloured.count()) >= 2);
    const shades = await coloured.evaluateAll((words) =>
      words.map((word) => (globalThis as unknown as Styles).getComputedStyle(word).backgroundColor),
    );
    assert.ok(
      shades.every((shade) => /^rgba\((0, 114, 178|213, 94, 0), 0\.\d+\)$/.test(shade)),
      shades.join(),
    );
    assert.equal(await page.locator("#words").textContent(), MIXED);
    assert.equal(await page.locator("#rows tr").count(), MIXED.split(" ").length);
  });

  it("says of the obvious cases what lib says, in 32 bits to the last digit shown", async () => {
    const { texts } = await setup.classify(CASES);
    for (const { text, label } of texts) assert.equal((await ask(text)).label, label, text);
    await page.getByLabel("32 bits").check();
    await page.locator("#state", { hasText: "Loading" }).waitFor();
    await page.locator("#state", { hasText: "ready" }).waitFor();
    for (const { text, label, score } of texts.slice(0, 4)) {
      const shown = await ask(text);
      assert.equal(shown.label, label, text);
      assert.ok(Math.abs(shown.score - score) <= 1e-3, `${shown.score}, and lib ${score}: ${text}`);
    }
  });

  it("says when a text is too long, and fits a phone", async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    await page.locator("#text").fill(`${"W".repeat(200)} ${"A long and winding review. ".repeat(130)}`);
    await page.keyboard.press("Control+Enter");
    await page
      .locator("#read", { hasText: /reads 512 tokens, and the last \d+ words were not read/ })
      .waitFor();
    assert.ok((await widthOf()) <= 360);
    await ask("Great film.");
    assert.equal(await page.locator("#read").isVisible(), false);
    await page.setViewportSize({ width: 1000, height: 800 });
  });

  it("keeps the model, so that it is not downloaded again", async () => {
    const before = inside.length;
    await open(address);
    await ask("Great film.");
    assert.deepEqual(
      inside.slice(before).filter((url) => url.endsWith(".onnx")),
      [],
    );
  });

  it("shows three labels, and their names as text", async () => {
    const three = path.join(setup.folder, "three");
    const encoder = path.join(DOWNLOADS, "encoder");
    const model = await DistilBertForSequenceClassification.fromPretrained(encoder, {
      id2label: NAMES,
      seed: 3,
    });
    model.savePretrained(three);
    (await Tokenizer.fromPretrained(encoder)).savePretrained(three);
    await exportOnnx({ folder: three, dtypes: ["q8"] });
    await pushModel(setup, "reader/three", three);
    model.dispose();
    await open(await pushPage("reader/three"));
    const { label } = await ask("It is <i>good</i>.");
    assert.ok(Object.values(NAMES).includes(label ?? ""), label);
    assert.equal(await page.locator("#scores li").count(), 3);
    assert.match((await page.locator("#scores").textContent()) ?? "", /neither <b>good<\/b> nor bad/);
    assert.equal(await page.locator("#result b, #result i").count(), 0);
  });

  it("says in plain words that the model is gone, or the Hub out of reach", async () => {
    await pushModel(setup, "reader/gone", path.join(setup.folder, "three"));
    const demo = await pushPage("reader/gone");
    await context.route("**/reader/gone/**", (route) => route.abort());
    await open(demo);
    assert.match((await page.locator("#error").textContent()) ?? "", /cannot be reached: check the network/);
    await context.unroute("**/reader/gone/**");
    await fetch(`${setup.hub.endpoint}/api/repos/delete`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${setup.on.token}` },
      body: JSON.stringify({ type: "model", name: "gone" }),
    });
    await open(demo);
    assert.match(
      (await page.locator("#error").textContent()) ?? "",
      /reader\/gone is not on .* or is private/,
    );
  });

  it("asks no other machine, nor could it: neither the page nor the worker with the model", async () => {
    await open(address);
    assert.ok(inside.length > 20);
    assert.deepEqual(outside, []);
    const [worker] = page.workers();
    assert.ok(worker);
    const probe = "fetch('https://example.com/').then(() => 'answered', (error) => error.name)";
    assert.equal(await page.evaluate(probe), "TypeError");
    assert.equal(await worker.evaluate(probe), "TypeError");
    assert.deepEqual(outside, [], "stopped by the page's policy, before there was a request");
  });
});

/** The part of a window that the page's colours are read with. */
interface Styles {
  getComputedStyle(element: unknown): { backgroundColor: string };
}
