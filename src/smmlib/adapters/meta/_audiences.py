"""
Known people: site visitors, customer lists and lookalikes as Meta's custom audiences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._lists import CustomerList, read_list
from smmlib.adapters.meta._normal import audience_fields
from smmlib.adapters.meta._targeting import People
from smmlib.errors import ConfigurationError, Severity
from smmlib.model import Audience, CustomAudience, RetargetKind
from smmlib.ports import Kind, Ref, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.adapters.meta._findings import Findings
    from smmlib.model import Lookalike

_DAY = 86_400
_USUAL_DAYS = 30
_LONGEST_DAYS = {
    RetargetKind.SITE_VISITORS: 180,
    RetargetKind.ENGAGERS: 365,
    RetargetKind.LEAD_FORM: 90,
    RetargetKind.APP_USERS: 180,
}
SOURCES = {
    RetargetKind.SITE_VISITORS: "pixel",
    RetargetKind.ENGAGERS: "page",
    RetargetKind.LEAD_FORM: "lead",
    RetargetKind.APP_USERS: "app",
}
"""
Where known people come from, as the rule of an audience says it. Source: custom
audiences from websites, engagement and apps, 2026-04.
"""
_FILTERS = {
    "pixel": {"field": "url", "operator": "i_contains", "value": ""},
    "page": {"field": "event", "operator": "eq", "value": "page_engaged"},
    "lead": {"field": "event", "operator": "eq", "value": "lead_generation_opened"},
    "app": {"field": "event", "operator": "eq", "value": "fb_mobile_activate_app"},
}
# Forms and apps are many: which one is meant has to be said.
_NAMED = {
    RetargetKind.LEAD_FORM: ("form", "the form's id from the page's instant forms"),
    RetargetKind.APP_USERS: ("app", "the app's id from the developer's dashboard"),
}


class PeopleBuilder:
    """
    The custom audiences one plan needs, each made once.

    Args:
        audiences: Audiences of the plan by key.
        findings: Where problems go.
        pixel: Id of the pixel.
        page: Id of the page.
        lists: Files of customer lists by name.
    """

    def __init__(
        self,
        audiences: Mapping[str, Audience],
        findings: Findings,
        *,
        pixel: str,
        page: str,
        lists: Mapping[str, str],
    ) -> None:
        self._audiences = audiences
        self._findings = findings
        self._pixel = pixel
        self._page = page
        self._lists = lists
        self._read: dict[str, CustomerList] = {}
        self._made: dict[str, Resource] = {}
        self._busy: set[str] = set()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """
        The audiences to create, those that others resemble first.
        """
        return tuple(self._made.values())

    def of(self, audience: Audience, address: str, path: str) -> People:
        """
        The known people an audience includes and leaves out.

        Args:
            audience: The audience.
            address: Address its own custom audiences get, e.g. `audiences.visitors`.
            path: Where it stands in the plan.
        """
        include = self._sources(audience, address, path)
        if audience.lookalike:
            include += self._lookalike(audience.lookalike, address, path)
        exclude: list[str] = []
        for number, other in enumerate(audience.excluded):
            here = f"{path}.exclude[{number}]"
            if isinstance(other, CustomAudience):
                made = self._custom(other, f"{address}.exclude.{number}", here, "")
                exclude += [made] if made else []
            else:
                exclude += self._other(other, here)
        return People(tuple(include), tuple(exclude))

    def _sources(self, audience: Audience, address: str, path: str) -> list[str]:
        found = []
        alone = len(audience.retarget) == 1 and audience.lookalike is None
        for number, source in enumerate(audience.retarget):
            own = address if alone else f"{address}.retarget.{number}"
            here = f"{path}.retarget[{number}]"
            made = self._custom(source, own, here, audience.name if alone else "")
            found += [made] if made else []
        return found

    def _other(self, key: str, path: str, *, imitated: bool = False) -> list[str]:
        """
        The custom audiences of another audience, to be left out or imitated.
        """
        audience = self._audiences.get(key)
        if audience is None or key in self._busy:
            self._findings.add(
                path,
                "reference.audience" if audience is None else "audience.circle",
                f"there is no audience {key!r} here"
                if audience is None
                else f"audience {key!r} leads back to itself",
                value=key,
                hint=f"known: {', '.join(self._audiences) or 'none'}",
            )
            return []
        if not audience.retarget and (imitated or audience.lookalike is None):
            self._findings.add(
                path,
                "lookalike_source" if imitated else "exclude_described",
                f"Meta can leave out or imitate known people only, and {key!r} is "
                "described by traits",
                value=key,
                hint="use an audience with `retarget`",
            )
            return []
        self._busy.add(key)
        found = self.of(audience, f"audiences.{key}", f"audiences.{key}").include
        self._busy.discard(key)
        return list(found)

    def _lookalike(self, alike: Lookalike, address: str, path: str) -> list[str]:
        origin = self._other(alike.of, f"{path}.lookalike.of", imitated=True)
        if not origin:
            return []
        fields = {
            "origin_audience_id": Ref(origin[0]),
            "lookalike_spec": {
                "country": alike.country,
                "ratio": str(round(alike.percent / 100, 2)),
            },
        }
        name = f"Like {alike.of}, {alike.percent} % of {alike.country}"
        return [self._make(address, fields, name)]

    def _custom(
        self, source: CustomAudience, address: str, path: str, name: str
    ) -> str | None:
        if source.kind is RetargetKind.CUSTOMER_LIST:
            return self._list(source, address, path, name)
        if source.kind not in SOURCES:
            known = ", ".join(kind.value for kind in SOURCES)
            self._findings.add(
                f"{path}.kind",
                "retarget_not_available",
                "people who watched a film cannot be targeted through smmlib on Meta",
                value=source.kind.value,
                limit=f"customer_list, {known}",
                hint="use site_visitors or engagers, or leave it out",
            )
            return None
        event = self._event_source(source, path)
        if event is None:
            return None
        rule = self._rule(source, event, path)
        return self._make(address, {"rule": rule}, name or str(source))

    def _list(self, source: CustomAudience, address: str, path: str, name: str) -> str:
        fields = {"customer_file_source": "USER_PROVIDED_ONLY"}
        people = self._people(source.source, path)
        content = None
        if people is not None and people.people:
            fields["list"] = people.digest
            content = people.content
        return self._make(address, fields, name or str(source), content)

    def _people(self, name: str, path: str) -> CustomerList | None:
        """
        The people of a list; told when there are none, or when some are left out.
        """
        if name not in self._lists:
            self._findings.add(
                path,
                "customer_list",
                f"nobody says where the customer list {name!r} is; it is created "
                "empty and reaches or leaves out nobody",
                value=name,
                limit=", ".join(self._lists) or None,
                severity=Severity.WARNING,
                hint=f"name its file in smm.toml: customer_lists.{name} = "
                f'"{name}.csv", or upload it in Meta\'s Audience Manager',
            )
            return None
        try:
            found = self._read.get(name) or read_list(name, self._lists[name])
        except ConfigurationError as error:
            self._findings.add(
                path, "customer_list", error.message, value=name, hint=error.hint
            )
            return None
        self._read[name] = found
        if found.unusable or not found.people:
            self._findings.add(
                path,
                "customer_list",
                f"{found.unusable} rows of the customer list {name!r} hold neither an "
                f"e-mail address nor a phone number with its country's code; "
                f"{found.people} people are uploaded",
                value=name,
                severity=Severity.WARNING,
                hint="correct those rows, e.g. +49 170 1234567",
            )
        return found

    def _event_source(self, source: CustomAudience, path: str) -> dict[str, str] | None:
        what = SOURCES[source.kind]
        usual = {"pixel": self._pixel, "page": self._page}
        known = source.source or usual.get(what, "")
        if not known and source.kind in _NAMED:
            noun, where = _NAMED[source.kind]
            self._findings.add(
                f"{path}.source",
                "retarget_source",
                f"{source.kind.value} needs to say which {noun}",
                hint=f"add source: with {where}",
            )
            return None
        if not known:
            self._findings.add(
                path,
                f"{what}_missing",
                f"{source.kind.value} needs a {what}, and none is set for this account",
                hint=f"set `{what}` of this environment in smm.toml",
            )
            return None
        return {"id": known, "type": what}

    def _rule(
        self, source: CustomAudience, event: dict[str, str], path: str
    ) -> dict[str, Any]:
        days = source.days or _USUAL_DAYS
        longest = _LONGEST_DAYS[source.kind]
        if days > longest:
            self._findings.add(
                f"{path}.days",
                "look_back",
                f"Meta looks back {longest} days at most",
                value=days,
                limit=longest,
                hint=f"write {longest} days",
            )
            days = longest
        one = {
            "event_sources": [event],
            "retention_seconds": days * _DAY,
            "filter": {"operator": "and", "filters": [_FILTERS[event["type"]]]},
        }
        return {"inclusions": {"operator": "or", "rules": [one]}}

    def _make(
        self,
        address: str,
        fields: dict[str, Any],
        name: str,
        content: bytes | None = None,
    ) -> str:
        self._made.setdefault(
            address,
            Resource(
                address,
                Kind.AUDIENCE,
                fields=audience_fields(fields),
                name=name,
                content=content,
            ),
        )
        return address
