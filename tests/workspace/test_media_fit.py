"""
Pictures and films are measured before they are uploaded, and held to their networks.
"""

from __future__ import annotations

import struct
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smmlib
from _cli import copy_example
from smmlib.model import Creative, Image, Network, Placement, Position, Post, Video
from smmlib.rules._media_tables import (
    AD_FILMS,
    AD_PICTURES,
    CARD_PICTURES,
    POST_FILMS,
    POST_PICTURES,
)
from smmlib.workspace._media_read import measured

_IMAGES = Path(__file__).parents[2] / "examples" / "img"


def _png(width, height, more=b""):
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + more


def _gif(width, height):
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(8)


def _jpeg(width, height):
    quiet = b"\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xfe\x00\x06abcd"
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)
    return b"\xff\xd8" + quiet + b"\xff" + frame


def _webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + size


def _box(name, content):
    return struct.pack(">I4s", 8 + len(content), name) + content


def _film(width, height, seconds, *, brand=b"mp42", turned=False, wide=False):
    if wide:
        length = struct.pack(">IQ", 1000, int(seconds * 1000))
        head = _box(b"mvhd", b"\x01\0\0\0" + bytes(16) + length + bytes(80))
    else:
        length = struct.pack(">II", 600, int(seconds * 600))
        head = _box(b"mvhd", bytes(12) + length + bytes(80))
    one = 0x10000
    plain = (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    matrix = (0, one, 0, -one, 0, 0, 0, 0, 1 << 30) if turned else plain
    sides = (height, width) if turned else (width, height)
    track = bytes(40) + struct.pack(">9i", *matrix)
    track += struct.pack(">II", sides[0] << 16, sides[1] << 16)
    sound = bytes(40) + struct.pack(">9i", *matrix) + bytes(8)
    tracks = _box(b"trak", _box(b"tkhd", sound)) + _box(b"trak", _box(b"tkhd", track))
    # As cameras write it: the description comes behind the pictures.
    return (
        _box(b"ftyp", brand + bytes(8))
        + _box(b"mdat", bytes(100))
        + _box(b"moov", head + tracks)
    )


_SIDES = st.integers(1, 9000)


@given(_SIDES, _SIDES, st.sampled_from(["png", "gif", "jpeg", "webp"]))
def test_pictures_say_their_pixels(width, height, kind):
    """
    Each format keeps them at its own place.
    """
    made = {"png": _png, "gif": _gif, "jpeg": _jpeg, "webp": _webp}[kind]
    found = measured(BytesIO(made(width, height)))

    assert (kind, width, height) == (found.kind, found.width, found.height)


@given(_SIDES, _SIDES, st.integers(0, 20_000), st.booleans(), st.booleans())
def test_films_say_pixels_and_seconds(width, height, seconds, turned, wide):
    """
    Also when they were filmed upright and are only turned while they play.
    """
    content = _film(width, height, seconds, turned=turned, wide=wide)
    found = measured(BytesIO(content))

    assert ("mp4", width, height, seconds) == (
        found.kind,
        found.width,
        found.height,
        found.seconds,
    )
    assert "mov" == measured(BytesIO(_film(1, 1, 1, brand=b"qt  "))).kind


@pytest.mark.parametrize("name", ["box.png", "office.png", "roast-dark.png"])
def test_another_library_measures_the_same(name):
    """
    python-docx reads the same pixels of real files.
    """
    judge = pytest.importorskip("docx.image.image")
    content = (_IMAGES / name).read_bytes()
    expected = judge.Image.from_blob(content)
    found = measured(BytesIO(content))

    assert (expected.px_width, expected.px_height) == (found.width, found.height)


def test_a_real_jpeg_is_measured_as_another_library_does():
    """
    One that a browser engine drew.
    """
    drawing = pytest.importorskip("vl_convert")
    judge = pytest.importorskip("docx.image.image")
    chart = {
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "width": 321,
        "height": 123,
    }
    content = drawing.vegalite_to_jpeg(chart)
    expected = judge.Image.from_blob(content)
    found = measured(BytesIO(content))

    assert ("jpeg", expected.px_width, expected.px_height) == (
        found.kind,
        found.width,
        found.height,
    )


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", _png(9, 9)[:20]])
)
@settings(max_examples=200)
def test_no_file_is_too_broken(junk, head):
    """
    Whatever the bytes are, the answer is a type and what is known.
    """
    assert len(head + junk) == measured(BytesIO(head + junk)).size


@given(st.data())
@settings(max_examples=100)
def test_cut_off_films_are_only_not_known(data):
    """
    An upload that broke off, and numbers that lie, end nowhere else.
    """
    whole = bytearray(_film(640, 360, 5))
    place = data.draw(st.integers(8, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(12, len(whole)))

    assert cut == measured(BytesIO(bytes(whole[:cut]))).size


# -- held to the networks --------------------------------------------------------------


def _creative(key, **more):
    def changes(plan, name):
        film = name.endswith("mp4")
        shown = (
            {"video": Video(name, thumbnail="img/box.png")} if film else {"image": name}
        )
        creative = Creative("Hi", link="https://a.example/", **shown, **more)
        return {"creatives": {**plan.creatives, key: creative}, "posts": {}}

    return changes


def _post(*networks):
    def changes(plan, name):
        medium = Video(name) if name.endswith("mp4") else Image(name)
        post = Post("organic", "Hi", networks=networks, media=[medium])
        creatives = {k: c for k, c in plan.creatives.items() if not c.boost}
        return {"posts": {"p": post}, "creatives": creatives}

    return changes


def _run(tmp_path, content, changes, name):
    tmp_path.mkdir(exist_ok=True)
    plan = smmlib.load(copy_example(tmp_path))
    (tmp_path / name).write_bytes(content)
    edited = attrs.evolve(plan, **changes(plan, name))
    found = smmlib.check(edited, media_root=tmp_path)
    return {i.code: i for i in found if i.code.startswith("media.")}


def test_a_picture_that_fits_is_no_finding(tmp_path):
    """
    1080 by 1080 is right in every feed.
    """
    assert {} == _run(tmp_path, _png(1080, 1080), _creative("box"), "a.png")


def test_too_few_pixels_and_a_strange_ratio_are_warnings(tmp_path):
    """
    The network would take and spoil it; the hint names the best size.
    """
    small = _run(tmp_path / "a", _png(300, 300), _creative("box"), "a.png")
    long = _run(tmp_path / "b", _png(3000, 600), _creative("box"), "a.png")

    assert "make it 1440 × 1800 px" == small["media.pixels"].hint
    assert not small["media.pixels"].is_error
    assert "the ratio 5:1" == long["media.ratio"].value


def test_too_large_a_file_is_an_error(tmp_path):
    """
    X takes three million bytes; value, limit, source and hint are said.
    """
    content = _png(1080, 1080, bytes(3_000_001))
    found = _run(tmp_path, content, _creative("teaser"), "a.png")["media.size"]

    assert found.is_error
    assert "3,000,000 bytes" in found.limit
    assert "X Ads" in found.source
    assert "creatives.teaser.image" == found.path


def test_a_type_the_network_has_not_is_an_error(tmp_path):
    """
    No WebP in ads; no QuickTime on LinkedIn.
    """
    picture = _run(tmp_path / "a", _webp(1080, 1080), _creative("box"), "a.webp")
    film = _run(
        tmp_path / "b",
        _film(1080, 1080, 10, brand=b"qt  ") + bytes(80_000),
        _creative("monday"),
        "a.mp4",
    )

    assert picture["media.type"].is_error
    assert film["media.type"].is_error


@pytest.mark.parametrize(
    ("network", "seconds", "wrong"),
    [
        ("x", 141, True),
        ("x", 140, False),
        ("instagram", 2, True),
        ("telegram", 9999, False),
    ],
)
def test_films_are_as_long_as_the_network_takes(tmp_path, network, seconds, wrong):
    """
    Each network has its own shortest and longest.
    """
    found = _run(tmp_path, _film(1080, 1080, seconds), _post(network), "a.mp4")

    assert wrong == ("media.length" in found)


def test_telegram_counts_both_sides(tmp_path):
    """
    Width and height together at most 10,000.
    """
    found = _run(tmp_path, _png(6000, 4001), _post("telegram"), "a.png")

    assert found["media.pixels"].is_error
    assert {} == _run(tmp_path / "b", _png(6000, 4000), _post("telegram"), "a.png")


def test_stories_want_tall_pictures(tmp_path):
    """
    The place decides, not only the network.
    """

    def stories(plan, name):
        campaign = plan.campaigns["leads"]
        tall = attrs.evolve(
            campaign.ad_sets["baristas"],
            placements=[Placement(Network.FACEBOOK, Position.REELS)],
        )
        sets = {**campaign.ad_sets, "baristas": tall}
        edited = attrs.evolve(campaign, ad_sets=sets)
        return {
            **_creative("box")(plan, name),
            "campaigns": {**plan.campaigns, "leads": edited},
        }

    wide = _run(tmp_path / "a", _png(1200, 628), stories, "a.png")
    tall = _run(tmp_path / "b", _png(1080, 1920), stories, "a.png")

    assert "Facebook reels" in wide["media.ratio"].message
    assert "media.ratio" not in tall


def test_nothing_too_large_is_published(tmp_path):
    """
    A post whose film no network takes is refused before anything is sent.
    """
    path = copy_example(tmp_path)
    plan = smmlib.load(path)
    (tmp_path / "a.mp4").write_bytes(_film(720, 720, 300))
    post = attrs.evolve(
        plan.posts["opening"],
        networks=["x"],
        media=[Video("a.mp4")],
        variants={},
        approver="",
        state="approved",
    )
    changed = attrs.evolve(plan, posts={"p": post}, creatives={}, campaigns={})
    with smmlib.connect("sandbox", root=tmp_path, state_dir=tmp_path / "s") as work:
        work.advance(days=8)
        (row,) = work.publish(changed)

    assert "refused" == row.status.value
    assert "300.0 s" in row.note


def test_every_row_of_the_tables_has_a_source_and_makes_sense():
    """
    No limit without the document that says so; what is recommended is allowed.
    """
    tables = [*AD_PICTURES.values(), *AD_FILMS.values()]
    ads = [spec for table in tables for spec in table.values()]
    posts = [s for t in (CARD_PICTURES, POST_PICTURES, POST_FILMS) for s in t.values()]
    for spec in (*ads, *posts):
        assert spec.source
        assert spec.date
        assert spec.least_bytes <= spec.most_bytes
        for best in spec.best:
            assert best[0] >= spec.least[0]
            assert not spec.most[0] or best[0] <= spec.most[0]
            if spec.ratios:
                low, high = spec.ratios
                assert low * 97 / 100 <= best[0] / Decimal(best[1]) <= high * 103 / 100
