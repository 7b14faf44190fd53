"""Whether every link, anchor and picture of a folder of HTML pages leads to something: check_links.py FOLDER

Links to other hosts are listed (external-links.txt in the folder) and not asked. Ends with 1, naming page and link, if one leads to nothing.
"""

import os
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page names, what others may name in it, and which hosts it asks as it loads."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        for name in ("id", "name"):
            if values.get(name):
                self.anchors.add(values[name])
        target = values.get("href")
        if target is not None and tag != "base":
            (self.loads if tag == "link" else self.links).append(target)
        if values.get("src"):
            self.loads.append(values["src"])
        for part in (values.get("srcset") or "").split(","):
            if part.strip():
                self.loads.append(part.split()[0])

    handle_startendtag = handle_starttag


def read_pages(folder):
    pages = {}
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".html"):
                file = os.path.join(where, name)
                with open(file, encoding="utf-8") as page:
                    pages[os.path.normpath(file)] = Page(page.read())
    return pages


def trouble(pages, file, target):
    """What is wrong with a link of a page, or None."""
    parts = urlsplit(target)
    if parts.scheme in ("data", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return "is not on the site"
    there = os.path.normpath(os.path.join(os.path.dirname(file), unquote(parts.path))) if parts.path else file
    # without a server a folder shows its list of files
    if not os.path.isfile(there):
        return "is a folder: name its index.html" if os.path.isdir(there) else "leads to no file"
    anchor = unquote(parts.fragment)
    if anchor and there in pages and anchor not in pages[there].anchors:
        return "leads to no such place on that page"
    return None


def is_external(target):
    return urlsplit(target).scheme in ("http", "https")


def main(folder):
    pages = read_pages(folder)
    count, broken, external = 0, [], {}
    for file, page in sorted(pages.items()):
        name = os.path.relpath(file, folder)
        for target in page.links:
            count += 1
            if is_external(target):
                external.setdefault(target, name)
            elif found := trouble(pages, file, target):
                broken.append(f"{name}: {target} {found}")
        for target in page.loads:
            count += 1
            if found := trouble(pages, file, target):
                broken.append(f"{name}: {target} {found}")
    with open(os.path.join(folder, "external-links.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{target} ({name})\n" for target, name in sorted(external.items()))
    for line in dict.fromkeys(broken):
        print(line, file=sys.stderr)
    print(
        f"{count} links and pictures on {len(pages)} pages: {len(set(broken))} lead to nothing."
        f" {len(external)} to other hosts were not asked (external-links.txt)."
    )
    return 1 if broken else 0


if __name__ == "__main__":
    if not os.path.isdir(sys.argv[1]):
        sys.exit("There is no site to check: npm run site builds it.")
    sys.exit(main(sys.argv[1]))
