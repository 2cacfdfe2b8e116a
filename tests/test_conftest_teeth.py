"""
The rule about skipped tests bites: proved on small suites of their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_CONFTEST = Path(__file__).with_name("conftest.py")
_MARKERS = ("sdk", "browser", "postgres", "spark", "office")
_VARIABLE = "SMMLIB_REQUIRE_MARKERS"


@pytest.fixture
def suite(pytester):
    """
    A folder with this project's conftest.py and its markers.
    """
    pytester.makeconftest(_CONFTEST.read_text(encoding="utf-8"))
    declared = "".join(f"    {marker}: declared\n" for marker in _MARKERS)
    pytester.makeini(f"[pytest]\nmarkers =\n{declared}")
    return pytester


def _outcomes(suite, body, *arguments):
    """
    Run one test module in a process of its own and count how its tests ended.
    """
    suite.makepyfile(f"import pytest\n\n{body}")
    options = ("-p", "no:randomly", "-p", "no:cacheprovider")
    result = suite.runpytest_subprocess(*options, *arguments)
    return result, result.parseoutcomes()


@pytest.mark.parametrize("marker", _MARKERS)
def test_a_skipped_test_with_a_marker_fails_where_required(suite, monkeypatch, marker):
    """
    Each of the five markers turns a skip into a failure that keeps the reason.
    """
    monkeypatch.setenv(_VARIABLE, "1")
    body = f"@pytest.mark.{marker}\ndef test_it():\n    pytest.skip('nothing there')\n"

    result, outcomes = _outcomes(suite, body)

    assert {"failed": 1} == outcomes
    result.stdout.fnmatch_lines([f"*marked {marker} and was skipped*nothing there*"])


@pytest.mark.parametrize(
    "body",
    [
        "@pytest.mark.sdk\n@pytest.mark.skip(reason='no')\ndef test_it(): pass\n",
        (
            "@pytest.mark.sdk\n@pytest.mark.skipif(True, reason='no')\n"
            "def test_it(): pass\n"
        ),
        (
            "pytestmark = pytest.mark.sdk\n@pytest.fixture\n"
            "def gone(): pytest.skip('no')\n\ndef test_it(gone): pass\n"
        ),
        "@pytest.mark.sdk\nclass TestIt:\n    def test_it(self): pytest.skip('no')\n",
    ],
    ids=["decorator", "condition", "fixture", "class"],
)
def test_it_does_not_matter_how_a_test_was_skipped(suite, monkeypatch, body):
    """
    Decorators, conditions, fixtures and markers of a class or module count as well.
    """
    monkeypatch.setenv(_VARIABLE, "1")

    _, outcomes = _outcomes(suite, body)

    assert 0 == outcomes.get("skipped", 0)
    assert 1 == outcomes.get("failed", 0) + outcomes.get("errors", 0)


def test_a_module_that_skips_itself_fails_where_required(suite, monkeypatch):
    """
    A module that is skipped on import cannot hide the marked tests it holds.
    """
    monkeypatch.setenv(_VARIABLE, "1")
    body = "pytest.importorskip('no_such_sdk')\npytestmark = pytest.mark.sdk\n"

    result, outcomes = _outcomes(suite, body)

    assert {"errors": 1} == outcomes
    result.stdout.fnmatch_lines(["*marked sdk and was skipped*no_such_sdk*"])


def test_the_rule_reaches_parallel_workers(suite, monkeypatch):
    """
    With two worker processes a skipped marked test fails all the same.
    """
    monkeypatch.setenv(_VARIABLE, "1")
    body = "@pytest.mark.sdk\ndef test_it():\n    pytest.skip('no')\n"

    _, outcomes = _outcomes(suite, body, "-n", "2")

    assert {"failed": 1} == outcomes


def test_other_skips_and_expected_failures_stay_what_they_are(suite, monkeypatch):
    """
    Unmarked skips and marked expected failures are none of the rule's business.
    """
    monkeypatch.setenv(_VARIABLE, "1")
    body = (
        "def test_plain(): pytest.skip('no')\n\n"
        "@pytest.mark.sdk\n@pytest.mark.xfail\ndef test_known(): assert False\n"
    )

    _, outcomes = _outcomes(suite, body)

    assert {"skipped": 1, "xfailed": 1} == outcomes


def test_without_the_variable_a_marked_test_skips(suite, monkeypatch):
    """
    On a contributor's laptop the same test skips and says why.
    """
    monkeypatch.delenv(_VARIABLE, raising=False)
    body = "@pytest.mark.browser\ndef test_it():\n    pytest.skip('nothing there')\n"

    result, outcomes = _outcomes(suite, body, "-rs")

    assert {"skipped": 1} == outcomes
    result.stdout.fnmatch_lines(["*SKIPPED*nothing there*"])
