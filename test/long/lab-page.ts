import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../environment/programs";
import { launchChromium } from "./chromium";
import { start, type Running } from "./clone";

export { NO_BROWSER } from "./chromium";

/** Where pictures of what a browser showed are kept. */
const SCREENSHOTS = path.join(ROOT, "build/screenshots");

/** A cell as JupyterLab would save it. */
export interface SavedCell {
  cell_type: string;
  source: string;
  execution_count?: number | null;
  metadata: { tags?: string[] };
  outputs?: { output_type: string; ename?: string; evalue?: string; data?: Record<string, unknown> }[];
}

/** A piece of code as JupyterLab's editor understands it; the type is that of its syntax tree's node. */
export interface Token {
  value: string;
  type: string;
}

/** The part of JupyterLab's own object (LabApp.expose_app_in_browser) that tests use. */
interface LabWindow {
  jupyterapp: {
    shell: { currentWidget: NotebookPanel | null };
    commands: { execute(command: string, args?: Record<string, string>): Promise<unknown> };
  };
}
interface NotebookPanel {
  sessionContext?: { session: { kernel: { status: string } | null } | null };
  content?: {
    model: { toJSON(): { cells: SavedCell[] } } | null;
    widgets: { editor: { getTokens(): Token[] } | null }[];
  };
}

/** A JupyterLab of its own, and a page of a browser on it. */
export class LabPage {
  /** The home of JupyterLab's process. */
  readonly home: string;
  /** A folder for notebooks: JupyterLab saves by itself after a while, so these should be copies. */
  readonly folder: string;
  /** JupyterLab's process. */
  readonly server: Running;
  readonly #root: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #temporary: string;
  readonly #browserHome: string;
  #browser: Browser | undefined;
  #page: Page | undefined;

  /** Starts JupyterLab as a fresh clone has it: nobody has changed a setting or trusted a notebook. A clone may be told, and its program. */
  constructor(params: { root?: string; program?: string[]; env?: NodeJS.ProcessEnv } = {}) {
    const { root = ROOT, program = ["environment/lab.mjs"], env = {} } = params;
    this.#root = root;
    this.#temporary = mkdtempSync(path.join(os.tmpdir(), "lab-page-"));
    const [home, browserHome, state] = ["home", "browser", "state"].map((name) => {
      const folder = path.join(this.#temporary, name);
      mkdirSync(folder);
      return folder;
    }) as [string, string, string];
    this.home = home;
    this.#browserHome = browserHome;
    mkdirSync(path.join(root, "build"), { recursive: true });
    this.folder = mkdtempSync(path.join(root, "build", "browser-test-"));
    const story = { STORY_BUILD: path.join(this.folder, "build"), XDG_CACHE_HOME: undefined };
    const settings = { JUPYTERLAB_SETTINGS_DIR: state, JUPYTERLAB_WORKSPACES_DIR: state };
    this.#env = { ...process.env, HOME: this.home, ...story, ...settings, ...env };
    const options = ["--LabApp.expose_app_in_browser=True", `--NotebookNotary.data_dir=${state}`];
    this.server = start([...program, "--no-browser", ...options], { cwd: root, env: this.#env });
  }

  /** Starts the browser, with a home of its own. */
  async launch(): Promise<Page> {
    this.#browser = await launchChromium({ ...this.#env, HOME: this.#browserHome });
    this.#page = await this.#browser.newPage({ viewport: { width: 1280, height: 1000 } });
    this.#page.setDefaultTimeout(120_000);
    return this.#page;
  }

  get page(): Page {
    if (!this.#page) throw new Error("the browser was not launched");
    return this.#page;
  }

  /** The address that JupyterLab prints once it is up. */
  async address(): Promise<string> {
    await this.server.prints(/Ctrl-C ends it/);
    return /http:\S+/.exec(this.server.printed())?.[0] ?? "";
  }

  /** Opens a notebook of the folder in a workspace of its own (the reader's keeps its open tabs), and waits for its kernel. */
  async open(name: string): Promise<void> {
    const workspace = `/lab/workspaces/browser-test-${path.basename(name, ".ipynb").slice(0, 2)}`;
    const tree = `${workspace}/tree/${path.relative(this.#root, this.folder)}/${name}`;
    await this.page.goto((await this.address()).replace(/\/lab\/tree\/[^?]+/, tree));
    await this.page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor();
    // what is run before there is a kernel makes JupyterLab ask for one
    await this.becomes("idle");
  }

  /**
   * Waits for the kernel to be idle, or busy.
   *
   * @throws when it has not become so within a minute
   */
  async becomes(status: "idle" | "busy"): Promise<void> {
    const begun = Date.now();
    for (;;) {
      const found = (await this.read()).status;
      if (found === status) return;
      if (Date.now() - begun > 60_000)
        throw new Error(`the kernel is ${found} for a minute, and not ${status}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** What the notebook has come to. */
  read(): Promise<{ status: string; cells: SavedCell[] }> {
    return this.page.evaluate(() => {
      const panel = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget;
      const cells = panel?.content?.model?.toJSON().cells ?? [];
      return {
        status: panel?.sessionContext?.session?.kernel?.status ?? "none",
        cells: cells.filter((cell) => cell.cell_type === "code"),
      };
    });
  }

  /** The code of a cell as the editor has parsed it to colour it. */
  tokens(cell: number): Promise<Token[]> {
    return this.page.evaluate((index) => {
      const panel = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget;
      const tokens = panel?.content?.widgets[index]?.editor?.getTokens() ?? [];
      return tokens.map(({ value, type }) => ({ value, type }));
    }, cell);
  }

  /** Chooses an entry of a menu. */
  async choose(menu: string, entry: string): Promise<void> {
    await this.page.getByRole("menuitem", { name: menu, exact: true }).click();
    await this.page.getByText(entry, { exact: true }).click();
  }

  /** Clicks Run > Run All Cells after the outputs were cleared, and waits for the last cell. */
  async runAll(): Promise<SavedCell[]> {
    await this.choose("Edit", "Clear Outputs of All Cells");
    await this.choose("Run", "Run All Cells");
    return this.allRun();
  }

  /** Waits until every cell has run. */
  async allRun(): Promise<SavedCell[]> {
    for (;;) {
      const { status, cells } = await this.read();
      const counted = cells.every(({ execution_count: count }) => typeof count === "number");
      if (status === "idle" && cells.length > 0 && counted) return cells;
      await this.page.waitForTimeout(300);
    }
  }

  /** Carries out a command of JupyterLab by its name. */
  async command(name: string, args: Record<string, string> = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, given]) => {
        await (globalThis as unknown as LabWindow).jupyterapp.commands.execute(command, given);
      },
      [name, args] as const,
    );
  }

  /** Keeps a picture of the page in build/screenshots. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `jupyterlab-${name}.png`) });
  }

  /** Ends the browser and JupyterLab. */
  async close(): Promise<void> {
    await this.#browser?.close();
    this.server.child.kill("SIGINT");
    await this.server.ended;
    for (const folder of [this.folder, this.#temporary])
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
