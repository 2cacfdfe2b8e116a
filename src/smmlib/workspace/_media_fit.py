"""
Whether a picture or film is what each of its networks takes, before it is uploaded.

A network refuses what is too large, too long or of another type: errors. What it would
crop or blow up is a warning.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import Issue, Severity
from smmlib.model import Network
from smmlib.planning._briefs_specs import NAMES, duration, pixels, place_name, ratio_of
from smmlib.planning._briefs_view import pieces
from smmlib.rules._media_tables import CARD_PICTURES, ad_spec, post_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.model import MediaPlan
    from smmlib.planning._briefs_view import Piece
    from smmlib.rules._media_tables import MediaSpec
    from smmlib.workspace._media_read import MediaFacts

# Networks draw a pixel more or less; ads guides allow for three percent.
_TOLERANCE = Fraction(3, 100)
_SLACK = 0.05


@attrs.frozen
class Wanted:
    """
    What one place wants of a picture or film.
    """

    name: str
    network: Network
    spec: MediaSpec


class Places:
    """
    Where every picture and film of a plan is shown.
    """

    def __init__(self, plan: MediaPlan) -> None:
        self._plan = plan
        self._pieces: dict[str, Piece] = pieces(plan) if plan.creatives else {}

    def wanted(self, path: str, *, film: bool) -> Iterator[Wanted]:
        """
        What all places of one medium want; stills of films are held to nothing.

        Args:
            path: Its path in the plan, e.g. `creatives.box.image`.
            film: Whether it is a film.
        """
        kind, key, rest = (*path.split(".", 2), "")[:3]
        if rest.endswith("thumbnail") or key.endswith("thumbnail"):
            return
        if kind == "posts":
            name = key.partition("[")[0]
            for network in self._plan.posts[name].networks:
                spec = post_spec(network, film=film)
                yield Wanted(NAMES[network], network, spec)
            return
        piece = self._pieces.get(key)
        for place in piece.placements if piece else ():
            found = ad_spec(place.network, place.position, film=film)
            if rest.startswith("cards") and not film:
                found = CARD_PICTURES.get(place.network, found)
            if found:
                yield Wanted(place_name(place), place.network, found)


def misfits(path: str, name: str, facts: MediaFacts, wanted: Wanted) -> Iterator[Issue]:
    """
    What one place would refuse, crop or blow up.
    """
    spec, where = wanted.spec, wanted.name
    checks = (_type, _size, _length, _sides, _pixels, _ratio)
    for check in checks:
        found = check(facts, spec)
        if found is not None:
            code, value, limit, hint, severe = found
            # Meta's Page takes PNG for Instagram's own pictures, too, and turns them.
            soft = wanted.network is Network.INSTAGRAM and code == "media.type"
            yield Issue(
                path,
                code,
                f"{name} has {value}; {where} takes {limit}",
                severity=Severity.ERROR if severe and not soft else Severity.WARNING,
                value=value,
                limit=limit,
                hint=hint,
                source=f"{spec.source} ({spec.date})",
            )


_Misfit = tuple[str, str, str, str, bool]


def _type(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    if facts.kind in spec.formats:
        return None
    names = ", ".join(kind.upper() for kind in spec.formats)
    kind = f"the type {facts.kind.upper()}"
    return "media.type", kind, names, f"save it as {spec.formats[0].upper()}", True


def _size(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    if spec.least_bytes <= facts.size <= spec.most_bytes:
        return None
    limit = f"{spec.least_bytes:,} to {spec.most_bytes:,} bytes"
    hint = (
        "compress it" if facts.size > spec.most_bytes else "save it in better quality"
    )
    return "media.size", f"{facts.size:,} bytes", limit, hint, True


def _length(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    if facts.seconds is None or spec.seconds is None:
        return None
    low, high = spec.seconds
    if low - _SLACK <= facts.seconds <= high + _SLACK:
        return None
    limit = f"{duration(low)} to {duration(high)}"
    hint = "cut it" if facts.seconds > high else "make it longer"
    return "media.length", f"{facts.seconds:.1f} s", limit, hint, True


def _sides(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    both = facts.width + facts.height
    if not spec.most_sides or both <= spec.most_sides:
        return None
    value, limit = f"{both} px in width and height", f"{spec.most_sides} px together"
    return "media.pixels", value, limit, "make it smaller", True


def _pixels(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    size = (facts.width, facts.height)
    if not all(size):
        return None
    best = f"make it {pixels(spec.best[0])}" if spec.best else "make it larger"
    if any(has < least for has, least in zip(size, spec.least, strict=True)):
        return (
            "media.pixels",
            pixels(size),
            f"at least {pixels(spec.least)}",
            best,
            False,
        )
    if any(most and has > most for has, most in zip(size, spec.most, strict=True)):
        return "media.pixels", pixels(size), f"at most {pixels(spec.most)}", best, False
    return None


def _ratio(facts: MediaFacts, spec: MediaSpec) -> _Misfit | None:
    if not (facts.width and facts.height and spec.ratios):
        return None
    ratio = Fraction(facts.width, facts.height)
    low, high = (Fraction(value) for value in spec.ratios)
    if low * (1 - _TOLERANCE) <= ratio <= high * (1 + _TOLERANCE):
        return None
    limit = (
        f"{low.limit_denominator(100)} to {high.limit_denominator(100)} (width/height)"
    )
    value = f"the ratio {ratio_of(facts.width, facts.height)}"
    hint = f"crop it to {pixels(spec.best[0])}" if spec.best else "crop it"
    return "media.ratio", value, limit, hint, False
