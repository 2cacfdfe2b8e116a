"""
People a plan knows already: matched audiences of Campaign Manager, and customer lists
that are uploaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._lists import FEWEST, read_lists
from smmlib.errors import ConfigurationError, Severity
from smmlib.model import CustomAudience, RetargetKind
from smmlib.ports import Kind, Ref, Resource

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._findings import Findings

Source = tuple[CustomAudience, str]
"""
Known people and where the plan names them.
"""

_LISTS = "audienceMatchingSegments"
_VISITORS = "dynamicSegments"


class KnownPeople:
    """
    Finds out which segments known people are.

    Args:
        segments: LinkedIn's matched audiences by the plan's names.
        lists: Files of customer lists by name.
        findings: Where problems go.
    """

    def __init__(
        self, segments: Mapping[str, str], lists: Mapping[str, str], findings: Findings
    ) -> None:
        self._segments = segments
        self._lists = lists
        self._findings = findings
        self._uploads: dict[str, Resource | None] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """
        What has to be uploaded.
        """
        return tuple(one for one in self._uploads.values() if one)

    def of(self, sources: Iterable[Source]) -> dict[str, list[Any]]:
        """
        Segments by facet, any one of which is enough.
        """
        found: dict[str, list[Any]] = {}
        uploads: dict[str, str] = {}
        for source, path in sources:
            name = source.source or source.kind.value
            if source.kind is RetargetKind.CUSTOMER_LIST and name in self._lists:
                uploads[name] = path
                continue
            site = source.kind is RetargetKind.SITE_VISITORS
            urn = self._segment(name, path)
            if urn:
                found.setdefault(_VISITORS if site else _LISTS, []).append(urn)
        if uploads:
            self._upload(uploads, found)
        return found

    def _segment(self, name: str, path: str) -> str:
        """
        A matched audience made in Campaign Manager and named in smm.toml.
        """
        given = self._segments.get(name, name if name.isdigit() else "")
        if given:
            return f"{tables.SEGMENT_URN}{given.removeprefix(tables.SEGMENT_URN)}"
        self._findings.add(
            path,
            "segment_missing",
            f"nobody says which matched audience of LinkedIn {name!r} is",
            value=name,
            limit=", ".join([*self._segments, *self._lists]) or None,
            hint=f"write segments.{name} = its id in Campaign Manager, or "
            f"customer_lists.{name} = a CSV of addresses, in smm.toml",
        )
        return ""

    def _upload(self, uploads: Mapping[str, str], found: dict[str, list[Any]]) -> None:
        """
        One upload for all lists that stand side by side: any one of them is enough.
        """
        path = next(iter(uploads.values()))
        if found.get(_LISTS):
            self._findings.add(
                path,
                "segments_mixed",
                "lists that are uploaded and matched audiences of Campaign Manager "
                "cannot stand side by side",
                value=", ".join(uploads),
                hint="upload all of them, or name all of them as segments",
            )
            return
        resource = self._resource(sorted(uploads), path)
        if resource is not None:
            found[_LISTS] = [Ref(resource.address)]

    def _resource(self, names: list[str], path: str) -> Resource | None:
        shown = "+".join(names)
        if shown not in self._uploads:
            self._uploads[shown] = self._read(shown, names, path)
        return self._uploads[shown]

    def _read(self, shown: str, names: list[str], path: str) -> Resource | None:
        try:
            people = read_lists({name: self._lists[name] for name in names})
        except ConfigurationError as error:
            self._findings.add(
                path, "customer_list", error.message, value=shown, hint=error.hint
            )
            return None
        if people.unusable:
            self._findings.add(
                path,
                "customer_list",
                f"{people.unusable} rows of the customer list {shown!r} hold no e-mail "
                "address; they are left out",
                value=people.unusable,
                severity=Severity.WARNING,
                hint="LinkedIn finds people by their e-mail address alone",
            )
        if people.people < FEWEST:
            self._findings.add(
                path,
                "customer_list_small",
                f"the customer list {shown!r} has {people.people} addresses; ads are "
                f"shown from {FEWEST} members on",
                value=people.people,
                limit=FEWEST,
                severity=Severity.WARNING,
                hint="add people, or describe them by their work",
            )
        return Resource(
            f"customer_lists.{shown}",
            Kind.AUDIENCE,
            name=shown,
            fields={"list": people.digest},
            content=people.content,
        )
