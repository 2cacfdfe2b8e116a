"""
The contract of publishers has teeth: each broken one fails at the claim it breaks.
"""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest

from smmlib.errors import (
    Outcome,
    RateLimitError,
    ServerError,
    UnreachableError,
    UnsupportedError,
)
from smmlib.model import Network, Post
from smmlib.ports import Capabilities, PublishedPost, Result
from smmlib.testing import PostPublisherConformance

_TOKEN = "t0ken"
_LONGEST = 1_000
_ABOUT = {"platform": "toy", "operation": "publish"}
_NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


class _Toy:
    """
    A channel in memory that can be broken in one way.
    """

    name = "toy"

    def __init__(self, bug=""):
        self.bug = bug
        self.posts = {}
        self.writes = 0
        self.next = ""

    @property
    def capabilities(self):
        return Capabilities((Network.TELEGRAM,), publishes=self.bug != "says no")

    def trouble(self, kind):
        self.next = kind

    def publish(self, post, network, *, marker):
        try:
            found = self._publish(post, network)
        except (RateLimitError, ServerError, UnreachableError, UnsupportedError) as e:
            return Result(marker, e.outcome, error=e)
        return Result("x" if self.bug == "address" else marker, Outcome.APPLIED, found)

    def _publish(self, post, network):
        text = self._fitting(post, network)
        kind, self.next = self.next, ""
        return self._send(text, kind)

    def _fitting(self, post, network):
        secret = _TOKEN if self.bug == "leak" else ""
        refused = {**_ABOUT, "outcome": Outcome.NOT_APPLIED}
        if network is not Network.TELEGRAM and self.bug != "anywhere":
            raise UnsupportedError(f"not on {network} {secret}", **refused)
        text = post.text if self.bug == "variant" else post.text_for(network)
        if len(text) > _LONGEST and self.bug != "too long":
            raise UnsupportedError(f"at most {_LONGEST} characters", **refused)
        if post.media and self.bug != "no file":
            raise UnsupportedError("there is no such file", **refused)
        return text

    def _send(self, text, kind):
        secret = _TOKEN if self.bug == "leak" else ""
        refused = {**_ABOUT, "outcome": Outcome.NOT_APPLIED}
        if kind == "unreachable":
            raise UnreachableError(f"no connection {secret}", **refused)
        if kind == "too_fast" and self.bug != "impatient":
            raise RateLimitError("too fast", resume_at=_NOW, **refused)
        if kind == "lost_before":
            if self.bug == "claims":
                return "0"
            raise ServerError("no answer", **_ABOUT, outcome=Outcome.UNKNOWN)
        found = self._store(text)
        if kind == "too_fast":
            raise RateLimitError("too fast", **refused)
        if kind == "lost_after":
            if self.bug == "resends":
                return self._store(text)
            raise ServerError("no answer", **_ABOUT, outcome=Outcome.UNKNOWN)
        return found

    def _store(self, text):
        self.writes += 1
        if self.bug == "escapes":
            text = text.replace("&", "&amp;")
        if self.bug == "twice":
            self.posts[f"{len(self.posts) + 1}"] = text
        found = "1" if self.bug == "one id" else f"{len(self.posts) + 1}"
        self.posts[found] = text
        return found

    def results(self, post_ids):
        if self.bug != "results":
            return ()
        from smmlib.model import PostResult

        return tuple(PostResult("x", i, on=_NOW.date()) for i in post_ids)

    def read_post(self, post_id, network):
        if post_id not in self.posts:
            return PublishedPost(post_id, network) if self.bug == "made up" else None
        return PublishedPost(post_id, network, text=self.posts[post_id], at=_NOW)

    def find_posts(self, post, network, *, since):
        return tuple(
            PublishedPost(i, network, text=text, at=_NOW)
            for i, text in self.posts.items()
            if (text == post.text_for(network) or self.bug == "finds all")
            and since <= _NOW
        )


_FITS = {
    "says no": "701",
    "address": "702",
    "twice": "702",
    "one id": "703",
    "variant": "704",
    "escapes": "705",
    "resends": "706",
    "claims": "707",
    "impatient": "709",
    "too long": "710",
    "no file": "711",
    "anywhere": "712",
    "made up": "713",
    "finds all": "714",
    "results": "716",
    "leak": "720",
}
_SCENARIOS = {
    name[5:8]: name for name in dir(PostPublisherConformance) if name[:5] == "test_"
}
# What the toy does not offer at all.
_NOT_OFFERED = ("717", "718", "722")


def _run(number, toy):
    """
    One scenario, with the fixtures it asks for.
    """
    method = getattr(PostPublisherConformance(), _SCENARIOS[number])
    fixtures = {
        "publisher": toy,
        "network": Network.TELEGRAM,
        "post": Post("organic", "We are open.", networks=["telegram"]),
        "standing": lambda: list(toy.posts.values()),
        "trouble": toy.trouble,
        "writes": lambda: toy.writes,
        "settle": lambda: None,
        "now": _NOW,
        "secrets": (_TOKEN,),
        "unknown_id": "999",
    }
    method(**{name: fixtures[name] for name in inspect.signature(method).parameters})


@pytest.mark.parametrize("number", sorted(_SCENARIOS))
def test_a_sound_publisher_keeps_everything_it_offers(number):
    """
    The toy passes each claim; what it does not offer it has to declare.
    """
    if number in _NOT_OFFERED:
        with pytest.raises(pytest.fail.Exception, match="declare"):
            _run(number, _Toy())
    else:
        _run(number, _Toy())


@pytest.mark.parametrize(("bug", "number"), sorted(_FITS.items()))
def test_each_bug_is_caught_by_its_claim(bug, number):
    """
    A publisher that is broken in one way fails the scenario about it.
    """
    with pytest.raises(AssertionError):
        _run(number, _Toy(bug))
