"""
Known people on X: lists by name, those who engaged with posts, and people like them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from smmlib.adapters.x._normal import Criterion
from smmlib.errors import Severity
from smmlib.model import CustomAudience, RetargetKind
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.x._findings import Findings
    from smmlib.model import Audience

Criteria = list[Criterion]
Resolve = Callable[[str, str, str], TargetingMatch | None]

_ENGAGED = {
    RetargetKind.ENGAGERS: "ENGAGEMENT",
    RetargetKind.VIDEO_VIEWERS: "VIDEO_VIEW",
}


class KnownPeople:
    """
    Finds out which lists of X known people are.

    Args:
        findings: Where problems go.
        resolve: Looks a name up: kind, name, path.
        audiences: Audiences of the plan by key.
        segments: Ids of X's audiences by the plan's names, where they are stated.
        user: Id of the user ads speak for; empty where it is not known.
    """

    def __init__(
        self,
        findings: Findings,
        resolve: Resolve,
        *,
        audiences: Mapping[str, Audience],
        segments: Mapping[str, str],
        user: str,
    ) -> None:
        self._findings = findings
        self._resolve = resolve
        self._audiences = audiences
        self._segments = segments
        self._user = user

    def reached(self, audience: Audience, path: str) -> Criteria:
        """
        Criteria of the people an audience names, or of people like them.
        """
        found: Criteria = []
        for number, source in enumerate(audience.retarget):
            found += self._source(source, f"{path}.retarget[{number}]")
        if audience.lookalike:
            found += self._lookalike(audience, path)
        return found

    def _source(self, source: CustomAudience, path: str) -> Criteria:
        if source.days:
            self._findings.add(
                f"{path}.days",
                "days",
                "X keeps people of a list as long as the list says",
                value=source.days,
                severity=Severity.WARNING,
                hint="leave out days, and set the list's own on X",
            )
        if source.kind in _ENGAGED and not source.source:
            return self._engaged(source, path)
        own = self._segment(source, path)
        return [("CUSTOM_AUDIENCE", "EQ", own)] if own else []

    def _engaged(self, source: CustomAudience, path: str) -> Criteria:
        if not self._user:
            self._findings.add(
                path,
                "user_missing",
                "nobody says whose posts these people engaged with",
                value=str(source),
                hint="set `user` of this environment in smm.toml",
            )
            return []
        return [
            ("USER_ENGAGEMENT", "EQ", self._user),
            ("ENGAGEMENT_TYPE", "EQ", _ENGAGED[source.kind]),
        ]

    def _lookalike(self, audience: Audience, path: str) -> Criteria:
        """
        People like those of a list: X widens the list itself, where the ads are shown.
        """
        assert audience.lookalike is not None  # noqa: S101 - the caller looked
        of = audience.lookalike.of
        origin = self._audiences.get(of)
        sources = origin.retarget if origin else ()
        if not sources:
            self._findings.add(
                f"{path}.lookalike.of",
                "lookalike_origin",
                f"{of!r} is no audience of people who are known",
                value=of,
                hint="name an audience with `retarget`",
            )
        self._findings.add(
            f"{path}.lookalike.percent",
            "lookalike_percent",
            "X decides itself how wide a lookalike is",
            value=audience.lookalike.percent,
            severity=Severity.INFO,
            hint="narrow it by places and ages",
        )
        ids = (
            self._segment(source, f"audiences.{of}.retarget[{number}]")
            for number, source in enumerate(sources)
        )
        return [("CUSTOM_AUDIENCE_EXPANDED", "EQ", own) for own in ids if own]

    def left_out(self, audience: Audience, path: str) -> Criteria:
        """
        Criteria of the known people an audience leaves out.
        """
        found: Criteria = []
        for number, other in enumerate(audience.excluded):
            here = f"{path}.exclude[{number}]"
            if isinstance(other, CustomAudience):
                sources = [(other, here)]
            else:
                sources = self._other(other, here)
            for source, place in sources:
                own = self._segment(source, place)
                found += [("CUSTOM_AUDIENCE", "NE", own)] if own else []
        return found

    def _other(self, key: str, path: str) -> list[tuple[CustomAudience, str]]:
        """
        The known people of another audience, to be left out.
        """
        audience = self._audiences.get(key)
        if audience is None:
            self._findings.add(
                path,
                "reference.audience",
                f"there is no audience {key!r} here",
                value=key,
                hint=f"known: {', '.join(self._audiences) or 'none'}",
            )
            return []
        if not audience.retarget:
            self._findings.add(
                path,
                "exclude_described",
                f"only known people can be left out, and {key!r} is described by "
                "traits",
                value=key,
                hint="use an audience with `retarget`",
            )
        return [
            (source, f"audiences.{key}.retarget[{number}]")
            for number, source in enumerate(audience.retarget)
        ]

    def _segment(self, source: CustomAudience, path: str) -> str:
        """
        The id of a list on X: stated in smm.toml, or found by the same name.
        """
        name = source.source or source.kind.value
        given = self._segments.get(name, "")
        if given:
            return given
        match = self._resolve("audience", name, path)
        return match.id if match else ""
