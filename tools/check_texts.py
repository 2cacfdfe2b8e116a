"""
Refuse texts that do not belong in this repository.

Hosts of package registries (an index is the user's own choice), paths of somebody's
machine, marks of unfinished work, and words about how a text came to be instead of
what it says.

Usage: `python tools/check_texts.py` looks at every file that git tracks.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A dot in brackets: so that these lines do not find themselves.
RULES = {
    "host of a package registry or a CDN": re.compile(
        r"""pypi[.]org | pythonhosted[.]org | npmjs[.](?:com|org) | crates[.]io
          | anaconda[.]org | rubygems[.]org | repo1[.]maven | proxy[.]golang
          | unpkg[.]com | jsdelivr[.]net | cdnjs[.]cloudflare""",
        re.VERBOSE | re.IGNORECASE,
    ),
    "path of one machine": re.compile(
        r"(?<![\w.$}/-])/(?:home|root|tmp|Users|opt|work)/[\w.-]"
    ),
    "path outside this repository": re.compile(
        r"[.][.]/shared\b|\bwork/(?:main|shared)"
    ),
    "unfinished work": re.compile(r"\b(?:TODO|FIXME|XXX)\b(?=[: (])"),
    "a conflict marker": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "words about how the text came to be": re.compile(
        r"""\bsub-?agent s?\b | \b(?:coding|AI)[ ](?:agent|assistant)s?\b
          | \blanguage[ ]model s?\b | \bissue[ ]?[#]?\d+\b | \bas[ ]an[ ]AI\b
          | \b(?:generated|written)[ ](?:with|by)[ ](?:an[ ])?AI\b
          | \bthe[ ]brief[ ]says\b | \bco-authored-by:""",
        re.VERBOSE | re.IGNORECASE,
    ),
}


def tracked_files() -> list[Path]:
    """
    Every file git knows; without git nothing could be said, so that is an error.
    """
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"],
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def find_problems(text: str) -> Iterator[tuple[int, str, str]]:
    """
    Yield line number, rule and the words found.
    """
    for rule, pattern in RULES.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, rule, match.group()


def main() -> int:
    """
    Print all problems at once; 1 if there are any.
    """
    problems = 0
    files = tracked_files()
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or a sample of broken text
        for line, rule, words in sorted(find_problems(text)):
            print(f"{path.relative_to(ROOT)}:{line}: {rule}: {words!r}")
            problems += 1
    print(f"{len(files)} files, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
