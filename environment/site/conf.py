"""Sphinx's settings for the site. What is built lies in build/site-work/pages; environment/site.mjs puts it there."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))

project = "A classifier that calls everything NEGATIVE"
extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
root_doc = "index"
language = "en"

# notebooks are shown as they were saved
nb_execution_mode = "off"
nb_merge_streams = True
# Markdown as GitHub reads it, not more
myst_enable_extensions = []
myst_heading_anchors = 6
# a README may skip a level; code that a lexer does not know is shown all the same
suppress_warnings = ["myst.header", "misc.highlighting_failure"]


html_theme = "furo"
html_title = project
html_static_path = [os.path.join(HERE, "static"), os.environ["SITE_PLOTLY"]]
html_extra_path = [os.environ["SITE_EXTRA"]]
html_css_files = ["site.css"]
html_js_files = [(f"{name}.js", {"defer": "defer"}) for name in ("charts", "keyboard", "search")]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_domain_indices = False
html_use_index = False
templates_path = [os.path.join(HERE, "templates")]
