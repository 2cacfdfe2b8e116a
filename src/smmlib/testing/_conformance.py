"""
The contract of an ad platform as a test class: subclass it, and pytest does the rest.
"""

from __future__ import annotations

from smmlib.testing._conformance_errors import FailingScenarios
from smmlib.testing._conformance_metrics import MeasuringScenarios, SharingScenarios
from smmlib.testing._conformance_reads import ReadingScenarios, WantingScenarios
from smmlib.testing._conformance_writes import ChangingScenarios, CreatingScenarios


class AdPlatformConformance(
    ReadingScenarios,
    WantingScenarios,
    CreatingScenarios,
    ChangingScenarios,
    FailingScenarios,
    MeasuringScenarios,
    SharingScenarios,
):
    """
    What every adapter must do, as numbered scenarios whose docstrings are the claims.

    Example:
        ```python
        class TestToyAds(AdPlatformConformance):
            never = {"test_309_find_reads_every_page": "ToyAds has no pages"}

            @pytest.fixture
            def platform(self):
                return ToyAds(ToyService("t0ken"), "t0ken")

            @pytest.fixture
            def secrets(self):
                return ("t0ken",)
        ```

    `platform` must be overridden; `now`, `plan`, `writes`, `advance`, `secrets`,
    `unknown_id` and the number `many` where the defaults do not fit. Gaps are declared,
    never skipped: `notimpl` (the adapter does not), `notyet` (the platform cannot yet)
    and `never` (it would make no sense) map a scenario to its reason, and a scenario
    that passes although it is declared a gap fails.
    """
