from __future__ import annotations

from datetime import datetime

import attrs
import pytest

from _launch import BERLIN, launch_campaigns, launch_lines, launch_plan
from smmlib.analytics import origin_of
from smmlib.model import Conversion, Creative, Post, Utm


def _plan():
    return launch_plan(
        creatives={
            "taste": Creative("Taste first.", utm=Utm("fb", "cpc", campaign="Spring")),
            "opening": Creative(
                "We are open.",
                link="https://alpenkaffee.example/?utm_source=a&utm_medium=b&utm_campaign=c",
            ),
        },
        posts={
            "news": Post("organic", "News.", networks=("telegram",)),
            "tagged": Post("organic", "T.", utm=Utm("tg", "post", campaign="april")),
        },
    )


def _origin(*tags, plan=None, **more):
    utm = Utm(*tags, **more)
    at = datetime(2027, 3, 1, tzinfo=BERLIN)
    return origin_of(Conversion("a", "registration", at=at, utm=utm), plan or _plan())


@pytest.mark.parametrize(
    ("tags", "campaign", "content", "line", "ad"),
    [
        (("facebook", "paid_social"), "leads", "taste", "meta-leads", "taste"),
        (("facebok", "paid_social"), "leads", "", "meta-leads", ""),
        (("fb", "cpc"), "spring", "taste", "meta-leads", "taste"),
        (("fcbk", "cpc"), "SPRING", "taste", "meta-leads", "taste"),
        (("a", "b"), "c", "", "meta-leads", "opening"),
        (("telegram", "blogger"), "blogs", "", "bloggers", ""),
        (("who", "knows"), "blogs", "third-post", "bloggers", ""),
        (("telegram", "post"), "x", "news", "organic", ""),
        (("tg", "post"), "april", "", "organic", ""),
        (("telegram", "organic"), "x", "", "organic", ""),
        (("telegram", "bio"), "bloggers", "", "bloggers", ""),
        (("facebook", "paid_social"), "old", "", "", ""),
        (("google", "organic"), "x", "", "", ""),
    ],
)
def test_tags_lead_to_the_line(tags, campaign, content, line, ad):
    """
    Keys, stated tags, tagged links and posts each lead to their line and ad.
    """
    found = _origin(*tags, campaign=campaign, content=content)

    assert (line, ad) == (found.line, found.ad)


def test_tags_that_two_lines_share_say_nothing():
    """
    A campaign name on two lines leads to neither, unless the source tells them apart.
    """
    lines = launch_lines()
    lines["more"] = attrs.evolve(
        lines["bloggers"], utm=Utm("vk", "blogger", campaign="blogs")
    )
    plan = launch_plan(lines=lines, campaigns=launch_campaigns())

    assert not _origin("who", "blogger", campaign="blogs", plan=plan).line
    assert "more" == _origin("vk", "blogger", campaign="blogs", plan=plan).line


def test_paid_tags_of_no_line_are_missing_a_line():
    """
    Social or paid traffic should have a line; search and mail need none.
    """
    assert _origin("facebook", "paid_social", campaign="old").social
    assert _origin("who", "cpc", campaign="old").social
    assert not _origin("newsletter", "email", campaign="weekly").social
