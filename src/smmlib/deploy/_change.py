"""
One change: what would be done to one object, and what stands there now.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from smmlib.deploy._canonical import normal
from smmlib.model import Money
from smmlib.ports import Action, Kind

_WRITES = {
    Action.CREATE: 1,
    Action.UPDATE: 1,
    Action.PAUSE: 1,
    Action.ACTIVATE: 1,
    Action.ARCHIVE: 1,
    Action.REPLACE: 2,  # the new one is made, the old one archived
}
# A raise of what runs by more than this needs a new approval, whatever was approved.
_STEEP = Decimal("1.5")


@attrs.frozen
class FieldChange:
    """
    One field before and after.

    Attributes:
        path: Which field, e.g. `targeting.age_max`.
        before: What stands there now.
        after: What will stand there; `{"$ref": address}` for an id that does not exist
            yet.
    """

    path: str
    before: Any = attrs.field(default=None, converter=normal, hash=False)
    after: Any = attrs.field(default=None, converter=normal, hash=False)


@attrs.frozen
class Change:
    """
    What would be done to one object on a platform.

    Attributes:
        action: create, update, replace, adopt, pause, archive or forget.
        address: Path in the plan.
        platform: Which platform.
        account: Which ad account.
        kind: What kind of object.
        name: Shown name.
        generation: Counts replacements of the address; of the object that will stand.
        remote_id: The object as it is now; empty when it does not exist yet.
        marker: What is, or will be, inside it so that it can be found again.
        fields: What changes in it.
        drift: What somebody changed on the platform since the last apply: `before` is
            what we applied, `after` what stands there now. Applying undoes it.
        note: What a reader should know, in one sentence.
        content: Fingerprint of all that is wanted for it.
        live: Whether it is active right now.
        exposure: The most it can spend afterwards.
        raises: Whether it could spend more than before while it is active.
        could_spend: The most it can spend as it was applied last.
        fingerprint: Of what stands there now, as far as it is ours: an apply refuses
            when it moved since.
    """

    action: Action = attrs.field(converter=Action)
    address: str
    platform: str = attrs.field(kw_only=True)
    account: str = attrs.field(kw_only=True)
    kind: Kind = attrs.field(converter=Kind, kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    generation: int = attrs.field(default=0, kw_only=True)
    remote_id: str = attrs.field(default="", kw_only=True)
    marker: str = attrs.field(default="", kw_only=True)
    fields: tuple[FieldChange, ...] = attrs.field(default=(), kw_only=True)
    drift: tuple[FieldChange, ...] = attrs.field(default=(), kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    content: str = attrs.field(default="", kw_only=True)
    live: bool = attrs.field(default=False, kw_only=True)
    exposure: Money | None = attrs.field(default=None, kw_only=True)
    raises: bool = attrs.field(default=False, kw_only=True)
    could_spend: Money | None = attrs.field(default=None, kw_only=True)
    fingerprint: str = attrs.field(default="", kw_only=True)

    @property
    def target(self) -> str:
        """
        Platform and account in one word, e.g. `meta/act_1`.
        """
        return f"{self.platform}/{self.account}"

    @property
    def writes(self) -> int:
        """
        How many writes it takes.
        """
        return _WRITES.get(self.action, 0)

    @property
    def steep(self) -> bool:
        """
        Whether something that runs could spend over half as much again.
        """
        if not self.raises or self.exposure is None:
            return False
        before = self.could_spend
        if before is None or before.currency != self.exposure.currency:
            return True
        return self.exposure.amount > before.amount * _STEEP

    def to_dict(self) -> dict[str, Any]:
        """
        The change as JSON-ready data; fields that say nothing are left out.
        """
        rows = {
            name: [
                {"path": row.path, "before": row.before, "after": row.after}
                for row in getattr(self, name)
            ]
            for name in ("fields", "drift")
        }
        plain = {
            field.name: getattr(self, field.name)
            for field in attrs.fields(Change)
            if field.name not in rows
        }
        for name in ("exposure", "could_spend"):
            money = plain[name]
            plain[name] = str(money) if money is not None else None
        plain |= {"action": self.action.value, "kind": self.kind.value}
        found: dict[str, Any] = {**plain, **rows}
        return {
            key: value
            for key, value in found.items()
            if value not in ("", None, [], False)
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Change:
        """
        Read what `to_dict` wrote.
        """
        money = {key: data.get(key) for key in ("exposure", "could_spend")}
        return cls(
            **{
                **data,
                **{k: Money.parse(text) if text else None for k, text in money.items()},
                "fields": tuple(FieldChange(**row) for row in data.get("fields", ())),
                "drift": tuple(FieldChange(**row) for row in data.get("drift", ())),
            }
        )
