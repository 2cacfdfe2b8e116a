"""
Briefs tell a colleague what to make, within which limits, in their own language.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib import load
from smmlib.adapters.meta._creatives import url_tags, utm_of
from smmlib.errors import ValidationError
from smmlib.model import Approval, Creative, Money, Network, Person, Placement, Position
from smmlib.planning import brief_sheets
from smmlib.planning._briefs_specs import ratio_of
from smmlib.planning._briefs_view import pieces
from smmlib.planning._briefs_words import LANGUAGES, _table, wording
from smmlib.planning._work_approvals import approval_rows, version_hash
from smmlib.testing import strategies

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"


@pytest.fixture(name="plan")
def _plan():
    return load(_EXAMPLE)


def _rows(sheet):
    return [row for section in sheet.sections for row in section.rows]


def _values(sheet, ending):
    return [value for name, value in _rows(sheet) if name.endswith(ending)]


def test_every_role_with_work_has_a_brief(plan):
    """
    The plan's own briefs come first; a role without one gets one that covers its work.
    """
    found = {sheet.key: sheet.role.value for sheet in brief_sheets(plan)}

    assert {
        "carousel": "designer",
        "pr": "pr",
        "copywriter": "copywriter",
        "targetologist": "targetologist",
        "smm": "smm",
    } == found


def test_the_480_rule_stands_beside_tighter_limits(plan):
    """
    480 where the rule is the tightest, the network's own limit where that is tighter.
    """
    (sheet,) = brief_sheets(plan, role="copywriter", language="en")
    rows = dict(_rows(sheet))

    assert "at most 480 characters" in rows["team-table · LinkedIn: Text"]
    assert "150 shown" in rows["team-table · LinkedIn: Text"]
    assert "at most 480 characters" in rows["taste · Facebook, Instagram: Text"]
    assert rows["teaser · X: Text"].startswith("at most 280 weighted characters")
    assert rows["opening · Telegram: Post with media"].startswith("at most 1,024")
    assert rows["opening · Facebook: Post"].startswith("at most 63,206")


def test_a_carousel_on_linkedin_has_its_own_limit(plan):
    """
    255 characters there, not 480.
    """
    cards = attrs.evolve(plan.creatives["taste"], cta=None)
    changed = attrs.evolve(plan, creatives={**plan.creatives, "team-table": cards})
    (sheet,) = brief_sheets(changed, role="copywriter", language="en")
    text = dict(_rows(sheet))["team-table · LinkedIn: Text"]

    assert text.startswith("at most 255 characters")


def test_pictures_say_type_pixels_ratio_size_and_cards(plan):
    """
    A designer can start without looking anything up.
    """
    (sheet,) = brief_sheets(plan, key="carousel", language="en")
    (text,) = [v for n, v in _rows(sheet) if n == "taste · Picture: Facebook feed"]

    for part in ("JPEG, PNG", "1080 × 1080 px (1:1)", "4:5 to 1.91:1", "30 MB"):
        assert part in text
    assert "2 to 10; Ratio 1:1" in _values(sheet, "Facebook: Cards")


def test_full_screen_places_ask_for_tall_pictures(plan):
    """
    Stories want 9:16 with room above and below; the feed does not.
    """
    campaign = plan.campaigns["leads"]
    tall = attrs.evolve(
        campaign.ad_sets["baristas"],
        placements=[Placement(Network.INSTAGRAM, Position.STORIES)],
    )
    edited = attrs.evolve(campaign, ad_sets={**campaign.ad_sets, "baristas": tall})
    changed = attrs.evolve(
        plan, campaigns={**plan.campaigns, "leads": edited}, briefs={}
    )
    (sheet,) = brief_sheets(changed, role="designer", language="en")
    (text,) = _values(sheet, "box · Picture: Instagram stories")

    assert "1440 × 2560 px (9:16)" in text
    assert "14 % above" in text.replace("\N{NO-BREAK SPACE}", " ")


@given(strategies.plans())
@settings(max_examples=30, deadline=None)
def test_links_are_tagged_as_the_adapter_tags_them(plan):
    """
    What a brief shows of Meta's ads is what Meta's ads will carry.
    """
    for piece in pieces(plan).values():
        for use in piece.uses:
            networks = tuple(dict.fromkeys(p.network for p in use.placements))
            link = piece.creative.link
            meta = {Network.FACEBOOK, Network.INSTAGRAM}
            if not link or not networks or not set(networks) <= meta:
                continue
            tags = url_tags(utm_of(piece.creative, use.ad, networks))
            shown = dict(pair for pair in piece.links() if pair[0] == use.ad.path)
            if not piece.creative.cards:
                assert tags in shown[use.ad.path]


@given(strategies.plans(), st.sampled_from(LANGUAGES))
@settings(max_examples=25, deadline=None)
def test_any_plan_gives_briefs_that_show_themselves(plan, language):
    """
    Markdown, page, text and data exist for every plan, and nothing breaks out of them.
    """
    for sheet in brief_sheets(plan, language=language):
        assert sheet.markdown().startswith("# ")
        parser = HTMLParser()
        parser.feed(sheet.html())
        assert "<script" not in sheet.html().lower()
        assert sheet.to_dict()["language"] == language
        assert str(sheet)


def test_what_a_name_holds_stays_a_name(plan):
    """
    Marks of Markdown and HTML in a plan's texts are shown, never obeyed.
    """
    evil = Creative("hello", headline="<img src=x> [a](http://b.example) *c*")
    changed = attrs.evolve(plan, creatives={**plan.creatives, "box": evil})
    (sheet,) = brief_sheets(changed, role="copywriter")

    assert "<img" not in sheet.html()
    assert "\\[a\\](http" in sheet.markdown()
    assert "\\<img" in sheet.markdown()


def test_every_label_exists_in_every_language():
    """
    No reader meets an empty label.
    """
    assert [] == [key for key, row in _table().items() if not all(row.values())]


def test_the_reader_and_the_client_decide_how_it_reads(plan):
    """
    Labels in the reader's language, days and numbers as the client writes them.
    """
    people = {
        **plan.people,
        "jon": attrs.evolve(plan.people["jon"], language="es"),
        "eva": attrs.evolve(plan.people["eva"], language="de-CH"),
    }
    (sheet,) = brief_sheets(attrs.evolve(plan, people=people), role="copywriter")

    assert ("es", "de-CH") == (sheet.language, sheet.locale)
    assert "19. Februar 2027" in str(sheet)
    assert "9\N{RIGHT SINGLE QUOTATION MARK}000.00" in str(sheet)
    assert "Redactor" in str(sheet)


_LOCALES = ["en-US", "en-GB", "de-DE", "de-AT", "de-CH", "es-ES", "es-MX", "ru-RU"]


@pytest.mark.parametrize("locale", _LOCALES)
@given(
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    number=st.decimals(-(10**8), 10**8, places=2),
)
@settings(max_examples=40)
def test_days_and_numbers_are_those_of_cldr(locale, day, number):
    """
    Unicode's own tables, as another library reads them, say the same.
    """
    babel = pytest.importorskip("babel")
    dates, numbers = (
        pytest.importorskip("babel.dates"),
        pytest.importorskip("babel.numbers"),
    )
    other = babel.Locale.parse(locale.replace("-", "_"))
    words = wording(locale[:2], locale)

    def plain(text):
        return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")

    expected = plain(dates.format_date(day, "long", locale=other))
    assert expected == plain(words.day(day))
    if locale == "es-ES" and 1000 <= abs(number) < 10_000:
        return  # CLDR groups from five digits on there, which Babel does not know
    expected = plain(numbers.format_decimal(number, "#,##0.00", locale=other))
    assert expected == plain(words.number(number, 2))


def test_a_locale_nobody_knows_gets_days_nobody_misreads():
    """
    ISO days and bare numbers, rather than another country's habits.
    """
    words = wording("en", "fi-FI")

    assert "2027-03-01" == words.day(date(2027, 3, 1))
    assert "1234.50\N{NO-BREAK SPACE}EUR" == words.money(Money("1234.50", "EUR"))


def test_a_language_without_labels_is_refused(plan):
    """
    The error names what there is.
    """
    with pytest.raises(ValidationError) as caught:
        brief_sheets(plan, language="fi")

    assert "en, de, es, ru" == caught.value.issues[0].limit


def test_a_brief_nobody_wrote_is_refused(plan):
    """
    A wrong key names the right ones.
    """
    with pytest.raises(ValidationError) as caught:
        brief_sheets(plan, key="carousell")

    assert "carousel" in caught.value.issues[0].limit


def test_a_word_counts_for_its_version_only(plan):
    """
    An approval survives being written into the plan, and no edit of it.
    """
    word = Approval(
        "plan",
        "eva",
        at=datetime(2027, 2, 18, tzinfo=UTC),
        content_hash=version_hash(plan),
    )
    kept = attrs.evolve(plan, approvals=[word])
    edited = attrs.evolve(kept, name="Another name")

    assert "approved" == approval_rows(kept)[0].word
    assert "older" == approval_rows(edited)[0].word
    assert "waiting" == approval_rows(plan)[0].word
    assert "for an older version" in str(brief_sheets(edited, role="smm")[0])


def test_ratios_are_said_as_people_say_them():
    """
    Small whole numbers, or one to something.
    """
    assert ("4:5", "9:16", "1:1") == (
        ratio_of(1440, 1800),
        ratio_of(1080, 1920),
        ratio_of(800, 800),
    )
    assert "1.91:1" == ratio_of(1200, 628)


def test_quantities_keep_their_decimals():
    """
    15 is 15, and 0.5 keeps its point.
    """
    words = wording("de")

    assert ("15", "0,5") == (
        words.quantity(Decimal("15.00")),
        words.quantity(Decimal("0.50")),
    )


def test_due_days_fall_on_weekdays(plan):
    """
    Nobody is asked for a picture on a Sunday.
    """
    people = {"lea": Person("Lea", "designer")}
    bare = attrs.evolve(plan, briefs={}, people=people)

    assert all(sheet.due.weekday() < 5 for sheet in brief_sheets(bare))
