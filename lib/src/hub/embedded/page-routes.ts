import { Marked } from "marked";
import { escapeHtml } from "../../runtime/escape-html";
import type { Commit } from "./commit";
import type { HubCall } from "./hub-call";
import type { RepositoryType } from "./names";
import type { HubRepository } from "./repository";
import { pageRoutes, type Route } from "./router";
import { spaceCard } from "./space-card";
import { spaceHost } from "./space-hosting";

/** Commits that the page tells of. */
const MOST_COMMITS = 50;

const HEADINGS: Readonly<Record<RepositoryType, string>> = {
  model: "Models",
  dataset: "Data sets",
  space: "Spaces",
};

/** Pages for a reader's browser: all repositories, and one with its card, its files and its history. */
export const PAGE_ROUTES: Route[] = [
  { method: "GET", pattern: "/", handler: showAll },
  ...pageRoutes("GET", "", (call) => showOne(call, "main")),
  ...pageRoutes("GET", "/tree/{revision}", (call) => showOne(call, call.parameter("revision"))),
  ...pageRoutes("GET", "/commit/{revision}", (call) => showOne(call, call.parameter("revision"))),
];

function showAll(call: HubCall): void {
  const { hub, request } = call.params;
  const isUser = hub.access.isUser(request);
  const lists = (Object.keys(HEADINGS) as RepositoryType[]).map((type) => {
    const links = hub.store
      .list(type)
      .filter(({ settings }) => isUser || !settings.private)
      .map((repository) => `<li>${link(call.pageOf(repository.id), repository.id.name)}</li>`);
    return `<h2>${HEADINGS[type]}</h2><ul>${links.join("") || "<li>none yet</li>"}</ul>`;
  });
  call.sendPage(page("The embedded Hub", `<h1>The embedded Hub</h1>${lists.join("")}`));
}

async function showOne(call: HubCall, revision: string): Promise<void> {
  const repository = call.repository();
  const commit = await repository.commitAt(revision);
  const url = call.pageOf(repository.id);
  const card = (await repository.textOf(commit, "README.md"))?.replace(/^---\r?\n[^]*?\n---\r?\n/, "");
  const { name } = repository.id;
  call.sendPage(
    page(
      name,
      `<h1>${link(call.endpoint, "Hub")} / ${escapeHtml(name)}</h1>
<p>${escapeHtml(revision)}, commit <code>${commit.id.slice(0, 8)}</code> of ${escapeHtml(shownTime(commit.date))}</p>${await running(call, repository, commit)}
<main>${card === undefined ? "<p>There is no card: README.md is missing.</p>" : MARKDOWN.parse(card, { async: false })}</main>
<h2>Files</h2>${filesTable(url, commit)}
<h2>History</h2>${await historyTable(url, repository, commit)}`,
    ),
  );
}

/** Where a static Space runs, for what stands on its branch; nothing for anything else. */
async function running(call: HubCall, repository: HubRepository, commit: Commit): Promise<string> {
  const { type, name } = repository.id;
  if (type !== "space") return "";
  const { sdk } = await spaceCard(repository, commit);
  return sdk === "static"
    ? `<p>${link(spaceHost(call.endpoint, name), "Open the Space")}</p>`
    : `<p>This Hub does not run Spaces for ${escapeHtml(sdk)}.</p>`;
}

function filesTable(url: string, { id, files }: Commit): string {
  const rows = [...files].map(([path, { size, lfs }]) => {
    const address = `${url}/resolve/${id}/${path.split("/").map(encodeURIComponent).join("/")}`;
    return `<tr><td>${link(address, path)}</td><td>${shownSize(size)}</td><td>${lfs ? "LFS" : ""}</td></tr>`;
  });
  return `<table><tr><th>file</th><th>size</th><th></th></tr>${rows.join("")}</table>`;
}

async function historyTable(url: string, repository: HubRepository, commit: Commit): Promise<string> {
  const { branches, tags } = await repository.refs();
  const names = [...branches, ...tags];
  const rows: string[] = [];
  for await (const { id, title, author, date } of repository.history(commit)) {
    if (rows.length >= MOST_COMMITS) break;
    const named = names.filter(([, named]) => named === id).map(([name]) => `<b>${escapeHtml(name)}</b>`);
    rows.push(
      `<tr><td>${link(`${url}/commit/${id}`, id.slice(0, 8))}</td><td>${escapeHtml(title)} ${named.join(" ")}</td><td>${escapeHtml(author)}</td><td>${escapeHtml(shownTime(date))}</td></tr>`,
    );
  }
  return `<table><tr><th>commit</th><th>what it changes</th><th>by</th><th>when</th></tr>${rows.join("")}</table>`;
}

/** What a card writes as HTML is shown as text: it is somebody else's. */
const MARKDOWN = new Marked({ renderer: { html: ({ text }) => escapeHtml(text) } });

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { text-align: left; padding: 0.25rem 0.75rem; border-bottom: 1px solid #8884; }
pre { overflow-x: auto; padding: 0.75rem; background: #8882; } main { border: 1px solid #8884; border-radius: 0.5rem; padding: 0 1.25rem; }
</style><body>${body}</body></html>\n`;
}

function link(address: string, text: string): string {
  return `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>`;
}

function shownTime(date: string): string {
  return `${date.slice(0, 16).replace("T", " ")} UTC`;
}

function shownSize(bytes: number): string {
  const unit = ["B", "kB", "MB", "GB"].map((name, power) => ({ name, size: 1000 ** power }));
  const { name, size } = unit.findLast((one) => bytes >= one.size) ?? { name: "B", size: 1 };
  return `${Number((bytes / size).toPrecision(3))} ${name}`;
}
