"""
Scenarios 4xx: how it fails.
"""

from __future__ import annotations

import pickle

import attrs
import pytest

from smmlib.errors import Outcome, PlatformError
from smmlib.ports import Action, AdPlatform, Kind, Operation, Result
from smmlib.testing._conformance_base import ConformanceBase
from smmlib.testing._conformance_tools import Placed, create, look, mark


class FailingScenarios(ConformanceBase):
    """
    4xx: refusals are results, complete and without secrets.
    """

    def test_401_a_refusal_is_a_result(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        Changing what is not there is not applied, and says why.
        """
        order = _lost(placed, unknown_id)
        result = _executed(platform, order)

        assert order.address == result.address
        assert Outcome.NOT_APPLIED is result.outcome
        assert isinstance(result.error, PlatformError)

    def test_402_errors_are_complete(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        An error names platform and operation, says what is known, and has a message.
        """
        error = _executed(platform, _lost(placed, unknown_id)).error

        assert error is not None
        assert platform.name == error.platform
        assert error.operation
        assert error.message
        assert Outcome.NOT_APPLIED is error.outcome

    def test_403_errors_can_be_pickled(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        An error crosses processes and stays what it is.
        """
        error = _executed(platform, _lost(placed, unknown_id)).error
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

        assert type(error) is type(copy)
        assert str(error) == str(copy)

    def test_404_errors_hold_no_secret(
        self,
        platform: AdPlatform,
        placed: Placed,
        unknown_id: str,
        secrets: tuple[str, ...],
    ) -> None:
        """
        Neither text, attributes nor causes of an error show the token.
        """
        error: BaseException | None = _executed(
            platform, _lost(placed, unknown_id)
        ).error
        shown = ""
        while error is not None:
            shown += f"{error} {error!r} {vars(error)}"
            error = error.__cause__ or error.__context__

        assert [] == [secret for secret in secrets if secret in shown]

    def test_405_results_stay_aligned(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        One refused operation moves no other: each result stands at its own place.
        """
        ads = [resource for resource, _ in placed.of(Kind.AD)]
        good = [placed.order(Action.UPDATE, r, name=f"{r.name} new") for r in ads]
        bad = attrs.evolve(good[0], address="campaigns.gone", remote_id=unknown_id)
        orders = [good[0], bad, *good[1:]][: platform.capabilities.batch_size]

        results = platform.execute(orders)

        assert [o.address for o in orders] == [r.address for r in results]
        for order, result in zip(orders, results, strict=True):
            expected = Outcome.NOT_APPLIED if order is bad else Outcome.APPLIED
            assert expected is result.outcome, order.address
        for resource in ads[: len(orders) - 1]:
            assert f"{resource.name} new" == look(platform, placed, resource).name

    def test_406_a_refused_create_leaves_nothing(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        An ad below a parent that is not there is refused, and nothing remains of it.
        """
        ((resource, _), *_) = placed.of(Kind.AD)
        nowhere = dict.fromkeys(resource.refs, unknown_id)
        order = create(resource, nowhere, attempt=7)

        result = _executed(platform, order)

        assert Outcome.NOT_APPLIED is result.outcome
        assert "" == result.remote_id
        assert () == tuple(platform.find(Kind.AD, [mark(resource.address, 7)]))

    def test_407_a_failure_is_never_silent(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        Whatever is not applied carries its error; whatever is applied carries none.
        """
        ((campaign, _), *_) = placed.of(Kind.CAMPAIGN)
        fine = placed.order(Action.PAUSE, campaign)
        lost = attrs.evolve(
            placed.order(Action.ACTIVATE, campaign), remote_id=unknown_id
        )

        for order in (fine, lost):
            result = _executed(platform, order)
            applied = result.outcome is Outcome.APPLIED
            assert applied is (order is fine)
            assert applied is (result.error is None)


def _lost(placed: Placed, unknown_id: str) -> Operation:
    """
    A change of something that does not exist.
    """
    ((campaign, _), *_) = placed.of(Kind.CAMPAIGN)
    order = placed.order(Action.UPDATE, campaign, name="nobody reads this")
    return attrs.evolve(order, remote_id=unknown_id)


def _executed(platform: AdPlatform, order: Operation) -> Result:
    """
    The result of one operation; an error that says nothing was applied is one as well.
    """
    try:
        (result,) = platform.execute([order])
    except PlatformError as error:
        return Result(order.address, error.outcome, error=error)
    except Exception as error:  # noqa: BLE001 - this is what the suite looks for
        pytest.fail(f"raises {type(error).__name__} instead of PlatformError: {error}")
    return result
