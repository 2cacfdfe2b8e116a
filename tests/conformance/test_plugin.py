"""
A plug-in package, installed by itself, brings an adapter and a rule to smmlib.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_PACKAGE = Path(__file__).parents[2] / "examples" / "plugin"
_ASK = """
import json
from smmlib import AdText, Creative, Flight, MediaPlan
from smmlib.adapters import connect_platform, platform_names
from smmlib.ports import AdPlatform, Connection, Secret
from smmlib.workspace import check

connection = Connection("toyads", "toy_1", token=Secret("t0k3n"))
platform = connect_platform(connection)
plan = MediaPlan(
    "Spring", "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37", zone="Europe/Berlin",
    flight=Flight.parse("2027-03-01..2027-03-14", "Europe/Berlin"),
    creatives={"long": Creative(AdText("x" * 161))},
)
print(json.dumps({
    "names": platform_names(),
    "is_platform": isinstance(platform, AdPlatform),
    "name": platform.name,
    "currency": platform.account().currency,
    "issues": [[i.code, i.path, i.limit] for i in check(plan)],
}, default=str))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """
    A folder into which the plug-in is installed, and nothing else.
    """
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    # A copy: building writes next to the sources.
    for path in _PACKAGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = source / path.relative_to(_PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    command = "-m pip install -q --no-index --no-deps --no-build-isolation"
    command += " --disable-pip-version-check --target"
    subprocess.run(
        [sys.executable, *command.split(), str(target), str(source)],
        check=True,
        cwd=source,
    )
    return target


def _run(installed, *arguments):
    """
    Python with the plug-in installed, far away from its sources.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_smmlib_finds_what_the_package_brings(installed):
    """
    Adapter and rule are there by their entry points, with no line of smmlib changed.
    """
    run = _run(installed, "-c", _ASK)
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)

    assert "toyads" in answer["names"]
    assert "meta" in answer["names"]
    assert answer["is_platform"]
    assert ["toyads", "EUR"] == [answer["name"], answer["currency"]]
    assert ["toyads.text", "creatives.long.text", 160] in answer["issues"]


def test_without_the_package_nothing_of_it_is_there(tmp_path):
    """
    The adapter and the rule come from the package, not from smmlib.
    """
    run = _run(tmp_path, "-c", _ASK)

    assert run.returncode != 0
    assert "UnknownPlatformError" in run.stderr


def test_the_installed_adapter_passes_the_suite(installed, tmp_path):
    """
    The package's own conformance test passes against what was installed.
    """
    test = tmp_path / "test_conformance.py"
    test.write_text((_PACKAGE / "tests" / "test_conformance.py").read_text("utf-8"))

    run = _run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))

    assert run.returncode == 0, run.stdout + run.stderr
    assert "failed" not in run.stdout
    assert int(run.stdout.split(" passed")[0].split()[-1]) > 50
