"""
How fast is the weighted length of X's posts, beside the published parser?

Both count the same texts in the same process, of every kind and mixed; every text that
both have counted is compared, so speed with another result shows as differences. The
peer's search for links is slower than linear, so it counts a sample, and texts stay
below 300 characters. Reported are the best of several rounds, in turn, in texts per
second; only ratios within one run mean anything. At the end, how the time grows with
long texts.

The peer is twitter-text-parser 3.0.0; it wants setuptools below 82.

Usage: `make bench` or `python bench/text.py [--texts 100000] [--sample 500] [--json]`
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from smmlib.rules import weighted_length

# How many times the peer's throughput is asked for, of every kind and of all mixed.
GOALS = {"mixed": 60.0}
GOAL_PER_KIND = 40.0
ROUNDS = 3

WORDS = (
    "we roast on Friday and ship your coffee fresh taste first pay later every box "
    "holds four kinds of beans from small farms, picked by hand. Open now! (really)"
).split()
CJK = "我们每周五烘焙咖啡新鲜送到您家先品尝后付款コーヒーを毎週金曜日に焙煎します。"
EMOJI = "😀 🎉 ☕ ❤️ 👍🏽 👩‍🚀 👨‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 1️⃣ ©".split()
LINKS = (
    "https://example.com/spring?utm_source=x&utm_medium=social http://example.org "
    "https://shop.example.co.uk/path/to/page.html#top https://t.co/abcDEF1234"
).split()
BARE = "example.com shop.example.co.uk/menu t.co/abc пример.рф bücher.de münchen.de/x"
UMLAUTS = (
    "Für größere Röstungen übernehmen wir gern Äpfel. Кофе каждую пятницу.".split()
)


def _words(rng: random.Random, words: Sequence[str], size: int) -> str:
    text = rng.choice(words)
    while len(text) < size:
        text += " " + rng.choice(words)
    return text[:290]


def _ascii(rng: random.Random) -> str:
    return _words(rng, WORDS, rng.randrange(40, 280))


def _with_links(rng: random.Random) -> str:
    return f"{_words(rng, WORDS, rng.randrange(20, 180))} {rng.choice(LINKS)}"


def _bare(rng: random.Random) -> str:
    return f"{_words(rng, WORDS, rng.randrange(20, 180))} {rng.choice(BARE.split())} ok"


def _cjk(rng: random.Random) -> str:
    return "".join(rng.choice(CJK) for _ in range(rng.randrange(20, 160)))


def _emoji(rng: random.Random) -> str:
    mixed = [*WORDS, *EMOJI * 2]
    return _words(rng, mixed, rng.randrange(40, 260))


def _accents(rng: random.Random) -> str:
    return _words(rng, UMLAUTS, rng.randrange(40, 260))


KINDS: dict[str, Callable[[random.Random], str]] = {
    "ascii": _ascii,
    "links": _with_links,
    "bare and international links": _bare,
    "cjk": _cjk,
    "emoji": _emoji,
    "accents": _accents,
}


def texts(kind: str, count: int) -> list[str]:
    """
    The same texts in every run.
    """
    rng = random.Random(f"smmlib {kind}")  # noqa: S311
    makers = list(KINDS.values()) if kind == "mixed" else [KINDS[kind]]
    return [makers[place % len(makers)](rng) for place in range(count)]


def load_peer() -> Callable[[str], int] | None:
    """
    The peer's count; None where it is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources
        try:
            from twitter_text import parse_tweet
        except ImportError:
            return None

    def count(text: str) -> int:
        return int(parse_tweet(text).weightedLength)

    return count


def _rate(count: Callable[[str], int], sample: list[str]) -> tuple[float, list[int]]:
    start = time.process_time()
    results = [count(text) for text in sample]
    return len(sample) / (time.process_time() - start), results


def measure(kind: str, count: int, peer_count: int) -> dict[str, Any]:
    """
    Both throughputs on one kind of texts, and the differences met.
    """
    sample, peer = texts(kind, count), load_peer()
    ours = theirs = 0.0
    own: list[int] = []
    other: list[int] = []
    for _ in range(ROUNDS):
        rate, own = _rate(weighted_length, sample)
        ours = max(ours, rate)
        if peer:
            rate, other = _rate(peer, sample[:peer_count])
            theirs = max(theirs, rate)
    compared = list(zip(own, other, strict=False))
    return {
        "kind": kind,
        "ours": ours,
        "peer": theirs or None,
        "ratio": ours / theirs if theirs else None,
        "goal": GOALS.get(kind, GOAL_PER_KIND),
        "compared": len(compared),
        "differences": sum(mine != yours for mine, yours in compared),
    }


def growth() -> list[dict[str, Any]]:
    """
    Time for half a megabyte and for one, of ordinary and of hostile long texts.
    """
    rng = random.Random(7)  # noqa: S311
    paragraph = "\n".join(texts("mixed", 2000))
    cases = {
        "mixed posts": paragraph,
        "one word": "a",
        "dots": ".",
        "short names": "a.",
        "names and endings": "a.co",
        "underscored names": "a_b.co",
        "links": "https://example.com/a?b=c ",
        "kanji": "漢",
        "kanji around domains": "漢字example.com",
        "families": "👨‍👩‍👧‍👦",
        "open parentheses": "a.co/(",
        "piled accents": "a" + "".join(rng.choice("̧̣́") for _ in range(999)),
    }
    rows = []
    for name, piece in cases.items():
        whole = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
        times = []
        for text in (whole[: len(whole) // 2], whole):
            best = min(_seconds(text) for _ in range(ROUNDS))
            times.append(best)
        rows.append(
            {"case": name, "ms": times[1] * 1000, "doubling": times[1] / times[0]}
        )
    return rows


def _seconds(text: str) -> float:
    start = time.process_time()
    weighted_length(text)
    return time.process_time() - start


def print_tables(results: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """
    For people.
    """
    print(
        f"Weighted length, best of {ROUNDS} rounds; "
        f"Python {platform.python_version()} on {platform.system()}"
    )
    heads = ("ours/s", "peer/s", "ratio", "goal", "compared", "differ")
    print(" " * 30 + "".join(f"{head:>10}" for head in heads))
    for row in results:
        peer = f"{row['peer']:,.0f}" if row["peer"] else "missing"
        ratio = f"{row['ratio']:.0f} x" if row["ratio"] else "-"
        cells = [f"{row['ours']:,.0f}", peer, ratio, f"{row['goal']:.0f} x"]
        cells += [str(row["compared"]), str(row["differences"])]
        print(f"{row['kind']:30}" + "".join(f"{cell:>10}" for cell in cells))
    missed = [r["kind"] for r in results if r["ratio"] and r["ratio"] < r["goal"]]
    differ = sum(row["differences"] for row in results)
    verdict = "met" if not missed and not differ else f"missed: {missed}, {differ}"
    print(f"Goals: {verdict if all(r['peer'] for r in results) else 'not measured'}")
    print("One million characters (goals: below 100 ms, doubling below 2.5):")
    for row in rows:
        print(f"  {row['case']:28}{row['ms']:8.0f} ms   doubling {row['doubling']:.2f}")


def main() -> None:
    """
    Read the options, measure, print.
    """
    parser = argparse.ArgumentParser(description="How fast posts for X are counted.")
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=500, help="texts for the peer")
    parser.add_argument("--json", action="store_true", help="print JSON, no table")
    options = parser.parse_args()
    results = [
        measure(kind, options.texts // (1 if kind == "mixed" else 10), options.sample)
        for kind in ("mixed", *KINDS)
    ]
    rows = growth()
    if options.json:
        print(json.dumps({"kinds": results, "growth": rows}, indent=2))
    else:
        print_tables(results, rows)


if __name__ == "__main__":
    main()
