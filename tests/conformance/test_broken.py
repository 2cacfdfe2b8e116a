"""
The suite has teeth: every broken adapter fails it, at the scenario made for its defect.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_PLUGIN = _HERE.parents[1] / "examples" / "plugin" / "src"
sys.path[:0] = [str(_PLUGIN), str(_HERE)]

import _broken  # noqa: E402 - needs the paths above

_TOKEN = "t0k3n-that-nobody-may-see"
_SUITE = """
    import _broken
    import pytest
    from smmlib_toyads import ToyService
    from smmlib.testing import AdPlatformConformance

    class TestBroken(AdPlatformConformance):
        @pytest.fixture
        def service(self):
            return ToyService({token!r})

        @pytest.fixture
        def platform(self, service):
            return _broken.{name}(service, {token!r})

        @pytest.fixture
        def now(self, service):
            return service.now

        @pytest.fixture
        def writes(self, service):
            return lambda: service.writes

        @pytest.fixture
        def advance(self, service):
            return service.advance

        @pytest.fixture
        def secrets(self):
            return ({token!r},)
"""


def _failures(pytester, name):
    """
    The scenarios that fail for one adapter, by number.
    """
    pytester.makepyfile(_SUITE.format(name=name, token=_TOKEN))
    run = pytester.inline_run("-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    failed = run.getfailures()
    return sorted({report.nodeid.rpartition("::")[2] for report in failed})


def test_the_sound_adapter_passes(pytester, monkeypatch):
    """
    ToyAds itself, of which all broken ones are made, has no failures.
    """
    monkeypatch.setattr(_broken, "Sound", _broken.ToyAds, raising=False)

    assert [] == _failures(pytester, "Sound")


@pytest.mark.parametrize(("name", "scenario"), sorted(_broken.DEFECTS.items()))
def test_every_defect_is_caught(pytester, name, scenario):
    """
    An adapter with one defect fails the scenario that is about this defect.
    """
    failed = _failures(pytester, name)
    numbers = [each.removeprefix("test_")[:3] for each in failed]

    print(f"{name:28} {', '.join(numbers)}")  # noqa: T201 - the table, with -rP
    assert scenario in numbers


def test_there_are_enough_defects():
    """
    At least twenty different mistakes are known to be caught, each a class of its own.
    """
    known = {
        name
        for name, thing in vars(_broken).items()
        if isinstance(thing, type) and issubclass(thing, _broken.ToyAds)
    }

    assert len(_broken.DEFECTS) >= 20
    assert set(_broken.DEFECTS) == known - {"ToyAds", "Sound"}
