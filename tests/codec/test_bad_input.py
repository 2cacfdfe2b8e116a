"""
Everything a person can get wrong in a plan file, and what they are told.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib import codec
from smmlib.errors import CodecError, MoneyError, ValidationError

_LAUNCH = Path(__file__).with_name("launch.plan.yaml").read_text("utf-8")


def _changed(old, new):
    """
    The launch plan with one thing wrong, and the line where that is.
    """
    assert 1 == _LAUNCH.count(old), old
    return _LAUNCH.replace(old, new), _LAUNCH[: _LAUNCH.index(old)].count("\n") + 1


_TASTE = "Four roasts, one box, at your door on Friday. Taste first, pay later."
_AT = "at: 2027-03-01 09:00"
_COST = "cost: 16000 EUR"

# what is wrong: old text, new text, path, code, value, limit holds, hint holds
_MISTAKES = {
    "unknown field": (
        "cta: sign_up,",
        "ctaa: sign_up,",
        "creatives.taste.ctaa",
        "key.unknown",
        "ctaa",
        "cta, link",
        "did you mean 'cta'?",
    ),
    "unknown section": (
        "audiences:\n",
        "audience:\n",
        "audience",
        "key.unknown",
        "audience",
        "audiences, lines",
        "did you mean 'audiences'?",
    ),
    "wrong enum": (
        "cta: sign_up",
        "cta: sign_upp",
        "creatives.taste.cta",
        "enum.unknown",
        "sign_upp",
        "learn_more, sign_up",
        "did you mean 'sign_up'?",
    ),
    "wrong network": (
        "x-teaser: {networks: [x]",
        "x-teaser: {networks: [Telegrom]",
        "lines.x-teaser.networks[0]",
        "enum.unknown",
        "Telegrom",
        "facebook, instagram",
        "did you mean 'telegram'?",
    ),
    "481 characters": (
        _TASTE,
        "x" * 481,
        "creatives.taste.text",
        "text.too_long",
        481,
        480,
        "shorten it by 1",
    ),
    "negative money": (
        "{lifetime: 16000 EUR}",
        "{lifetime: -5 EUR}",
        "campaigns.leads.budget.lifetime",
        "money.not_positive",
        "-5.00 EUR",
        "more than zero",
        "",
    ),
    "no money": (
        "{lifetime: 16000 EUR}",
        "{lifetime: 0 EUR}",
        "campaigns.leads.budget.lifetime",
        "money.not_positive",
        "0.00 EUR",
        "more than zero",
        "",
    ),
    "NaN": (
        _COST,
        "cost: NaN EUR",
        "lines.meta-leads.cost",
        "money.invalid",
        "NaN",
        "finite",
        "",
    ),
    "infinity": (
        _COST,
        "cost: .inf",
        "lines.meta-leads.cost",
        "money.invalid",
        ".inf",
        "currency",
        "currency",
    ),
    "endless money": (
        _COST,
        "cost: 1e9990000 EUR",
        "lines.meta-leads.cost",
        "money.invalid",
        "1E+9990000",
        "1000000000000000",
        "",
    ),
    "three decimals": (
        _COST,
        "cost: 1.005 EUR",
        "lines.meta-leads.cost",
        "money.invalid",
        "1.005",
        "2 decimals",
        "Money.rounded",
    ),
    "a sum": (
        _COST,
        "cost: 0.1+0.2 EUR",
        "lines.meta-leads.cost",
        "money.invalid",
        "0.1+0.2",
        "digits with a point",
        "decimal mark",
    ),
    "thousands separator": (
        _COST,
        "cost: '1.234,56 EUR'",
        "lines.meta-leads.cost",
        "money.invalid",
        "1.234,56",
        "digits with a point",
        "thousands",
    ),
    "no currency": (
        _COST,
        "cost: 16000",
        "lines.meta-leads.cost",
        "money.no_currency",
        "16000",
        "16000.00 EUR",
        "16000 EUR",
    ),
    "underscores": (
        _COST,
        "cost: 3_5",
        "lines.meta-leads.cost",
        "money.no_currency",
        "3_5",
        "EUR",
        "currency",
    ),
    "unknown currency": (
        _COST,
        "cost: 16000 ZZZ",
        "lines.meta-leads.cost",
        "money.currency",
        "ZZZ",
        "ISO 4217",
        "",
    ),
    "unknown country": (
        "{places: [DE], professions",
        "{places: [ZZ], professions",
        "audiences.office.places[0]",
        "place.country",
        "ZZ",
        "ISO 3166",
        "",
    ),
    "ages the wrong way round": (
        "age: 25-44",
        "age: 60..20",
        "audiences.baristas.age",
        "age.order",
        "60..20",
        "at least 60",
        "20-60",
    ),
    "javascript": (
        "{boost: opening, cta: learn_more, link: https://alpenkaffee.example/box}",
        "{boost: opening, cta: learn_more, link: 'javascript:alert(1)'}",
        "creatives.opening.link",
        "link.refused",
        "javascript:alert(1)",
        "https://",
        "https://",
    ),
    "end before start": (
        "flight: 2027-03-01..2027-04-11",
        "flight: 2027-03-01..2026-04-11",
        "flight",
        "flight.end_before_start",
        "2026-04-11",
        "2027-03-01",
        "swap",
    ),
    "a time that is skipped": (
        _AT,
        "at: 2027-03-28 02:30",
        "posts.opening.at",
        "time.gap",
        "2027-03-28 02:30",
        "exactly once",
        "an hour",
    ),
    "a time that comes twice": (
        _AT,
        "at: 2027-10-31 02:30",
        "posts.opening.at",
        "time.fold",
        "2027-10-31 02:30",
        "exactly once",
        "an hour",
    ),
    "no time": (
        _AT,
        "at: 9 o'clock",
        "posts.opening.at",
        "time.format",
        "9 o'clock",
        "2027-03-01 09:00",
        "24-hour",
    ),
    "no such day": (
        "target: 1200, by: 2027-04-11",
        "target: 1200, by: 2027-02-29",
        "strategy.goals[0].by",
        "time.date",
        "2027-02-29",
        "2027-04-11",
        "exists",
    ),
    "year 1": (
        "target: 1200, by: 2027-04-11",
        "target: 1200, by: 0001-01-01",
        "strategy.goals[0].by",
        "time.year",
        1,
        "2100",
        "year",
    ),
    "unknown zone": (
        "zone: Europe/Berlin",
        "zone: CEST",
        "zone",
        "time.zone",
        "CEST",
        "Europe/Berlin",
        "IANA",
    ),
    "percent of registrations": (
        "target: 1200,",
        "target: 15 %,",
        "strategy.goals[0].target",
        "kpi.unit",
        "15 %",
        "a number",
        "%",
    ),
    "unknown KPI": (
        "{cpm: 6.40 EUR,",
        "{cpmm: 6.40 EUR,",
        "lines.meta-leads.expect.cpmm",
        "kpi.unknown",
        "cpmm",
        "cpm",
        "cpm",
    ),
    "yes": (
        "paid: false",
        "paid: no",
        "lines.organic.paid",
        "type.wrong",
        "no",
        "true or false",
        "YAML 1.2",
    ),
    "text for a list": (
        "ads: [taste]",
        "ads: taste",
        "campaigns.leads.ad_sets.baristas.ads",
        "type.wrong",
        "taste",
        "a mapping",
        "",
    ),
    "text for another list": (
        "professions: [Office Manager, Head of HR]",
        "professions: Office Manager",
        "audiences.office.professions",
        "type.wrong",
        "Office Manager",
        "a list",
        "[Office Manager]",
    ),
    "list for a mapping": (
        "budget: {lifetime: 16000 EUR}",
        "budget: [16000 EUR]",
        "campaigns.leads.budget",
        "type.wrong",
        "a list",
        "a mapping",
        "daily, lifetime",
    ),
    "missing key": (
        "bloggers: {networks: [telegram], buy",
        "bloggers: {buy",
        "lines.bloggers.networks",
        "key.missing",
        None,
        "networks",
        "networks",
    ),
    "bad key": (
        "  x-teaser: {",
        "  x teaser!: {",
        "lines.x teaser!",
        "key.invalid",
        "x teaser!",
        "letters, digits",
        "name",
    ),
    "one card": (
        ", {image: img/b.jpg, headline: Light}]",
        "]",
        "creatives.taste.cards",
        "creative.cards",
        1,
        "2 to 10",
        "image",
    ),
    "picture from elsewhere": (
        "image: img/a.jpg",
        "image: ../../etc/passwd",
        "creatives.taste.cards[0].image",
        "media.path",
        "../../etc/passwd",
        "relative path",
        "copy",
    ),
    "a NUL escape": (
        '"We are open."',
        '"We are\\0open."',
        "posts.opening.text",
        "text.control_character",
        "U+0000",
        None,
        "remove",
    ),
    "tag": (
        "name: Alpenkaffee spring launch",
        "name: !!python/object/apply:os.system [ls]",
        "name",
        "yaml.tag",
        "tag:yaml.org,2002:python/object/apply:os.system",
        "plain values",
        "!",
    ),
    "duplicate key": (
        "  opening: {boost",
        "  taste: {boost",
        "creatives.taste",
        "key.duplicate",
        "taste",
        None,
        "keep one",
    ),
    "key that is a number": (
        "  x-teaser: {",
        "  2027: {",
        "lines.2027",
        "yaml.key",
        "2027",
        "text",
        '"2027"',
    ),
    "merge key": (
        "budget: {lifetime: 16000 EUR}",
        "budget: {<<: {daily: 1 EUR}, lifetime: 16000 EUR}",
        "campaigns.leads.budget.<<",
        "yaml.merge_key",
        "<<",
        None,
        "write the values out",
    ),
    "newer format": (
        "smmlib: 1",
        "smmlib: 2",
        "smmlib",
        "format.newer",
        2,
        1,
        "update",
    ),
    "format in quotes": (
        "smmlib: 1",
        "smmlib: '1'",
        "smmlib",
        "type.wrong",
        "1",
        "a whole number",
        "quotes",
    ),
    "no format": ("smmlib: 1", "", "smmlib", "format.missing", None, 1, "smmlib: 1"),
}


@pytest.mark.parametrize("name", _MISTAKES)
def test_one_mistake_is_one_issue_with_path_line_value_limit_and_hint(name):
    """
    Each mistake gives exactly its own issue, with all a person needs to repair it.
    """
    old, new, path, code, value, limit, hint = _MISTAKES[name]
    text, line = _changed(old, new)

    with pytest.raises(CodecError) as caught:
        codec.loads(text, file="launch.plan.yaml")

    issue = next(i for i in caught.value.issues if i.code == code)
    assert [i.path for i in caught.value.issues] == [path] or name in _WITH_COMPANY
    assert (path, code, value) == (issue.path, issue.code, issue.value)
    assert limit is None or str(limit) in str(issue.limit)
    assert hint in issue.hint
    assert issue.hint or not hint
    assert "launch.plan.yaml" == issue.file
    assert name in _ELSEWHERE or line == issue.line
    assert issue.column >= 1


# Problems that rightly bring a second one with them.
_WITH_COMPANY = {"tag"}
# Problems of what is not there stand where it should be.
_ELSEWHERE = {"no format"}


def _write(folder, name, data):
    """
    A file with these bytes.
    """
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

# name of the file, bytes, code, line, hint holds
_FILES = {
    "invalid UTF-8": (
        "p.yaml",
        b"smmlib: 1\nname: \xff\n",
        "file.encoding",
        2,
        "UTF-8",
    ),
    "UTF-16": ("p.yaml", "smmlib: 1".encode("utf-16"), "file.encoding", 1, "UTF-8"),
    "byte order mark": ("p.json", b"\xef\xbb\xbf{}", "file.encoding", 1, "without"),
    "NUL": ("p.yaml", b"smmlib: 1\na: \x00", "file.nul", 2, "damaged"),
    "bell": ("p.yaml", b"smmlib: 1\na: \x07", "file.control_character", 2, "copying"),
    "empty": ("p.yaml", b"", "file.empty", None, "smm init"),
    "empty JSON": ("p.json", b" ", "file.empty", None, "smm init"),
    "only a list": ("p.yaml", b"- a\n", "type.wrong", 1, "smm init"),
    "only null": ("p.json", b"null", "type.wrong", 1, "smm init"),
    "two documents": ("p.yaml", b"a: 1\n---\nb: 1\n", "yaml.documents", 2, "---"),
    "directive": ("p.yaml", b"%YAML 1.1\n---\na: 1\n", "yaml.directive", 2, "%"),
    "tab": ("p.yaml", b"a:\n\tb: 1\n", "yaml.syntax", 2, "tabs"),
    "colon": ("p.yaml", b"a: b: c\n", "yaml.syntax", 1, "quotes"),
    "open bracket": ("p.yaml", b"a: [1, 2\n", "yaml.syntax", 2, "brackets"),
    "list as key": ("p.yaml", b"? [a]\n: 1\n", "yaml.key", 1, "short words"),
    "bomb": ("p.yaml", _BOMB, "yaml.bomb", 5, "write the values out"),
    "unknown alias": ("p.yaml", b"a: *b\n", "yaml.alias", 1, "write the value out"),
    "alias of itself": ("p.yaml", b"a: &a [*a]\n", "yaml.alias", 1, "write"),
    "deep YAML": ("p.yaml", "a: " + "[" * 10_000, "file.too_deep", 1, "brackets"),
    "deep JSON": (
        "p.json",
        '{"a": ' + "[" * 10_000 + "]" * 10_000 + "}",
        "file.too_deep",
        1,
        "brackets",
    ),
    "duplicate in JSON": (
        "p.json",
        '{"a": 1,\n "a": 2}',
        "key.duplicate",
        2,
        "keep one",
    ),
    "NaN in JSON": ("p.json", '{"a": 1,\n "b": NaN}', "number.not_finite", 2, "amount"),
    "long number": (
        "p.json",
        '{"a":\n' + "9" * 5000 + "}",
        "number.too_long",
        2,
        "quote",
    ),
    "trailing garbage": ("p.json", "{}\n}", "json.trailing", 2, "last bracket"),
    "no JSON": ("p.json", "{'a': 1}", "json.syntax", 1, "quotes"),
    "other tool": (
        "p.json",
        '{"meta": {}, "campaign": {}, "lineitems": []}',
        "format.missing",
        1,
        "load_mediaplanschema",
    ),
    "other ending": ("p.txt", b"smmlib: 1", "file.format", None, "launch.plan.yaml"),
}


@pytest.mark.parametrize("name", _FILES)
def test_a_file_that_is_no_plan_is_refused_with_place_and_hint(name, tmp_path):
    """
    Whatever a file holds, `load` raises one typed error and `read` says the same.
    """
    file, data, code, line, hint = _FILES[name]
    path = _write(tmp_path, file, data)

    with pytest.raises(CodecError) as caught:
        codec.load(path)
    reading = codec.read(path)

    issue = caught.value.issues[0]
    assert (code, line) == (issue.code, issue.line)
    assert hint in issue.hint
    assert str(path) == issue.file
    assert reading.plan is None
    assert caught.value.issues == reading.issues


def _missing(folder):
    _write(folder, "launch.yaml", "")
    return folder / "lanch.yaml", "file.missing", "launch.yaml"


def _folder(folder):
    (folder / "plan.yaml").mkdir()
    return folder / "plan.yaml", "file.directory", "launch.plan.yaml"


def _nowhere(folder):
    return folder / "no" / "plan.yaml", "file.missing", "does not exist either"


def _large(folder):
    path = folder / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(33 * 1024 * 1024)
    return path, "file.too_large", "split"


def _pipe(folder):
    os.mkfifo(folder / "pipe.yaml")
    return folder / "pipe.yaml", "file.special", "plain file"


def _nul_name(folder):
    return Path(f"{folder}/a\0b.yaml"), "file.unreadable", "path"


@pytest.mark.parametrize(
    "make", [_missing, _folder, _nowhere, _large, _pipe, _nul_name]
)
def test_what_is_no_file_is_refused_before_it_is_read(make, tmp_path):
    """
    Missing files, folders, pipes and huge files give a typed error with a next step.
    """
    path, code, hint = make(tmp_path)

    with pytest.raises(CodecError) as caught:
        codec.load(path)

    assert code == caught.value.issues[0].code
    assert hint in caught.value.hint


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_without_permission_is_refused(tmp_path):
    """
    A file that may not be read says so.
    """
    path = _write(tmp_path, "secret.yaml", "smmlib: 1")
    path.chmod(0)

    with pytest.raises(CodecError, match="may not be read"):
        codec.load(path)


def test_permission_trouble_is_told_as_such(tmp_path, monkeypatch):
    """
    The operating system's refusal becomes a `file.permission` issue, chained.
    """

    def refuse(_self):
        raise PermissionError(13, "Permission denied")

    path = _write(tmp_path, "p.yaml", "smmlib: 1")
    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(CodecError) as caught:
        codec.load(path)

    assert "file.permission" == caught.value.issues[0].code
    assert isinstance(caught.value.__cause__, PermissionError)


def _many():
    """
    The launch plan with five independent mistakes.
    """
    text = _LAUNCH
    for old, new in (
        ("role: copywriter", "role: copywritter"),
        (_COST, "cost: 16000 ZZZ"),
        (_TASTE, "x" * 481),
        ("link: https://alpenkaffee.example/box, cards", "link: ftp://x, cards"),
        (_AT, "at: 2027-03-28 02:30"),
    ):
        text = _changed(old, new)[0] if text is _LAUNCH else text.replace(old, new)
    return text


def test_all_problems_of_a_file_appear_at_once_in_file_order():
    """
    Five mistakes are five issues, sorted by line, even two in one creative.
    """
    with pytest.raises(CodecError) as caught:
        codec.loads(_many())

    found = [(i.path, i.code) for i in caught.value.issues]
    assert [
        ("people.jon.role", "enum.unknown"),
        ("lines.meta-leads.cost", "money.currency"),
        ("creatives.taste.text", "text.too_long"),
        ("creatives.taste.link", "link.refused"),
        ("posts.opening.at", "time.gap"),
    ] == found
    assert sorted(i.line for i in caught.value.issues) == [
        i.line for i in caught.value.issues
    ]


def test_a_lenient_reading_leaves_out_what_is_invalid_and_remembers_it(tmp_path):
    """
    `read` keeps the rest of the plan, and says which paths are missing from it.
    """
    path = _write(tmp_path, "p.yaml", _many())

    reading = codec.read(path)

    assert 5 == len(reading.issues)
    assert {
        "people.jon.role",
        "people.jon",
        "lines.meta-leads.cost",
        "creatives.taste.text",
        "creatives.taste.link",
        "posts.opening.at",
    } == reading.dropped
    assert {"mila", "eva"} == set(reading.plan.people)
    assert reading.plan.lines["meta-leads"].cost is None
    assert 2 == len(reading.plan.creatives["taste"].cards)
    assert (36, 83) == reading.plan.source.locate(
        "campaigns.leads.ad_sets.visitors.ads"
    )


def test_a_lenient_reading_without_a_flight_still_finds_the_rest():
    """
    Where no plan can be built, the other problems show all the same.
    """
    text = _many().replace("flight: 2027-03-01", "fright: 2027-03-01")

    with pytest.raises(CodecError) as caught:
        codec.loads(text)

    codes = {i.code for i in caught.value.issues}
    assert {"key.missing", "money.currency", "time.gap"} <= codes


def test_a_part_left_out_does_not_bring_misleading_problems():
    """
    When one of two fields that belong together is wrong, the other is not blamed.
    """
    text, _ = _changed("{lifetime: 16000 EUR}", "{lifetime: lots}")

    with pytest.raises(CodecError) as caught:
        codec.loads(text)

    assert ["campaigns.leads.budget.lifetime"] == [i.path for i in caught.value.issues]


def test_errors_are_chained_to_what_the_model_said_and_pickle():
    """
    The first refusal of a constructor is the cause of the error.
    """
    with pytest.raises(CodecError) as caught:
        codec.loads(_changed(_COST, "cost: 16000 ZZZ")[0])

    assert isinstance(caught.value.__cause__, MoneyError)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert caught.value.issues == again.issues


def test_the_same_mistake_in_json_has_its_line_and_column():
    """
    JSON problems are located as YAML's are.
    """
    data = json.loads(codec.dumps(codec.loads(_LAUNCH), format="json"))
    data["lines"]["x-teaser"]["networks"] = ["Telegrom"]
    data["creatives"]["taste"]["text"] = 5
    text = json.dumps(data, indent=1)

    with pytest.raises(CodecError) as caught:
        codec.loads(text, format="json", file="p.json")

    network, number = caught.value.issues
    assert "lines.x-teaser.networks[0]" == network.path
    assert '"Telegrom"' in text.splitlines()[network.line - 1][network.column - 1 :]
    assert ("creatives.taste.text", "type.wrong") == (number.path, number.code)


_VALUES = [True, 5, 1.5, None, [], {}, "x", "\ud800", "9" * 50]


@pytest.mark.parametrize("value", _VALUES)
@pytest.mark.parametrize(
    "path",
    [
        "smmlib", "project_id", "name", "zone", "flight", "budget", "people",
        "strategy", "strategy.goals", "strategy.brand", "audiences",
        "audiences.baristas.age",
        "audiences.baristas.places", "audiences.visitors.retarget", "lines",
        "lines.meta-leads.expect", "lines.meta-leads.expect.cpm", "campaigns.leads",
        "campaigns.leads.ad_sets.baristas.ads", "creatives.taste.cards",
        "creatives.taste.image", "creatives.taste.variants", "posts.opening.media",
        "posts.opening.variants", "naming", "approvals", "version", "created_at",
    ],
)  # fmt: skip
def test_every_value_anywhere_gives_a_plan_or_issues(path, value, tmp_path):
    """
    Values of every kind in every shape of field give a plan or issues.
    """
    data = json.loads(codec.dumps(codec.loads(_LAUNCH), format="json"))
    *parents, last = path.split(".")
    place = data
    for key in parents:
        place = place[key]
    place[last] = value

    file = _write(tmp_path, "p.json", json.dumps(data))

    reading = codec.read(file)

    assert all(issue.message and issue.code for issue in reading.issues)
    assert (reading.plan is not None) or reading.issues


@given(
    st.integers(0, len(_LAUNCH) - 1),
    st.integers(0, 40),
    st.text(max_size=4)
    | st.sampled_from(["\n", ": ", "- ", "{", "]", "&a ", "*a", "'"]),
)
@settings(max_examples=150)
def test_damage_anywhere_in_a_file_gives_a_plan_or_issues(start, length, text):
    """
    Cut or insert what you like: reading ends with issues that name a place, never with
    another exception.
    """
    damaged = _LAUNCH[:start] + text + _LAUNCH[start + length :]

    try:
        plan = codec.loads(damaged)
    except CodecError as error:
        plan = None
        found = error.issues

    assert plan is not None or all(issue.code and issue.message for issue in found)


def test_reading_near_the_recursion_limit_stays_a_typed_error():
    """
    Deep files are refused wherever in a program they are read.
    """
    depth = sys.getrecursionlimit() * 2

    with pytest.raises(CodecError, match="nests deeper"):
        codec.loads('{"a":' * depth + "1" + "}" * depth, format="json")


def test_no_plan_error_is_also_a_value_error():
    """
    Callers who know nothing of smmlib can catch what they know.
    """
    assert issubclass(CodecError, ValueError)
    assert issubclass(ValidationError, ValueError)
