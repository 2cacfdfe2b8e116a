"""
Rules about posts and boosted posts: what each network publishes, and when.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from smmlib.model import Network, Post, PostState
from smmlib.model._enums import NETWORK_ALIASES
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._telegram_text import telegram_length
from smmlib.rules._view import CreativeView, PlanView
from smmlib.rules._weighted import MAX_WEIGHT, weighted_length

_CHARACTERS = "characters"

_UNITS = "UTF-16 units after its marks are read"
TELEGRAM_TEXT = Limit(
    "Telegram post",
    4096,
    unit=_UNITS,
    source="Bot API sendMessage",
    date="2026-11",
)
TELEGRAM_CAPTION = Limit(
    "Telegram post with media",
    1024,
    unit=_UNITS,
    source="Bot API sendPhoto",
    date="2026-11",
)
X_TEXT = Limit(
    "X post",
    MAX_WEIGHT,
    unit="weighted characters",
    source="X counting characters, twitter-text 3",
    date="2026-11",
)
POST_TEXT = {
    Network.FACEBOOK: Limit(
        "Facebook post",
        63206,
        unit=_CHARACTERS,
        source="Facebook pages help",
        date="2026-11",
    ),
    Network.INSTAGRAM: Limit(
        "Instagram caption",
        2200,
        unit=_CHARACTERS,
        source="Instagram content publishing",
        date="2026-11",
    ),
    Network.LINKEDIN: Limit(
        "LinkedIn post",
        3000,
        unit=_CHARACTERS,
        source="LinkedIn Posts API",
        date="2026-11",
    ),
    Network.X: X_TEXT,
    Network.TELEGRAM: TELEGRAM_TEXT,
}


def post_limit(network: Network, post: Post) -> Limit:
    """
    How long a post may be on one network.
    """
    if network is Network.TELEGRAM and post.media:
        return TELEGRAM_CAPTION
    return POST_TEXT[network]


def post_length(network: Network, text: str) -> int:
    """
    How long a text is to one network, exactly as it counts.

    X weighs scripts, emoji and links; Telegram counts UTF-16 units of what is shown;
    the others count characters (code points after NFC).
    """
    if network is Network.X:
        return weighted_length(text)
    if network is Network.TELEGRAM:
        return telegram_length(text)
    return len(unicodedata.normalize("NFC", text))


def _text_path(key: str, post: Post, network: Network) -> str:
    own = f"posts.{key}.variants.{network.value}"
    return own if network.value in post.variants else f"posts.{key}.text"


@rule(
    "post.text_too_long",
    "The text of a post fits on each of its networks.",
    limits=[*POST_TEXT.values(), TELEGRAM_CAPTION],
)
def text_too_long(view: PlanView) -> Iterator[Found]:
    """
    Posts that a network would refuse.
    """
    for key, post in view.plan.posts.items():
        for network in post.networks:
            limit = post_limit(network, post)
            count = post_length(network, post.text_for(network))
            if count > limit.value:
                yield Found(
                    _text_path(key, post, network),
                    f"post '{key}' has {count} characters as {network} counts, "
                    f"it takes {limit.value}"
                    + (" with media" if limit is TELEGRAM_CAPTION else ""),
                    value=count,
                    limit=limit,
                    hint=f"shorten it by {count - limit.value}, or give {network} a "
                    "text of its own in variants",
                )


@rule("post.empty", "A post has something to publish on each of its networks.")
def post_empty(view: PlanView) -> Iterator[Found]:
    """
    Posts without text and media.
    """
    for key, post in view.plan.posts.items():
        if post.state is PostState.IDEA or post.media:
            continue
        for network in post.networks:
            if not post.text_for(network).strip():
                yield Found(
                    f"posts.{key}.text",
                    f"post '{key}' has neither text nor media for {network}",
                    limit="text or media",
                    hint=f"write a text, or drop {network} from its networks",
                )


@rule("post.no_media", "A post on Instagram shows a picture or a film.")
def post_no_media(view: PlanView) -> Iterator[Found]:
    """
    Text-only posts where the network has none.
    """
    for key, post in view.plan.posts.items():
        idea = post.state is PostState.IDEA
        if Network.INSTAGRAM in post.networks and not post.media and not idea:
            yield Found(
                f"posts.{key}.media",
                f"post '{key}' has no picture or film, Instagram takes no bare text",
                limit="at least one picture or film",
                hint="add media, or drop instagram from its networks",
            )


@rule("post.no_network", "A post is published somewhere.", severity="warning")
def post_no_network(view: PlanView) -> Iterator[Found]:
    """
    Posts that name no network.
    """
    for key, post in view.plan.posts.items():
        if not post.networks:
            yield Found(
                f"posts.{key}.networks",
                f"post '{key}' names no network, so it is published nowhere",
                hint="add networks, e.g. networks: [facebook]",
            )


@rule("post.network", "A post stands only on networks of its line.", severity="warning")
def post_network(view: PlanView) -> Iterator[Found]:
    """
    Posts whose results will be counted for no line's network.
    """
    for key, post in view.plan.posts.items():
        line = view.plan.lines.get(post.line)
        for place, network in enumerate(post.networks if line else ()):
            if line and network not in line.networks:
                yield Found(
                    f"posts.{key}.networks[{place}]",
                    f"post '{key}' is on {network}, which line '{post.line}' is not",
                    value=network.value,
                    limit=", ".join(line.networks),
                    hint=f"add {network} to the line, or name another line",
                )


def _boosts(view: PlanView) -> Iterator[tuple[CreativeView, Post]]:
    for item in view.creatives:
        post = view.plan.posts.get(item.creative.boost)
        if post:
            yield item, post


@rule("boost.waits", "A boosted post is there when its ad starts.", severity="info")
def boost_waits(view: PlanView) -> Iterator[Found]:
    """
    Ads that can start only after their post is published.
    """
    for item, post in _boosts(view):
        if post.state is PostState.PUBLISHED or not item.uses:
            continue
        start = min(ad_set.flight.start for _, ad_set in item.uses)
        name = item.creative.boost
        if post.at is None:
            text = f"post '{name}' has no date yet; its ad waits until it is published"
        elif post.at > start:
            text = f"its ad starts {start:%Y-%m-%d %H:%M}, but post '{name}' is due "
            text += f"{post.at:%Y-%m-%d %H:%M}; the ad waits until it is published"
        else:
            text = f"the ad waits until post '{name}' is published"
        yield Found(
            f"{item.path}.boost",
            text,
            value=post.at.isoformat() if post.at else None,
            limit=start.isoformat(),
            hint="publish the post, then apply the plan again",
        )


@rule("boost.after_end", "A boosted post is published before its ads end.")
def boost_after_end(view: PlanView) -> Iterator[Found]:
    """
    Ads that are over before there is anything to show.
    """
    for item, post in _boosts(view):
        end = max((ad_set.flight.end for _, ad_set in item.uses), default=None)
        if end and post.at and post.at >= end:
            yield Found(
                f"{item.path}.boost",
                f"post '{item.creative.boost}' is due {post.at:%Y-%m-%d %H:%M}, when "
                "its ads are over",
                value=post.at.isoformat(),
                limit=end.isoformat(),
                hint="publish it earlier, or let the ads run longer",
            )


def _published_on(view: PlanView, boost: str) -> tuple[str, ...]:
    """
    Networks of a boosted post: as planned, or as its published name says.
    """
    network, colon, _ = boost.partition(":")
    if colon:
        word = network.strip().casefold()
        return (NETWORK_ALIASES.get(word, word),)
    post = view.plan.posts.get(boost)
    return tuple(n.value for n in post.networks) if post else ()


@rule("boost.network", "A boosted post is on a network its ads are on.")
def boost_network(view: PlanView) -> Iterator[Found]:
    """
    Posts that are not published where they are to be boosted.
    """
    for item in view.creatives:
        where = _published_on(view, item.creative.boost)
        for campaign, _ in item.uses if where else ():
            networks = campaign.line.networks if campaign.line else ()
            if networks and not set(networks) & set(where):
                yield Found(
                    f"{item.path}.boost",
                    f"post '{item.creative.boost}' is on {', '.join(where)}, "
                    f"its ads are on {', '.join(networks)}",
                    value=", ".join(where),
                    limit=", ".join(networks),
                    hint="publish the post there as well, or boost another one",
                )
                break


@rule(
    "boost.text_ignored",
    "A boosted post speaks for itself.",
    severity="warning",
)
def boost_text(view: PlanView) -> Iterator[Found]:
    """
    Texts beside a boosted post, which nobody will read.
    """
    for item in view.creatives:
        creative = item.creative
        for part in ("text", "headline", "description"):
            if creative.boost and getattr(creative, part):
                yield Found(
                    f"{item.path}.{part}",
                    f"the {part} is not shown: a boosted post keeps its own",
                    hint=f"drop the {part}, or change the post",
                )


RULES = (
    text_too_long,
    post_empty,
    post_no_media,
    post_no_network,
    post_network,
    boost_waits,
    boost_after_end,
    boost_network,
    boost_text,
)
