"""
The ten recipes of a week in paid social, and what each printed when it was stored.

`python tests/_recipes.py` stores what they print today; look at the difference
before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parents[1]
STORED = Path(__file__).parent.joinpath("examples", "recipes")
RECIPES = {
    1: "08_brief_to_plan.py",
    2: "13_spreadsheet_to_campaigns.py",
    3: "14_matrix.py",
    4: "06_morning_check.py",
    5: "09_pace_and_reallocate.py",
    6: "10_rules.py",
    7: "07_spend_to_roi.py",
    8: "15_client_report.py",
    9: "11_variant_test.py",
    10: "12_audit.py",
}
"""
From the brief to the clean-up, by their number; each script stands in the examples.
"""

CODES = {4: 3}
"""
Those that say with their exit code that somebody should look.
"""


_ID = re.compile(r"\b(?:[a-z0-9]+-)?[0-9]{9,}\b")


class Run(NamedTuple):
    """
    What a recipe did: exit code, what it printed, its time on the processor.
    """

    code: int
    output: str
    errors: str
    seconds: float


def run(number: int, folder: Path) -> Run:
    """
    Run one recipe in a copy of the examples.
    """
    shutil.copytree(
        _ROOT / "examples",
        folder,
        ignore=shutil.ignore_patterns("__pycache__", ".*"),
        dirs_exist_ok=True,
    )
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-W", "error", RECIPES[number]],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    # Which object gets which id depends on who was first; that is no result.
    return Run(done.returncode, _ID.sub("<id>", done.stdout), done.stderr, used)


def stored(number: int) -> Path:
    """
    Where the result of a recipe is kept.
    """
    return STORED / RECIPES[number].replace(".py", ".txt")


if __name__ == "__main__":
    for recipe in RECIPES:
        with tempfile.TemporaryDirectory() as empty:
            found = run(recipe, Path(empty))
        sys.stdout.write(f"{recipe:>2}  {found.code}  {found.seconds:.1f} s\n")
        stored(recipe).write_text(found.output, "utf-8")
