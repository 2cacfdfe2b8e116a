"""
Posts: published, drafted, scheduled; organic or promoted-only.

Source: X Ads API, creatives reference, 2026-08; counting characters, 2026-08.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, refuse
from smmlib.sandbox.x._media import kind_of, known_media
from smmlib.sandbox.x._resources import Resource, paged
from smmlib.sandbox.x._status import seconds
from smmlib.sandbox.x._typed import stamp

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record, Store

LONGEST = 280
_URL_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
URL = re.compile(r"https?://[^\s\"<>]*[^\s\"<>.,;:!?)'\]]", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+"
    r"(?:com|net|org|info|biz|eu|de|at|ch|uk|fr|es|it|nl|be|pl|se|dk|no|fi|io|co|me|tv"
    r"|us|ca|au|jp|in|br|app|dev|shop|store|online|site|xyz|cafe|coffee|news|blog)"
    r"(?![\w@-])(?:[/?][^\s\"<>]*[^\s\"<>.,;:!?)'\]])?",
    re.IGNORECASE,
)
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[#*0-9]\ufe0f?\u20e3"
    "|[\u203c-\u3299\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
    "(?:\u200d[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?)*)"
)
_MOST_IMAGES = 4
_FIELDS = ("text", "card_uri", "media_keys", "nullcast", "name")
_YEAR_S = 366 * 86_400
_SLOT_S, _PER_SLOT = 900, 30


def weight(text: str) -> int:
    """
    The length of a text as X weighs it: addresses 23, emoji 2, most letters 1.

    Addresses without a scheme are known by the commonest endings only.
    """
    rest, total = unicodedata.normalize("NFC", text), 0
    for pattern in (URL, _BARE):
        rest, found = pattern.subn(" ", rest)
        total += (_URL_WEIGHT - 1) * found  # the blank left in its place weighs 1
    total += 2 * len(_EMOJI.findall(rest))
    return total + sum(
        1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2
        for sign in _EMOJI.sub("", rest)
    )


def render(_ctx: Context, record: Record) -> dict[str, Any]:
    """
    The published post in the style of the older API.
    """
    data = record.data
    born = datetime.fromtimestamp(record.created, UTC)
    return {
        "id": int(record.id),
        "id_str": record.id,
        "tweet_id": record.id,
        "tweet_type": "PUBLISHED",
        "created_at": born.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "text": data["text"],
        "full_text": data["text"],
        "display_text_range": [0, len(data["text"])],
        "name": data["name"],
        "nullcast": data["nullcast"],
        "card_uri": data["card_uri"],
        "media_keys": data["media_keys"],
        "conversation_settings": data["conversation_settings"],
        "scheduled_at": data["scheduled_at"],
        "user": {"id": int(data["user_id"]), "id_str": data["user_id"]},
        "entities": {"urls": [{"url": url} for url in URL.findall(data["text"])]},
        "source": "smmlib sandbox",
        "lang": "en",
        "favorite_count": 0,
        "retweet_count": 0,
        "favorited": False,
        "retweeted": False,
        "truncated": False,
        "scopes": {"followers": False},
        **dict.fromkeys(("contributors", "coordinates", "geo", "place")),
    }


def _render_draft(_ctx: Context, record: Record) -> dict[str, Any]:
    data = record.data
    return {
        "id": record.id,
        "id_str": record.id,
        "user_id": data["user_id"],
        **{name: data[name] for name in _FIELDS},
        "created_at": stamp(record.created),
        "updated_at": stamp(record.updated),
    }


def _render_scheduled(ctx: Context, record: Record) -> dict[str, Any]:
    data = record.data
    return {
        **_render_draft(ctx, record),
        "scheduled_at": data["scheduled_at"],
        "scheduled_status": data["scheduled_status"],
        "completed_at": stamp(data["completed_at"]),
        "tweet_id": data["tweet_id"],
    }


TWEETS = Resource("tweet", "tweet_id", "TWEET_NOT_FOUND", render)
DRAFTS = Resource(
    "draft_tweet",
    "draft_tweet_id",
    "TWEET_NOT_FOUND",
    _render_draft,
    filters={"user_id": "user_id"},
)
SCHEDULED = Resource(
    "scheduled_tweet",
    "scheduled_tweet_id",
    "TWEET_NOT_FOUND",
    _render_scheduled,
    filters={"user_id": "user_id"},
)
_BY_TYPE = {"PUBLISHED": TWEETS, "DRAFT": DRAFTS, "SCHEDULED": SCHEDULED}


def publish(ctx: Context) -> Result:
    """
    Publish a post; promoted-only unless `nullcast=false`.
    """
    content = _content(ctx, dict(ctx.params))
    _check_twin(ctx, content)
    told = {**content, "conversation_settings": "EVERYONE"}
    if ctx.params.get("conversation_settings"):
        told["conversation_settings"] = ctx.params["conversation_settings"]
    record = ctx.store.add("tweet", ctx.account.id, _complete(told), ctx.now)
    return Result(render(ctx, record))


def rename(ctx: Context) -> Result:
    """
    Give a post the name that only advertisers see.
    """
    record = TWEETS.one(ctx)
    ctx.store.touch(record, ctx.now, {"name": ctx.params.get("name")})
    return Result(render(ctx, record))


def list_tweets(ctx: Context) -> Result:
    """
    Posts of one type: published, drafts or scheduled.
    """
    params = ctx.params
    resource = _BY_TYPE[params["tweet_type"]]
    line = params.get("timeline_type", "NULLCAST")
    family = ctx.store.family(ctx.account.id, resource.kind)
    shown = [
        record
        for record in family
        if ctx.seen(record)
        and not record.deleted
        and (line == "ALL" or record.data["nullcast"] == (line == "NULLCAST"))
        and ("tweet_ids" not in params or record.id in params["tweet_ids"])
        and params.get("name") in (None, record.data["name"])
        and str(params.get("user_id", record.data["user_id"])) == record.data["user_id"]
    ]
    return paged(ctx, family, shown, lambda record: resource.render(ctx, record))


def create_draft(ctx: Context) -> Result:
    """
    Keep a draft.
    """
    content = _content(ctx, dict(ctx.params))
    record = ctx.store.add("draft_tweet", ctx.account.id, content, ctx.now)
    return Result(_render_draft(ctx, record))


def update_draft(ctx: Context) -> Result:
    """
    Change what was sent of a draft.
    """
    record = DRAFTS.one(ctx)
    ctx.store.touch(record, ctx.now, _edited(ctx, record))
    return Result(_render_draft(ctx, record))


def schedule(ctx: Context) -> Result:
    """
    Have a post published at a minute to come.
    """
    content = _content(ctx, dict(ctx.params))
    content |= {"scheduled_status": "SCHEDULED", "completed_at": None, "tweet_id": None}
    content["scheduled_at"] = _planned(ctx, ctx.params["scheduled_at"])
    record = ctx.store.add("scheduled_tweet", ctx.account.id, content, ctx.now)
    return Result(_render_scheduled(ctx, record))


def update_scheduled(ctx: Context) -> Result:
    """
    Change a post that is still to come.
    """
    record = SCHEDULED.one(ctx)
    if record.data["scheduled_status"] != "SCHEDULED":
        raise refuse("ACTION_NOT_ALLOWED", "The post was published already")
    changes = _edited(ctx, record)
    if ctx.params.get("scheduled_at"):
        changes["scheduled_at"] = _planned(ctx, ctx.params["scheduled_at"])
    ctx.store.touch(record, ctx.now, changes)
    return Result(_render_scheduled(ctx, record))


def publish_due(store: Store, now: float) -> None:
    """
    Publish what was scheduled and is due.
    """
    waiting = [
        record
        for account in store.accounts
        for record in store.family(account, "scheduled_tweet")
    ]
    for record in waiting:
        due = seconds(record.data["scheduled_at"])
        if record.data["scheduled_status"] != "SCHEDULED" or due is None or due > now:
            continue
        kept = {name: record.data[name] for name in (*_FIELDS, "user_id")}
        kept |= {"scheduled_at": record.data["scheduled_at"]}
        tweet = store.add("tweet", record.account, _complete(kept), due)
        done = {
            "scheduled_status": "SUCCESS",
            "completed_at": due,
            "tweet_id": tweet.id,
        }
        store.touch(record, due, done)


def _complete(data: dict[str, Any]) -> dict[str, Any]:
    return {"conversation_settings": "EVERYONE", "scheduled_at": None, **data}


def _edited(ctx: Context, record: Record) -> dict[str, Any]:
    told = {name: ctx.params[name] for name in _FIELDS if name in ctx.params}
    merged = {**record.data, **told, "as_user_id": record.data["user_id"]}
    return _content(ctx, merged)


def _content(ctx: Context, params: dict[str, Any]) -> dict[str, Any]:
    """
    Judge what a post is made of.
    """
    user = str(params["as_user_id"])
    if user != ctx.identity.user:
        text = f"User {user[:30]} cannot be spoken for"
        raise refuse("USER_NOT_FOUND", text, parameter="as_user_id", value=user[:30])
    text = params.get("text") or ""
    media = params.get("media_keys") or []
    if not text.strip() and not media:
        raise refuse("TWEET_CANNOT_BE_BLANK", "A post needs text or media")
    if weight(text) > LONGEST:
        told = f"The text weighs {weight(text)}, at most {LONGEST} are allowed"
        raise refuse("INVALID_TWEET", told, parameter="text")
    _check_media(ctx, media)
    _check_card(ctx, params.get("card_uri"))
    nullcast = params.get("nullcast")
    return {
        "user_id": user,
        "text": text,
        "media_keys": media,
        "card_uri": params.get("card_uri"),
        "nullcast": True if nullcast is None else nullcast,
        "name": params.get("name"),
    }


def _check_media(ctx: Context, keys: list[str]) -> None:
    kinds = []
    for key in keys:
        found = known_media(ctx.store, key)
        if found is None:
            text = f"Media {key[:40]} was not found"
            raise refuse("INVALID_MEDIA", text, parameter="media_keys", value=key[:40])
        kinds.append(kind_of(found))
    pictures = set(kinds) <= {"IMAGE"} and len(kinds) <= _MOST_IMAGES
    if not pictures and len(kinds) != 1:
        text = f"At most {_MOST_IMAGES} images, or one GIF, or one video"
        raise refuse("INVALID_MEDIA", text, parameter="media_keys")


def _check_card(ctx: Context, uri: str | None) -> None:
    if not uri:
        return
    card = ctx.store.get("card", uri.removeprefix("card://"))
    if card is None or card.account != ctx.account.id or card.deleted:
        raise refuse("CARD_NOT_FOUND", f"Card {uri[:60]} was not found")


def _check_twin(ctx: Context, content: dict[str, Any]) -> None:
    same = ("user_id", "text", "media_keys", "card_uri")
    for one in ctx.store.family(ctx.account.id, "tweet"):
        if all(one.data[name] == content[name] for name in same):
            text = "This post was published before"
            raise refuse("DUPLICATE_TWEET", text, parameter="text")


def _planned(ctx: Context, text: str) -> str:
    due = seconds(text)
    if due is None or due <= ctx.now or due > ctx.now + _YEAR_S:
        told = "Expected a time within one year from now"
        raise invalid("scheduled_at", told, text)
    if due % 60:
        raise invalid("scheduled_at", "Expected a whole minute", text)
    slot = due // _SLOT_S
    family = ctx.store.family(ctx.account.id, "scheduled_tweet")
    near = [
        one
        for one in family
        if (seconds(one.data["scheduled_at"]) or 0) // _SLOT_S == slot
    ]
    if len(near) >= _PER_SLOT:
        told = f"At most {_PER_SLOT} posts within a quarter of an hour"
        raise refuse("SCHEDULED_TWEET_LIMIT_EXCEEDED", told, parameter="scheduled_at")
    return stamp(due) or text
