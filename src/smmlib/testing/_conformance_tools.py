"""
What the scenarios share: a small plan, and setting it up by hand.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import attrs

from smmlib.errors import Outcome
from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    AgeRange,
    Audience,
    Brand,
    Budget,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Network,
    Objective,
    Place,
    Strategy,
)
from smmlib.ports import (
    Action,
    AdPlatform,
    Kind,
    Operation,
    Ref,
    Remote,
    Resource,
    Result,
)

BORN_PAUSED = (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD)
"""
Kinds that can spend money, so that their status matters.
"""

_DAYS = 14
_UNITS_A_DAY = 100
_MARKER_LENGTH = 10


def small_plan(
    networks: Sequence[Network], currency: str, *, zone: str, first_day: date
) -> MediaPlan:
    """
    A plan any ad platform can set up: a campaign, an ad set, two text ads with a link.

    Args:
        networks: Where it advertises.
        currency: Currency of its money, the ad account's.
        zone: Zone of its days, the ad account's.
        first_day: When it starts; it runs for 14 days.
    """
    money = Money(_DAYS * _UNITS_A_DAY, currency)
    link = "https://alpenkaffee.example/box"
    return MediaPlan(
        "Alpenkaffee conformance",
        str(UUID(int=first_day.toordinal(), version=4)),
        zone=zone,
        flight=Flight.from_dates(
            first_day, first_day + timedelta(days=_DAYS - 1), zone
        ),
        budget=Budget(money),
        strategy=Strategy(Brand("Alpenkaffee", "Alpenkaffee GmbH"), Objective.TRAFFIC),
        audiences={"adults": Audience(age=AgeRange(25, 44), places=[Place("DE")])},
        lines={"ads": LineItem(tuple(networks), money)},
        campaigns={
            "spring": AdCampaign(
                "ads",
                {"adults": AdSet("adults", ["taste", "opening"])},
                budget=AdBudget(lifetime=money),
                special_ad_categories=(),
            )
        },
        creatives={
            "taste": Creative(AdText("Taste first, pay later."), link=link),
            "opening": Creative(AdText("We are open."), link=link),
        },
    )


def mark(address: str, attempt: int = 0) -> str:
    """
    A marker in the shape smmlib's engine makes them: ten characters of base 32.
    """
    digest = hashlib.sha256(f"{address}|{attempt}".encode()).digest()
    return base64.b32encode(digest)[:_MARKER_LENGTH].decode().lower()


def resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """
    Fields with ids in place of references.
    """
    if isinstance(value, Ref):
        return ids[value.address]
    if isinstance(value, Mapping):
        return {key: resolved(item, ids) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(item, ids) for item in value]
    return value


def comparable(value: Any) -> Any:
    """
    One spelling for equal fields: in a mapping, empty is the same as left out.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        items = {key: comparable(item) for key, item in value.items()}
        return {k: v for k, v in items.items() if v is not None and v not in ([], {})}
    if isinstance(value, (list, tuple)):
        return [comparable(item) for item in value]
    return value


@attrs.frozen
class Placed:
    """
    A plan that has been set up, and what came of it.

    Attributes:
        resources: What was wanted, in the order it was made.
        operations: What was sent, in that order.
        results: What became of it, in that order.
    """

    resources: tuple[Resource, ...]
    operations: tuple[Operation, ...]
    results: tuple[Result, ...]

    @property
    def ids(self) -> dict[str, str]:
        """
        Ids by address.
        """
        return {result.address: result.remote_id for result in self.results}

    def of(self, *kinds: Kind) -> list[tuple[Resource, Operation]]:
        """
        What was wanted and sent of some kinds; of all when none is named.
        """
        pairs = zip(self.resources, self.operations, strict=True)
        return [pair for pair in pairs if not kinds or pair[0].kind in kinds]

    def order(self, action: Action, resource: Resource, **changes: Any) -> Operation:
        """
        One more operation on something that was set up.
        """
        return Operation(
            action,
            resource.kind,
            address=resource.address,
            marker=mark(resource.address),
            remote_id=self.ids[resource.address],
            **changes,
        )


def create(resource: Resource, ids: Mapping[str, str], attempt: int = 0) -> Operation:
    """
    The operation that makes a resource.
    """
    return Operation(
        Action.CREATE,
        resource.kind,
        address=resource.address,
        marker=mark(resource.address, attempt),
        name=resource.name,
        fields=resolved(resource.fields, ids),
        content=resource.content,
    )


def send(platform: AdPlatform, operations: Sequence[Operation]) -> tuple[Result, ...]:
    """
    Execute operations of one kind, in batches the platform takes.
    """
    size = platform.capabilities.batch_size
    results: list[Result] = []
    for start in range(0, len(operations), size):
        results += platform.execute(operations[start : start + size])
    return tuple(results)


def place(platform: AdPlatform, resources: Iterable[Resource]) -> Placed:
    """
    Create everything, kind by kind, and expect that it works.
    """
    wanted = tuple(resources)
    ids: dict[str, str] = {}
    operations: list[Operation] = []
    results: list[Result] = []
    for group in _runs(wanted):
        orders = [create(resource, ids) for resource in group]
        answers = send(platform, orders)
        assert len(orders) == len(answers), "one result for each operation"
        refused = [str(r.error) for r in answers if r.outcome is not Outcome.APPLIED]
        assert [] == refused, "everything wanted must be accepted"
        # By position: whether addresses are right is a scenario of its own.
        for order, answer in zip(orders, answers, strict=True):
            ids[order.address] = answer.remote_id
        operations += orders
        results += answers
    return Placed(wanted, tuple(operations), tuple(results))


def _runs(resources: Sequence[Resource]) -> list[list[Resource]]:
    """
    Neighbours of one kind together: a write holds one kind only.
    """
    runs: list[list[Resource]] = []
    for resource in resources:
        if runs and runs[-1][0].kind is resource.kind:
            runs[-1].append(resource)
        else:
            runs.append([resource])
    return runs


def look(platform: AdPlatform, placed: Placed, resource: Resource) -> Remote:
    """
    One object that was set up, as it is now.
    """
    remote_id = placed.ids[resource.address]
    found = platform.read(resource.kind, [remote_id])
    assert remote_id in found, f"{resource.address} cannot be read back"
    return found[remote_id]


def marked(platform: AdPlatform, resource: Resource) -> tuple[Remote, ...]:
    """
    What is found by a resource's marker.
    """
    return platform.find(resource.kind, [mark(resource.address)])
