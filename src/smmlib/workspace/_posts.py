"""
How every post of a plan stands on each of its networks.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.model import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = ("post", "network", "status", "when", "id", "what to know")


class PublishStatus(StrEnum):
    """
    How a post stands on one network.
    """

    PUBLISHED = "published"
    DUE = "due"
    WAITING = "waiting"
    UNAPPROVED = "unapproved"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@attrs.frozen
class Publication:
    """
    How one post stands on one network.

    Attributes:
        post: Key of the post.
        network: Where.
        status: published, due, waiting for its time, unapproved, refused, or unknown
            when an answer was lost.
        due: When it is to be published; None without a date.
        post_id: The network's id of it, once it stands there.
        published_at: When it was published.
        url: Where people see it, if the network tells.
        sent: Whether this very run published it.
        note: What a reader should know, in one sentence.
        hint: The next step, where there is one.
    """

    post: str
    network: Network
    status: PublishStatus
    due: datetime | None = attrs.field(default=None, kw_only=True)
    post_id: str = attrs.field(default="", kw_only=True)
    published_at: datetime | None = attrs.field(default=None, kw_only=True)
    url: str = attrs.field(default="", kw_only=True)
    sent: bool = attrs.field(default=False, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    hint: str = attrs.field(default="", kw_only=True)

    @property
    def name(self) -> str:
        """
        Post and network in one word, e.g. `opening:telegram`.
        """
        return f"{self.post}:{self.network.value}"

    def to_dict(self) -> dict[str, Any]:
        """
        The row as JSON-ready data.
        """
        data = attrs.asdict(self)
        for key, value in data.items():
            if isinstance(value, datetime):
                data[key] = value.isoformat()
            else:
                data[key] = getattr(value, "value", value)
        return data


class Publications(tuple[Publication, ...]):
    """
    How all posts of a plan stand: a tuple that shows itself as a table.
    """

    __slots__ = ()

    def of(self, status: PublishStatus | str) -> tuple[Publication, ...]:
        """
        The rows that stand in one way, e.g. `published`.
        """
        return tuple(row for row in self if row.status == PublishStatus(status))

    @property
    def sent(self) -> tuple[Publication, ...]:
        """
        What this run published.
        """
        return tuple(row for row in self if row.sent)

    @property
    def published(self) -> dict[tuple[str, Network], str]:
        """
        Ids of what stands on the networks, by post and network.
        """
        return {(row.post, row.network): row.post_id for row in self if row.post_id}

    def summary(self) -> str:
        """
        One line: how many posts stand in which way.
        """
        counts = Counter(row.status for row in self)
        parts = [f"{counts[s]} {s.value}" for s in PublishStatus if counts[s]]
        new = f"{len(self.sent)} sent now; " if self.sent else ""
        return new + (", ".join(parts) or "no posts")

    def to_dict(self) -> dict[str, Any]:
        """
        All rows as JSON-ready data.
        """
        return {"summary": self.summary(), "posts": [row.to_dict() for row in self]}

    def cells(self) -> Iterator[tuple[str, ...]]:
        """
        Every row as texts: post, network, status, when, id, what to know.
        """
        for row in self:
            when = row.published_at or row.due
            zone = row.due.tzinfo if row.due else None
            local = when.astimezone(zone) if when and zone else when
            yield (
                row.post,
                row.network.value,
                f"{row.status.value} now" if row.sent else row.status.value,
                f"{local:%Y-%m-%d %H:%M}" if local else "no date",
                row.post_id,
                row.note,
            )

    def hints(self) -> tuple[str, ...]:
        """
        The next steps, each once.
        """
        return tuple(
            dict.fromkeys(f"{row.post}: {row.hint}" for row in self if row.hint)
        )

    def __str__(self) -> str:
        rows = [_TITLES, *self.cells()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_TITLES))]
        lines = (
            "  ".join(
                cell.ljust(w) for cell, w in zip(row, widths, strict=True)
            ).rstrip()
            for row in rows
        )
        hints = (f"hint  {hint}" for hint in self.hints())
        return "\n".join([*lines, f"Posts: {self.summary()}.", *hints])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{t}</th>" for t in _TITLES)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.cells()
        )
        caption = f"<caption>Posts: {escape(self.summary())}</caption>"
        hints = "".join(f"<li>{escape(hint)}</li>" for hint in self.hints())
        below = f"<ul>{hints}</ul>" if hints else ""
        return f"<table>{caption}<tr>{head}</tr>{rows}</table>{below}"
