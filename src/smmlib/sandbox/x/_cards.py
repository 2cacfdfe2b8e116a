"""
Cards: picture or film, title and destination of a post.

Source: X Ads API, cards reference and carousel guide, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, missing, not_modelled, refuse
from smmlib.sandbox.x._media import kind_of, known_media
from smmlib.sandbox.x._resources import Resource

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

_LABELS = ("BOOK", "CONNECT", "INSTALL", "OPEN", "ORDER", "PLAY", "SHOP")
_FEWEST, _MOST = 2, 6
_LONGEST_NAME = 80
_APP_IDS = ("googleplay_app_id", "ios_app_store_identifier")
_MEDIA_TYPES = ("MEDIA", "SWIPEABLE_MEDIA")

Component = dict[str, Any]


def render(_ctx: Context, record: Record) -> dict[str, Any]:
    """
    The card as X tells it.
    """
    told = {
        "id": record.id,
        "name": record.data["name"],
        "card_type": record.data["card_type"],
        "card_uri": f"card://{record.id}",
        **dates(record),
    }
    for name in ("components", "slides"):
        if record.data[name] is not None:
            told[name] = record.data[name]
    return told


def _by_uri(ctx: Context, record: Record) -> bool:
    wanted = ctx.params.get("card_uris")
    return wanted is None or f"card://{record.id}" in wanted


CARDS = Resource(
    "card",
    "card_id",
    "CARD_NOT_FOUND",
    render,
    filters={"card_id": "id", "card_ids": "id", "card_types": "card_type"},
    sortable=("name",),
    condition=_by_uri,
)


def create(ctx: Context) -> Result:
    """
    Create a card of components, or of slides with destinations of their own.
    """
    data = _judged(ctx, _body(ctx))
    record = ctx.store.add("card", ctx.account.id, data, ctx.now)
    return Result(render(ctx, record))


def update(ctx: Context) -> Result:
    """
    Replace name, components or slides.
    """
    record = CARDS.one(ctx)
    body = _body(ctx)
    kept = {name: record.data[name] for name in ("name", "components", "slides")}
    ctx.store.touch(record, ctx.now, _judged(ctx, {**kept, **body}))
    return Result(render(ctx, record))


def by_uri(ctx: Context) -> Result:
    """
    Cards of any kind by their URIs.
    """
    found = []
    for uri in ctx.params["card_uris"]:
        record = ctx.store.get("card", uri.removeprefix("card://"))
        if record is None or record.account != ctx.account.id:
            raise refuse("CARD_NOT_FOUND", f"Card {uri} was not found", value=uri)
        if not record.deleted or ctx.params.get("with_deleted"):
            found.append(render(ctx, record))
    return Result(found)


def _body(ctx: Context) -> dict[str, Any]:
    if not isinstance(ctx.body, dict):
        raise invalid("", "The body must be a JSON object")
    return {
        key: ctx.body[key]
        for key in ("name", "components", "slides")
        if key in ctx.body
    }


def _judged(ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise missing("name")
    if len(name) > _LONGEST_NAME:
        raise invalid("name", f"At most {_LONGEST_NAME} characters", len(name))
    components, slides = body.get("components"), body.get("slides")
    if (components is None) == (slides is None):
        code = "MISSING_PARAMETER" if components is None else "EXCLUSIVE_PARAMETERS"
        text = 'One of "components" and "slides" is needed'
        raise refuse(code, text, parameter="components")
    if components is not None:
        kind = _card_type(ctx, _parts(components, "components"))
    else:
        kind = _slides_type(ctx, slides)
    return {"name": name, "components": components, "slides": slides, "card_type": kind}


def _parts(value: Any, name: str) -> list[Component]:
    if not isinstance(value, list) or not value:
        raise invalid(name, f"{name} must be a list of objects")
    if not all(isinstance(part, dict) for part in value):
        raise invalid(name, f"{name} must be a list of objects")
    return value


def _card_type(ctx: Context, parts: list[Component]) -> str:
    """
    The type that follows from what a card is made of.
    """
    media, *rest = parts
    kinds = _media_kinds(ctx, media)
    if len(rest) != 1:
        text = "A media component is followed by one DETAILS or BUTTON component"
        raise invalid("components", text)
    target = _destination(rest[0])
    if media["type"] == "MEDIA":
        return f"{'VIDEO' if kinds == {'VIDEO'} else 'IMAGE'}_{target}"
    if len(kinds) > 1:
        return f"MIXED_MEDIA_SINGLE_DEST_CAROUSEL_{target}"
    return f"{'VIDEO' if kinds == {'VIDEO'} else 'IMAGE'}_CAROUSEL_{target}"


def _media_kinds(ctx: Context, media: Component) -> set[str]:
    kind = media.get("type")
    if kind not in _MEDIA_TYPES:
        text = f"The first component must be one of {', '.join(_MEDIA_TYPES)}"
        raise refuse("UNKNOWN_CARD_TYPE", text, parameter="components", value=str(kind))
    keys = (
        media.get("media_keys")
        if kind == "SWIPEABLE_MEDIA"
        else [media.get("media_key")]
    )
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise missing("media_keys" if kind == "SWIPEABLE_MEDIA" else "media_key")
    if kind == "SWIPEABLE_MEDIA" and not _FEWEST <= len(keys) <= _MOST:
        raise invalid("media_keys", f"Expected {_FEWEST} to {_MOST} keys", len(keys))
    found = set()
    for key in keys:
        record = known_media(ctx.store, key)
        if record is None:
            text = f"Media {key[:40]} was not found"
            raise refuse("MEDIA_NOT_FOUND", text, parameter="media_key")
        found.add("VIDEO" if kind_of(record) == "VIDEO" else "IMAGE")
    return found


def _destination(part: Component) -> str:
    kind, target = part.get("type"), part.get("destination")
    if kind not in {"DETAILS", "BUTTON"}:
        text = f"{kind} is no component of this card"
        raise refuse("UNKNOWN_CARD_TYPE", text, parameter="components", value=str(kind))
    if not isinstance(target, dict):
        raise missing("destination")
    if kind == "DETAILS":
        if not isinstance(part.get("title"), str) or not part["title"]:
            raise missing("title")
        if target.get("type") != "WEBSITE":
            raise not_modelled(
                f"DETAILS with a destination of type {target.get('type')}"
            )
        _check_url(target.get("url"))
        return "WEBSITE"
    _check_button(part, target)
    return "APP"


def _check_button(part: Component, target: Component) -> None:
    label = part.get("label")
    if not isinstance(label, dict) or label.get("value") not in _LABELS:
        raise invalid("label", f"Expected one of {', '.join(_LABELS)}")
    if target.get("type") != "APP":
        raise not_modelled(f"BUTTON with a destination of type {target.get('type')}")
    if not isinstance(target.get("country_code"), str):
        raise missing("country_code")
    if not any(isinstance(target.get(name), str) for name in _APP_IDS):
        raise missing(_APP_IDS[0], f" or {_APP_IDS[1]}")


def _check_url(url: Any) -> None:
    if not isinstance(url, str):
        raise missing("url")
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise invalid("url", "Expected a web address", url[:80]) from error
    if split.scheme not in {"http", "https"} or not split.netloc:
        raise invalid("url", "Expected a web address", url[:80])


def _slides_type(ctx: Context, slides: Any) -> str:
    """
    Several destinations: each slide is a list of its own components.
    """
    if not isinstance(slides, list) or not _FEWEST <= len(slides) <= _MOST:
        raise invalid("slides", f"Expected {_FEWEST} to {_MOST} slides")
    kinds: set[str] = set()
    for slide in slides:
        media, *rest = _parts(slide, "slides")
        if media.get("type") != "MEDIA":
            raise invalid("slides", "A slide begins with a MEDIA component")
        kinds |= _media_kinds(ctx, media)
        if len(rest) != 1 or _destination(rest[0]) != "WEBSITE":
            raise invalid("slides", "A slide has one DETAILS component with a website")
    if len(kinds) > 1:
        return "MIXED_MEDIA_MULTI_DEST_CAROUSEL_WEBSITE"
    return f"{kinds.pop()}_MULTI_DEST_CAROUSEL_WEBSITE"
