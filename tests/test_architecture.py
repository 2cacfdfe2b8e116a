"""
The layers of CONTRIBUTING.md hold, and the checks that say so would notice a breach.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

_LAYERS = "Layers point downwards"
_SANDBOX = "The sandbox shares nothing with what it tests"
_PLATFORMS = "Platforms know nothing of each other"
_CORE = "The core does no I/O"
_CYCLES_CONFIG = "tools/cycles.toml"
_CYCLES = "No cycles among siblings"

# Where a module is planted, what it says, and which contract must break.
_PLANTS = {
    "layer skipped upwards": ("model/_planted.py", "import smmlib.codec", _LAYERS),
    "deploy knows an adapter": (
        "deploy/_planted.py",
        "import smmlib.adapters",
        _LAYERS,
    ),
    "package without a place": ("planted/__init__.py", "", _LAYERS),
    "sandbox reads rules": ("sandbox/_planted.py", "import smmlib.rules", _SANDBOX),
    "sandbox reads the model": (
        "sandbox/meta/_planted.py",
        "from smmlib.model import Money",
        _SANDBOX,
    ),
    "adapter uses a neighbour": (
        "adapters/linkedin/__init__.py",
        "import smmlib.adapters.meta",
        _PLATFORMS,
    ),
    "sandbox uses a neighbour": (
        "sandbox/x/__init__.py",
        "import smmlib.sandbox.meta",
        _PLATFORMS,
    ),
    "port sends": ("ports/_planted.py", "import httpx", _CORE),
    "model opens a database": ("model/_planted.py", "import sqlite3", _CORE),
    "rule sends inside a function": (
        "rules/_planted.py",
        "def check():\n    import httpx\n    return httpx",
        _CORE,
    ),
}


def _lint(folder, config="pyproject.toml"):
    """
    Run import-linter on the package below a folder, with this project's contracts.
    """
    done = subprocess.run(
        [_LINT_IMPORTS, "--config", _ROOT / config, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


@pytest.fixture
def copy(tmp_path):
    """
    A copy of the package that may be damaged.
    """
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_ROOT / "src" / "smmlib", tmp_path / "smmlib", ignore=ignored)
    return tmp_path


def _plant(folder, where, text):
    """
    Add a module; `ports` may be one module and then grows instead.
    """
    path = folder / "smmlib" / where
    single = path.parent.with_suffix(".py")
    if single.exists():
        path = single
        text = f"{path.read_text(encoding='utf-8')}\n\n{text}\n"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("config", ["pyproject.toml", _CYCLES_CONFIG])
def test_imports_keep_to_the_layers(config):
    """
    Every contract is kept by the package as it is.
    """
    code, output = _lint(_ROOT / "src", config)

    assert code == 0, output
    assert "0 broken" in output


def test_the_sandbox_contract_names_every_package_it_could_reach():
    """
    A new package below the sandbox is forbidden to it by name as soon as it exists.
    """
    text = (_ROOT / "pyproject.toml").read_text("utf-8")
    contracts = {
        contract["id"]: contract
        for contract in tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    }
    layers = [re.findall(r"\w+", layer) for layer in contracts["layers"]["layers"]]
    own = next(number for number, layer in enumerate(layers) if "sandbox" in layer)
    below = {name for layer in layers[own:] for name in layer} - {"sandbox", "errors"}
    there = {path.stem for path in (_ROOT / "src" / "smmlib").iterdir()}

    expected = {f"smmlib.{name}" for name in below & there}
    assert expected == set(contracts["sandbox"]["forbidden_modules"])


@pytest.mark.parametrize(
    ("where", "text", "contract"), _PLANTS.values(), ids=_PLANTS.keys()
)
def test_a_planted_breach_is_found(copy, where, text, contract):
    """
    A single forbidden import, or a package without a place, breaks its contract.
    """
    _plant(copy, where, text)

    code, output = _lint(copy)

    assert code == 1, output
    assert re.search(rf"^{contract} BROKEN", output, re.MULTILINE), output


def test_a_planted_cycle_is_found(copy):
    """
    Two sibling modules that import each other are reported as a cycle.
    """
    _plant(copy, "model/_planted_a.py", "import smmlib.model._planted_b")
    _plant(copy, "model/_planted_b.py", "import smmlib.model._planted_a")

    code, output = _lint(copy, _CYCLES_CONFIG)

    assert code == 1, output
    assert re.search(rf"^{_CYCLES} BROKEN", output, re.MULTILINE), output
