"""
What crosses the sockets: connections, resources, operations and their results.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from smmlib.errors import Issue, Outcome, PlatformError
from smmlib.model import Delivery, FrozenMap, Status

if TYPE_CHECKING:
    from smmlib.model import Money


class Secret:
    """
    A token that cannot be printed, logged, pickled or compared by accident.

    Args:
        value: The token itself.
        origin: Where it came from, e.g. `environment variable META_TOKEN`.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str = "") -> None:
        self._value: str = value
        self.origin: str = origin

    def reveal(self) -> str:
        """
        The token, for the one place that puts it into a header.
        """
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        message = "a Secret is never pickled"
        raise TypeError(message)


@attrs.frozen
class Connection:
    """
    How to reach one ad account: what `smm.toml`, or the sandbox, says about it.

    Attributes:
        platform: Name of the platform, e.g. `meta`.
        account: Id of the ad account.
        token: The access token.
        options: The platform's own settings: `page`, `pixel`, `instagram_user`,
            `api_version`, ...
        base_url: Where the API is; empty for the platform's own host.
        environment: `sandbox`, `production`, ...
        secrets: What renews the token, or signs beside it, by name: `client_id`,
            `client_secret`, `refresh_token`; on X `consumer_key`, `consumer_secret`,
            `access_token_secret`.
    """

    platform: str
    account: str
    token: Secret = attrs.field(kw_only=True, eq=False)
    options: FrozenMap[str] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    base_url: str = attrs.field(default="", kw_only=True)
    environment: str = attrs.field(default="sandbox", kw_only=True)
    secrets: FrozenMap[Secret] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True, eq=False
    )


class Kind(StrEnum):
    """
    What can exist on a platform, in the order it is created; posts stand by themselves.
    """

    AUDIENCE = "audience"
    MEDIA = "media"
    CAMPAIGN = "campaign"
    AD_SET = "ad_set"
    CREATIVE = "creative"
    AD = "ad"
    POST = "post"


@attrs.frozen
class Ref:
    """
    A field that holds the id of another resource, known only once that one exists.
    """

    address: str


@attrs.frozen
class Account:
    """
    An ad account as the platform describes it.

    Attributes:
        id: The platform's id.
        currency: Currency of everything in it.
        zone: Time zone of its days.
        name: Shown name.
    """

    id: str
    currency: str
    zone: str
    name: str = ""


@attrs.frozen
class Resource:
    """
    One object that should exist on a platform.

    Attributes:
        address: Path in the plan: its identity, whatever its shown name.
        kind: What it is.
        fields: The adapter's own normal form; values are JSON-ready or `Ref`.
        name: Shown name on the platform, without marker.
        status: What we want for it once it is activated.
        exposure: The most it can spend; None for objects without a budget.
        daily_exposure: The most it can spend on one day, where that is limited.
        content: Bytes to upload, for media.
    """

    address: str
    kind: Kind
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    name: str = attrs.field(default="", kw_only=True)
    status: Status = attrs.field(default=Status.ACTIVE, kw_only=True)
    exposure: Money | None = attrs.field(default=None, kw_only=True)
    daily_exposure: Money | None = attrs.field(default=None, kw_only=True)
    content: bytes | None = attrs.field(default=None, kw_only=True, repr=False)

    @property
    def refs(self) -> tuple[str, ...]:
        """
        Addresses of the resources it needs first.
        """
        found: dict[str, None] = {}
        _note_refs(self.fields, found)
        return tuple(found)


def _note_refs(value: Any, found: dict[str, None]) -> None:
    if isinstance(value, Ref):
        found[value.address] = None
        return
    parts: Any = ()
    if isinstance(value, (dict, Mapping)):
        parts = value.values()
    elif isinstance(value, (list, tuple)):
        parts = value
    for item in parts:
        if item.__class__ is not str:  # most fields end here
            _note_refs(item, found)


@attrs.frozen
class Wanted:
    """
    All a plan wants from one platform, and what stands in the way.

    Attributes:
        resources: Parents before children.
        issues: What the platform cannot do as planned; errors stop the apply.
    """

    resources: tuple[Resource, ...]
    issues: tuple[Issue, ...] = ()


@attrs.frozen
class Remote:
    """
    One object as it is on the platform now.

    Attributes:
        kind: What it is.
        id: The platform's id.
        fields: The adapter's normal form, comparable with `Resource.fields`; references
            are remote ids.
        marker: Our marker inside it; empty for objects that are not ours.
        name: Shown name, without marker.
        status: What is configured for it.
        delivery: What the platform reports.
        created_at: When it was made.
        reason: Why it does not deliver, in the platform's words.
    """

    kind: Kind
    id: str
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    marker: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    status: Status = attrs.field(default=Status.PAUSED, kw_only=True)
    delivery: Delivery = attrs.field(default=Delivery.UNKNOWN, kw_only=True)
    created_at: datetime | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)


class Action(StrEnum):
    """
    What is done to one resource.
    """

    NOOP = "noop"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    ADOPT = "adopt"
    ACTIVATE = "activate"
    PAUSE = "pause"
    ARCHIVE = "archive"
    FORGET = "forget"
    PUBLISH = "publish"


@attrs.frozen
class Operation:
    """
    One write, complete: references are ids already, values are absolute.

    Attributes:
        action: create, update, activate, pause or archive.
        kind: What kind of object.
        address: Its path in the plan.
        marker: What must be inside it so that it can be found again.
        name: Shown name.
        fields: For a create all fields, for an update the changed ones; no `Ref`s left.
        remote_id: Which object; empty for a create.
        content: Bytes to upload, for media.
    """

    action: Action
    kind: Kind
    address: str = attrs.field(kw_only=True)
    marker: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    remote_id: str = attrs.field(default="", kw_only=True)
    content: bytes | None = attrs.field(default=None, kw_only=True, repr=False)


@attrs.frozen
class Result:
    """
    What became of one operation.

    Attributes:
        address: The operation's address.
        outcome: applied, not applied, or unknown (never sent again blindly).
        remote_id: Id of the object, when applied.
        error: Why not, when not applied or unknown.
    """

    address: str
    outcome: Outcome
    remote_id: str = ""
    error: PlatformError | None = None
