"""
A look at a plan's pictures and films before a launch: they are there, are what they
say, and what their networks take. Files beside the plan only; nothing is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.errors import Issue
from smmlib.model import Image, PostState
from smmlib.workspace._media_fit import Places, misfits
from smmlib.workspace._media_read import MediaFacts, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.model import Card, Creative, MediaPlan, Video

_PICTURE, _FILM = ("png", "jpeg", "gif", "webp"), ("mp4", "mov")
_KINDS, _FILMS = "PNG, JPEG, GIF or WebP", "MP4 or MOV"
_OVER = (PostState.PUBLISHED, PostState.ARCHIVED)


def media_issues(plan: MediaPlan, folder: str | Path = "") -> Iterator[Issue]:
    """
    Pictures and films that are missing, are none, or do not fit their networks.

    Paths start from the given folder; without one from that of the plan's file, or from
    the current one for a plan that was built in Python.
    """
    root = Path(folder or media_folder(plan))
    seen: dict[tuple[str, bool], tuple[str, str, str] | MediaFacts] = {}
    places = Places(plan)
    for path, medium in _media(plan):
        film = not isinstance(medium, Image)
        key = (medium.path, film)
        if "://" in medium.path:
            continue
        if key not in seen:
            seen[key] = _problem(root, medium.path, film=film)
        for issue in _issues(path, medium.path, seen[key], places, film=film):
            yield plan.source.place(issue) if plan.source else issue


def _issues(
    path: str,
    name: str,
    found: tuple[str, str, str] | MediaFacts,
    places: Places,
    *,
    film: bool,
) -> Iterator[Issue]:
    """
    A file that is not there or is none; else what its networks would not take.
    """
    if isinstance(found, tuple):
        code, message, hint = found
        limit = f"{_FILMS if film else _KINDS}, in the plan's folder"
        yield Issue(path, code, message, value=name, limit=limit, hint=hint)
        return
    said: set[tuple[str, object]] = set()
    for wanted in places.wanted(path, film=film):
        for issue in misfits(path, name, found, wanted):
            if (issue.code, issue.limit) not in said:
                said.add((issue.code, issue.limit))
                yield issue


def media_folder(plan: MediaPlan) -> str:
    """
    The folder of the plan's file, or the current one for a plan built in Python.
    """
    return str(Path(plan.source.file).parent) if plan.source else "."


def _media(plan: MediaPlan) -> Iterator[tuple[str, Image | Video]]:
    for key, creative in plan.creatives.items():
        yield from _shown(f"creatives.{key}", creative)
        for place, card in enumerate(creative.cards):
            yield from _shown(f"creatives.{key}.cards[{place}]", card)
    for key, post in plan.posts.items():
        if post.state not in _OVER:
            for place, medium in enumerate(post.media):
                yield from _with_still(f"posts.{key}.media[{place}]", medium)


def _shown(path: str, thing: Creative | Card) -> Iterator[tuple[str, Image | Video]]:
    if thing.image:
        yield f"{path}.image", thing.image
    if thing.video:
        yield from _with_still(f"{path}.video", thing.video)


def _with_still(
    path: str, medium: Image | Video
) -> Iterator[tuple[str, Image | Video]]:
    yield path, medium
    if not isinstance(medium, Image) and medium.thumbnail:
        yield f"{path}.thumbnail", medium.thumbnail


def _problem(root: Path, name: str, *, film: bool) -> tuple[str, str, str] | MediaFacts:
    """
    Code, message and hint; the facts of a file that is what it should be.
    """
    folder = root.resolve()
    what = "film" if film else "picture"
    try:
        file = (folder / name).resolve()
        if not file.is_relative_to(folder):
            return (
                "media.path",
                f"{name} leads out of the plan's folder",
                f"copy it into {folder}",
            )
        if not file.is_file():
            return (
                "media.missing",
                f"there is no {what} {name}",
                f"put it into {folder}, or correct the path",
            )
        with file.open("rb") as opened:
            facts = measured(opened)
    except (OSError, ValueError) as error:
        return (
            "media.missing",
            f"the {what} {name} cannot be read: {error}",
            f"put a readable one into {folder}",
        )
    if facts.kind in (_FILM if film else _PICTURE):
        return facts
    kinds = _FILMS if film else _KINDS
    ending = "MP4 with H.264" if film else "PNG or JPEG"
    return (
        "media.format",
        f"{name} is no {kinds}, whatever its name says",
        f"save it as {ending} in {folder}",
    )
