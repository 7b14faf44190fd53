"""Puts executed notebooks together into one page to read: story_page.py OUT TITLE NOTEBOOK..."""

import json
import os
import re
import sys

import nbformat
from nbconvert import HTMLExporter

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPLATES = os.path.join(HERE, "templates")
ROOT = os.path.dirname(os.path.dirname(HERE))


def main(out, title, *files):
    names = [os.path.splitext(os.path.basename(file))[0] for file in files]
    cells = []
    for name, file in zip(names, files):
        cells.append(nbformat.v4.new_markdown_cell(f'<a id="{name}"></a>\n\n---'))
        for cell in nbformat.read(file, as_version=4).cells:
            cells.append(readable(cell, names))
    contents = "\n".join(f"- [{name}](#{name})" for name in names)
    cells.insert(0, nbformat.v4.new_markdown_cell(f"# {title}\n\n{contents}"))
    page = nbformat.v4.new_notebook(cells=cells)
    page.metadata.update(title=title, language_info={"name": "typescript", "pygments_lexer": "typescript"})
    exporter = HTMLExporter(
        template_name="story", extra_template_basedirs=[TEMPLATES], exclude_anchor_links=True, mathjax_url=""
    )
    html, _ = exporter.from_notebook_node(page)
    with open(out, "w", encoding="utf-8") as file:
        file.write(html)


def readable(cell, names):
    """Charts as pictures with their alt text, and links that hold in one page in build/story/."""
    if cell.cell_type == "markdown":
        for name in names:
            cell.source = cell.source.replace(f"({name}.ipynb", f"(#{name}")
        cell.source = re.sub(r"\]\(\.\./", "](../../", cell.source)
    if cell.cell_type == "code":
        # the page may be shown to others: where the repository lies here is none of their business
        text = json.dumps(cell.outputs, ensure_ascii=False)
        cell.outputs = nbformat.from_dict(json.loads(text.replace(ROOT, ".")))
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            output.data.pop("application/vnd.plotly.v1+json", None)
    return cell


if __name__ == "__main__":
    main(*sys.argv[1:])
