"""
`import smmlib` stays light, whatever else the library can do.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import smmlib
import smmlib.model

# What may be loaded beside the standard library.
_ALLOWED = {"attr", "attrs", "smmlib"}
# Parts of the standard library that cost more than all of ours.
_HEAVY = {"asyncio", "email", "http", "logging", "sqlite3", "ssl", "unittest", "xml"}
# Packages a plan in memory has no need of.
_NOT_FOR_VALUES = {"altair", "cattrs", "click", "httpx", "jinja2", "rich", "ruamel"}


def _loaded_by(statement):
    """
    The modules that a statement adds to a fresh interpreter.
    """
    program = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        f"{statement}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def _packages(modules):
    """
    The top-level names of modules.
    """
    return {module.partition(".")[0] for module in modules}


def test_import_smmlib_loads_attrs_and_the_standard_library_only():
    """
    The import adds nothing outside the allow-list, and of smmlib at most the errors.
    """
    modules = _loaded_by("import smmlib")

    outside = _packages(modules) - _ALLOWED - sys.stdlib_module_names
    ours = {module for module in modules if module.startswith("smmlib")}
    assert set() == outside
    assert ours <= {"smmlib", "smmlib.errors"}


def test_import_smmlib_leaves_the_heavy_standard_library_alone():
    """
    Nothing that opens connections, files or event loops is loaded in advance.
    """
    modules = _loaded_by("import smmlib, attrs")
    for_attrs = _loaded_by("import attrs")

    assert set() == _packages(modules - for_attrs) & _HEAVY


def test_the_whole_model_loads_no_edges():
    """
    Building values never needs the packages that read files, send or draw.
    """
    modules = _loaded_by(
        "import smmlib.model\n"
        "for name in smmlib.model.__all__: getattr(smmlib.model, name)"
    )

    assert set() == _packages(modules) & _NOT_FOR_VALUES


def test_root_names_load_when_they_are_touched():
    """
    A name of the root is there on first use, and is the very object of its package.
    """
    modules = _loaded_by("import smmlib; smmlib.AdText")

    assert "smmlib.model" in modules
    assert smmlib.AdText is smmlib.model.AdText


def test_dir_of_the_root_lists_what_is_public():
    """
    A notebook's completion sees every public name before it is loaded.
    """
    assert set() == set(smmlib.__all__) - set(dir(smmlib))


def test_a_wrong_name_is_an_attribute_error():
    """
    A typing mistake is answered like that of any other module.
    """
    with pytest.raises(AttributeError, match="AdTxt"):
        _ = smmlib.AdTxt
