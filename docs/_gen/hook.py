"""
Gives mkdocs the pages that follow from the code, so that none can be out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[2]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """
    Add the reference and the changelog.
    """
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        from pages import pages
    finally:
        sys.path.pop(0)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for path, text in {**pages(), "changelog.md": changelog}.items():
        files.append(File.generated(config, path, content=text))
    return files
