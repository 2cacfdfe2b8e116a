"""
What plan files write shorter than the classes behind it, in both directions.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs

from smmlib import model
from smmlib.codec import _scalars as scalars
from smmlib.codec._context import NOTHING, Context, UnreadableError
from smmlib.codec._yaml import Plain
from smmlib.model import kpi
from smmlib.model._checks import did_you_mean, one_of, refuse
from smmlib.model._place import country_code
from smmlib.model._response import RESPONSES
from smmlib.model._words import as_network

if TYPE_CHECKING:
    from cattrs import Converter

    from smmlib.codec._hooks import Hook

LONE: dict[type, str] = {
    model.Ad: "creative",
    model.AdText: "text",
    model.Image: "path",
    model.Video: "path",
    model.Place: "country",
    model.NamePattern: "template",
}
"""
Classes that a lone text stands for, and the field it is: `image: img/a.jpg`.
"""

_DAYS = re.compile(r"([0-9]{1,4}) days?\Z")
_FILMS = (".mp4", ".mov", ".m4v", ".webm", ".avi", ".mkv")


def is_text_or_class(kind: Any) -> bool:
    """
    Whether a type is "a key, or the thing itself".
    """
    args = get_args(kind)
    return get_origin(kind) is types.UnionType and str in args and len(args) > 1


def blamed(cls: type, path: str) -> str:
    """
    The key of the field a constructor's refusal names.
    """
    head = re.split(r"[.\[]", path, maxsplit=1)[0]
    return head.removeprefix("utm_") if cls is model.Utm else head


# -- short forms of a whole value --------------------------------------------------


@attrs.frozen
class _Counted:
    """
    An amount of a file beside the name of the KPI that says how it is counted.
    """

    kpi: Any
    raw: Any


def _with_kpi(*keys: str) -> Callable[[Any], Any]:
    """
    Put the KPI's name beside the amounts of a mapping.
    """

    def expand(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        name = value.get("kpi")
        return {
            key: _Counted(name, raw) if key in keys and raw is not None else raw
            for key, raw in value.items()
        }

    return expand


def _counted(value: Any, _: Any) -> Any:
    scalars.percent_fits(value.kpi, value.raw)
    return scalars.amount(value.raw)


def _known_people(value: Any) -> Any:
    """
    `{site_visitors: 30 days}` as the fields of a `CustomAudience`.
    """
    if isinstance(value, str):
        value = {value: None}
    if not isinstance(value, dict):
        scalars.wrong_type(value, "a mapping such as {site_visitors: 30 days}")
    if "kind" in value or len(value) != 1:
        return value
    ((word, detail),) = value.items()
    kind = one_of("", model.RetargetKind, str(word)).value
    if isinstance(detail, dict):
        return {"kind": kind, **detail}
    days = _DAYS.match(detail) if isinstance(detail, str) else None
    if days:
        return {"kind": kind, "days": Plain(days.group(1))}
    return {"kind": kind, "source": detail}


def _short_people(found: dict[str, Any]) -> dict[str, Any]:
    """
    The fields of a `CustomAudience` as `{site_visitors: 30 days}`.
    """
    kind = found.pop("kind")
    if list(found) == ["days"]:
        return {kind: Plain(f"{found['days']} days")}
    if list(found) == ["source"] and not _DAYS.match(found["source"]):
        return {kind: found["source"]}
    return {kind: found}


EXPAND: dict[type, Callable[[Any], Any]] = {
    model.CustomAudience: _known_people,
    model.Goal: _with_kpi("target", "baseline"),
    model.Guardrail: _with_kpi("limit"),
    model.KPITarget: _with_kpi("target"),
}
"""
Short forms that become a mapping of the class's fields first.
"""

SHRINK: dict[type, Callable[[dict[str, Any]], Any]] = {
    model.CustomAudience: _short_people
}
"""
The way back.
"""


# -- reading -----------------------------------------------------------------------


def readers(cls: type, converter: Converter, context: Context) -> dict[str, Hook]:
    """
    Fields of a class that are written in a shape of their own.
    """
    table: dict[type, Callable[[Converter, Context], dict[str, Hook]]] = {
        model.AdCampaign: lambda _, c: {"special_ad_countries": _listed(_country, c)},
        model.AdSet: _ad_set_readers,
        model.Audience: _audience_readers,
        model.Creative: _creative_readers,
        model.Goal: lambda _, __: {"target": _counted, "baseline": _counted},
        model.Guardrail: lambda _, __: {"limit": _counted},
        model.KPITarget: lambda _, __: {"target": _counted},
        model.LineItem: _line_readers,
        model.NamePattern: _pattern_readers,
        model.Post: _post_readers,
    }
    return table[cls](converter, context) if cls in table else {}


def _country(value: Any, _: Any) -> str:
    return country_code(scalars.text(value))


def _expectation(pair: Any, _: Any) -> Any:
    name, raw = pair
    kpi(name)
    return _counted(_Counted(name, raw), None)


def _line_readers(converter: Converter, context: Context) -> dict[str, Hook]:
    curves = {
        word: converter.get_structure_hook(kind) for word, kind in RESPONSES.items()
    }

    def read_curve(pair: Any, _: Any) -> Any:
        name, raw = pair
        kpi(name)
        if not isinstance(raw, dict) or len(raw) != 1:
            scalars.wrong_type(
                raw, "one curve", "write {hill: {most: 900, half: 8000}}"
            )
        ((word, fields),) = raw.items()
        if word not in curves:
            refuse(
                "",
                f"unknown response curve {str(word)[:40]!r}",
                code="enum.unknown",
                value=str(word)[:40],
                expected=", ".join(curves),
                hint=did_you_mean(str(word), curves),
            )
        found = context.part(word, fields, curves[word], RESPONSES[word])
        if found is NOTHING:
            raise UnreadableError
        return found

    return {
        "expect": _mapped(_expectation, context),
        "response": _mapped(read_curve, context),
    }


def _listed(read: Hook, context: Context) -> Hook:
    """
    A list whose items are read by one hook, each under its own place.
    """

    def read_list(value: Any, kind: Any) -> Any:
        if not isinstance(value, list):
            scalars.wrong_type(value, "a list", "write [...]")
        found = [
            context.part(f"[{place}]", item, read, kind)
            for place, item in enumerate(value)
        ]
        if any(part is NOTHING for part in found):
            raise UnreadableError
        return tuple(found)

    return read_list


def _mapped(read: Hook, context: Context) -> Hook:
    """
    A mapping whose pairs of key and value are read by one hook; wrong ones are
    left out.
    """

    def read_map(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            scalars.wrong_type(value, "a mapping", "write key: value pairs")
        found = {}
        for key, raw in value.items():
            part = context.part(key, (key, raw), read, kind)
            if part is NOTHING:
                context.drop(context.here(key))
            else:
                found[key] = part
        return found

    return read_map


def _ad_set_readers(converter: Converter, context: Context) -> dict[str, Hook]:
    by_key = converter.get_structure_hook(model.FrozenMap[model.Ad])
    listed = _listed(lambda value, _: model.Ad(scalars.text(value)), context)

    def read_ads(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            return by_key(value, model.FrozenMap[model.Ad])
        ads = {ad.creative: ad for ad in listed(value, None)}
        if len(ads) != len(value):
            refuse(
                "",
                "the same creative is listed twice",
                code="list.repeated",
                value=", ".join(str(item) for item in value),
                expected="each creative once",
                hint="give the ads keys of their own: {one: {creative: a}, two: ...}",
            )
        return ads

    return {"ads": read_ads}


def _audience_readers(converter: Converter, context: Context) -> dict[str, Hook]:
    people = converter.get_structure_hook(model.CustomAudience)
    listed = _listed(people, context)
    by_kind = _mapped(lambda pair, kind: people(dict([pair]), kind), context)

    def read_retarget(value: Any, kind: Any) -> Any:
        if isinstance(value, str) or (isinstance(value, dict) and "kind" in value):
            return (people(value, kind),)
        if isinstance(value, dict):
            return tuple(by_kind(value, kind).values())
        return listed(value, kind)

    return {"retarget": read_retarget}


def _creative_readers(converter: Converter, context: Context) -> dict[str, Hook]:
    variant = converter.get_structure_hook(model.TextVariant)
    listed = _listed(variant, context)

    def one(pair: Any, kind: Any) -> Any:
        language, raw = pair
        fields = raw if isinstance(raw, dict) else {"text": raw}
        return variant({"language": language, **fields}, kind)

    by_language = _mapped(one, context)

    def read_variants(value: Any, kind: Any) -> Any:
        if isinstance(value, dict):
            return tuple(by_language(value, kind).values())
        return listed(value, kind)

    return {"variants": read_variants}


def _pattern_readers(converter: Converter, _: Context) -> dict[str, Hook]:
    kind = model.FrozenMap[tuple[str, ...]]
    hook = converter.get_structure_hook(kind)
    return {"allowed": lambda value, _: dict(hook(value, kind))}


def _post_readers(converter: Converter, context: Context) -> dict[str, Hook]:
    image = converter.get_structure_hook(model.Image)
    video = converter.get_structure_hook(model.Video)

    def read_medium(value: Any, _: Any) -> Any:
        if isinstance(value, str):
            film = value.lower().endswith(_FILMS)
            return video(value, None) if film else image(value, None)
        for name, hook in (("image", image), ("video", video)):
            if isinstance(value, dict) and name in value:
                rest = {key: raw for key, raw in value.items() if key != name}
                return hook({"path": value[name], **rest}, None)
        return scalars.wrong_type(
            value, "a path, {image: path} or {video: path}", "write media: [img/a.jpg]"
        )

    variants = _mapped(_network_text, context)
    return {
        "media": _listed(read_medium, context),
        "variants": lambda value, kind: {
            as_network(key).value: text for key, text in variants(value, kind).items()
        },
    }


def _network_text(pair: Any, _: Any) -> str:
    network, raw = pair
    as_network(network)
    return scalars.text(raw)


# -- writing -----------------------------------------------------------------------


def writers(cls: type, converter: Converter) -> dict[str, Callable[[Any], Any]]:
    """
    Fields of a class that are written in a shape of their own; each takes the whole.
    """
    write = converter.unstructure
    table: dict[type, dict[str, Callable[[Any], Any]]] = {
        model.AdSet: {"ads": lambda it: _written_ads(it.ads, write)},
        model.Audience: {"retarget": lambda it: _written_people(it.retarget, write)},
        model.Creative: {"variants": lambda it: _written_variants(it.variants, write)},
        model.Goal: {
            "target": lambda it: scalars.amount_text(it.kpi, it.target),
            "baseline": lambda it: scalars.amount_text(it.kpi, it.baseline),
        },
        model.Guardrail: {"limit": lambda it: scalars.amount_text(it.kpi, it.limit)},
        model.KPITarget: {"target": lambda it: scalars.amount_text(it.kpi, it.target)},
        model.LineItem: {
            "expect": _written_expect,
            "response": lambda it: _written_curves(it.response, write),
        },
        model.NamePattern: {"allowed": _written_allowed},
        model.Post: {"media": lambda it: [_written_medium(m, write) for m in it.media]},
    }
    return table.get(cls, {})


def _written_ads(ads: Any, write: Callable[[Any], Any]) -> Any:
    short = all(ad == model.Ad(key) for key, ad in ads.items())
    return list(ads) if short else {key: write(ad) for key, ad in ads.items()}


def _written_people(people: Any, write: Callable[[Any], Any]) -> Any:
    found = [write(one) for one in people]
    return found[0] if len(found) == 1 else found


def _written_variants(variants: Any, write: Callable[[Any], Any]) -> Any:
    if len({v.language for v in variants}) != len(variants):
        return [write(variant) for variant in variants]
    found = {}
    for variant in variants:
        fields = write(variant)
        language = fields.pop("language")
        lone = list(fields) == ["text"] and isinstance(fields["text"], str)
        found[language] = fields["text"] if lone else fields
    return found


def _written_expect(line: Any) -> dict[str, Any]:
    return {
        name: scalars.amount_text(name, amount) for name, amount in line.expect.items()
    }


def _written_curves(curves: Any, write: Callable[[Any], Any]) -> dict[str, Any]:
    words = {kind: word for word, kind in RESPONSES.items()}
    return {name: {words[type(one)]: write(one)} for name, one in curves.items()}


def _written_allowed(pattern: Any) -> dict[str, Any]:
    return {slot: list(values) for slot, values in pattern.allowed.items()}


def _written_medium(medium: Any, write: Callable[[Any], Any]) -> Any:
    video = isinstance(medium, model.Video)
    found = write(medium)
    if isinstance(found, str):
        if video is found.lower().endswith(_FILMS):
            return found
        found = {"path": found}
    return {"video" if video else "image": found.pop("path"), **found}
