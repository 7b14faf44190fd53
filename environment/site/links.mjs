// @ts-check
import { existsSync, statSync } from "node:fs";
import path from "node:path";

/**
 * What links are rewritten by.
 * @typedef {object} Linking
 * @property {string} root of the repository
 * @property {string} file that is rewritten, from that root
 * @property {string} source what it becomes, from the site's root
 * @property {ReadonlyMap<string, string>} pages the source of each file that is a page
 * @property {string | undefined} repository its address, for files that are no pages
 * @property {(file: string) => void} onPicture is told of each picture that the site needs
 */

/** Code, in which nothing is a link: fenced, or in backticks. */
const CODE = /^( *)(```+|~~~+)[\s\S]*?^\1\2[^\n]*$|(`+)(?!`)[\s\S]*?(?<!`)\3(?!`)/gm;
const PICTURE = /!\[([^\]]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g;
const LINK = /(?<!!)\[((?:[^[\]]|\[[^\]]*\](?:\([^)]*\))?)*)\]\(([^()\s]+)(\s+"[^"]*")?\)/g;
/** A paragraph of nothing but linked pictures from elsewhere: badges, of which the site could show the words alone. */
const BADGES = /^(\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)\s*)+$/gm;
const ATTRIBUTE = /(<[a-z][^<>]*?)\s(src|href)="([^"]+)"/gi;

/**
 * Markdown whose links hold on the site: to pages, to pictures that are copied, to the repository if its address is known. A link to a
 * file that is none of these becomes its text, and a picture from another host its description: no page asks a host.
 * @param {string} markdown
 * @param {Linking} linking
 */
export function rewriteLinks(markdown, linking) {
  /** @type {string[]} */
  const code = [];
  const masked = markdown.replace(CODE, (found) => `\uE000${code.push(found) - 1}\uE001`);
  const rewritten = masked
    .replace(BADGES, (badges) => (isOfBadges(badges, linking) ? "" : badges))
    .replace(PICTURE, (_, /** @type {string} */ alt, /** @type {string} */ target) => {
      if (isOfAHost(target, linking)) return alt;
      return `![${alt}](${pictureTarget(target, linking)})`;
    })
    .replace(LINK, (whole, /** @type {string} */ text, /** @type {string} */ target, title = "") => {
      const to = linkTarget(target, linking);
      if (to === target) return whole;
      return to === undefined ? text : `[${text}](${to}${title})`;
    })
    .replace(
      ATTRIBUTE,
      (_, /** @type {string} */ tag, /** @type {string} */ name, /** @type {string} */ target) =>
        `${tag}${attribute(name.toLowerCase(), target, linking)}`,
    );
  return rewritten.replace(/\uE000(\d+)\uE001/g, (_, index) => code[Number(index)] ?? "");
}

/**
 * @param {string} badges
 * @param {Linking} linking
 */
function isOfBadges(badges, linking) {
  return [...badges.matchAll(PICTURE)].every(([, , target = ""]) => isOfAHost(target, linking));
}

/**
 * Whether a picture would be asked of a host: of another one, or of GitHub's pages above the repository's files.
 * @param {string} target
 * @param {Linking} linking
 */
function isOfAHost(target, linking) {
  return isElsewhere(target) || fromRoot(target, linking).startsWith("../../");
}

/** @param {string} target */
const isElsewhere = (target) => /^([a-z][a-z+.-]*:|\/\/)/i.test(target);

/**
 * Where a link leads on the site; undefined where to nothing.
 * @param {string} target
 * @param {Linking} linking
 */
function linkTarget(target, linking) {
  if (isElsewhere(target)) return target;
  const [, name = "", written = ""] = /^([^#]*)(#.*)?$/.exec(target) ?? [];
  const file = name === "" ? linking.file : fromRoot(name, linking);
  // Jupyter keeps capitals where GitHub and Sphinx write small letters
  const anchor = file.endsWith(".ipynb") ? written.toLowerCase() : written;
  if (name === "") return anchor;
  const page = linking.pages.get(file) ?? linking.pages.get(path.posix.join(file, "README.md"));
  if (page !== undefined) return `${fromPage(page, linking)}${anchor}`;
  // GitHub has a repository's files two folders below its pages, such as those of its workflows
  const onGitHub = /^\.\.\/\.\.\/(?!\.\.)(.+)/.exec(file)?.[1];
  if (onGitHub !== undefined) return linking.repository && `${addressOf(linking.repository)}/${onGitHub}`;
  const there = path.join(linking.root, file);
  // a link that leads to nothing stays as it is: the check of the links names it
  if (!existsSync(there)) return target;
  if (linking.repository === undefined) return undefined;
  const kind = statSync(there).isDirectory() ? "tree" : "blob";
  return `${addressOf(linking.repository)}/${kind}/HEAD/${file}${anchor}`;
}

/** @param {string} repository */
const addressOf = (repository) => repository.replace(/\/$/, "");

/**
 * @param {string} target
 * @param {Linking} linking
 */
function pictureTarget(target, linking) {
  const file = fromRoot(target, linking);
  if (!existsSync(path.join(linking.root, file))) return target;
  linking.onPicture(file);
  return fromPage(file, linking);
}

/**
 * An attribute of HTML inside of Markdown, with the space before it.
 * @param {string} name
 * @param {string} target
 * @param {Linking} linking
 */
function attribute(name, target, linking) {
  if (name === "src") {
    if (target.startsWith("data:")) return ` src="${target}"`;
    return isElsewhere(target) ? "" : ` src="${pictureTarget(target, linking)}"`;
  }
  const to = linkTarget(target, linking);
  // HTML is taken over as it is: it names the built page
  return to === undefined ? "" : ` href="${to === target ? to : to.replace(/\.(md|ipynb)(?=#|$)/, ".html")}"`;
}

/**
 * @param {string} target
 * @param {Linking} linking
 */
function fromRoot(target, { file }) {
  const joined = path.posix.join(path.posix.dirname(file), decodeURI(target));
  return joined.replace(/\/$/, "");
}

/**
 * @param {string} to from the site's root
 * @param {Linking} linking
 */
function fromPage(to, { source }) {
  return path.posix.relative(path.posix.dirname(source), to);
}
