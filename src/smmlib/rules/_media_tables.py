"""
What pictures and films must be like, per network and place: type, pixels, ratio, size,
length, count. Every row names the document it comes from, and when it was read.

`least` and `most` are what a network takes; `best` is what it recommends. Sizes of
files are in bytes, a megabyte having 1,000,000 of them unless a network says otherwise.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from smmlib.model import Network, Position

_GUIDE = "Meta ads guide"
_PAGE = "Facebook pages help, photos and films"
_PUBLISHING = "Instagram content publishing"
_LINKEDIN_IMAGE = "LinkedIn ad specifications, single image ads"
_LINKEDIN_VIDEO = "LinkedIn ad specifications, video ads"
_LINKEDIN_CAROUSEL = "LinkedIn ad specifications, carousel ads"
_LINKEDIN_POSTS = "LinkedIn Marketing API, images and videos"
_X_ADS = "X Ads creative specifications"
_X_POSTS = "X media upload, best practices"
_BOT = "Bot API sendPhoto, sendVideo"
_READ = "2026-11"

_MB = 1_000_000
_MIB = 1024 * 1024
_GB = 1_000_000_000

Pixels = tuple[int, int]


@attrs.frozen(kw_only=True)
class MediaSpec:
    """
    What one network takes as a picture or a film in one place.

    Attributes:
        formats: Types of files, as `jpeg`, `png`, `gif`, `webp`, `mp4`, `mov`.
        most_bytes: Largest file.
        least_bytes: Smallest file.
        least: Fewest pixels, width and height.
        most: Most pixels, width and height; 0 where the network does not say.
        best: Recommended pixels, the best first.
        ratios: Narrowest and widest ratio of width to height that is shown whole.
        seconds: Shortest and longest film.
        keep_free: Parts of the height to keep free of words, top, bottom, in %.
        most_sides: Most that width and height may be together.
        source: Document that says so.
        date: When it was read, as year and month.
    """

    formats: tuple[str, ...]
    most_bytes: int
    least_bytes: int = 1
    least: Pixels = (1, 1)
    most: Pixels = (0, 0)
    best: tuple[Pixels, ...] = ()
    ratios: tuple[Decimal, Decimal] | None = None
    seconds: tuple[int, int] | None = None
    keep_free: Pixels = (0, 0)
    most_sides: int = 0
    source: str
    date: str = _READ


_SQUARE = Decimal(1)
_TALL = Decimal("0.8")  # 4:5
_WIDE = Decimal("1.91")
_STORY = Decimal("0.5625")  # 9:16
_FILM_WIDE = Decimal("1.78")  # 16:9

_META_FORMATS = ("jpeg", "png")
_META_FILMS = ("mp4", "mov", "gif")

_FEED = MediaSpec(
    formats=_META_FORMATS,
    most_bytes=30 * _MIB,
    least=(600, 600),
    best=((1440, 1440), (1440, 1800)),
    ratios=(_TALL, _WIDE),
    source=f"{_GUIDE}, feed",
)
_INSTAGRAM_FEED = attrs.evolve(
    _FEED, least=(500, 400), best=((1440, 1800), (1440, 1440))
)
_FULL_SCREEN = MediaSpec(
    formats=_META_FORMATS,
    most_bytes=30 * _MIB,
    least=(500, 500),
    best=((1440, 2560), (1080, 1920)),
    ratios=(_STORY, _WIDE),
    keep_free=(14, 20),
    source=f"{_GUIDE}, stories",
)
_REEL = attrs.evolve(
    _FULL_SCREEN,
    ratios=(_STORY, _SQUARE),
    keep_free=(14, 35),
    source=f"{_GUIDE}, reels",
)
_SMALL = attrs.evolve(
    _FEED,
    least=(254, 133),
    best=((1080, 1080), (1200, 628)),
    ratios=(_SQUARE, _WIDE),
    source=f"{_GUIDE}, right column and search",
)
_LINKEDIN_PICTURE = MediaSpec(
    formats=("jpeg", "png", "gif"),
    most_bytes=5 * _MIB,
    least=(360, 360),
    most=(7680, 4320),
    best=((1200, 628), (1200, 1200), (720, 900)),
    ratios=(Decimal("0.52"), _WIDE),
    source=_LINKEDIN_IMAGE,
)
_X_PICTURE = MediaSpec(
    formats=_META_FORMATS,
    most_bytes=3 * _MB,
    least=(800, 418),
    best=((800, 800), (800, 418)),
    ratios=(_SQUARE, _WIDE),
    source=_X_ADS,
)

AD_PICTURES: dict[Network, dict[Position, MediaSpec]] = {
    Network.FACEBOOK: {
        Position.FEED: _FEED,
        Position.PROFILE: _FEED,
        Position.STORIES: _FULL_SCREEN,
        Position.REELS: _REEL,
        Position.MARKETPLACE: attrs.evolve(_FEED, best=((1080, 1080),)),
        Position.RIGHT_COLUMN: _SMALL,
        Position.SEARCH: _SMALL,
    },
    Network.INSTAGRAM: {
        Position.FEED: _INSTAGRAM_FEED,
        Position.PROFILE: _INSTAGRAM_FEED,
        Position.EXPLORE: _INSTAGRAM_FEED,
        Position.SEARCH: _INSTAGRAM_FEED,
        Position.STORIES: _FULL_SCREEN,
        Position.REELS: _REEL,
    },
    Network.LINKEDIN: {Position.FEED: _LINKEDIN_PICTURE},
    Network.X: {Position.FEED: _X_PICTURE},
}
"""
Pictures of ads by network and place; a place that is not here follows the feed.
"""

_FEED_FILM = MediaSpec(
    formats=_META_FILMS,
    most_bytes=4 * _GB,
    least=(120, 120),
    best=((1440, 1800), (1440, 1440)),
    ratios=(_TALL, _FILM_WIDE),
    seconds=(1, 241 * 60),
    source=f"{_GUIDE}, feed",
)
_STORY_FILM = attrs.evolve(
    _FEED_FILM,
    least=(500, 500),
    best=((1440, 2560), (1080, 1920)),
    ratios=(_STORY, _WIDE),
    seconds=(1, 120),
    keep_free=(14, 20),
    source=f"{_GUIDE}, stories",
)
_REEL_FILM = attrs.evolve(
    _STORY_FILM,
    seconds=(1, 15 * 60),
    keep_free=(14, 35),
    source=f"{_GUIDE}, reels",
)
_LINKEDIN_FILM = MediaSpec(
    formats=("mp4",),
    most_bytes=500 * _MIB,
    least_bytes=75 * 1024,
    least=(360, 360),
    most=(1920, 1920),
    best=((1920, 1080), (1080, 1080), (1080, 1920)),
    ratios=(Decimal("0.5625"), _FILM_WIDE),
    seconds=(3, 30 * 60),
    source=_LINKEDIN_VIDEO,
)
_X_FILM = MediaSpec(
    formats=("mp4", "mov"),
    most_bytes=500 * _MB,
    best=((1200, 1200), (1920, 1080)),
    ratios=(_SQUARE, _FILM_WIDE),
    seconds=(1, 10 * 60),
    source=_X_ADS,
)

AD_FILMS: dict[Network, dict[Position, MediaSpec]] = {
    Network.FACEBOOK: {
        Position.FEED: _FEED_FILM,
        Position.PROFILE: _FEED_FILM,
        Position.STORIES: _STORY_FILM,
        Position.REELS: _REEL_FILM,
        Position.IN_STREAM: attrs.evolve(
            _FEED_FILM,
            best=((1920, 1080), (1080, 1080)),
            seconds=(5, 600),
            source=f"{_GUIDE}, in-stream",
        ),
    },
    Network.INSTAGRAM: {
        Position.FEED: attrs.evolve(_FEED_FILM, seconds=(1, 3600)),
        Position.STORIES: attrs.evolve(_STORY_FILM, seconds=(1, 3600)),
        Position.REELS: _REEL_FILM,
    },
    Network.LINKEDIN: {Position.FEED: _LINKEDIN_FILM},
    Network.X: {Position.FEED: _X_FILM},
}
"""
Films of ads by network and place; a place that is not here follows the feed.
"""

CARD_PICTURES: dict[Network, MediaSpec] = {
    Network.FACEBOOK: attrs.evolve(
        _FEED, best=((1080, 1080),), source=f"{_GUIDE}, carousel"
    ),
    Network.INSTAGRAM: attrs.evolve(
        _INSTAGRAM_FEED, best=((1080, 1080),), source=f"{_GUIDE}, carousel"
    ),
    Network.LINKEDIN: attrs.evolve(
        _LINKEDIN_PICTURE,
        most_bytes=10 * _MB,
        most=(4320, 4320),
        best=((1080, 1080),),
        ratios=(_SQUARE, _SQUARE),
        source=_LINKEDIN_CAROUSEL,
    ),
    Network.X: _X_PICTURE,
}
"""
Pictures of a carousel's cards: all of one ratio, the square being safe everywhere.
"""
CARD_COUNTS: dict[Network, tuple[int, int]] = {
    Network.FACEBOOK: (2, 10),
    Network.INSTAGRAM: (2, 10),
    Network.LINKEDIN: (2, 10),
    Network.X: (2, 6),
}
"""
Fewest and most cards of a carousel.
"""

POST_PICTURES: dict[Network, MediaSpec] = {
    Network.FACEBOOK: MediaSpec(
        formats=("jpeg", "png", "gif", "webp"),
        most_bytes=10 * _MB,
        best=((1080, 1080), (1080, 1350)),
        source=_PAGE,
    ),
    Network.INSTAGRAM: MediaSpec(
        formats=("jpeg",),
        most_bytes=8 * _MIB,
        least=(320, 168),
        best=((1080, 1350), (1080, 1080)),
        ratios=(_TALL, _WIDE),
        source=_PUBLISHING,
    ),
    Network.LINKEDIN: MediaSpec(
        formats=("jpeg", "png", "gif"),
        most_bytes=5 * _MIB,
        best=((1200, 628), (1200, 1200)),
        source=_LINKEDIN_POSTS,
    ),
    Network.X: MediaSpec(
        formats=("jpeg", "png", "gif", "webp"),
        most_bytes=5 * _MB,
        best=((1200, 675), (1080, 1080)),
        source=_X_POSTS,
    ),
    Network.TELEGRAM: MediaSpec(
        formats=("jpeg", "png", "gif", "webp"),
        most_bytes=10 * _MB,
        best=((1280, 1280), (1280, 720)),
        ratios=(Decimal("0.05"), Decimal(20)),
        most_sides=10_000,
        source=_BOT,
    ),
}
"""
Pictures of posts on the brand's own pages.
"""

POST_FILMS: dict[Network, MediaSpec] = {
    Network.FACEBOOK: MediaSpec(
        formats=("mp4", "mov"),
        most_bytes=4 * _GB,
        best=((1080, 1080), (1080, 1920)),
        seconds=(1, 240 * 60),
        source=_PAGE,
    ),
    Network.INSTAGRAM: MediaSpec(
        formats=("mp4", "mov"),
        most_bytes=300 * _MB,
        most=(1920, 3600),
        best=((1080, 1920),),
        ratios=(Decimal("0.01"), Decimal(10)),
        seconds=(3, 15 * 60),
        source=_PUBLISHING,
    ),
    Network.LINKEDIN: attrs.evolve(_LINKEDIN_FILM, most=(0, 0), source=_LINKEDIN_POSTS),
    Network.X: MediaSpec(
        formats=("mp4", "mov"),
        most_bytes=512 * _MB,
        least=(32, 32),
        best=((1280, 720), (720, 1280), (720, 720)),
        ratios=(Decimal("0.33"), Decimal(3)),
        seconds=(1, 140),
        source=_X_POSTS,
    ),
    Network.TELEGRAM: MediaSpec(
        formats=("mp4",),
        most_bytes=50 * _MB,
        best=((1280, 720), (1080, 1920)),
        source=_BOT,
    ),
}
"""
Films of posts on the brand's own pages.
"""
POST_MEDIA: dict[Network, int] = {
    Network.FACEBOOK: 10,
    Network.INSTAGRAM: 10,
    Network.LINKEDIN: 20,
    Network.X: 4,
    Network.TELEGRAM: 10,
}
"""
Most pictures and films of one post.
"""


def ad_spec(network: Network, position: Position, *, film: bool) -> MediaSpec | None:
    """
    What an ad's picture or film must be like in one place; None where none is known.
    """
    table = (AD_FILMS if film else AD_PICTURES).get(network, {})
    return table.get(position) or table.get(Position.FEED)


def post_spec(network: Network, *, film: bool) -> MediaSpec:
    """
    What a post's picture or film must be like.
    """
    return (POST_FILMS if film else POST_PICTURES)[network]
