"""
What is built is complete, what it needs is stated, and setting up explains itself.
"""

from __future__ import annotations

import configparser
import email.message
import email.parser
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import smmlib

_ROOT = Path(__file__).resolve().parent.parent
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_EXTRAS = {
    "all", "analytics", "bench", "cli", "demo", "dev", "docs", "fast", "keyring",
    "pandas", "polars", "postgres", "report", "sandbox", "spark", "testing",
}  # fmt: skip
_needs_make = pytest.mark.skipif(not shutil.which("make"), reason="no make")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """
    The wheel as a release would have it: built from the source archive, offline.
    """
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, _ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def _read(wheel, name):
    """
    A text file of the wheel's metadata folder.
    """
    return wheel.read(f"smmlib-{_PROJECT['version']}.dist-info/{name}").decode("utf-8")


@pytest.fixture(scope="module")
def metadata(wheel) -> email.message.Message:
    """
    What an installer reads.
    """
    return email.parser.Parser().parsestr(_read(wheel, "METADATA"))


def _pins():
    """
    Name and version of each line of constraints.txt.
    """
    lines = (_ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel):
    """
    Every source, template and `py.typed` is in it, the demo's plan, no test or tool.
    """
    source = _ROOT / "src"
    examples = _ROOT / "examples"
    demo = [examples / "launch.plan.yaml", *(examples / "img").iterdir()]
    expected = {
        path.relative_to(source).as_posix()
        for path in (source / "smmlib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } | {f"smmlib/cli/example/{p.relative_to(examples).as_posix()}" for p in demo}
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert expected == names
    assert "smmlib/py.typed" in names


def test_the_built_package_works_without_the_sources(wheel, tmp_path):
    """
    Unpacked somewhere else, every public name of the wheel loads.
    """
    wheel.extractall(tmp_path)
    program = (
        "import smmlib\n"
        "for name in smmlib.__all__: getattr(smmlib, name)\n"
        "print(smmlib.__file__)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert tmp_path in Path(done.stdout.strip()).parents


def test_the_version_is_stated_once(metadata):
    """
    pyproject.toml, the built metadata and `smmlib.__version__` agree.
    """
    assert _PROJECT["version"] == metadata["Version"]
    assert _PROJECT["version"] == smmlib.__version__


def test_the_licence_is_an_expression_with_its_text(wheel, metadata):
    """
    The SPDX expression stands alone, without the old classifier, and the text is there.
    """
    assert metadata["License-Expression"] == "Apache-2.0"
    assert not any("License ::" in item for item in metadata.get_all("Classifier"))
    assert "Apache License" in _read(wheel, "licenses/LICENSE")


def test_the_entry_points_are_there(wheel):
    """
    The command, the built-in platform and the pytest plugin are found by name.
    """
    points = configparser.ConfigParser()
    points.read_string(_read(wheel, "entry_points.txt"))

    assert points["console_scripts"]["smm"] == "smmlib.cli:main"
    assert points["smmlib.platforms"]["meta"] == "smmlib.adapters.meta:MetaPlatform"
    assert points["pytest11"]["smmlib"] == "smmlib.testing.plugin"


def test_the_base_install_needs_five_packages():
    """
    Without extras smmlib asks for its core only, and a time zone database on Windows.
    """
    needed = {Requirement(text).name for text in _PROJECT["dependencies"]}

    core = {"attrs", "cattrs", "httpx", "python-dateutil", "ruamel.yaml", "tzdata"}
    assert core == needed


def test_the_extras_are_the_promised_ones(metadata):
    """
    Names of extras stand in error messages and other people's files: none goes away.
    """
    assert set(metadata.get_all("Provides-Extra")) == _EXTRAS


def test_all_is_every_extra_for_users_but_spark():
    """
    `all` names each extra a user may want, but Java's and other tables' libraries.
    """
    (everything,) = _PROJECT["optional-dependencies"]["all"]

    for_work_on_smmlib = {"all", "bench", "demo", "dev", "docs", "spark"}
    brought_by_users = {"pandas", "polars"}  # who has neither needs neither
    wanted = _EXTRAS - for_work_on_smmlib - brought_by_users
    assert Requirement(everything).extras == wanted


def test_constraints_are_plain_pins():
    """
    constraints.txt has exact versions only: no extras, addresses, paths or markers.
    """
    for name, version in _pins().items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert re.fullmatch(r"[0-9][A-Za-z0-9.]*", version)


@pytest.mark.parametrize("extra", sorted(_EXTRAS | {""}))
def test_constraints_pin_what_is_asked_for(extra):
    """
    Every direct requirement has a tested version within the range it states.
    """
    pins = {canonicalize_name(name): version for name, version in _pins().items()}
    texts = (
        _PROJECT["optional-dependencies"][extra] if extra else _PROJECT["dependencies"]
    )
    for requirement in map(Requirement, texts):
        name = canonicalize_name(requirement.name)
        if name != "smmlib":
            assert requirement.specifier.contains(pins[name]), requirement


def _make(tmp_path, python):
    """
    `make test` with another interpreter and an empty place for the environment.
    """
    return subprocess.run(
        ["make", "test", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@_needs_make
def test_make_says_when_there_is_no_python(tmp_path):
    """
    A missing interpreter is named, with what to type instead.
    """
    done = _make(tmp_path, "no-such-python")

    assert done.returncode == 2
    assert "No 'no-such-python' found" in done.stdout
    assert "make test PYTHON=" in done.stdout


@_needs_make
def test_make_says_when_python_is_too_old(tmp_path):
    """
    An old interpreter is named with its version, and nothing is created.
    """
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2\nexit 1\n', "utf-8")
    old.chmod(0o755)

    done = _make(tmp_path, old)

    assert done.returncode == 2
    assert "Python 3.9.2. smmlib needs Python 3.11 or newer" in done.stdout
    assert not (tmp_path / "venv").exists()
