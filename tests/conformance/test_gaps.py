"""
Gaps of an adapter are declared with a reason, and a gap that is closed must be removed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from smmlib.testing import AdPlatformConformance

_SUITE = """
    import pytest
    from smmlib_toyads import ToyAds, ToyService
    from smmlib.testing import AdPlatformConformance

    class TestGaps(AdPlatformConformance):
        {gaps}

        @pytest.fixture
        def platform(self):
            return ToyAds(ToyService("t0k3n"), "t0k3n")

        @pytest.fixture
        def now(self):
            return ToyService().now
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """
    Run the suite with some gaps and tell what came of each scenario.
    """
    source = Path(__file__).parents[2] / "examples" / "plugin" / "src"
    monkeypatch.syspath_prepend(source)

    def outcome(gaps, scenario):
        pytester.makepyfile(_SUITE.format(gaps=gaps))
        result = pytester.inline_run("-q", "-p", "no:randomly", "-k", scenario)
        passed, skipped, failed = result.listoutcomes()
        return [len(passed), len(skipped), len(failed)]

    return outcome


@pytest.mark.parametrize("word", ["notimpl", "notyet", "never"])
def test_a_declared_gap_must_be_one(run, word):
    """
    A scenario that passes although it is declared as a gap fails the run.
    """
    gaps = f'{word} = {{"test_101_account_is_readable": "no accounts here"}}'

    assert [0, 0, 1] == run(gaps, "test_101")


def test_a_real_gap_is_expected(run):
    """
    A declared scenario that fails is an expected failure, not a failed run.
    """
    gaps = (
        'never = {"test_502_active_ads_deliver": "ads here are free"}\n'
        "        advance = pytest.fixture(lambda self: (lambda days: None))"
    )

    assert [0, 1, 0] == run(gaps, "test_502")


def test_without_time_the_numbers_are_skipped(run):
    """
    Where days cannot be made to pass, the scenarios about numbers are skipped, loudly.
    """
    assert [0, 1, 0] == run("", "test_502")


@pytest.mark.parametrize(
    "gaps",
    [
        {"test_999_no_such_scenario": "why not"},
        {"platform": "is no scenario"},
        {"test_101_account_is_readable": " "},
    ],
)
def test_gaps_name_a_scenario_and_a_reason(gaps):
    """
    A typing error in a declaration is refused when the class is made.
    """
    with pytest.raises(TypeError, match=r"names no scenario|gives no reason"):
        type("Suite", (AdPlatformConformance,), {"never": gaps})


def test_every_scenario_says_its_claim():
    """
    Scenarios are numbered once each, and their docstrings are the contract.
    """
    scenarios = [name for name in dir(AdPlatformConformance) if name[:5] == "test_"]
    numbers = [name[5:8] for name in scenarios]

    assert len(scenarios) > 50
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdigit() for number in numbers)
    silent = [n for n in scenarios if not getattr(AdPlatformConformance, n).__doc__]
    assert [] == silent


def test_the_platform_must_be_given(pytester):
    """
    A subclass without the platform is told what to do.
    """
    pytester.makepyfile(
        """
        from smmlib.testing import AdPlatformConformance
        class TestNothing(AdPlatformConformance):
            pass
        """
    )
    result = pytester.runpytest("-q", "-p", "no:randomly", "-k", "test_101")

    result.stdout.fnmatch_lines(["*override the fixture 'platform'*"])
