"""
Photos, planned posts, carousels and videos of the emulated Meta.
"""

from __future__ import annotations

import pytest

from _meta import Refused, png

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 64


def _post(meta, post):
    return meta.get(f"/{post}", fields="message,is_published,full_picture")


def test_photos_become_posts_or_wait_for_one(meta):
    """
    A published photo has a story; an unpublished one is shown by a later post.
    """
    page = meta.ids["page"]
    done = meta.call(
        "POST", f"/{page}/photos", data={"caption": "New roast"},
        files={"source": ("box.png", png())},
    )  # fmt: skip
    shown = _post(meta, done["post_id"])
    assert ("New roast", True) == (shown["message"], shown["is_published"])
    assert 1200 == meta.get(f"/{done['id']}", fields="width")["width"]
    url = "https://alpenkaffee.example/cup.jpg"
    quiet = meta.post(f"/{page}/photos", url=url, published=False)["id"]
    assert [done["id"]] == [row["id"] for row in meta.get(f"/{page}/photos")["data"]]
    post = meta.post(
        f"/{page}/feed", message="Look", attached_media=[{"media_fbid": quiet}]
    )["id"]
    assert url == _post(meta, post)["full_picture"]
    meta.delete(f"/{done['id']}")
    assert post in {row["id"] for row in meta.get(f"/{page}/feed")["data"]}
    assert 1 == len(meta.get(f"/{page}/feed")["data"])


@pytest.mark.parametrize(
    "params",
    [{}, {"url": "ftp://a.example/x"}, {"caption": "words only"}],
)
def test_photos_need_a_picture(meta, params):
    """
    Neither words alone nor another protocol will do.
    """
    with pytest.raises(Refused) as caught:
        meta.post(f"/{meta.ids['page']}/photos", **params)
    assert 100 == caught.value.code


def test_a_planned_post_appears_when_its_time_comes(meta):
    """
    Until then it is listed as planned, afterwards in the feed.
    """
    page = f"/{meta.ids['page']}"
    at = int(meta.sandbox.now.timestamp()) + 7_200
    post = meta.post(
        f"{page}/feed", message="Later", published=False, scheduled_publish_time=at
    )["id"]
    assert [post] == [r["id"] for r in meta.get(f"{page}/scheduled_posts")["data"]]
    assert [] == meta.get(f"{page}/feed")["data"]
    assert [] == meta.get(f"{page}/ads_posts")["data"]
    meta.sandbox.advance(7_200)
    assert [] == meta.get(f"{page}/scheduled_posts")["data"]
    assert [post] == [r["id"] for r in meta.get(f"{page}/feed")["data"]]
    for wrong in (at + 60, at + 40 * 86_400):
        with pytest.raises(Refused):
            meta.post(
                f"{page}/feed", message="x", published=False,
                scheduled_publish_time=wrong,
            )  # fmt: skip


def test_a_carousel_of_instagram_has_children(meta):
    """
    Containers that are parts cannot be published alone; the album lists them.
    """
    user = f"/{meta.ids['instagram_user']}"
    parts = [
        meta.post(
            f"{user}/media", image_url=f"https://a.example/{n}.jpg",
            is_carousel_item=True,
        )["id"]
        for n in range(3)
    ]  # fmt: skip
    with pytest.raises(Refused):
        meta.post(f"{user}/media_publish", creation_id=parts[0])
    with pytest.raises(Refused):
        meta.post(f"{user}/media", media_type="CAROUSEL", children=parts[:1])
    album = meta.post(
        f"{user}/media", media_type="CAROUSEL", children=parts, caption="Three"
    )["id"]
    medium = meta.post(f"{user}/media_publish", creation_id=album)["id"]
    seen = meta.get(f"/{medium}", fields="media_type,caption,children{media_url}")
    assert ("CAROUSEL_ALBUM", "Three") == (seen["media_type"], seen["caption"])
    assert 3 == len(seen["children"]["data"])
    assert [medium] == [row["id"] for row in meta.get(f"{user}/media")["data"]]


def test_a_video_is_encoded_and_then_shown_by_an_ad(meta):
    """
    A creative with a video waits for its encoding and needs a thumbnail.
    """
    done = meta.call(
        "POST", f"/{meta.act}/advideos", data={"name": "Pour"},
        files={"source": ("pour.mp4", MP4)},
    )  # fmt: skip
    video = done["id"]
    data = {
        "video_id": video, "message": "Slow coffee", "title": "Pour over",
        "image_hash": meta.image(),
        "call_to_action": {
            "type": "LEARN_MORE", "value": {"link": "https://alpenkaffee.example/v"},
        },
    }  # fmt: skip
    story = {"page_id": meta.ids["page"], "video_data": data}
    with pytest.raises(Refused):
        meta.creative(story)
    meta.sandbox.advance(60)
    status = meta.get(f"/{video}", fields="status")["status"]
    assert "ready" == status["video_status"]
    seen = meta.get(
        f"/{meta.creative(story)}", fields="body,title,video_id,object_type"
    )
    assert ("Slow coffee", "Pour over", video, "VIDEO") == (
        seen["body"], seen["title"], seen["video_id"], seen["object_type"],
    )  # fmt: skip
    del data["image_hash"]
    with pytest.raises(Refused) as caught:
        meta.creative(story)
    assert 1443226 == caught.value.subcode


def test_videos_are_listed_renamed_and_deleted(meta):
    """
    By node and by account; what is gone is not there a second time.
    """
    path = f"/{meta.act}/advideos"
    ids = [
        meta.post(path, file_url="https://a.example/a.mp4", title=f"v{n}")["id"]
        for n in range(2)
    ]
    meta.post(f"/{ids[0]}", name="renamed")
    assert [ids[0]] == [r["id"] for r in meta.get(path, title="renamed")["data"]]
    assert 1 == len(meta.get(f"/{ids[0]}/thumbnails")["data"])
    meta.delete(f"/{ids[0]}")
    meta.delete(path, video_id=ids[1])
    assert [] == meta.get(path)["data"]
    for again in (f"/{ids[0]}", f"/{ids[1]}"):
        with pytest.raises(Refused):
            meta.delete(again)
    answer = meta.raw("POST", path, files={"source": ("a.mp4", b"not a video")})
    assert 400 == answer.status_code
