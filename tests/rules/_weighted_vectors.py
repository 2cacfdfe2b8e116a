"""
The public vectors of X's counting library, in our own form.

Source: conformance/validate.yml of twitter-text 3 (Apache-2.0), groups of weighted
tweets (configuration 2 and 3) and of directional marks, read 2026-11. Per case: what it
is about, the text, and weighted length, validity, permillage, place of the last
character and of the last that fits, both in UTF-16 units.
"""

from __future__ import annotations

_TEN = "x" * 10
_POEM = "故人西辞黄鹤楼。" * 20
_KANA = "あいうえおかきくけこ"
_FAMILY = "👨‍👩‍👧‍👦"
_ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
_PUNCTUATION = "This is a tweet with general punctuation characters: " + "".join(
    map(chr, range(0x2000, 0x200C))
)
_DASHES = (
    " \u2010 \u2011 \u2012 \u2013 \u2014 \u2015 \u2016  \u2017 \u2018 \u2019 \u201a"
    " \u201b \u201c \u201d \u201e \u201f \u2032 \u2033 \u2034 \u2035 \u2036 \u2037"
)
_ACCENTED = "A\u0301"
_LONG_HEAD = "Long url with invalid domain labels and a short url: "
_LONG_LINK = "https://" + "somesuperlongurl" * 249 + ".com/foo "


def _cut(head: str, tail: str, size: int) -> str:
    filler = (_TEN + "-") * 40
    return head + filler[: size - len(head) - len(tail)] + tail


# (what, text, (length, valid, permillage, display end, valid end))
BOTH = [
    ("a link", "Hi http://test.co", (26, True, 92, 16, 16)),
    ("only a link", "http://test.co", (23, True, 82, 13, 13)),
    ("285 characters", _cut("285 chars-", "", 285), (285, False, 1017, 284, 279)),
    (
        "a link in the middle",
        _cut("285 chars- http://www.twitter.com/jack ", "", 303),
        (299, False, 1067, 302, 283),
    ),
    (
        "a link that does not fit",
        _cut("", " http://www.twitter.com/jack ", 293),
        (289, False, 1032, 292, 264),
    ),
    (
        "ten links",
        "https://www.twitter.com/aloha " * 10,
        (240, True, 857, 299, 299),
    ),
    ("160 Chinese characters", _POEM, (320, False, 1142, 159, 139)),
    ("160 emoji", "😷" * 160, (320, False, 1142, 319, 279)),
    ("3 Latin, 160 Chinese", "the" + _POEM, (323, False, 1153, 162, 140)),
    (
        "a composed character beyond place 280",
        _cut("282 chars-", _ACCENTED + "x", 282),
        (281, False, 1003, 281, 280),
    ),
    (
        "names that are too long, and a link",
        f"{_LONG_HEAD}{_LONG_LINK * 3}https://validurl.com",
        (12079, False, 43139, 12075, 279),
    ),
    (
        "a name of 64 characters",
        "randomurl" * 6 + "randomurls.com",
        (68, True, 242, 67, 67),
    ),
    (
        "an international name that is too long",
        _KANA * 12 + " http://" + _KANA * 5 + "あいう.com",
        (358, False, 1278, 184, 143),
    ),
    (
        "an international name that just fits",
        _KANA * 12 + " http://" + _KANA * 5 + "あい.com",
        (264, True, 942, 183, 183),
    ),
]
EMOJI = [
    ("a family among emoji", f"H🐱☺{_FAMILY}", (7, True, 25, 14, 14)),
    ("emoji of one code point", "😷👾😡🔥💩", (10, True, 35, 9, 9)),
    ("skin tones, professions", "🙋🏽👨‍🎤", (4, True, 14, 8, 8)),
    ("spaces of all widths", _PUNCTUATION + _DASHES, (110, True, 392, 109, 109)),
    ("140 families", _FAMILY * 140, (280, True, 1000, 1539, 1539)),
    ("a keycap", "1\u20e3", (2, True, 7, 1, 1)),
    (
        "emoji of 2017",
        f"Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; {_ENGLAND}",
        (34, True, 121, 47, 47),
    ),
    ("emoji of 2016", "Unicode 9.0 emoji: 🤠; 💃; 💃🏾", (29, True, 103, 30, 30)),
]
PLAIN = [
    ("an accent apart", f"{_ACCENTED}B", (2, True, 7, 2, 2)),
    ("a letter that comes apart", "A\ufb2c", (4, True, 14, 1, 1)),
]
MARKS = [
    ("refused code points", "ABC\u202a\uffffABC\ufffe", (12, False, 42, 8, 3)),
    (
        "marks of direction around a link",
        "\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069",
        (31, True, 110, 25, 25),
    ),
]
VECTORS = [*BOTH, *EMOJI, *PLAIN, *MARKS]

# Texts and what of them is a link, from the URL groups of the same files.
LINKS = {
    "http://example.com": ["http://example.com"],
    "text http://xo.com/~matthew+%ff-,.;x": ["http://xo.com/~matthew+%ff-,.;x"],
    "text http://en.wikipedia.org/wiki/Primer_(film)": [
        "http://en.wikipedia.org/wiki/Primer_(film)"
    ],
    "text http://✪df.ws/ejp": ["http://✪df.ws/ejp"],
    "text http://msdn.microsoft.com/net.request(v=VS.100).aspx": [
        "http://msdn.microsoft.com/net.request(v=VS.100).aspx"
    ],
    "text http://domain-dash_2314352345_dfasd.foo-cow_4352.com": [],
    "text http://no-tld": [],
    "(http://twitter.com": ["http://twitter.com"],
    "http://domain.com-that-you-should-have-put-a-space-after": [],
    "text http://foo.com?#foo text": ["http://foo.com?#foo"],
    "foo.com foo.net foo.org": ["foo.com", "foo.net", "foo.org"],
    "http://example.com/a+ or http://example.com/a-": [
        "http://example.com/a+",
        "http://example.com/a-",
    ],
    "@user Try http:// example.com/path": ["example.com/path"],
    "これは日本語です。example.com/path/index.html中国語example.com/path한국": [
        "example.com/path/index.html",
        "example.com/path",
    ],
    "http://twitter.com/これは日本語です。example.com中国語http://t.co/abcde한국": [
        "http://twitter.com/",
        "example.com",
        "http://t.co/abcde",
    ],
    "Go to http://twitter.com/Русские_слова": ["http://twitter.com/Русские_слова"],
    "http://sub_domain-dash.twitter.com": ["http://sub_domain-dash.twitter.com"],
    "http://-leadingdash.twitter.com": [],
    "test http://trailingunderscore_.twitter.com": [],
    "example.com:8080/menu": ["example.com:8080/menu"],
    "see example.com/menu, then": ["example.com/menu"],
    "someone@example.com": [],
    "https://t.co/abc/def": ["https://t.co/abc"],
    "https://t.co/" + "a" * 41: [],
    "node.js, 3.14 and U.S. are no links, file.py is": ["file.py"],
}
