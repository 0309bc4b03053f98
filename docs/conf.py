"""The documentation as a site: `make docs` writes docs/_build/html, which opens without a network.

Pages are Markdown (MyST). Those that a script writes say so at their top; the Python reference is made of docstrings;
notebooks are shown as they were saved, and pages of the repository's top stand beside those of docs/.
"""

import re
import shutil
from importlib.metadata import version as version_of
from os.path import relpath
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
TOP = HERE.parent
ELSEWHERE = {
    **{path: Path("lessons", path.name) for path in sorted((TOP / "notebooks").glob("*.ipynb"))},
    TOP / "README.md": Path("top", "readme.md"),
    TOP / "README.zh.md": Path("top", "readme_zh.md"),
    TOP / "CONTRIBUTING.md": Path("top", "contributing.md"),
    TOP / "CHANGELOG.md": Path("top", "changelog.md"),
    TOP / "DESIGN.md": Path("top", "decisions.md"),
}
"""Files of the repository that aren't in docs/, and the pages of the site that they are copied to at each build."""

project = "trafficsim"
author = "trafficsim contributors"
copyright = author  # noqa: A001 - Sphinx asks for it by this name
version = release = version_of("trafficsim")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
nitpicky = True
# What other packages document is found on their own sites; a build asks nothing of the network.
nitpick_ignore_regex = [
    ("py:.*", r"(?!trafficsim\.).*"),
    # Inside: a reader never makes or reads them.
    ("py:class", r"trafficsim\.engine\.(day\.Line|extending\.C|own_day\.OwnStep|settings\.(Names|Settings))"),
    ("py:class", r"trafficsim\.scenario\.(moving\.Moving|schema\.Plan|tree\.Node)"),
    ("py:class", r"trafficsim\.study\.(fitting|emulating|matching|observing)\..*"),
    ("py:class", r"trafficsim\.(words\.language\..*|market\.quantities\.Unit)"),
    ("py:class", r"trafficsim\.kernel\.columns\..*"),  # a table in variables.md
]
suppress_warnings = [
    "myst.header",  # long tables of published results are divided by headings of the third level right away
    "ref.python",  # words in backticks that are the name of several things: they are left as they are
]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # CI runs the notebooks as tests

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True

html_theme = "pydata_sphinx_theme"
html_title = "trafficsim"
html_show_sourcelink = False
html_copy_source = False
html_sidebars: dict[str, list[str]] = {page: [] for page in ("index", "start", "concepts", "faq")}  # no more below
html_theme_options = {
    "logo": {"text": "trafficsim"},
    "header_links_before_dropdown": 7,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}


def copy_elsewhere() -> None:
    """Copy what stands outside docs/ to where the site has it."""
    for folder in {page.parent for page in ELSEWHERE.values()}:
        shutil.rmtree(HERE / folder, ignore_errors=True)  # of an earlier build
        (HERE / folder).mkdir()
    for source, page in ELSEWHERE.items():
        shutil.copyfile(source, HERE / page)


def led(text: str, source: Path, page: Path) -> str:
    """The text of a page of the repository, `source`, with links as they are on the site, where it is `page`."""

    def link(found: re.Match[str]) -> str:
        words, path, anchor = found.groups()
        target = (source.parent / path).resolve()
        if target.is_dir():
            return words
        if not target.is_file():
            return found[0]
        shown = HERE / ELSEWHERE[target] if target in ELSEWHERE else target
        return f"[{words}]({Path(relpath(shown, (HERE / page).parent)).as_posix()}{anchor or ''})"

    return re.sub(r"\[([^\[\]]*)\]\(([^()#:\s]+)(#[^()\s]+)?\)", link, text)


def setup(app: Sphinx) -> None:
    """Give Sphinx what is particular to this site."""
    sources = {str(page.with_suffix("")): (source, page) for source, page in ELSEWHERE.items()}

    def read(_: Sphinx, name: str, text: list[str]) -> None:
        source, page = sources.get(name, (HERE / f"{name}.md", Path(f"{name}.md")))
        text[0] = led(text[0], source, page)

    copy_elsewhere()
    app.connect("source-read", read)
