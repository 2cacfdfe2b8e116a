"""
The brand's colours, font and logo, made safe and readable on light and dark pages.
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from smmlib.report._view import BrandView

if TYPE_CHECKING:
    from smmlib.model import Image, MediaPlan

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
# What stands in a style sheet is never escaped, so only harmless names get there.
_FONT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,59}\Z")
_LARGEST_LOGO = 300_000
_TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_PLAIN = ("#2f5fd0", "#0f8a78")
LIGHT, DARK = "#ffffff", "#1d2026"
_VISIBLE = 3.2  # WCAG 2.2 asks 3:1 for shapes that carry meaning


@attrs.frozen
class Palette:
    """
    Two colours for shapes, visible on one background.
    """

    accent: str
    second: str


def brand_of(plan: MediaPlan) -> BrandView:
    """
    Whose report it is; the logo is read from beside the plan's file, if it is there.
    """
    brand = plan.strategy.brand if plan.strategy else None
    if brand is None:
        return BrandView()
    style = brand.style
    if style is None:
        return BrandView(brand.name, brand.advertiser)
    return BrandView(
        brand.name,
        brand.advertiser,
        colours=style.colours,
        fonts=style.fonts,
        logo=_logo(style.logo, plan),
    )


def _logo(image: Image | None, plan: MediaPlan) -> str:
    """
    The logo as data inside the page: a report makes no request, so links stay out.
    """
    if image is None or "://" in image.path or plan.source is None:
        return ""
    path = Path(plan.source.file).parent / image.path
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_LOGO else b""
    except OSError:
        return ""  # the page shows the brand's name instead
    kind = next((kind for mark, kind in _TYPES if data.startswith(mark)), "")
    return f"data:{kind};base64,{b64encode(data).decode()}" if kind else ""


def palette(colours: tuple[str, ...], background: str) -> Palette:
    """
    The brand's first two colours, moved until they can be seen on a background.
    """
    safe = [colour for colour in colours if _COLOUR.match(colour)]
    first, second = [*safe, *_PLAIN[len(safe) :]][:2]
    return Palette(visible(first, background), visible(second, background))


def font_stack(fonts: tuple[str, ...]) -> str:
    """
    The brand's fonts and what to use where a reader has none of them.
    """
    named = [f'"{font}"' for font in fonts if _FONT.match(font)]
    usual = ["system-ui", "-apple-system", '"Segoe UI"', "Roboto", "sans-serif"]
    return ", ".join([*named, *usual])


def visible(colour: str, background: str) -> str:
    """
    The colour, made darker or lighter until it stands out from the background.
    """
    end = "#000000" if _light(background) > _light("#777777") else "#ffffff"
    mixed = colour
    for step in range(1, 21):
        if contrast(mixed, background) >= _VISIBLE:
            break
        mixed = _mix(colour, end, step / 20)
    return mixed


def contrast(one: str, other: str) -> float:
    """
    Contrast of two colours as WCAG computes it, from 1 to 21.
    """
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(one: str, other: str, part: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _light(colour: str) -> float:
    """
    Relative luminance (WCAG 2.2, definition of 2023).
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
