"""
The published test kit costs nothing until it is used, and brings a clock and a sandbox.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from smmlib import testing
from smmlib.testing import FakeClock

_LOADED = """
import json, sys
import pytest
import smmlib.testing.plugin
print(json.dumps(sorted(name for name in sys.modules if name.startswith("smmlib"))))
"""


def test_the_plugin_is_light():
    """
    Pytest loads the plugin in every project that has smmlib: nothing comes with it.
    """
    run = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )

    assert ["smmlib", "smmlib.testing", "smmlib.testing.plugin"] == json.loads(
        run.stdout
    )


def test_the_plugin_is_found_by_pytest(pytester):
    """
    Whoever installs smmlib has its fixtures, without any conftest.
    """
    result = pytester.runpytest("--fixtures", "-q")

    result.stdout.fnmatch_lines(["*smm_clock*", "*smm_sandbox*"])


def test_a_mistyped_name_of_the_kit_is_an_error():
    """
    The kit lists its names and has no others.
    """
    assert set(testing.__all__) == set(dir(testing))
    with pytest.raises(AttributeError, match="no attribute 'Conformance'"):
        _ = testing.Conformance


def test_the_clock_stands_still_until_it_is_moved(smm_clock):
    """
    Waiting moves the clock at once and is written down; nothing else moves it.
    """
    assert isinstance(smm_clock, FakeClock)
    start = smm_clock.now()

    smm_clock.sleep(90)
    smm_clock.advance(days=1)

    assert [90] == smm_clock.slept
    assert (smm_clock.now() - start).total_seconds() == 86_490
    assert start.utcoffset() is not None


def test_the_sandbox_fixture_is_ready(smm_sandbox):
    """
    The embedded platforms answer in this process, each test to a world of its own.
    """
    assert smm_sandbox.details()["platforms"]["meta"]["access_token"]
    assert 0 == len(smm_sandbox.log)
