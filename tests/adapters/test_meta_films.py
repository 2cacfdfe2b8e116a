"""
Films: uploaded once per content, waited for, found again, and shown with a still.
"""

from __future__ import annotations

import pytest

from _meta_adapter import (
    a_campaign,
    a_plan,
    connection,
    creation,
    marker_of,
    pictures,
    resolve,
    set_up,
)
from smmlib import AdSet, Card, Creative
from smmlib.adapters import connect_platform
from smmlib.adapters._http import Repeat
from smmlib.deploy import MemoryStateStore, Target, adopt, make_changes
from smmlib.errors import Outcome, Severity
from smmlib.model import Video
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox

_FILM = b"\0\0\0\x18ftypmp42" + b"\0" * 4000
_LINK = "https://alpenkaffee.example/box"


class _WorldClock:
    """
    The sandbox's own time.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def now(self):
        return self.sandbox.now

    def sleep(self, seconds):
        self.sandbox.advance(seconds=max(seconds, 0))


@pytest.fixture
def live(sandbox, tmp_path):
    """
    The adapter on the sandbox's own clock, with a film beside the pictures.
    """
    pictures(tmp_path)
    (tmp_path / "v.mp4").write_bytes(_FILM)
    (tmp_path / "twin.mp4").write_bytes(_FILM)
    (tmp_path / "no.mp4").write_bytes(b"GIF89a" + b"\0" * 100)
    return connect_platform(
        connection(sandbox.details(), options={"media_root": str(tmp_path)}),
        transport=sandbox.transport(),
        clock=_WorldClock(sandbox),
    )


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


def _plan(*paths, still="img/a.png", **details):
    creatives = {
        f"film{n}": Creative(
            "See how it is roasted.",
            "Fresh",
            link=_LINK,
            video=Video(path, thumbnail=still),
            **details,
        )
        for n, path in enumerate(paths)
    }
    sets = {"all": AdSet("visitors", list(creatives))}
    return a_plan(creatives=creatives, campaigns={"leads": a_campaign(ad_sets=sets)})


@pytest.mark.parametrize("path", ["v.mp4", "https://films.example/v.mp4"])
def test_an_ad_with_a_film_reads_back_as_it_was_wanted(live, path):
    """
    By file or by address: film, still, texts and button come back the same.
    """
    wanted = live.wanted(_plan(path, cta="sign_up"))
    assert [] == [issue for issue in wanted.issues if issue.is_error]
    ids = set_up(live, wanted.resources)
    for resource in wanted.resources:
        own = ids[resource.address]
        remote = live.read(resource.kind, [own])[own]
        assert resolve(resource.fields, ids) == dict(remote.fields)
        assert marker_of(resource) == remote.marker


def test_one_content_is_uploaded_once(live):
    """
    Two names of the same film are one upload.
    """
    wanted = live.wanted(_plan("v.mp4", "twin.mp4"))
    films = [r for r in wanted.resources if "video" in r.fields]
    assert 1 == len(films)


def test_a_film_is_found_by_its_marker_when_its_answer_is_lost(live, sandbox):
    """
    Nothing is uploaded twice: the lost film is found by its title.
    """
    film = next(r for r in live.wanted(_plan("v.mp4")).resources if "video" in r.fields)
    sandbox.faults.add("timeout_after", "POST /act_[0-9]+/advideos$")
    result = live.execute([creation(film, {}, "mark1")])[0]
    assert Outcome.UNKNOWN is result.outcome
    found = live.find(Kind.MEDIA, ["mark1"])
    assert [dict(film.fields)] == [dict(r.fields) for r in found]


def test_an_ad_with_a_film_always_has_a_button(live):
    """
    A film leads somewhere by its button alone: without a wish it says "learn more".
    """
    wanted = live.wanted(_plan("v.mp4"))
    creative = next(r for r in wanted.resources if r.kind is Kind.CREATIVE)
    button = creative.fields["object_story_spec"]["video_data"]["call_to_action"]
    assert {"type": "LEARN_MORE", "value": {"link": _LINK}} == resolve(button, {})


@pytest.mark.parametrize(
    ("path", "still", "place", "code"),
    [
        ("v.mp4", None, "video.thumbnail", "meta.thumbnail_missing"),
        ("no.mp4", "img/a.png", "video", "media.format"),
        ("lost.mp4", "img/a.png", "video", "media.missing"),
    ],
)
def test_what_cannot_be_shown_is_told_before(live, path, still, place, code):
    """
    No still, no film, or something else in a film's clothes.
    """
    issues = live.wanted(_plan(path, still=still)).issues
    found = [(i.path, i.code, i.severity) for i in issues if i.is_error]
    assert [(f"creatives.film0.{place}", code, Severity.ERROR)] == found


def _carousel(*films):
    cards = [Card("img/b.png", "Still")]
    cards += [
        Card(None, f"Film {n}", video=Video(path, thumbnail="img/a.png"))
        for n, path in enumerate(films)
    ]
    creatives = {"cards": Creative("Roasted.", link=_LINK, cta="shop_now", cards=cards)}
    sets = {"all": AdSet("visitors", ["cards"])}
    return a_plan(creatives=creatives, campaigns={"leads": a_campaign(ad_sets=sets)})


def test_a_carousel_shows_films(live):
    """
    Beside pictures, each with its still, and comes back as it was wanted.
    """
    wanted = live.wanted(_carousel("v.mp4", "https://films.example/v.mp4"))
    assert [] == [issue for issue in wanted.issues if issue.is_error]
    ids = set_up(live, wanted.resources)
    creative = next(r for r in wanted.resources if r.kind is Kind.CREATIVE)
    remote = live.read(Kind.CREATIVE, [ids[creative.address]])
    (found,) = remote.values()
    assert resolve(creative.fields, ids) == found.fields
    cards = found.fields["object_story_spec"]["link_data"]["child_attachments"]
    assert [False, True, True] == ["video_id" in card for card in cards]


@pytest.mark.parametrize("plan", [_plan("v.mp4"), _carousel("v.mp4")])
def test_imported_films_are_not_uploaded_again(live, plan):
    """
    An account with films, whoever made them, is imported and then changes nothing.
    """
    ids = set_up(live, live.wanted(plan).resources)
    live._api.write(  # by hand: without a title of ours
        ids["media.v.mp4"], {"name": "Box"}, repeat=Repeat.UPDATE
    )
    imported = live.import_account()
    store = MemoryStateStore(
        project_id=imported.plan.project_id, environment="sandbox", clock=live._clock
    )
    target = Target(live, live.account(), live.wanted(imported.plan))
    adopt(target, imported.ids, store, clock=live._clock)
    changes = make_changes(
        imported.plan, [target], store, clock=live._clock, environment="sandbox"
    )
    assert () == changes.changes
    assert ids["media.v.mp4"] in imported.ids.values()
