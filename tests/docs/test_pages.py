"""
What the documentation says is what the program does.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from _runner import ROOT, Reader, follow, furnish, matches, steps_of
from sybil import Sybil
from sybil.document import PythonDocStringDocument

_DOCS = ROOT / "docs"
_PAGES = sorted(_DOCS.rglob("*.md"))
_SOURCES = sorted(
    path
    for path in (ROOT / "src").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
    or "```python" in path.read_text(encoding="utf-8")
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """
    An empty folder of a reader's own, with the project's examples beside it.
    """
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMM_KILL", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    "path", _PAGES, ids=lambda path: path.relative_to(_DOCS).as_posix()
)
@pytest.mark.usefixtures("folder")
def test_every_block_of_a_page_runs(path):
    """
    A reader who follows a page from top to bottom sees what the page shows.
    """
    follow(path)


@pytest.mark.usefixtures("folder")
def test_every_block_of_the_readme_runs():
    """
    The first page people see is as true as the others.
    """
    follow(ROOT / "README.md")


@pytest.mark.parametrize(
    "path", _SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix()
)
@pytest.mark.usefixtures("folder")
def test_examples_of_docstrings_run(path):
    """
    Examples beside the code give what they say.
    """
    reader = Reader()
    parsers = [reader.examples, reader.parse]
    types = {".py": PythonDocStringDocument}
    sybil = Sybil(parsers=parsers, path=str(path.parent), document_types=types)
    document = sybil.parse(path)
    document.namespace |= {"pytest": pytest}

    for example in document:
        example.evaluate()


def test_the_runner_sees_what_is_different():
    """
    Another word, another number and a missing line are not taken for the same.
    """
    assert matches("3 changes...done", "3 changes, all\ndone ")
    assert matches("spent 12.50", "spent  7.00", figures=True)
    assert not matches("3 changes", "4 changes")
    assert not matches("spent 12.50", "earned 12.50", figures=True)
    assert not matches("one\ntwo", "one")
    assert [("a b", "x"), ("c", "")] == steps_of("$ a \\\n> b\nx\n$ c\n")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """
    The whole site, built as `make docs` builds it.
    """
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    built = subprocess.run(
        [*command, "--site-dir", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == built.returncode, built.stderr
    return folder


def test_the_site_builds_without_a_warning(site):
    """
    Every link and anchor resolves, every page is in the navigation.
    """
    pages = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}

    assert {"index.html", "changelog.html", "reference/api/calls.html"} <= pages


def test_the_site_asks_nobody_for_anything(site):
    """
    No page loads a font, a script or a picture from somewhere else.
    """
    loading = ('src="http', 'src="//', 'rel="stylesheet" href="http')
    asking = [
        page.name
        for page in site.rglob("*.html")
        if any(word in page.read_text(encoding="utf-8") for word in loading)
    ]
    assert [] == asking
