"""
Pictures and films of a plan: missing or mistaken ones are found before a launch.
"""

from __future__ import annotations

import pytest

import smmlib as smm
from _cli import copy_example, edited
from smmlib.model import Creative, Flight, Image, MediaPlan, Video

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
_FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(8)
_WEBP = b"RIFF\x00\x00\x00\x00WEBP" + bytes(8)


def _media(plan):
    found = smm.check(plan)
    return [(i.code, i.path, i) for i in found if i.code.startswith("media.")]


def test_the_example_with_all_its_pictures_has_no_media_problem(tmp_path):
    """
    What is there and is a picture is fine.
    """
    assert [] == _media(copy_example(tmp_path))


@pytest.mark.parametrize("name", ["lost.png", "img/nowhere/lost.png", "a" * 300])
def test_a_missing_picture_is_an_error_with_line_and_folder(tmp_path, name):
    """
    The path starts from the plan file's folder, which the hint names.
    """
    plan = edited(copy_example(tmp_path), ("path: img/box.png", f"path: {name}"))

    found = _media(plan)

    assert found
    for code, path, issue in found:
        assert "media.missing" == code
        assert path.startswith("creatives.")
        assert issue.is_error
        assert issue.line
        assert name == issue.value
        assert str(tmp_path) in issue.hint


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (_PNG, []),
        (b"\xff\xd8\xff\xe0", []),
        (b"GIF89a", []),
        (_WEBP, []),
        (b"not a picture", ["media.format"]),
        (b"", ["media.format"]),
        (_FILM, ["media.format"]),
    ],
)
def test_a_picture_is_judged_by_its_bytes(tmp_path, monkeypatch, content, codes):
    """
    A text that is called .png is no picture; a plan without file starts from here.
    """
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("a.png").write_bytes(content)
    plan = _plan(Creative(text="Coffee", image=Image("a.png")))

    assert codes == [code for code, *_ in _media(plan)]


@pytest.mark.parametrize(("content", "codes"), [(_FILM, []), (_PNG, ["media.format"])])
def test_a_film_is_judged_by_its_bytes(tmp_path, monkeypatch, content, codes):
    """
    So is a film.
    """
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("a.mp4").write_bytes(content)
    plan = _plan(Creative(text="Coffee", video=Video("a.mp4")))

    assert codes == [code for code, *_ in _media(plan)]


def test_media_on_the_web_are_not_fetched():
    """
    Only files are looked at.
    """
    image = Image("https://coffee.example/a.png")

    assert [] == _media(_plan(Creative(text="Coffee", image=image)))


def _plan(creative):
    return MediaPlan(
        "Coffee",
        "p-1",
        zone="Europe/Berlin",
        flight=Flight.parse("2027-03-01..2027-03-14", "Europe/Berlin"),
        creatives={"one": creative},
    )
