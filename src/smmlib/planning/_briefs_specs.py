"""
What texts, pictures and films must be like, as rows a colleague can work from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from smmlib.model import BEFORE_SHOW_MORE, CTA, Network, Placement, Post
from smmlib.planning._briefs_view import Piece
from smmlib.planning._briefs_words import Wording
from smmlib.rules import Limit
from smmlib.rules import _linkedin_tables as linkedin
from smmlib.rules import _meta_tables as meta
from smmlib.rules import _x_tables as x
from smmlib.rules._media_tables import (
    CARD_COUNTS,
    CARD_PICTURES,
    POST_MEDIA,
    MediaSpec,
    ad_spec,
    post_spec,
)
from smmlib.rules._posts import TELEGRAM_CAPTION, X_TEXT, post_limit

Row = tuple[str, str]

NAMES = {
    Network.FACEBOOK: "Facebook",
    Network.INSTAGRAM: "Instagram",
    Network.LINKEDIN: "LinkedIn",
    Network.X: "X",
    Network.TELEGRAM: "Telegram",
}
_META = (Network.FACEBOOK, Network.INSTAGRAM)
_RATIOS = {
    Decimal("0.8"): "4:5",
    Decimal(1): "1:1",
    Decimal("0.5625"): "9:16",
    Decimal("1.78"): "16:9",
}
_MINUTE, _HOUR = 60, 3600


def place_name(place: Placement) -> str:
    """
    A placement as people say it: Instagram stories.
    """
    return f"{NAMES[place.network]} {place.position.value.replace('_', ' ')}"


# -- texts -------------------------------------------------------------------------


def text_rows(piece: Piece, words: Wording) -> Iterator[Row]:
    """
    How long each text of an ad may be on each of its networks, with the 480 rule.
    """
    own = piece.creative.text.limit if piece.creative.text else BEFORE_SHOW_MORE
    found: dict[Row, list[str]] = {}
    for network in piece.networks:
        name = NAMES[network]
        for label, limit, shown, firm in _texts(network, piece):
            most = limit
            rule = ""
            if label == "text" and network is not Network.X:
                most = min(own, limit or own)
                rule = words["rule_480"] if most == BEFORE_SHOW_MORE else ""
            text = rule or _length(words, most, network, firm=firm)
            if shown:
                text += f"; {words.number(shown)} {words['shown']}"
            found.setdefault((words[label], text), []).append(name)
    for (label, text), names in found.items():
        yield f"{', '.join(names)}: {label}", text


def _texts(
    network: Network, piece: Piece
) -> Iterator[tuple[str, int | None, int | None, bool]]:
    """
    Label, limit, length that is shown, and whether the limit is firm.
    """
    cards = bool(piece.creative.cards)
    if network in _META:
        yield "text", None, meta.TEXT_SHOWN.value, True
        if cards:
            yield "card_headline", meta.CARD_HEADLINE.value, None, False
            yield "card_description", meta.CARD_DESCRIPTION.value, None, False
        else:
            yield "headline", meta.HEADLINE.value, None, False
            yield "description", meta.DESCRIPTION.value, None, False
    elif network is Network.LINKEDIN:
        most = linkedin.CAROUSEL_TEXT if cards else linkedin.TEXT
        yield "text", most.value, linkedin.TEXT_SHOWN.value, True
        if cards:
            yield "card_headline", linkedin.CARD_HEADLINE.value, None, True
        else:
            shown = linkedin.HEADLINE_SHOWN.value
            yield "headline", linkedin.HEADLINE.value, shown, True
    elif network is Network.X:
        yield "text", X_TEXT.value, None, True
        yield "headline", x.CARD_TITLE.value, None, False


def _length(words: Wording, most: int | None, network: Network, *, firm: bool) -> str:
    unit = "weighted characters" if network is Network.X and firm else "characters"
    text = f"{words['at_most']} {words.number(most or 0)} {words[unit]}"
    return text if firm else f"{text} ({words['recommended']})"


def post_text_rows(post: Post, words: Wording) -> Iterator[Row]:
    """
    How long a post may be on each of its networks, as the network counts.
    """
    for network in post.networks:
        limit = post_limit(network, post)
        name = words["caption" if limit is TELEGRAM_CAPTION else "post"]
        text = f"{words['at_most']} {words.number(limit.value)} {_unit(limit, words)}"
        yield f"{NAMES[network]}: {name}", text


def _unit(limit: Limit, words: Wording) -> str:
    if limit.unit.startswith("UTF-16"):
        return words["utf16"]
    return words[limit.unit or "characters"]


# -- buttons -----------------------------------------------------------------------


def button_rows(networks: Iterable[Network], words: Wording) -> Iterator[Row]:
    """
    The buttons each network has, as plan files spell them.
    """
    for network in networks:
        found = [cta.value for cta in CTA if _has(network, cta)]
        if found:
            yield f"{NAMES[network]}: {words['buttons']}", ", ".join(found)


def _has(network: Network, cta: CTA) -> bool:
    if network in _META:
        return cta not in meta.NO_SUCH_BUTTON and cta not in meta.BUTTON_NEEDS
    return network is Network.LINKEDIN and cta not in linkedin.NO_SUCH_BUTTON


# -- pictures and films ------------------------------------------------------------


def media_rows(piece: Piece, words: Wording, *, film: bool) -> Iterator[Row]:
    """
    What an ad's pictures or films must be like in each of its places.
    """
    cards = piece.creative.cards
    kind = words["film" if film else "image"]
    seen: dict[Any, list[str]] = {}
    for place in piece.placements:
        spec = ad_spec(place.network, place.position, film=film)
        if cards and not film:
            spec = CARD_PICTURES.get(place.network, spec)
        if spec:
            seen.setdefault(spec, []).append(place_name(place))
    for spec, places in seen.items():
        yield f"{kind}: {', '.join(places)}", spec_text(spec, words)
    for network in piece.networks if cards else ():
        low, high = CARD_COUNTS.get(network, (0, 0))
        if high:
            text = f"{low} {words['to']} {high}; {words['ratio']} 1:1"
            yield f"{NAMES[network]}: {words['cards']}", text


def post_media_rows(post: Post, words: Wording, *, film: bool) -> Iterator[Row]:
    """
    What a post's pictures or films must be like on each of its networks.
    """
    kind = words["film" if film else "image"]
    for network in post.networks:
        text = spec_text(post_spec(network, film=film), words)
        most = f"{words['count']}: {words['at_most']} {POST_MEDIA[network]}"
        yield f"{kind}: {NAMES[network]}", f"{text}; {most}"


def spec_text(spec: MediaSpec, words: Wording) -> str:
    """
    One row of the tables in the reader's language.
    """
    parts = [f"{words['formats']}: {', '.join(f.upper() for f in spec.formats)}"]
    if spec.best:
        best = ", ".join(f"{pixels(p)} ({ratio_of(*p)})" for p in spec.best)
        parts.append(f"{words['best']}: {best}")
    if spec.least > (1, 1):
        parts.append(f"{words['least']}: {pixels(spec.least)}")
    if spec.most > (0, 0):
        parts.append(f"{words['most']}: {pixels(spec.most)}")
    if spec.ratios and spec.ratios[1] < 3:  # noqa: PLR2004 - wider is no advice
        low, high = (ratio_name(ratio, words) for ratio in spec.ratios)
        shown = low if low == high else f"{low} {words['to']} {high}"
        parts.append(f"{words['ratio']}: {shown}")
    parts.append(f"{words['size']}: {words['at_most']} {file_size(spec, words)}")
    if spec.seconds:
        low_s, high_s = (duration(s) for s in spec.seconds)
        parts.append(f"{words['length']}: {low_s} {words['to']} {high_s}")
    if spec.keep_free > (0, 0):
        above, below = spec.keep_free
        parts.append(
            f"{words['keep_free']}: {above}\N{NO-BREAK SPACE}% {words['above']}, "
            f"{below}\N{NO-BREAK SPACE}% {words['below']}"
        )
    return "; ".join(parts)


def pixels(size: tuple[int, int]) -> str:
    """
    Width and height: 1080 × 1920 px.
    """
    return f"{size[0]} \N{MULTIPLICATION SIGN} {size[1]} px"


def ratio_of(width: int, height: int) -> str:
    """
    A ratio in small numbers where it has some: 4:5, 9:16, 1.91:1.
    """
    exact = Fraction(width, height)
    if max(exact.numerator, exact.denominator) <= 16:  # noqa: PLR2004 - as people say it
        return f"{exact.numerator}:{exact.denominator}"
    return f"{float(exact):.2f}:1"


def ratio_name(ratio: Decimal, words: Wording) -> str:
    """
    A ratio of the tables as people say it.
    """
    return _RATIOS.get(ratio) or f"{words.quantity(ratio)}:1"


def file_size(spec: MediaSpec, words: Wording) -> str:
    """
    The largest file, in the largest unit that fits.
    """
    # Networks that count in 1,024s call that a megabyte, too.
    base = 1024 if spec.most_bytes % 1024**2 == 0 else 1000
    for power, unit in ((3, "GB"), (2, "MB"), (1, "kB")):
        if spec.most_bytes >= base**power:
            most = Decimal(spec.most_bytes) / base**power
            whole = most.to_integral_value(rounding="ROUND_DOWN")
            return f"{words.number(whole)} {unit}"
    return f"{spec.most_bytes} B"


def duration(seconds: int) -> str:
    """
    A length people read: 15 s, 2 min, 4 h.
    """
    if seconds >= _HOUR and seconds % _HOUR == 0:
        return f"{seconds // _HOUR} h"
    if seconds >= _MINUTE and seconds % _MINUTE == 0:
        return f"{seconds // _MINUTE} min"
    return f"{seconds} s"
