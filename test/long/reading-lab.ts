import path from "node:path";
import type { Locator } from "playwright-core";
import { ROOT } from "../environment/programs";
import { LabPage } from "./lab-page";

/** The part of JupyterLab's own object that opens a document. */
interface DocumentWindow {
  jupyterapp: {
    restored: Promise<void>;
    shell: { widgets(area: "main"): Iterable<{ context?: unknown; dispose(): void }> };
    commands: { execute(command: string, args: { path: string }): Promise<OpenNotebook> };
  };
}
interface OpenNotebook {
  context: { ready: Promise<void> };
  content: { widgets: { model: { type: string; trusted: boolean } }[] };
}

/** A JupyterLab in which saved notebooks are read, and nothing is executed. */
export class ReadingLab extends LabPage {
  /** Starts the browser and opens JupyterLab without any notebook. */
  async begin(): Promise<void> {
    const page = await this.launch();
    // a kernel that is asked for is never answered: what is saved is all that is looked at
    await page.route(/\/api\/sessions/, (route) =>
      route.request().method() === "POST" ? undefined : route.continue(),
    );
    await page.goto((await this.address()).replace(/\/lab\/tree\/[^?]+/, "/lab"));
    await page.waitForFunction(() => (globalThis as unknown as Partial<DocumentWindow>).jupyterapp?.restored);
    await this.#splashIsOver();
  }

  /**
   * Opens a notebook of the folder, as the only one.
   *
   * @returns its panel, and whether JupyterLab trusts every code cell that has an output to distrust
   */
  async show(name: string): Promise<{ panel: Locator; trusted: boolean }> {
    await this.#closeAll();
    const file = path.relative(ROOT, path.join(this.folder, name));
    const trusted = await this.page.evaluate(async (opened) => {
      const { commands } = (globalThis as unknown as DocumentWindow).jupyterapp;
      const notebook = await commands.execute("docmanager:open", { path: opened });
      await notebook.context.ready;
      const cells = notebook.content.widgets.filter(({ model }) => model.type === "code");
      return cells.every(({ model }) => model.trusted);
    }, file);
    const panel = this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    await panel.locator(".jp-Cell").first().waitFor();
    return { panel, trusted };
  }

  /** Clicks through what JupyterLab asks before it trusts the notebook that is open; it saves it then. */
  async trust(): Promise<void> {
    const asked = this.command("notebook:trust");
    await this.page.locator(".jp-Dialog").locator("button.jp-mod-accept").click();
    await asked;
    await this.command("docmanager:save");
  }

  /** Changes JupyterLab's theme, and waits until the page wears it. */
  async wear(theme: string): Promise<void> {
    await this.command("apputils:change-theme", { theme });
    await this.page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: "attached" });
    await this.#splashIsOver();
  }

  /** JupyterLab covers the page while it starts, and while it loads a theme. */
  async #splashIsOver(): Promise<void> {
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  /** Closes every document without asking whether it should be saved. */
  async #closeAll(): Promise<void> {
    await this.page.evaluate(() => {
      const { shell } = (globalThis as unknown as DocumentWindow).jupyterapp;
      for (const widget of [...shell.widgets("main")]) if (widget.context !== undefined) widget.dispose();
    });
    await this.page.locator(".jp-NotebookPanel").waitFor({ state: "detached" });
  }
}
