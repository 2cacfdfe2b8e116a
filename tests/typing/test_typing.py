"""
What users write type-checks, and what is wrong is an error before it runs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_API = _HERE / "api.py"


def _check(*command):
    return subprocess.run(
        [str(part) for part in command],
        cwd=_HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_mypy_agrees_with_the_examples():
    """
    Under mypy strict right uses pass and every wrong use is an error.
    """
    run = _check(
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--warn-unused-ignores",
        "--cache-dir",
        ".mypy_cache/typing",
        _API,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_pyright_agrees_with_the_examples():
    """
    Under pyright right uses pass and every wrong use is an error.
    """
    pyright = Path(sys.executable).with_name("pyright")
    if not pyright.exists() and not shutil.which("pyright"):
        pytest.skip("pyright is not installed: pip install 'pyright[nodejs]'")
    run = _check(
        pyright if pyright.exists() else "pyright",
        "-p",
        _HERE / "pyrightconfig.json",
        "--pythonpath",
        sys.executable,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_wrong_uses_are_many():
    """
    The file holds both: what must pass and what must not.
    """
    right, wrong = _API.read_text("utf-8").split("# -- what must not pass")

    assert "# type: ignore" not in right
    assert wrong.count("# type: ignore[") > 15
