"""
Followers by day and results of posts of the emulated Meta.
"""

from __future__ import annotations

import pytest

from _meta import Refused


def _page(meta, *metrics, **params):
    path = f"/{meta.ids['page']}/insights"
    rows = meta.get(path, metric=list(metrics), **{"period": "day", **params})["data"]
    return {row["name"]: row["values"] for row in rows}


def _user(meta, *metrics, **params):
    path = f"/{meta.ids['instagram_user']}/insights"
    return meta.get(path, metric=list(metrics), period="day", **params)["data"]


FOLLOWERS = {"metric": ["page_follows"]}
FOLLOWS = ("page_follows", "page_daily_follows_unique", "page_daily_unfollows_unique")


def test_followers_add_up_day_by_day_wherever_the_window_begins(meta):
    """
    Yesterday's followers plus who came minus who went, in any slice.
    """
    meta.post(f"/{meta.ids['page']}/feed", message="News")
    meta.sandbox.advance(days=20)
    rows = _page(meta, *FOLLOWS, since="2027-02-15", until="2027-03-10")
    total, came, went = (rows[name] for name in FOLLOWS)
    assert 23 == len(total)
    assert "2027-02-16T08:00:00+0000" == total[0]["end_time"]
    for n in range(1, 23):
        change = came[n]["value"] - went[n]["value"]
        assert total[n]["value"] == total[n - 1]["value"] + change
    part = _page(meta, "page_follows", since="2027-03-01", until="2027-03-10")
    assert total[-9:] == part["page_follows"]
    now = meta.get(f"/{meta.ids['page']}", fields="followers_count")["followers_count"]
    last = _page(meta, "page_follows")["page_follows"][-1]["value"]
    assert last == now


def test_weeks_are_the_sum_of_their_days(meta):
    """
    A week's figure ends on its day; a level has no week.
    """
    path = f"/{meta.ids['page']}/insights"
    params = {"since": "2027-02-01", "until": "2027-02-15"}
    rows = meta.get(path, metric="page_media_view,page_follows", **params)["data"]
    by_period = {(r["name"], r["period"]): r["values"] for r in rows}
    assert ("page_follows", "week") not in by_period
    days = [v["value"] for v in by_period["page_media_view", "day"]]
    weeks = [v["value"] for v in by_period["page_media_view", "week"]]
    assert [sum(days[n - 6 : n + 1]) for n in range(6, 14)] == weeks[6:]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"metric": []}, 3001),
        ({"metric": ["page_fans"]}, 100),
        ({"metric": ["mood"]}, 100),
        ({**FOLLOWERS, "since": "2026-01-01", "until": "2026-06-01"}, 100),
        ({**FOLLOWERS, "since": "2027-02-02", "until": "2027-02-01"}, 100),
        ({**FOLLOWERS, "since": "soon"}, 100),
        ({**FOLLOWERS, "since": "0001-01-01", "until": "0001-01-02"}, 100),
        ({**FOLLOWERS, "since": "9999-12-30", "until": "9999-12-31"}, 100),
        ({**FOLLOWERS, "date_preset": "maximum"}, 100),
        ({**FOLLOWERS, "period": "fortnight"}, 100),
    ],
)  # fmt: skip
def test_page_insights_that_do_not_exist_are_refused(meta, params, code):
    """
    Ended metrics, too long windows and words that mean nothing.
    """
    with pytest.raises(Refused) as caught:
        meta.get(f"/{meta.ids['page']}/insights", **params)
    assert code == caught.value.code


def test_instagram_tells_new_followers_by_day_and_totals(meta):
    """
    follower_count is who came; the totals of the same days agree with it.
    """
    span = {"since": "2027-02-01", "until": "2027-02-21"}
    series = _user(meta, "follower_count", **span)[0]["values"]
    assert 20 == len(series)
    split = _user(
        meta, "follows_and_unfollows", metric_type="total_value",
        breakdown=["follow_type"], **span,
    )[0]["total_value"]["breakdowns"][0]["results"]  # fmt: skip
    assert sum(row["value"] for row in series) == split[0]["value"]
    rows = _user(meta, "views", "likes", metric_type="total_value", **span)
    assert all(row["total_value"]["value"] > 0 for row in rows)
    with pytest.raises(Refused):
        _user(meta, "views", **span)
    with pytest.raises(Refused):
        _user(meta, "follower_count", metric_type="total_value", **span)
    with pytest.raises(Refused):
        _user(meta, "follower_count", since="2027-01-01", until="2027-02-10")


def test_a_post_grows_and_never_shrinks(meta):
    """
    Fields and insights tell the same; a dark post has no readers of its own.
    """
    page = meta.ids["page"]
    post = meta.post(f"/{page}/feed", message="Grow")["id"]
    dark = meta.post(f"/{page}/feed", message="Dark", published=False)["id"]
    names = ["post_total_media_view_unique", "post_activity_by_action_type"]
    before = 0
    for _ in range(4):
        meta.sandbox.advance(days=1)
        reach, acts = (
            row["values"][0]["value"]
            for row in meta.get(f"/{post}/insights", metric=names)["data"]
        )
        assert reach >= before
        before = reach
    assert before > 50
    shares = meta.get(f"/{post}", fields="shares").get("shares", {"count": 0})
    assert acts.get("share", 0) == shares["count"]
    rows = meta.get(f"/{dark}/insights", metric=names[:1])["data"]
    assert 0 == rows[0]["values"][0]["value"]
    with pytest.raises(Refused):
        meta.get(f"/{post}/insights", metric=["post_impressions_unique"])


def test_a_promoted_medium_counts_its_ads(meta):
    """
    The ads' likes and reach come on top of what the medium has by itself.
    """
    user = f"/{meta.ids['instagram_user']}"
    box = meta.post(f"{user}/media", image_url="https://a.example/1.jpg", caption="Hi")
    medium = meta.post(f"{user}/media_publish", creation_id=box["id"])["id"]
    campaign = meta.campaign()
    adset = meta.adset(campaign)
    creative = meta.post(
        f"/{meta.act}/adcreatives", source_instagram_media_id=medium,
        call_to_action={"type": "LEARN_MORE", "value": {"link": "https://a.example"}},
    )["id"]  # fmt: skip
    ad = meta.ad(adset, creative)
    meta.sandbox.advance(days=7)
    alone = meta.get(f"/{medium}", fields="like_count,comments_count,saved_count")
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=7)
    names = ["likes", "reach", "total_interactions"]
    rows = meta.get(f"/{medium}/insights", metric=names)["data"]
    seen = {row["name"]: row["values"][0]["value"] for row in rows}
    assert seen["likes"] > alone["like_count"]
    assert seen["likes"] == meta.get(f"/{medium}", fields="like_count")["like_count"]
    shown = meta.get(
        f"/{ad}/insights", fields="impressions", breakdowns=["publisher_platform"]
    )["data"]
    assert seen["reach"] > 0
    assert {"facebook", "instagram"} == {row["publisher_platform"] for row in shown}
