// @ts-check
/**
 * `npm run site`: the project as a static site in build/site/, which is read from a folder or from any server. Nothing is executed:
 * notebooks are shown as they were saved. Ends with 1 if a link leads to nothing; the site of before then stays.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readerFolder } from "./reader-folder.mjs";
import { optionalPython } from "./setup/optional-python.mjs";
import { BUILD, ROOT } from "./setup/paths.mjs";
import { assemble } from "./site/assemble.mjs";
import { PRACTICE } from "./site/pages.mjs";
import { workshopNotebooks } from "./workshop/workshop-notebooks.mjs";
import { rewrite } from "./workshop/write-copies.mjs";

const HELP = `The project as a static site, in build/site/.

  npm run site

  --repository URL  where the repository is on the web: files that are no pages are linked there (they are not linked)
  --out DIR         another folder than build/site
  --check-links     checks the links of the site that is there, and builds nothing`;

const SITE = path.join(ROOT, "environment/site");
const { values } = parseArgs({
  options: {
    repository: { type: "string" },
    out: { type: "string", default: path.join(BUILD, "site") },
    "check-links": { type: "boolean", default: false },
    // for the tests, which have repositories of their own
    root: { type: "string", default: ROOT },
    help: { type: "boolean", default: false },
  },
});
const OUT = path.resolve(readerFolder("site"), values.out);
const WORK = `${OUT}-work`;
/** What every site has, and hardly anything else. */
const MARK = "external-links.txt";

/** Refuses to put the site in the place of what is none. */
function checkOut() {
  const isOther = existsSync(OUT) && readdirSync(OUT).length > 0 && !existsSync(path.join(OUT, MARK));
  if (isOther)
    throw new Error(`--out is ${values.out}, which holds something else: expected a site, or a new folder.`);
}

async function build() {
  checkOut();
  const begun = Date.now();
  const python = await optionalPython("site");
  rmSync(WORK, { recursive: true, force: true });
  const sources = { pages: path.join(WORK, "pages"), extra: path.join(WORK, "extra") };
  const html = path.join(WORK, "html");
  for (const folder of Object.values(sources)) mkdirSync(folder, { recursive: true });
  await writePractice();
  const pages = assemble({ root: path.resolve(values.root), sources, repository: values.repository });
  console.log(`The site: ${pages.length} pages, built with Sphinx ...`);
  const places = ["-c", SITE, "-d", path.join(WORK, "doctrees"), sources.pages, html];
  execFileSync(python, ["-m", "sphinx", "-b", "html", "-q", "-j", "auto", ...places], {
    env: {
      ...process.env,
      SITE_EXTRA: sources.extra,
      SITE_PLOTLY: path.join(ROOT, "node_modules/plotly.js-dist/plotly.js"),
    },
    stdio: "inherit",
  });
  for (const name of [".buildinfo", "objects.inv"]) rmSync(path.join(html, name), { force: true });
  if (!linksHold(python, html)) return 1;
  rmSync(OUT, { recursive: true, force: true });
  renameSync(html, OUT);
  rmSync(WORK, { recursive: true, force: true });
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(
    `It lies in ${path.relative(process.cwd(), OUT)}/ (${seconds} s): open index.html there in a browser.`,
  );
  return 0;
}

async function writePractice() {
  const folder = path.join(ROOT, PRACTICE);
  const notebooks = await workshopNotebooks(path.dirname(folder));
  rewrite(
    folder,
    notebooks.map(({ file, practice }) => ({ file, notebook: practice })),
  );
}

/**
 * @param {string} python
 * @param {string} folder
 */
function linksHold(python, folder) {
  return spawnSync(python, [path.join(SITE, "check_links.py"), folder], { stdio: "inherit" }).status === 0;
}

async function main() {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values["check-links"]) return linksHold(await optionalPython("site"), OUT) ? 0 : 1;
  return build();
}

process.exitCode = await main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
