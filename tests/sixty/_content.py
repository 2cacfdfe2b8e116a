"""
Failures of content: texts counted wrongly, times of another zone, pictures and films.
"""

from __future__ import annotations

from _case import PlanCase

_PY = "facebook/facebook-python-business-sdk"
_POST = "posts.opening"
_NETWORKS = "networks: [facebook, telegram]\n    at"
_BOX = "    cta: sign_up\n    link: https://alpenkaffee.example/box\n    image: "


def _post(text, network=""):
    """
    The post with another text, on one network.
    """
    edits = (("text: We are open.", f'text: "{text}"'),)
    if network:
        edits += ((_NETWORKS, f"networks: [{network}]\n    at"),)
    return edits


# Rank 14: emoji, CJK and links counted wrongly; texts cut in silence.
TEXTS = (
    PlanCase(
        rank=14,
        thread="ComposioHQ/composio#2710",
        demand="LinkedIn's text is measured before it is sent, not cut with a success",
        edits=_post("→" * 3001, "linkedin"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"→',
        limit=3000,
        hint="shorten it by 1",
    ),
    PlanCase(
        rank=14,
        thread="ComposioHQ/composio#2710",
        demand="a character that breaks an encoding is found in the text",
        edits=(("text: Good meetings begin", 'text: "Good\\u0000meetings" #'),),
        code="text.control_character",
        path="creatives.table.text",
        at='text: ^"Good',
        limit="can be printed",
        hint="remove the character",
    ),
    PlanCase(
        rank=14,
        thread="twitter/twitter-text#203",
        demand="a Japanese character weighs two",
        edits=_post("コ" * 141, "x"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"コ',
        limit=280,
        hint="shorten it by 2",
    ),
    PlanCase(
        rank=14,
        thread="twitter/twitter-text#303",
        demand="a family of four is one emoji of weight two",
        edits=_post("👩‍👩‍👧‍👦" * 141, "x"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"👩',
        limit=280,
        hint="shorten it by 2",
    ),
    PlanCase(
        rank=14,
        thread="gptme/gptme-contrib#1176",
        demand="a link weighs 23, however long it is",
        edits=_post("a" * 257 + " https://alpenkaffee.com/" + "b" * 99, "x"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"aaa',
        limit=280,
        hint="shorten it by 1",
    ),
    PlanCase(
        rank=14,
        thread="gptme/gptme-contrib#1176",
        demand="the text of an ad on X counts with the link of its card",
        edits=(("text: We open on Monday.", f'text: "{"コ" * 141}"'),),
        code="x.text_too_long",
        path="creatives.short.text",
        at='text: ^"コ',
        limit=280,
        hint="shorten it by",
    ),
    PlanCase(
        rank=14,
        thread="diaspora/diaspora#6421",
        demand="a domain without https is a link as well",
        edits=_post("a" * 270 + " alpenkaffee.com", "x"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"aaa',
        limit=280,
        hint="shorten it by",
    ),
    PlanCase(
        rank=14,
        thread="baedert/corebird#794",
        demand="an emoji under a picture counts two units on Telegram",
        edits=_post("👍" * 513, "telegram"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"👍',
        limit=1024,
        hint="shorten it by 2",
    ),
    PlanCase(
        rank=14,
        thread="baedert/corebird#794",
        demand="each network's own limit holds, not the smallest or largest",
        edits=_post("a" * 2201, "instagram"),
        code="post.text_too_long",
        path=f"{_POST}.text",
        at='text: ^"aaa',
        limit=2200,
        hint="shorten it by 1",
    ),
    PlanCase(
        rank=14,
        thread="ComposioHQ/composio#2710",
        demand="480 code points stand before “Show more”, whatever they are",
        edits=(
            ("text: You have the machine. We have the beans.", f"text: {'☕' * 481}"),
        ),
        code="text.too_long",
        path="creatives.box.text",
        at="text: ^☕",
        limit=480,
        hint="shorten it by 1 character",
    ),
)

# Rank 19: UTC, the account's zone, the browser's zone.
ZONES = (
    PlanCase(
        rank=19,
        thread="fivetran/dbt_ad_reporting#49",
        demand="one zone for all channels, and one that exists",
        edits=(("zone: Europe/Berlin", "zone: EST5"),),
        code="time.zone",
        path="zone",
        at="zone: ^EST5",
        limit="Europe/Berlin",
        hint="IANA",
    ),
    PlanCase(
        rank=19,
        thread="fivetran/dbt_ad_reporting#49",
        demand="a city is no zone",
        edits=(("zone: Europe/Berlin", "zone: Berlin"),),
        code="time.zone",
        path="zone",
        at="zone: ^Berlin",
        limit="Europe/Berlin",
        hint="IANA",
    ),
    PlanCase(
        rank=19,
        thread="jasonakatiff/theleadrouter-ad-studio#14",
        demand="an hour the account's clock never shows is not shifted in silence",
        edits=(("at: 2027-03-01 09:00", "at: 2027-03-28 02:30"),),
        code="time.gap",
        path=f"{_POST}.at",
        at="at: ^2027-03-28 02:30",
        limit="exactly once",
        hint="an hour earlier or later",
    ),
    PlanCase(
        rank=19,
        thread="jasonakatiff/theleadrouter-ad-studio#14",
        demand="a start before its line is named, with both spans",
        edits=(
            (
                "    line: meta-leads\n",
                "    line: meta-leads\n    flight: 2027-02-28..2027-04-11\n",
            ),
        ),
        code="campaign.outside_flight",
        path="campaigns.leads.flight",
        at="flight: ^2027-02-28..",
        limit="2027-03-01..2027-04-11",
        hint="move it inside",
    ),
    PlanCase(
        rank=19,
        thread="Canonry/canonry#862",
        demand="seconds since 1970 are no time a person reads",
        edits=(("at: 2027-03-01 09:00", "at: 1803891600"),),
        code="time.format",
        path=f"{_POST}.at",
        at="at: ^1803891600",
        limit="date and time",
        hint="24-hour clock",
    ),
    PlanCase(
        rank=19,
        thread="Canonry/canonry#862",
        demand="day and month are never guessed",
        edits=(("at: 2027-03-01 09:00", "at: 01/03/2027 09:00"),),
        code="time.format",
        path=f"{_POST}.at",
        at="at: ^01/03/2027",
        limit="date and time",
        hint="year-month-day",
    ),
    PlanCase(
        rank=19,
        thread="facebook/facebook-php-business-sdk#175",
        demand="an end before the start is named",
        edits=(
            (
                "flight: 2027-03-01..2027-04-11",
                "flight: 2027-04-11..2027-03-01",
            ),
        ),
        code="flight.end_before_start",
        path="flight",
        at="flight: ^2027-04-11..2027-03-01",
        limit="2027-04-11 or later",
        hint="swap the two",
    ),
    PlanCase(
        rank=19,
        thread="facebook/facebook-php-business-sdk#175",
        demand="a day that does not exist is no day",
        edits=(
            (
                "flight: 2027-03-01..2027-04-11",
                "flight: 2027-02-29..2027-04-11",
            ),
        ),
        code="time.date",
        path="flight",
        at="flight: ^2027-02-29",
        limit="year-month-day",
        hint="check that the day exists",
    ),
    PlanCase(
        rank=19,
        thread="googleads/google-ads-dotnet#354",
        demand="a date in the order of another country is asked about",
        edits=(
            (
                "flight: 2027-03-01..2027-04-11",
                "flight: 03/01/2027-04/11/2027",
            ),
        ),
        code="flight.format",
        path="flight",
        at="flight: ^03/01/2027",
        limit="first..last day",
        hint="ISO dates",
    ),
)

# Rank 27: pictures and films; misleading errors about their type.
MEDIA = (
    PlanCase(
        rank=27,
        thread=f"{_PY}#697",
        demand="a file of another type than its name says is told by its bytes",
        edits=((f"{_BOX}img/box.png\n  table", f"{_BOX}img/page.png\n  table"),),
        code="media.format",
        path="creatives.box.image",
        at="image: ^img/page.png",
        limit="PNG, JPEG, GIF or WebP",
        hint="save it as PNG or JPEG",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#697",
        demand="a type the platform does not take is named with those it does",
        edits=((f"{_BOX}img/box.png\n  table", f"{_BOX}img/scan.tiff\n  table"),),
        code="media.format",
        path="creatives.box.image",
        at="image: ^img/scan.tiff",
        limit="PNG, JPEG, GIF or WebP",
        hint="save it as PNG or JPEG",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#680",
        demand="an empty upload is refused before it is sent",
        edits=((f"{_BOX}img/box.png\n  table", f"{_BOX}img/empty.png\n  table"),),
        code="media.format",
        path="creatives.box.image",
        at="image: ^img/empty.png",
        limit="PNG, JPEG, GIF or WebP",
        hint="save it as PNG or JPEG",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#680",
        demand="a path that leads nowhere is named",
        edits=((f"{_BOX}img/box.png\n  table", f"{_BOX}img/bax.png\n  table"),),
        code="media.missing",
        path="creatives.box.image",
        at="image: ^img/bax.png",
        limit="in the plan's folder",
        hint="correct the path",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#702",
        demand="a film that is none is told by its bytes",
        edits=(
            (
                f"{_BOX}img/box.png\n  table",
                f"{_BOX}img/box.png\n  table".replace(
                    "image: img/box.png",
                    "video: {path: img/picture.mp4, thumbnail: img/box.png}",
                ),
            ),
        ),
        code="media.format",
        path="creatives.box.video",
        at="^video: {path: img/picture.mp4",
        limit="MP4 or MOV",
        hint="MP4 with H.264",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#518",
        demand="a film without a still is asked for one, in those words",
        edits=(
            (
                f"{_BOX}img/box.png\n  table",
                f"{_BOX}img/box.png\n  table".replace(
                    "image: img/box.png", "video: img/film.mp4"
                ),
            ),
        ),
        code="meta.thumbnail_missing",
        path="creatives.box.video.thumbnail",
        at="video: ^img/film.mp4",
        limit="required",
        hint="add thumbnail:",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#518",
        demand="a still that is not there is named as the still",
        edits=(
            (
                f"{_BOX}img/box.png\n  table",
                f"{_BOX}img/box.png\n  table".replace(
                    "image: img/box.png",
                    "video: {path: img/film.mp4, thumbnail: img/still.jpg}",
                ),
            ),
        ),
        code="media.missing",
        path="creatives.box.video.thumbnail",
        at="thumbnail: ^img/still.jpg",
        limit="in the plan's folder",
        hint="correct the path",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#137",
        demand="a hash where a picture is meant says which field takes pictures",
        edits=(
            (
                f"{_BOX}img/box.png\n  table",
                f"{_BOX}img/box.png\n  table".replace("image:", "image_hash:"),
            ),
        ),
        code="key.unknown",
        path="creatives.box.image_hash",
        at="image_hash: ^img/box.png",
        limit="image, video, cards",
        hint="did you mean 'image'?",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#137",
        demand="bytes in a URL are no file",
        edits=((f"{_BOX}img/box.png\n  table", f"{_BOX}data:image/png,AA\n  table"),),
        code="media.path",
        path="creatives.box.image",
        at="image: ^data:image/png,AA",
        limit="a relative path",
        hint="copy the file next to the plan",
    ),
    PlanCase(
        rank=27,
        thread=f"{_PY}#207",
        demand="a carousel's card without a picture is named by its number",
        edits=(("{image: img/light.png, headline", "{headline"),),
        code="card.media",
        path="creatives.taste.cards[0].image",
        at="- ^{headline: Light}",
        limit="image or video",
        hint="give the card an image:",
    ),
)
