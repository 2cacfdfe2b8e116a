"""
Where an ad leads: safe links, UTM tags, and names that can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NoReturn

import attrs

from smmlib.model._checks import (
    are_texts,
    as_tuple,
    is_optional_text,
    is_text,
    is_type,
    refuse,
)
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._value import Value

_LONGEST_LINK = 2048
# What nearly every link looks like: a named public host, nothing that needs a parser.
PLAIN_LINK = re.compile(
    r"https?://(?!0x)(?:[a-z0-9-]{1,63}\.)+(?!local\b|localhost\b|internal\b)[a-z]{2,63}"
    r"(?:[/?#][!-\[\]-~]*)?\Z"
)
_SLOT = re.compile(r"\{([a-z_]+)\}")


def _bad_link(value: str, attribute: str, why: str, hint: str = "") -> NoReturn:
    refuse(
        attribute,
        f"{value[:120]!r} {why}",
        code="link.refused",
        value=value[:120],
        expected="a public https:// address",
        hint=hint,
    )


def is_link(attribute: str, value: str) -> None:
    """
    Refuse what is no public web address: other schemes, passwords, local hosts.
    """
    is_type(attribute, value, str)
    if len(value) > _LONGEST_LINK:
        _bad_link(value, attribute, f"has {len(value)} characters, at most 2048 fit")
    if not PLAIN_LINK.match(value):
        _is_public_link(attribute, value)


def _is_public_link(attribute: str, value: str) -> None:
    """
    The whole check, for links that are not plain; plain ones pass it as well.
    """
    from urllib.parse import urlsplit

    if value != value.strip() or re.search(r"[\s\x00-\x1f\x7f\\]", value):
        _bad_link(value, attribute, "holds blanks or control characters")
    try:
        parts = urlsplit(value)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError:
        _bad_link(value, attribute, "is no web address")
    if parts.scheme not in {"http", "https"}:
        _bad_link(value, attribute, "is no web link", "start it with https://")
    if user is not None:
        _bad_link(value, attribute, "carries a user name", "links are public")
    if not host or "." not in host.strip(".") or _is_local(host):
        _bad_link(value, attribute, "does not lead to a public host")


def is_optional_link(attribute: str, value: str) -> None:
    """
    A link that may be left out, as an empty string.
    """
    is_type(attribute, value, str)
    if value:
        is_link(attribute, value)


def _is_local(host: str) -> bool:
    from ipaddress import ip_address

    if host.rstrip(".").endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        # Not an IP address; "127.1" and "0x7f.1" would still be read as one.
        return bool(re.fullmatch(r"[\d.]+|0x[0-9a-f.x]+", host))
    return not address.is_global


@attrs.frozen(eq=False, repr=False)
class Utm(Value):
    """
    The tags behind a link that tell the shop's own analytics where a visit came from.

    Attributes:
        source: Where the link stands, e.g. `facebook`.
        medium: What kind of traffic, e.g. `paid_social`.
        campaign: Name of the campaign.
        term: Audience or keyword.
        content: Which ad.
    """

    source: str
    medium: str
    campaign: str = attrs.field(kw_only=True)
    term: str = attrs.field(default="", kw_only=True)
    content: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name, value in self.pairs().items():
            is_text(f"utm_{name}", value, longest=200)
        is_optional_text("utm_term", self.term, longest=200)
        is_optional_text("utm_content", self.content, longest=200)

    def pairs(self) -> dict[str, str]:
        """
        The tags that are set, by their short name, in the usual order.
        """
        named = {
            "source": self.source,
            "medium": self.medium,
            "campaign": self.campaign,
            "term": self.term,
            "content": self.content,
        }
        optional = {"term", "content"}
        return {k: v for k, v in named.items() if v or k not in optional}

    def query(self) -> str:
        """
        The tags as a query string, percent-encoded.
        """
        from urllib.parse import urlencode

        return urlencode({f"utm_{k}": v for k, v in self.pairs().items()})

    def tag(self, link: str) -> str:
        """
        The link with these tags; tags it already has are replaced.
        """
        from urllib.parse import urlsplit

        is_link("link", link)
        parts = urlsplit(link)
        # As text: what the shop's own server made of its link must stay as it is.
        old = parts.query.split("&")
        kept = [p for p in old if p and not p.lower().startswith("utm_")]
        query = "&".join([*kept, self.query()])
        return parts._replace(query=query).geturl()

    @classmethod
    def from_link(cls, link: str) -> Utm | None:
        """
        The tags a link already carries, or None when source, medium or campaign lack.
        """
        from urllib.parse import parse_qsl, urlsplit

        try:
            query = urlsplit(link).query
        except ValueError:  # no link at all, such as http://[
            return None
        found = {
            k.lower().removeprefix("utm_"): v
            for k, v in parse_qsl(query)
            if k.lower().startswith("utm_")
        }
        if not {"source", "medium", "campaign"} <= found.keys():
            return None
        known = {"source", "medium", "campaign", "term", "content"}
        return cls(**{k: v for k, v in found.items() if k in known})


def as_options(value: Mapping[str, Iterable[str]]) -> FrozenMap[tuple[str, ...]]:
    """
    Allowed values by slot, from any lists.
    """
    if not isinstance(value, Mapping):
        return as_map(value)
    return FrozenMap({slot: as_tuple(options) for slot, options in value.items()})


@attrs.frozen(eq=False, repr=False)
class NamePattern(Value):
    """
    How campaigns are named, so that reports can be read from the names.

    Examples:
        >>> pattern = NamePattern("{brand}_{network}_{audience}")
        >>> name = pattern.build(brand="alpen", network="facebook", audience="baristas")
        >>> pattern.parse(name)["audience"]
        'baristas'

    Attributes:
        template: Text with `{slots}`; between two slots must stand a separator.
        allowed: Values a slot may take; a slot that is not listed takes any value
            without the separator.
    """

    template: str
    allowed: FrozenMap[tuple[str, ...]] = attrs.field(
        default=EMPTY, converter=as_options, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        is_text("template", self.template, longest=400)
        are_keyed("allowed", self.allowed, tuple)
        for slot, options in self.allowed.items():
            are_texts(f"allowed.{slot}", options)
        rest = _SLOT.sub("", self.template)
        if not self.slots or "}{" in self.template or "{" in rest or "}" in rest:
            refuse(
                "template",
                f"{self.template!r} is no name pattern",
                code="name.pattern",
                value=self.template,
                expected="{slots} with a separator between, e.g. {brand}_{network}",
            )
        unknown = set(self.allowed) - set(self.slots)
        if unknown or len(set(self.slots)) != len(self.slots):
            refuse(
                "allowed" if unknown else "template",
                f"slots are {', '.join(self.slots)}; each once, and only these",
                code="name.pattern",
                value=", ".join(sorted(unknown)) or self.template,
                expected=", ".join(dict.fromkeys(self.slots)),
            )

    @property
    def slots(self) -> tuple[str, ...]:
        """
        The names of the parts.
        """
        return tuple(_SLOT.findall(self.template))

    def build(self, **values: str) -> str:
        """
        A name that this pattern can read back.

        Raises:
            ValidationError: A part is missing, unknown, not allowed or would blur the
                name.
        """
        if set(values) != set(self.slots):
            refuse(
                "values",
                f"needs {', '.join(self.slots)}; got {', '.join(sorted(values))}",
                code="name.slots",
                value=", ".join(sorted(values)),
                expected=", ".join(self.slots),
            )
        for slot, value in values.items():
            self._check(slot, value)
        name = self.template.format(**values)
        if self.parse(name) != values:
            refuse(
                "values",
                f"{name!r} could not be read back: a part holds the separator",
                code="name.ambiguous",
                value=name,
                hint="use another character inside the parts",
            )
        return name

    def _check(self, slot: str, value: str) -> None:
        is_text(slot, value, longest=200)
        options = self.allowed.get(slot)
        if options and value not in options:
            refuse(
                slot,
                f"{value!r} is not allowed for {slot}",
                code="name.value",
                value=value,
                expected=", ".join(options),
            )

    def parse(self, name: str) -> dict[str, str] | None:
        """
        The parts of a name, or None if the name does not follow the pattern.
        """
        pieces = _SLOT.split(self.template)
        pattern = "".join(
            re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>{self._part(place)})"
            for place, piece in enumerate(pieces)
        )
        found = re.fullmatch(pattern, name)
        return found.groupdict() if found else None

    def _part(self, place: int) -> str:
        """
        What a part may look like: a listed value, or anything without a separator.
        """
        pieces = _SLOT.split(self.template)
        options = self.allowed.get(pieces[place])
        if options:
            return "|".join(re.escape(option) for option in options)
        # What stands before the first slot is a prefix, and separates nothing.
        before = pieces[place - 1][-1:] if place > 1 else ""
        separators = re.escape(before + pieces[place + 1][:1])
        return f"[^{separators}]+" if separators else ".+"

    def check(self, names: Mapping[str, str]) -> dict[str, str]:
        """
        Which names break the pattern: address to name, for those that do.
        """
        return {where: name for where, name in names.items() if not self.parse(name)}
