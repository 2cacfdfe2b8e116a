"""
Plan files: the promised example, the short forms, and nothing lost on the way.
"""

from __future__ import annotations

import copy
import io
import json
import pickle
import stat
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from smmlib import codec, model
from smmlib.codec._emit import write_yaml
from smmlib.codec._json import _values
from smmlib.codec._json_places import LARGE, Places
from smmlib.codec._order import ordered
from smmlib.errors import CodecError
from smmlib.model import Flight, Money, SpecialCategory
from smmlib.testing import strategies

_FILE = Path(__file__).with_name("launch.plan.yaml")
_HEAD = """\
smmlib: 1
project_id: p
name: P
zone: Europe/Berlin
flight: 2027-03-01..2027-04-11
"""


def _plan(rest):
    """
    A plan with the usual head and something else.
    """
    return codec.loads(_HEAD + rest)


def _again(plan, name="yaml"):
    """
    The plan after it was written and read.
    """
    return codec.loads(codec.dumps(plan, format=name), format=name)


# -- the promised example ----------------------------------------------------------


def test_the_promised_plan_file_loads_as_it_reads():
    """
    Dates include the last day, money is exact, keys are identity, times are wall time.
    """
    plan = codec.load(_FILE)

    berlin = ZoneInfo("Europe/Berlin")
    assert (
        Flight(
            datetime(2027, 3, 1, tzinfo=berlin), datetime(2027, 4, 12, tzinfo=berlin)
        )
        == plan.flight
    )
    assert Money("28500", "EUR") == plan.budget.media
    assert ("plan", "posts", "spend") == plan.people["eva"].approves
    goals = plan.strategy.goals
    assert [Decimal(1200), Money("18", "EUR"), Decimal(15)] == [g.target for g in goals]
    assert "telegram" == goals[2].network
    assert "Zurich, CH (+25 km)" == str(plan.audiences["baristas"].places[2])
    assert ("site_visitors: 30 days",) == tuple(
        str(known) for known in plan.audiences["visitors"].retarget
    )
    assert "crm" == plan.audiences["customers"].retarget[0].source
    assert {"cpm": Money("6.40", "EUR"), "ctr": Decimal("1.2")} == dict(
        plan.lines["meta-leads"].expect
    )
    assert ("x",) == plan.lines["x-teaser"].networks
    assert "by_hand" == plan.lines["bloggers"].managed
    campaign = plan.campaigns["leads"]
    assert () == campaign.special_ad_categories
    assert model.Ad("taste") == campaign.ad_sets["baristas"].ads["taste"]
    assert "facebook.feed" == str(campaign.ad_sets["visitors"].placements[0])
    assert "img/b.jpg" == plan.creatives["taste"].cards[1].image.path
    assert "opening" == plan.creatives["opening"].boost
    assert datetime(2027, 3, 1, 8, tzinfo=UTC) == plan.posts["opening"].at


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("", 1, 1),
        ("flight", 5, 9),
        ("strategy.goals[1].target", 16, 44),
        ("campaigns.leads.ad_sets.visitors", 36, 7),
        ("campaigns.leads.ad_sets.visitors.ads.opening", 36, 83),
        ("creatives.taste.cards[1].image", 38, 195),
    ],
)
def test_every_part_of_a_plan_knows_its_line_and_column(path, line, column):
    """
    The source map leads from a path, or the nearest part around it, into the file.
    """
    source = codec.load(_FILE).source

    assert (line, column) == source.locate(path)
    assert str(_FILE) == source.file


def test_a_json_plan_has_the_same_source_map_paths():
    """
    Places of JSON files are found on first use, also after pickling.
    """
    plan = codec.load(_FILE)
    text = codec.dumps(plan, format="json")

    source = codec.loads(text, format="json").source

    copied = pickle.loads(pickle.dumps(source))  # noqa: S301 - our own
    line, column = copied.locate("posts.opening.at")
    assert text.splitlines()[line - 1][column - 1 :].startswith('"2027-03-01 09:00"')
    assert set(source.places) == set(copied.places)
    assert len(source.places) == len(set(source.places))


_VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text('a.[]"\\ü\n:', max_size=4)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab.-ü", min_size=1, max_size=3), inner, max_size=3),
    ),
)


@given(_VALUES, st.sampled_from([None, 1]))
def test_every_value_of_a_json_text_is_found_where_it_stands(value, indent):
    """
    A lookup from the top gives the places that a scan of the whole text gives.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    scanned = {}
    for path, offset, mark in _values(text):
        if path not in scanned or mark not in ("key", "[", "{"):
            scanned[path] = (
                text.count("\n", 0, offset) + 1,
                offset - text.rfind("\n", 0, offset),
            )
    places = Places(text)
    assume("." not in str(value))

    assert scanned == {path: places[path] for path in scanned}
    assert set(scanned) == set(places)


def test_places_of_a_large_file_are_read_again_while_it_is_the_same(tmp_path):
    """
    The text is not kept beside the plan; of a changed or lost file no place is said.
    """
    plan = codec.load(_FILE)
    path = tmp_path / "plan.json"
    text = codec.dumps(plan, format="json") + " " * LARGE
    path.write_text(text, encoding="utf-8")
    same, changed, lost = (codec.load(path).source for _ in range(3))
    copied = pickle.loads(pickle.dumps(codec.load(path).source))  # noqa: S301 - our own

    assert len(pickle.dumps(same)) < LARGE
    line, column = same.locate("posts.opening.at")
    assert text.splitlines()[line - 1][column - 1 :].startswith('"2027-03-01 09:00"')
    assert (line, column) == copied.locate("posts.opening.at")
    path.write_text(text + " ", encoding="utf-8")
    assert changed.locate("posts.opening.at") is None
    assert len(changed.places) == 0
    path.unlink()
    assert lost.locate("posts.opening.at") is None


def test_what_is_written_is_short_and_stays_the_same_when_written_again():
    """
    Defaults are left out, short forms are used, and the layout is canonical.
    """
    text = codec.dumps(codec.load(_FILE))

    assert (
        "visitors: {retarget: {site_visitors: 30 days}, exclude: [customers]}" in text
    )
    assert "bloggers: {networks: [telegram], buy: flat, cost: 3000.00 EUR" in text
    assert "status" not in text
    assert "ads: [taste]" in text
    assert text == codec.dumps(codec.loads(text))
    keys = [line.split(":")[0] for line in text.splitlines() if line[0] != " "]
    assert [
        "smmlib", "project_id", "name", "zone", "flight", "budget", "people",
        "strategy", "audiences", "lines", "campaigns", "creatives", "posts",
    ] == keys  # fmt: skip


# -- nothing is lost ---------------------------------------------------------------


@given(strategies.plans())
@settings(max_examples=40)
def test_writing_and_reading_any_plan_gives_the_same_plan(plan):
    """
    YAML and JSON hold everything of the model.
    """
    assert plan == _again(plan)
    assert plan == _again(plan, "json")
    assert plan.content_hash == _again(plan).content_hash


_UTC_PLUS = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2027, 3, 1, 9, 0, 7, 5, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2027, 11, 7, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
        datetime(2027, 3, 1, 9, tzinfo=UTC),
        datetime(2027, 3, 1, 9, tzinfo=_UTC_PLUS),
    ],
    ids=str,
)
def test_instants_survive_in_every_zone_and_in_the_repeated_hour(moment):
    """
    Wall time where it is unambiguous; else offset and zone are written too.
    """
    post = model.Post("a", at=moment)
    plan = attrs.evolve(_plan(""), posts={"p": post})

    found = _again(plan).posts["p"].at

    assert moment == found
    assert moment.utcoffset() == found.utcoffset()
    assert moment.astimezone(UTC) == found.astimezone(UTC)


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "null", "~", "true", "1", "1.5", "1e3", "0x1F", "-",
        "2027-03-01", "a: b", "a #b", "#a", "'a'", '"a"', "{a}", "[a]", "a, b", "*a",
        "&a", "!a", "%a", "@a", "`a", "|", ">", "?", "- a", "a:", ":a", " a", "a ",
        "a\nb", "a\n\nb", "\na", "a\n", " a\nb", "a\n b", "\ta\nb", "a\tb", "a\r\nb",
        "\x85", "\u2028", "\ufeff", "\U0001f600", "e\u0301", "a\\b", "---", "...", "=",
        "<<", "é", "a\u00a0b", "#a\nb", "a\n#b", "a\n---\nb", "a \nb", "x" * 300,
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["yaml", "json"])
def test_any_text_comes_back_as_it_was(text, name):
    """
    Quoting keeps every text a text, in every place it can stand.
    """
    plan = attrs.evolve(_plan(""), note=text or "x", extra={"k": text})
    nested = attrs.evolve(
        plan, posts={"p": model.Post("a", text=text, variants={"x": "b" + text})}
    )

    assert nested == _again(nested, name)


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
@settings(max_examples=100)
def test_the_yaml_that_is_written_means_the_same_to_another_reader(data):
    """
    The YAML library's own loader reads what our writer wrote as the same data.
    """
    text = write_yaml({"data": data})

    found = YAML(typ="safe", pure=True).load(io.StringIO(text))

    assert {"data": data} == found


# -- short forms -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("{customer_list: crm}", "[{kind: customer_list, source: crm}]"),
        ("{site_visitors: 30 days}", "[{kind: site_visitors, days: 30}]"),
        (
            "{engagers: {source: page, days: 7}}",
            "{kind: engagers, source: page, days: 7}",
        ),
        ("site_visitors", "[{site_visitors: {}}]"),
        (
            "{site_visitors: 1 day, engagers: page}",
            "[{site_visitors: 1 day}, {engagers: page}]",
        ),
    ],
)
def test_known_people_may_be_written_short_or_long(short, long):
    """
    Every form of retargeting means the same.
    """
    found = [
        _plan(f"audiences: {{a: {{retarget: {form}}}}}\n") for form in (short, long)
    ]

    assert found[0] == found[1] == _again(found[0])


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("[a, b]", "{a: {creative: a}, b: b}"),
        ("{a: a}", "{a: {creative: a, name: '', status: active}}"),
    ],
)
def test_ads_are_a_list_of_creatives_or_a_mapping(short, long):
    """
    A creative's key is enough for an ad.
    """
    rest = "campaigns: {{c: {{line: l, ad_sets: {{s: {{audience: a, ads: {}}}}}}}}}\n"

    found = [_plan(rest.format(form)) for form in (short, long)]

    assert found[0] == found[1] == _again(found[0])


def test_media_variants_patterns_and_aliases_have_short_forms():
    """
    Films are told from pictures by their ending, languages are keys, names forgiving.
    """
    plan = _plan(
        "naming: '{brand}_{network}'\n"
        "creatives: {a: {text: Hi, variants: {de: Hallo, no: {text: Hei, state: "
        "reviewed}, fr: {state: missing}}}}\n"
        "posts: {a: {line: l, networks: [twitter], variants: {twitter: Hi}, media: "
        "[a.jpg, b.MP4, {image: c.png, alt: C}, {video: d, thumbnail: d.jpg}]}}\n"
        "campaigns: {a: {line: l, special_ad_categories: [credit]}}\n"
    )

    image, film, named, odd = plan.posts["a"].media
    assert model.Image("a.jpg") == image
    assert model.Video("b.MP4") == film
    assert model.Image("c.png", alt="C") == named
    assert model.Video("d", thumbnail="d.jpg") == odd
    assert ["de", "no", "fr"] == [v.language for v in plan.creatives["a"].variants]
    assert {"x": "Hi"} == dict(plan.posts["a"].variants)
    assert (SpecialCategory.FINANCE,) == plan.campaigns["a"].special_ad_categories
    assert ("brand", "network") == plan.naming.slots
    assert plan == _again(plan)


def test_unquoted_words_stay_text_where_text_is_wanted():
    """
    Norway is a language, `007` a headline and `yes` a text.
    """
    plan = _plan("creatives: {a: {text: yes, headline: 007, language: no}}\n")

    creative = plan.creatives["a"]
    assert ("yes", "007", "no") == (
        str(creative.text),
        creative.headline,
        creative.language,
    )


def test_aliases_are_read_and_nothing_given_means_left_out():
    """
    An alias stands for its value; an empty value is as if the key were not there.
    """
    plan = _plan(
        "budget:\n"
        "audiences: {a: &a {places: &p [DE, AT]}, b: *a, c: {places: *p, age: 18+}}\n"
    )

    assert plan.budget is None
    assert plan.audiences["a"] == plan.audiences["b"]
    assert plan.audiences["a"].places == plan.audiences["c"].places


def test_nested_things_may_stand_where_a_key_is_enough():
    """
    An ad set's audience and an ad's creative may be written in place.
    """
    plan = _plan(
        "campaigns: {c: {line: l, ad_sets: {s: {audience: {places: [DE]}, ads: {a: "
        "{creative: {text: Hi, image: a.jpg}, status: paused}}}}}}\n"
    )

    ad_set = plan.campaigns["c"].ad_sets["s"]
    assert model.Audience(places=[model.Place("DE")]) == ad_set.audience
    assert "Hi" == str(ad_set.ads["a"].creative.text)
    assert plan == _again(plan)


def test_a_post_read_with_another_limit_keeps_it():
    """
    A text of an old account may be longer than 480, and says so in the file.
    """
    text = model.AdText("x" * 500, limit=2000)
    plan = attrs.evolve(_plan(""), creatives={"a": model.Creative(text)})

    assert "limit: 2000" in codec.dumps(plan)
    assert plan == _again(plan)


# -- files -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.yaml", "p.yml", "p.JSON"])
def test_dump_writes_a_file_that_load_reads(name, tmp_path):
    """
    The format follows the ending.
    """
    plan = codec.load(_FILE)

    codec.dump(plan, tmp_path / name)

    assert plan == codec.load(str(tmp_path / name))
    assert [name] == [p.name for p in tmp_path.iterdir()]


def test_dump_replaces_a_file_whole_or_not_at_all(tmp_path, monkeypatch):
    """
    When writing fails half-way the old file is untouched and nothing is left behind.
    """
    path = tmp_path / "p.yaml"
    path.write_text("old")
    path.chmod(0o640)

    def fail(_self, _target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(CodecError, match="cannot be written"):
            codec.dump(_plan(""), path)
    assert "old" == path.read_text()
    assert [path] == list(tmp_path.iterdir())

    codec.dump(_plan(""), path)
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)


def test_dump_refuses_other_endings_and_missing_folders(tmp_path):
    """
    Nothing is written where the format is unknown or the folder is missing.
    """
    for path, code in (
        (tmp_path / "p.txt", "file.format"),
        (tmp_path / "no" / "p.yaml", "file.unwritable"),
    ):
        with pytest.raises(CodecError) as caught:
            codec.dump(_plan(""), path)
        assert code == caught.value.issues[0].code


def test_every_key_order_names_real_keys():
    """
    The order in which keys are written covers each class exactly once.
    """
    for kind in strategies.FOR:
        if attrs.has(kind):
            keys = [field.alias for field in ordered(kind)]
            expected = {f.alias for f in attrs.fields(kind)}
            if kind is model.MediaPlan:
                expected.remove("source")
            assert len(keys) == len(set(keys))
            assert expected == set(keys)


def test_plans_are_plain_values_after_loading():
    """
    A loaded plan copies, pickles and hashes like one that was built.
    """
    plan = codec.load(_FILE)

    assert plan == copy.deepcopy(plan)
    assert plan == pickle.loads(pickle.dumps(plan))  # noqa: S301 - our own
    assert hash(plan) == hash(codec.load(_FILE))
    assert date(2027, 4, 11) == plan.strategy.goals[0].by
    assert json.loads(codec.dumps(plan, format="json"))["smmlib"] == 1
