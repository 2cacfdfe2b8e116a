"""
What all tests share: a rule about skipping, hypothesis settings, a real browser.

A test that needs a browser, a server or another party's client library skips where
that is missing, and says so. Where `SMMLIB_REQUIRE_MARKERS=1` is set, as `.ci/run`
does, such a skip is a failure: what was skipped there would never be proved at all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_STRICT = os.environ.get("SMMLIB_REQUIRE_MARKERS") == "1"
_NEVER_SKIPPED = frozenset({"sdk", "browser", "postgres", "spark", "office"})

_CHROMIUM = Path("/usr/bin/chromium")
_CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # CI runs as root, where chromium's own sandbox refuses to start
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    # A page that is looked at must be the only one who asks for anything.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)

# Time limits per example say more about a busy machine than about the code.
settings.register_profile(
    "smmlib",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("smmlib")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """
    Turn the skip of a marked test into a failure where nothing may be skipped.
    """
    report = yield
    if _STRICT and report.skipped and not hasattr(report, "wasxfail"):
        markers = _NEVER_SKIPPED.intersection(mark.name for mark in item.iter_markers())
        if markers:
            _fail(report, ", ".join(sorted(markers)))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """
    The same for a whole module: skipped while it was imported, its markers are unseen.
    """
    report = yield
    if _STRICT and report.skipped and isinstance(collector, pytest.Module):
        source = collector.path.read_text(encoding="utf-8")
        markers = [name for name in _NEVER_SKIPPED if f"mark.{name}" in source]
        if markers:
            _fail(report, ", ".join(sorted(markers)))
    return report


def _fail(report, markers):
    """
    Make a failure of a skip, and keep its reason.
    """
    reason = report.longrepr
    if isinstance(reason, tuple):
        reason = reason[-1]
    report.outcome = "failed"
    report.longrepr = (
        f"{report.nodeid} is marked {markers} and was skipped, which "
        f"SMMLIB_REQUIRE_MARKERS=1 forbids. {reason}"
    )


@pytest.fixture(scope="module")
def browser():
    """
    Debian's chromium, headless, driven by playwright.

    Once per module and not per session: playwright keeps an event loop running as long
    as it lives, and other tests of the same process could not start theirs.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    if not _CHROMIUM.exists():
        pytest.skip(f"no {_CHROMIUM}: apt install chromium fonts-noto-color-emoji")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=_CHROMIUM, args=list(_CHROMIUM_ARGUMENTS)
        )
        yield chromium
        chromium.close()
