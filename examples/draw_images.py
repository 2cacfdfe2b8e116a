"""
Draw the pictures of the example plan with nothing but the standard library.

Run it from anywhere: `python examples/draw_images.py` writes `examples/img/*.png`.
Flat shapes on purpose: a picture of 1080 x 1080 then takes a few kilobytes.
"""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Colour = tuple[int, int, int]
    Shape = tuple[Callable[[float, float], float], tuple[float, float, float, float]]

SIZE = 1080
SOFT_STEPS = 6  # shades between two colours at an edge: few, for a small palette

CREAM, PAPER, INK = (246, 238, 224), (255, 251, 243), (62, 39, 28)
BROWN, CARAMEL, AMBER = (122, 59, 16), (190, 128, 70), (226, 170, 92)
PINE, SKY, SNOW, RED = (38, 84, 72), (186, 214, 214), (250, 250, 246), (178, 58, 46)


class Picture:
    """
    A square of colours that shapes are painted onto.
    """

    def __init__(self, background: Colour) -> None:
        self.rows = [[background] * SIZE for _ in range(SIZE)]

    def paint(self, shape: Shape, colour: Colour) -> None:
        """
        Fill a shape; its edge is blended in a few steps.
        """
        distance, (left, top, right, bottom) = shape
        for y in range(max(0, int(top) - 1), min(SIZE, int(bottom) + 2)):
            row = self.rows[y]
            for x in range(max(0, int(left) - 1), min(SIZE, int(right) + 2)):
                cover = 0.5 - distance(x + 0.5, y + 0.5)
                if cover <= 0:
                    continue
                if cover >= 1:
                    row[x] = colour
                    continue
                part = round(cover * SOFT_STEPS) / SOFT_STEPS
                row[x] = _mixed(row[x], colour, part)

    def save(self, path: Path) -> None:
        """
        Write it as a PNG with a palette.
        """
        palette = sorted({pixel for row in self.rows for pixel in row})
        if len(palette) > 256:  # noqa: PLR2004 - what a palette holds
            palette = _merged(palette)
        place = {colour: n for n, colour in enumerate(palette)}
        data = b"".join(
            b"\0" + bytes(place.get(p) or _nearest(p, palette, place) for p in row)
            for row in self.rows
        )
        head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 3, 0, 0, 0)
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + _chunk(b"IHDR", head)
            + _chunk(b"PLTE", b"".join(bytes(colour) for colour in palette))
            + _chunk(b"IDAT", zlib.compress(data, 9))
            + _chunk(b"IEND", b"")
        )


def _mixed(below: Colour, above: Colour, part: float) -> Colour:
    pairs = zip(below, above, strict=True)
    red, green, blue = (round(b + (a - b) * part) for b, a in pairs)
    return red, green, blue


def _merged(palette: list[Colour]) -> list[Colour]:
    """
    At most 256 colours: the closest neighbours become one.
    """
    kept = palette[:1]
    reach = 1
    while True:
        kept = palette[:1]
        for colour in palette[1:]:
            if min(math.dist(colour, one) for one in kept) > reach:
                kept.append(colour)
        if len(kept) <= 256:  # noqa: PLR2004
            return kept
        reach += 1


def _nearest(colour: Colour, palette: list[Colour], place: dict[Colour, int]) -> int:
    if colour not in place:
        place[colour] = place[min(palette, key=lambda one: math.dist(one, colour))]
    return place[colour]


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


# -- shapes: how far a point is outside, and the box they lie in -----------------------


def box(left: float, top: float, right: float, bottom: float, round_: float) -> Shape:
    """
    A rectangle with round corners.
    """
    mid_x, mid_y = (left + right) / 2, (top + bottom) / 2
    half_x, half_y = (right - left) / 2 - round_, (bottom - top) / 2 - round_

    def distance(x: float, y: float) -> float:
        far_x, far_y = abs(x - mid_x) - half_x, abs(y - mid_y) - half_y
        outside = math.hypot(max(far_x, 0), max(far_y, 0))
        return outside + min(max(far_x, far_y), 0) - round_

    return distance, (left, top, right, bottom)


def oval(x0: float, y0: float, wide: float, high: float, turn: float = 0) -> Shape:
    """
    An ellipse, turned by so many degrees.
    """
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    far = max(wide, high)

    def distance(x: float, y: float) -> float:
        dx, dy = x - x0, y - y0
        u, v = (dx * cos + dy * sin) / wide, (dy * cos - dx * sin) / high
        return (math.hypot(u, v) - 1) * min(wide, high)

    return distance, (x0 - far, y0 - far, x0 + far, y0 + far)


def ring(x0: float, y0: float, radius: float, thick: float) -> Shape:
    """
    A circle's line.
    """

    def distance(x: float, y: float) -> float:
        return abs(math.hypot(x - x0, y - y0) - radius) - thick / 2

    far = radius + thick
    return distance, (x0 - far, y0 - far, x0 + far, y0 + far)


def area(*corners: tuple[float, float]) -> Shape:
    """
    A convex area; its corners are given clockwise.
    """
    edges = list(zip(corners, corners[1:] + corners[:1], strict=True))

    def distance(x: float, y: float) -> float:
        return max(
            ((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0))
            / math.dist((x0, y0), (x1, y1))
            for (x0, y0), (x1, y1) in edges
        )

    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return distance, (min(xs), min(ys), max(xs), max(ys))


def wave(x0: float, top: float, bottom: float, swing: float, thick: float) -> Shape:
    """
    A line of steam that rises in a wave.
    """

    def distance(x: float, y: float) -> float:
        if not top <= y <= bottom:
            return math.hypot(x - x0, max(top - y, y - bottom)) - thick / 2
        bend = x0 + swing * math.sin((y - top) / (bottom - top) * 2 * math.pi)
        return (abs(x - bend) - thick / 2) * 0.8

    return distance, (x0 - swing - thick, top, x0 + swing + thick, bottom)


# -- the pictures ----------------------------------------------------------------------


def bean(
    picture: Picture,
    x: float,
    y: float,
    size: float,
    turn: float,
    *,
    light: bool = False,
) -> None:
    """
    A coffee bean with its seam; a light one for dark grounds.
    """
    skin, seam = (AMBER, BROWN) if light else (INK, CARAMEL)
    picture.paint(oval(x, y, size, size * 0.68, turn), skin)
    picture.paint(oval(x, y, size * 0.82, size * 0.07, turn + 8), seam)


def mountains(picture: Picture, dark: Colour, base: float = 720) -> None:
    """
    Two peaks with snow.
    """
    picture.paint(area((760, base - 400), (1200, base), (320, base)), dark)
    picture.paint(area((760, base - 400), (848, base - 320), (672, base - 320)), SNOW)
    picture.paint(area((330, base - 310), (760, base), (-100, base)), dark)
    picture.paint(area((330, base - 310), (400, base - 260), (260, base - 260)), SNOW)


def cup(picture: Picture, x: float, y: float, size: float, colour: Colour) -> None:
    """
    A cup of coffee on a saucer, steaming.
    """
    picture.paint(oval(x, y + size * 0.98, size * 1.35, size * 0.16), INK)
    picture.paint(oval(x, y + size * 0.94, size * 1.35, size * 0.15), PAPER)
    picture.paint(
        ring(x + size * 0.92, y + size * 0.28, size * 0.34, size * 0.15), colour
    )
    picture.paint(box(x - size, y - size * 0.1, x + size, y + size * 0.5, 10), colour)
    picture.paint(oval(x, y + size * 0.45, size * 0.995, size * 0.5), colour)
    picture.paint(oval(x, y - size * 0.1, size, size * 0.2), PAPER)
    picture.paint(oval(x, y - size * 0.09, size * 0.9, size * 0.155), BROWN)
    for shift in (-0.42, 0.0, 0.42):
        line = wave(x + shift * size, y - size * 1.1, y - size * 0.42, 18, 16)
        picture.paint(line, PAPER)


def roast(background: Colour, label: Colour, strength: int) -> Picture:
    """
    A bag of one roast; beans on its label say how dark it is.
    """
    picture = Picture(background)
    picture.paint(oval(540, 965, 330, 36), _mixed(background, INK, 0.3))
    picture.paint(box(270, 170, 810, 960, 46), PAPER)
    picture.paint(box(270, 170, 810, 300, 46), label)
    picture.paint(box(270, 250, 810, 300, 0), label)
    picture.paint(box(300, 225, 780, 237, 6), PAPER)
    picture.paint(box(330, 380, 750, 860, 28), label)
    picture.paint(area((600, 470), (720, 620), (480, 620)), PAPER)
    picture.paint(area((470, 520), (560, 620), (380, 620)), PAPER)
    for n in range(strength):
        x = 540 + (n - (strength - 1) / 2) * 96
        bean(picture, x, 740, 40, -35, light=label in {BROWN, INK})
    return picture


def subscription_box() -> Picture:
    """
    The box with four roasts, open, and a cup beside it.
    """
    picture = Picture(AMBER)
    picture.paint(oval(540, 930, 470, 50), CARAMEL)
    for n, colour in enumerate((RED, PINE, BROWN, INK)):
        left = 190 + n * 128
        picture.paint(box(left, 320 + (n % 2) * 26, left + 112, 700, 18), PAPER)
        picture.paint(box(left, 400 + (n % 2) * 26, left + 112, 560, 0), colour)
    picture.paint(box(150, 560, 740, 920, 16), CARAMEL)
    picture.paint(box(150, 560, 740, 610, 16), BROWN)
    picture.paint(area((440, 680), (540, 820), (340, 820)), PAPER)
    picture.paint(area((545, 730), (612, 820), (478, 820)), PAPER)
    cup(picture, 850, 770, 130, RED)
    for x, y, turn in ((170, 985, 20), (300, 1010, -40), (690, 1000, 10)):
        bean(picture, x, y, 34, turn)
    return picture


def opening() -> Picture:
    """
    Morning in the mountains: the shop is open.
    """
    picture = Picture(SKY)
    picture.paint(oval(820, 230, 110, 110), AMBER)
    mountains(picture, PINE)
    picture.paint(box(-10, 715, 1090, 1090, 0), CREAM)
    picture.paint(box(-10, 860, 1090, 1090, 0), CARAMEL)
    cup(picture, 500, 640, 210, RED)
    for x, y, turn in ((150, 960, 30), (860, 930, -20), (930, 1010, 50)):
        bean(picture, x, y, 40, turn)
    return picture


def office() -> Picture:
    """
    Coffee for the whole team: three cups on one table.
    """
    picture = Picture(PINE)
    picture.paint(box(90, 120, 990, 600, 24), SKY)
    mountains(picture, (74, 122, 110), 600)
    picture.paint(box(-10, 90, 90, 640, 0), PINE)
    picture.paint(box(990, 90, 1090, 640, 0), PINE)
    picture.paint(box(-10, 600, 1090, 640, 0), PINE)
    picture.paint(box(70, 90, 1010, 130, 10), PAPER)
    picture.paint(box(-10, 880, 1090, 1090, 0), CARAMEL)
    for x, colour in ((230, RED), (540, PAPER), (850, AMBER)):
        cup(picture, x, 770, 105, colour)
    return picture


def logo() -> Picture:
    """
    The brand's mark: a peak inside a bean.
    """
    picture = Picture(PAPER)
    picture.paint(oval(540, 540, 420, 420), BROWN)
    picture.paint(area((600, 300), (830, 680), (370, 680)), PAPER)
    picture.paint(area((420, 440), (570, 680), (270, 680)), PAPER)
    picture.paint(box(250, 720, 830, 752, 16), PAPER)
    return picture


def main() -> None:
    """
    Write all pictures beside this script.
    """
    folder = Path(__file__).parent / "img"
    pictures = {
        "roast-light": roast(AMBER, RED, 1),
        "roast-medium": roast(SKY, PINE, 2),
        "roast-dark": roast(CARAMEL, BROWN, 3),
        "roast-espresso": roast(CREAM, INK, 4),
        "box": subscription_box(),
        "opening": opening(),
        "office": office(),
        "logo": logo(),
    }
    for name, picture in pictures.items():
        path = folder / f"{name}.png"
        picture.save(path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
