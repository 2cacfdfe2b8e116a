"""
How long the texts of an ad may be: the review holds them to it, the API does not.

Source: LinkedIn's ad specifications per format, checked 2026-08. Which words a review
uses is the simulation's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

INTRODUCTION = {"STANDARD_UPDATE": 600, "SINGLE_VIDEO": 600, "CAROUSEL": 255}
HEADLINE, DESCRIPTION, CARD_HEADLINE, ADDRESS = 200, 300, 45, 2_000
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


def too_long(post: dict[str, Any], form: str) -> list[str]:
    """
    What of a post is longer than its format allows, in words.
    """
    return [
        f"{name} has {len(text)} characters, at most {most}"
        for name, text, most in _texts(post, form)
        if len(text) > most
    ]


def _texts(post: dict[str, Any], form: str) -> Iterator[tuple[str, str, int]]:
    seen = _ESCAPED.sub(r"\1", post["commentary"])
    yield "introductory text", seen, INTRODUCTION.get(form, 600)
    yield "destination URL", post.get("contentLandingPage", ""), ADDRESS
    content = post.get("content", {})
    article, media = content.get("article", {}), content.get("media", {})
    yield "headline", media.get("title", "") or article.get("title", ""), HEADLINE
    yield "description", article.get("description", ""), DESCRIPTION
    yield "destination URL", article.get("source", ""), ADDRESS
    for place, card in enumerate(content.get("carousel", {}).get("cards", ()), 1):
        title = card["media"].get("title", "")
        yield f"headline of card {place}", title, CARD_HEADLINE
        yield f"destination URL of card {place}", card["landingPage"], ADDRESS
