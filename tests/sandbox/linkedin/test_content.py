"""
Posts, media, audiences, conversions and what can be targeted.
"""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from _linkedin import Refused


def _post(door, urn):
    return f"/posts/{quote(urn.replace('%3A', ':'), safe='')}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain #coffee", "plain #coffee"),
        ("two \\(2\\) roasts", "two \\(2\\) roasts"),
        ("two (2) roasts", "two "),
        ("thanks @[Mila](urn:li:organization:1)!", None),
        ("mail me @ home", "mail me "),
        ("a_b", "a"),
        ("{hashtag|\\#|coffee} time", None),
        ("x" * 3001, "x" * 3000),
    ],
)
def test_little_text_loses_what_is_not_escaped(linkedin, text, kept):
    """
    201 in any case; the rest of the text after a reserved sign is gone.
    """
    urn = linkedin.create("/posts", linkedin.post_body(text))
    found = linkedin.get(_post(linkedin, urn))["commentary"]
    assert (text if kept is None else kept) == found


POSTS = [
    ({"author": None}, 422),
    ({"author": "urn:li:organization:1"}, 403),
    ({"author": "urn:li:person:a"}, 501),
    ({"commentary": None}, 422),
    ({"visibility": "SECRET"}, 422),
    ({"visibility": "CONNECTIONS"}, 501),
    ({"distribution": {}}, 422),
    ({"lifecycleState": "GONE"}, 422),
    ({"content": {"media": {"id": "urn:li:image:none"}}}, 400),
    ({"content": {"media": {"id": "urn:li:document:1"}}}, 501),
    ({"content": {"media": {"id": "x"}}}, 422),
    ({"content": {}}, 422),
    ({"content": {"poll": {}}}, 501),
    ({"content": {"multiImage": {}}}, 501),
    ({"contentCallToActionLabel": "SHOP"}, 422),
    ({"contentCallToActionLabel": "BUY_NOW"}, 400),
    ({"contentLandingPage": "box"}, 422),
    ({"adContext": {"isDsc": True}}, 422),
    ({"adContext": {"dscAdType": "STANDARD"}}, 422),
    ({"adContext": {"dscAdAccount": "urn:li:sponsoredAccount:1"}}, 400),
]


@pytest.mark.parametrize(("changes", "status"), POSTS, ids=str)
def test_posts_are_refused(linkedin, changes, status):
    """
    And nothing is published.
    """
    with pytest.raises(Refused) as caught:
        linkedin.create("/posts", linkedin.post_body(**changes))
    assert status == caught.value.status
    query = {"q": "author", "author": linkedin.page}
    assert [] == linkedin.get("/posts", **query)["elements"]


def test_the_same_text_is_a_duplicate_for_a_while(door):
    """
    422 names the post that is there; an hour later it may be said again.
    """
    body = door.post_body("We are open.")
    urn = door.create("/posts", body).replace("%3A", ":")
    with pytest.raises(Refused, match=urn) as caught:
        door.create("/posts", body)
    assert 422 == caught.value.status
    door.sandbox.advance(3601)
    assert door.create("/posts", body)


def test_posts_of_ads_are_not_in_the_feed(linkedin):
    """
    They are read by their URN, carry the read-only parts, and keep their text.
    """
    _, _, ad = linkedin.tree()
    path = f"{linkedin.creatives()}/{quote(ad, safe='')}"
    urn = linkedin.get(path)["content"]["reference"]
    found = linkedin.get(_post(linkedin, urn))
    assert {"isDsc": True, "dscAdType": "STANDARD", "dscAdAccount": linkedin.urn} == (
        found["adContext"]
    )
    query = {"q": "author", "author": linkedin.page}
    assert [] == linkedin.get("/posts", **query)["elements"]
    with pytest.raises(Refused) as caught:
        linkedin.patch(_post(linkedin, urn), commentary="Other")
    assert 501 == caught.value.status
    linkedin.patch(_post(linkedin, urn), adContext={
        "dscAdAccount": linkedin.urn, "dscName": "Dark"})  # fmt: skip
    assert "Dark" == linkedin.get(_post(linkedin, urn))["adContext"]["dscName"]


def test_a_draft_post_is_published_once(linkedin):
    """
    It has no date before, and no way back after.
    """
    urn = linkedin.create("/posts", linkedin.post_body(lifecycleState="DRAFT"))
    path = _post(linkedin, urn)
    assert "publishedAt" not in linkedin.get(path)
    linkedin.patch(path, lifecycleState="PUBLISHED")
    assert "publishedAt" in linkedin.get(path)
    with pytest.raises(Refused, match="draft"):
        linkedin.patch(path, lifecycleState="DRAFT")


def test_index_pages_hold_every_post_once(linkedin):
    """
    Start and count walk through all; a count above 1,000 is refused.
    """
    made = [
        linkedin.create("/posts", linkedin.post_body(f"Post {n}")) for n in range(7)
    ]
    query = {"q": "author", "author": linkedin.page, "count": 3}
    seen = []
    for start in (0, 3, 6):
        page = linkedin.get("/posts", start=start, **query)
        assert 7 == page["paging"]["total"]
        seen += [quote(row["id"], safe="") for row in page["elements"]]
    assert made[::-1] == seen
    with pytest.raises(Refused, match="count"):
        linkedin.get("/posts", **{**query, "count": 1001})


def test_videos_go_up_in_parts(door):
    """
    4 MiB each; the ETags in order make it available, another order does not.
    """
    size = 4_194_304 + 100_000
    asked = {"initializeUploadRequest": {"owner": door.page, "fileSizeBytes": size}}
    made = door.call("POST", "/videos", body=asked, action="initializeUpload").json()
    value = made["value"]
    tags = []
    for step in value["uploadInstructions"]:
        part = bytes(step["lastByte"] - step["firstByte"] + 1)
        assert door.http.put(step["uploadUrl"], content=part[1:]).status_code == 400
        tags.append(door.http.put(step["uploadUrl"], content=part).headers["ETag"])
    path = f"/videos/{quote(value['video'], safe='')}"

    def finalize(ids):
        body = {"video": value["video"], "uploadToken": "", "uploadedPartIds": ids}
        body = {"finalizeUploadRequest": body}
        return door.call("POST", "/videos", body=body, action="finalizeUpload")

    with pytest.raises(Refused, match="order"):
        finalize(tags[::-1])
    assert "WAITING_UPLOAD" == door.get(path)["status"]
    finalize(tags)
    assert "AVAILABLE" == door.get(path)["status"]
    post = door.ad_post(content={"media": {"id": value["video"]}})
    views = {"objectiveType": "VIDEO_VIEW", "optimizationTargetType": "MAX_VIDEO_VIEW"}
    campaign = door.campaign(door.group(), format="SINGLE_VIDEO", **views)
    assert door.ad(campaign, post=post)


def test_broken_pictures_fail(linkedin):
    """
    What is no picture ends as PROCESSING_FAILED and in no post.
    """
    owner = {"initializeUploadRequest": {"owner": linkedin.page}}
    made = linkedin.call("POST", "/images", body=owner, action="initializeUpload")
    value = made.json()["value"]
    linkedin.http.put(value["uploadUrl"], content=b"hello")
    path = f"/images/{quote(value['image'], safe='')}"
    assert "PROCESSING_FAILED" == linkedin.get(path)["status"]
    post = linkedin.post_body(content={"media": {"id": value["image"]}})
    with pytest.raises(Refused, match="PROCESSING_FAILED"):
        linkedin.create("/posts", post)


def _segment(door, **changes):
    return door.create(
        "/dmpSegments",
        {
            "name": "Customers",
            "account": door.urn,
            "type": "USER_LIST_UPLOAD",
            "sourcePlatform": "LIST_UPLOAD",
            "destinations": [{"destination": "LINKEDIN"}],
            **changes,
        },
    )


def test_a_list_becomes_an_audience_in_a_day(door):
    """
    CSV up, file attached, BUILDING, then an adSegment of about six in ten rows.
    """
    segment = _segment(door)
    made = door.call(
        "POST", "/dmpSegments", body={"owner": door.urn}, action="generateUploadUrl"
    )
    rows = "email\n" + "\n".join(f"{n:064x}" for n in range(1000))
    headers = {**door.headers, "Content-Type": "text/csv"}
    url = made.json()["value"]
    sent = door.http.post(url, content=rows.encode(), headers=headers)
    media = f"urn:li:media:{sent.headers['Location']}"
    door.call("POST", f"/dmpSegments/{segment}/listUploads", body={"inputFile": media})
    path = f"/dmpSegments/{segment}"
    assert {"destination": "LINKEDIN", "status": "BUILDING"} == (
        door.get(path)["destinations"][0]
    )
    door.sandbox.advance(days=1)
    found = door.get(path)
    assert 1000 == found["inputCount"]
    target = found["destinations"][0]
    assert ("READY", 620) == (target["status"], target["audienceSize"])
    criteria = door.target(
        {"audienceMatchingSegments": [target["destinationSegmentId"]]}
    )
    counts = door.get(
        "/audienceCounts", q="targetingCriteriaV2", targetingCriteria=criteria
    )
    assert 300 <= counts["elements"][0]["total"] <= 620
    door.campaign(door.group(), targetingCriteria=criteria)
    with pytest.raises(Refused) as caught:
        door.call("DELETE", path)
    assert 501 == caught.value.status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"type": "USER"}, 400),
        ({"name": " "}, 400),
        ({"account": "urn:li:sponsoredAccount:1"}, 400),
        ({"destinations": []}, 400),
        ({"type": "FRIENDS"}, 422),
        ({"inputCount": 5}, 422),
    ],
    ids=str,
)
def test_segments_are_refused(linkedin, changes, status):
    """
    In the old shape, without a code; nothing is kept.
    """
    with pytest.raises(Refused) as caught:
        _segment(linkedin, **changes)
    assert (status, "") == (caught.value.status, caught.value.code)
    query = {"q": "account", "account": linkedin.urn}
    assert [] == linkedin.get("/dmpSegments", **query)["elements"]


def test_streams_add_and_remove(linkedin):
    """
    Elements fail alone; REMOVE takes people out again.
    """
    segment = _segment(linkedin, type="USER", sourcePlatform="API")
    path = f"/dmpSegments/{segment}"

    def send(action, *values):
        elements = [
            {
                "action": action,
                "userIds": [{"idType": "SHA256_EMAIL", "idValue": value}],
            }
            for value in values
        ]
        answer = linkedin.call(
            "POST", f"{path}/users", body={"elements": elements}, restli="BATCH_CREATE"
        )
        return [row["status"] for row in answer.json()["elements"]]

    assert [201, 201, 422] == send("ADD", "a" * 64, "b" * 64, "A" * 64)
    assert [201] == send("REMOVE", "b" * 64)
    assert 1 == linkedin.get(path)["inputCount"]


def test_entities_are_found_by_every_finder(linkedin):
    """
    Typeahead, list, likeness and URN name the same things.
    """
    titles = "urn:li:adTargetingFacet:titles"
    listed = linkedin.get("/adTargetingEntities", q="adTargetingFacet", facet=titles)
    title = linkedin.entity("titles", "office man")
    assert title in {row["urn"] for row in listed["elements"]}
    like = linkedin.get(
        "/adTargetingEntities", q="similarEntities", facet=titles, entities=[title]
    )
    assert 0 < len(like["elements"]) <= 10
    urns = [title, linkedin.germany, "urn:li:staffCountRange:(51,200)", "urn:li:geo:1"]
    named = linkedin.get("/adTargetingEntities", q="urns", urns=urns)
    names = {row["name"] for row in named["elements"]}
    assert {"Office Manager", "Germany", "51-200"} == names
    asked = {"q": "typeahead", "facet": titles, "query": "manager"}
    page = linkedin.get("/adTargetingEntities", start=1, count=2, **asked)
    assert 2 == len(page["elements"])


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"q": "typeahead", "facet": "urn:li:adTargetingFacet:titles"}, 400),
        ({"q": "typeahead", "query": "a"}, 400),
        ({"q": "typeahead", "query": "a", "facet": "titles"}, 400),
        (
            {
                "q": "typeahead",
                "query": "a",
                "facet": "urn:li:adTargetingFacet:seniorities",
            },
            400,
        ),
        (
            {
                "q": "typeahead",
                "query": "a",
                "facet": "urn:li:adTargetingFacet:revenue",
            },
            501,
        ),
        (
            {
                "q": "urns",
                "urns": [],
                "locale": {"language": "de", "country": "DE"},
            },
            501,
        ),
    ],
    ids=str,
)
def test_entity_finders_refuse(linkedin, params, status):
    """
    Missing words, wrong finders and what is not modelled.
    """
    with pytest.raises(Refused) as caught:
        linkedin.get("/adTargetingEntities", **params)
    assert status == caught.value.status


def test_upload_urls_are_no_secret_doors(door):
    """
    Unknown ones are 404; the CSV's wants the token.
    """
    answers = [
        door.http.put(f"{door.base}/dms-uploads/image/x/0", content=b"x"),
        door.http.put(f"{door.base}/dms-uploads", content=b"x"),
        door.http.post(f"{door.base}/dmp-uploads/{door.act}", content=b"x"),
        door.http.get(f"{door.base}/v2/me"),
    ]
    assert [404, 404, 401, 404] == [one.status_code for one in answers]
    assert all(isinstance(one, httpx.Response) for one in answers)
