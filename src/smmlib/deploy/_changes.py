"""
The change set: everything an apply would do, to be read and approved before it is done.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from smmlib.codec._files import write_text
from smmlib.deploy._canonical import fingerprint
from smmlib.deploy._change import Change
from smmlib.deploy._render import as_html, as_text
from smmlib.errors import ConfigurationError, Issue, MoneyError, StaleChangesError
from smmlib.model import FrozenMap, Money
from smmlib.ports import Account, Action

_FORMAT = 2
_LARGEST = 32 * 1024 * 1024  # bytes of a saved set: far more than a real one has
_BROKEN = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MoneyError,
)


class Purpose(StrEnum):
    """
    What a change set is for.
    """

    SET_UP = "set up"
    REVERT = "revert"
    ROLL_BACK = "roll back"
    DESTROY = "destroy"


_ALWAYS_COUNTED = (Action.CREATE, Action.UPDATE, Action.ARCHIVE)
_COUNTED_IF_ANY = (Action.REPLACE, Action.PAUSE, Action.ADOPT, Action.FORGET)


@attrs.frozen
class ChangeSet:
    """
    What would be done on the platforms, and how much money could be spent afterwards.

    It was made by reading only. `apply` does exactly this and nothing else: when plan,
    account or platform have moved since, it refuses.

    Attributes:
        changes: What would be done, parents first; objects that stay as they are do
            not appear.
        issues: What stands in the way (errors) or should be known.
        exposure: The most that can be spent once all is active, by `platform/account`.
        environment: `sandbox`, `production`, ...
        plan_hash: Fingerprint of the plan it was made from.
        lineage: Which state store it was made against.
        serial: How old that store's knowledge was.
        accounts: The ad accounts, by `platform/account`.
        unchanged: How many objects stay as they are.
        calls: How many write requests it will take.
        created_at: When it was made.
        expires_at: When it is too old to be applied.
        purpose: What it is for: to set a plan up, to revert what others did, to roll
            back a run, to destroy.
        undoes: For a roll-back: which run it undoes, and all that came after.
    """

    changes: tuple[Change, ...] = ()
    issues: tuple[Issue, ...] = attrs.field(default=(), kw_only=True)
    exposure: FrozenMap[Money] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    environment: str = attrs.field(kw_only=True)
    plan_hash: str = attrs.field(kw_only=True)
    lineage: str = attrs.field(kw_only=True)
    serial: int = attrs.field(kw_only=True)
    accounts: FrozenMap[Account] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    unchanged: int = attrs.field(default=0, kw_only=True)
    calls: int = attrs.field(default=0, kw_only=True)
    created_at: datetime = attrs.field(kw_only=True)
    expires_at: datetime = attrs.field(kw_only=True)
    purpose: Purpose = attrs.field(
        default=Purpose.SET_UP, converter=Purpose, kw_only=True
    )
    undoes: str = attrs.field(default="", kw_only=True)

    @cached_property
    def hash(self) -> str:
        """
        Fingerprint of the whole set: an approval binds to it.
        """
        return fingerprint(self._content())

    @property
    def writes(self) -> int:
        """
        How many writes it takes; 0 when the platforms already are as planned.
        """
        return sum(change.writes for change in self.changes)

    @property
    def empty(self) -> bool:
        """
        Whether nothing would be written to any platform.
        """
        return self.writes == 0

    @property
    def drift(self) -> tuple[Change, ...]:
        """
        Changes that would undo what somebody did on the platform.
        """
        return tuple(change for change in self.changes if change.drift)

    @property
    def total(self) -> Money | None:
        """
        The most that can be spent in all; None without accounts, or in two currencies.
        """
        amounts = list(self.exposure.values())
        if len({money.currency for money in amounts}) != 1:
            return None
        return sum(amounts[1:], amounts[0])

    @property
    def approval(self) -> str:
        """
        What a program passes on as approval: this very set and its amount in one word.

        Whoever looked at the set hands it over; it opens nothing else.
        """
        return f"{self.hash}:{self.total}" if self.total is not None else ""

    def summary(self) -> str:
        """
        One line: how many changes of each kind, and how much money.
        """
        counts = Counter(change.action for change in self.changes)
        shown = [
            *_ALWAYS_COUNTED,
            *(action for action in _COUNTED_IF_ANY if counts[action]),
        ]
        text = ", ".join(f"{counts[action]} to {action}" for action in shown)
        money = " + ".join(map(str, self._totals()))
        return f"{text}; up to {money}" if money else text

    def _totals(self) -> list[Money]:
        totals: dict[str, Money] = {}
        for money in self.exposure.values():
            known = totals.get(money.currency, Money.zero(money.currency))
            totals[money.currency] = known + money
        return list(totals.values())

    def _closing(self) -> list[str]:
        lines = [
            "No changes: the platforms are as planned."
            if not self.changes
            else f"Changes: {self.summary()}."
        ]
        if self.unchanged:
            lines.append(
                "1 object stays as it is."
                if self.unchanged == 1
                else f"{self.unchanged} objects stay as they are."
            )
        if len(self.exposure) > 1:
            parts = ", ".join(f"{key} {money}" for key, money in self.exposure.items())
            lines.append(f"By account: {parts}.")
        return lines

    def __str__(self) -> str:
        return as_text(self.changes, self.issues, self._closing())

    def _repr_html_(self) -> str:
        return as_html(self.changes, self.issues, self._closing())

    # -- as a file -----------------------------------------------------------------

    def _content(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "environment": self.environment,
            "plan_hash": self.plan_hash,
            "lineage": self.lineage,
            "serial": self.serial,
            "created_at": self.created_at.astimezone(UTC).isoformat(),
            "expires_at": self.expires_at.astimezone(UTC).isoformat(),
            "purpose": self.purpose.value,
            "undoes": self.undoes,
            "accounts": {k: attrs.asdict(a) for k, a in self.accounts.items()},
            "exposure": {key: str(money) for key, money in self.exposure.items()},
            "unchanged": self.unchanged,
            "calls": self.calls,
            "changes": [change.to_dict() for change in self.changes],
            "issues": [issue.to_dict() for issue in self.issues],
        }

    def to_dict(self) -> dict[str, Any]:
        """
        The set as JSON-ready data, with its hash.
        """
        return {**self._content(), "hash": self.hash}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChangeSet:
        """
        Read what `to_dict` wrote.

        Raises:
            StaleChangesError: Of another format, incomplete, or edited since.
        """
        try:
            made = cls._read(data)
            _ = made.hash  # what has no fingerprint is no change set
        except _BROKEN as error:
            raise StaleChangesError(
                f"the saved change set cannot be read: {_brief(error)}",
                hint="make a new one with plan",
            ) from error
        if made.hash != data.get("hash"):
            raise StaleChangesError(
                "the saved change set was edited: its hash does not fit its content",
                hint="make a new one with plan",
            )
        return made

    def save(self, path: str | Path, *, plan_file: str | Path = "") -> None:
        """
        Write the set into a file, whole or not at all, to be applied later.

        Args:
            path: The file, e.g. `changes.json`.
            plan_file: Where the plan stands it was made from; kept beside the set,
                relative to its file, so that one name is enough to apply it.
        """
        place = Path(path)
        known = {"plan_file": _beside(place, Path(plan_file))} if plan_file else {}
        write_text(place, _written({**known, **self.to_dict()}))

    @classmethod
    def load(cls, path: str | Path) -> ChangeSet:
        """
        Read what `save` wrote.

        Raises:
            StaleChangesError: No change set, of another format, or edited since.
            ConfigurationError: There is no such file, or it cannot be read.
        """
        return cls.from_dict(read_saved(path))

    @classmethod
    def _read(cls, data: dict[str, Any]) -> ChangeSet:
        if data["format"] != _FORMAT:
            text = f"format {data['format']} is not {_FORMAT}"
            raise ValueError(text)
        return cls(
            tuple(Change.from_dict(row) for row in data["changes"]),
            issues=tuple(Issue(**row) for row in data["issues"]),
            exposure={k: Money.parse(v) for k, v in data["exposure"].items()},
            environment=data["environment"],
            plan_hash=data["plan_hash"],
            lineage=data["lineage"],
            serial=data["serial"],
            accounts={k: Account(**v) for k, v in data["accounts"].items()},
            unchanged=data["unchanged"],
            calls=data["calls"],
            created_at=_aware(data["created_at"]),
            expires_at=_aware(data["expires_at"]),
            purpose=data["purpose"],
            undoes=data["undoes"],
        )


def _written(data: dict[str, Any]) -> str:
    """
    JSON with a line for each key and each change: it can be compared line by line, and
    is written by the part of Python's encoder that is written in C.
    """
    rows = ",\n".join(f" {_json(key)}: {_lines(value)}" for key, value in data.items())
    return f"{{\n{rows}\n}}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n  " + ",\n  ".join(map(_json, value)) + "\n ]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        message = "a time without its zone"
        raise ValueError(message)
    return moment


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}"


def _beside(place: Path, plan_file: Path) -> str:
    try:
        return Path(os.path.relpath(plan_file, place.parent)).as_posix()
    except ValueError:  # another drive
        return plan_file.resolve().as_posix()


def read_saved(path: str | Path) -> dict[str, Any]:
    """
    What stands in the file of a change set, not judged yet.

    Raises:
        StaleChangesError: It is no JSON of a change set.
        ConfigurationError: There is no such file, or it cannot be read.
    """
    try:
        place = Path(path)
        if place.stat().st_size > _LARGEST:
            raise StaleChangesError(
                f"{path} is too large for a change set", hint="make a new one with plan"
            )
        content = place.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise ConfigurationError(
            f"{path} cannot be read: {_brief(error)}",
            hint="save one with smm plan --out changes.json",
        ) from error
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise StaleChangesError(
            f"{path} is no saved change set: {_brief(error)}",
            hint="make a new one with plan",
        ) from error
    if not isinstance(data, dict):
        raise StaleChangesError(
            f"{path} is no saved change set", hint="make a new one with plan"
        )
    return data
