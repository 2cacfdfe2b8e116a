"""
Where ads are shown: platforms, positions, and which of them need one another.

Source: Marketing API placement targeting, 2026-09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import GraphError, invalid
from smmlib.sandbox.meta._tables import PLACEMENTS, PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEED_FEED = ("marketplace", "search", "profile_feed", "notification")


def check_placements(spec: dict[str, Any]) -> None:
    """
    Refuse placements that do not exist or cannot stand alone.
    """
    platforms = set(spec.get("publisher_platforms", ()))
    _known(platforms, PLATFORMS, "publisher_platforms")
    for key, allowed in PLACEMENTS.items():
        _known(spec.get(key, ()), allowed, key)
    for key in PLACEMENTS:
        platform = key.removesuffix("_positions")
        if spec.get(key) and platforms and platform not in platforms:
            raise _bad(key, f"{key} needs {platform} among publisher_platforms.")
    if platforms == {"audience_network"}:
        raise _bad("publisher_platforms", "audience_network cannot stand alone.")
    _check_threads(spec, platforms)
    _check_facebook(spec, platforms)
    _check_messenger(spec, platforms)
    _check_devices(spec, platforms)


def networks_of(spec: dict[str, Any]) -> tuple[str, ...]:
    """
    Facebook and Instagram as far as a spec reaches them; the others carry no ads here.
    """
    platforms = spec.get("publisher_platforms") or ["facebook", "instagram"]
    return tuple(name for name in ("facebook", "instagram") if name in platforms)


def _bad(key: str, text: str) -> GraphError:
    return invalid(("targeting", key), text)


def _known(values: Iterable[str], allowed: frozenset[str], key: str) -> None:
    for value in values:
        if value not in allowed:
            raise _bad(key, f"{value!r} is not one of {', '.join(sorted(allowed))}.")


def _has(spec: dict[str, Any], platforms: set[str], platform: str, place: str) -> bool:
    if platforms and platform not in platforms:
        return False
    chosen = spec.get(f"{platform}_positions")
    return not chosen or place in chosen


def _check_threads(spec: dict[str, Any], platforms: set[str]) -> None:
    if "threads" in platforms and not _has(spec, platforms, "instagram", "stream"):
        raise _bad("threads_positions", "Threads needs the Instagram stream.")
    if "whatsapp" in platforms and not _has(spec, platforms, "instagram", "story"):
        raise _bad("whatsapp_positions", "WhatsApp status needs Instagram story.")


def _check_facebook(spec: dict[str, Any], platforms: set[str]) -> None:
    chosen = set(spec.get("facebook_positions", ()))
    if not chosen or (platforms and "facebook" not in platforms):
        return
    for place in _NEED_FEED:
        if place in chosen and "feed" not in chosen:
            raise _bad("facebook_positions", f"{place} needs feed.")
    if chosen == {"story"}:
        instagram_story = "instagram" in platforms and _has(
            spec, platforms, "instagram", "story"
        )
        if not instagram_story:
            raise _bad("facebook_positions", "story alone needs Instagram story.")


def _check_messenger(spec: dict[str, Any], platforms: set[str]) -> None:
    chosen = set(spec.get("messenger_positions", ()))
    if "sponsored_messages" in chosen and (
        platforms - {"messenger"} or len(chosen) > 1
    ):
        raise _bad("messenger_positions", "sponsored_messages excludes all others.")
    if "messenger" in platforms and chosen == {"story"}:
        feed = "facebook" in platforms and _has(spec, platforms, "facebook", "feed")
        story = "instagram" in platforms and _has(spec, platforms, "instagram", "story")
        if not (feed or story):
            raise _bad("messenger_positions", "story needs feed or Instagram story.")


def _check_devices(spec: dict[str, Any], platforms: set[str]) -> None:
    devices = set(spec.get("device_platforms", ()))
    if platforms == {"instagram"} and devices == {"desktop"}:
        raise _bad("device_platforms", "Instagram is not shown on desktop alone.")
