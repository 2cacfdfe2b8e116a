"""
What can never be right is refused when it is made: attribute, expected and value said.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smmlib import model as m
from smmlib.errors import Issue, MoneyError, ValidationError
from smmlib.testing import strategies

_BERLIN = "Europe/Berlin"
_FLIGHT = m.Flight.parse("2027-03-01..2027-03-14", _BERLIN)
_DAY = date(2027, 3, 1)
_NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
_NAIVE = _NOW.replace(tzinfo=None)
_IMAGE = m.Image("img/a.jpg")
_CARD = m.Card(_IMAGE)
_MONEY = m.Money(100, "EUR")
_DEBT = m.Money(-1, "EUR")
_NOTHING = m.Money(0, "EUR")
_PLAN = {"name": "Spring", "project_id": "1", "zone": _BERLIN, "flight": _FLIGHT}

# Class, what is given, attribute that is blamed, code.
_TABLE = [
    (m.AdText, {"text": "x" * 481}, "text", "text.too_long"),
    (m.AdText, {"text": ""}, "text", "text.empty"),
    (m.AdText, {"text": " \n"}, "text", "text.empty"),
    (m.AdText, {"text": "a\x00b"}, "text", "text.control_character"),
    (m.AdText, {"text": "a\ud800"}, "text", "text.control_character"),
    (m.AdText, {"text": 5}, "text", "type.wrong"),
    (m.AdText, {"text": "a", "limit": 0}, "limit", "number.range"),
    (m.AdText, {"text": "a", "limit": True}, "limit", "type.wrong"),
    (m.TextVariant, {"language": "deutsch!"}, "language", "language.unknown"),
    (m.TextVariant, {"language": "de"}, "state", "text.variant_state"),
    (m.TextVariant, {"language": "de", "text": "a", "state": "missing"}, "state",
     "text.variant_state"),
    (m.Flight, {"start": _NAIVE, "end": _NOW}, "start", "time.naive"),
    (m.Flight, {"start": _NOW, "end": _NOW}, "end", "flight.end_before_start"),
    (m.Flight, {"start": _NOW.replace(year=1999), "end": _NOW}, "start", "time.year"),
    (m.Flight, {"start": _DAY, "end": _NOW}, "start", "type.wrong"),
    (m.Schedule, {"every": "year", "zone": "UTC"}, "every", "schedule.every"),
    (m.Schedule, {"every": "week", "on": ["monday"], "zone": "UTC"}, "on",
     "schedule.on"),
    (m.Schedule, {"every": "month", "on": [32], "zone": "UTC"}, "on", "schedule.on"),
    (m.Schedule, {"every": "day", "zone": "CEST"}, "zone", "time.zone"),
    (m.Schedule, {"every": "day", "zone": "../etc"}, "zone", "time.zone"),
    (m.Schedule, {"every": "day", "zone": "UTC", "interval": 0}, "interval",
     "number.range"),
    (m.Schedule, {"every": "day", "zone": "UTC", "skip": [_NOW]}, "skip[0]",
     "type.wrong"),
    (m.LineItem, {"networks": ["x", "twitter"]}, "networks", "list.repeated"),
    (m.AgeRange, {"minimum": 60, "maximum": 20}, "maximum", "age.order"),
    (m.AgeRange, {"minimum": 12}, "minimum", "number.range"),
    (m.AgeRange, {"minimum": 18, "maximum": 100}, "maximum", "number.range"),
    (m.Place, {"country": "ZZ"}, "country", "place.country"),
    (m.Place, {"country": "UK"}, "country", "place.country"),
    (m.Place, {"country": "DE", "radius": m.Radius(5)}, "radius",
     "place.radius_without_city"),
    (m.Radius, {"distance": 0}, "radius", "place.radius"),
    (m.Radius, {"distance": 1001}, "radius", "place.radius"),
    (m.Radius, {"distance": 1, "unit": "miles"}, "radius", "place.radius"),
    (m.CustomAudience, {"kind": "strangers"}, "kind", "enum.unknown"),
    (m.CustomAudience, {"kind": "customer_list"}, "source",
     "audience.list_without_name"),
    (m.CustomAudience, {"kind": "engagers", "days": 0}, "days", "number.range"),
    (m.Lookalike, {"of": "a b", "country": "DE"}, "of", "key.invalid"),
    (m.Lookalike, {"of": "a", "country": "DE", "percent": 21}, "percent",
     "number.range"),
    (m.Traits, {"interests": "Espresso"}, "interests", "type.wrong"),
    (m.Traits, {"interests": ["a", "a"]}, "interests", "list.repeated"),
    (m.Audience, {"places": ["DE"]}, "places[0]", "type.wrong"),
    (m.Audience, {"languages": ["klingon!"]}, "languages", "language.unknown"),
    (m.Audience, {"genders": ["both"]}, "genders[0]", "enum.unknown"),
    (m.Audience, {"exclude": [""]}, "exclude", "key.invalid"),
    (m.Audience, {"age": "18+"}, "age", "type.wrong"),
    (m.Image, {"path": "/etc/passwd"}, "path", "media.path"),
    (m.Image, {"path": "../secret.jpg"}, "path", "media.path"),
    (m.Image, {"path": "a\\..\\b.jpg"}, "path", "media.path"),
    (m.Image, {"path": "C:\\a.jpg"}, "path", "media.path"),
    (m.Image, {"path": "file:///etc/passwd"}, "path", "link.refused"),
    (m.Video, {"path": ""}, "path", "text.empty"),
    (m.Card, {}, "image", "card.media"),
    (m.Card, {"image": "a.jpg", "video": "a.mp4"}, "image", "card.media"),
    (m.Card, {"image": "a.jpg", "link": "javascript:alert(1)"}, "link",
     "link.refused"),
    (m.Creative, {"link": "javascript:alert(1)"}, "link", "link.refused"),
    (m.Creative, {"link": "http://localhost/x"}, "link", "link.refused"),
    (m.Creative, {"link": "https://user:pw@shop.example"}, "link", "link.refused"),
    (m.Creative, {"link": "http://127.0.0.1/"}, "link", "link.refused"),
    (m.Creative, {"link": "http://10.0.0.1/"}, "link", "link.refused"),
    (m.Creative, {"link": "http://[::1]/"}, "link", "link.refused"),
    (m.Creative, {"link": "http://127.1/"}, "link", "link.refused"),
    (m.Creative, {"link": "https://a b.example"}, "link", "link.refused"),
    (m.Creative, {"link": "https://a.example:99999"}, "link", "link.refused"),
    (m.Creative, {"link": "shop.example"}, "link", "link.refused"),
    (m.Creative, {"link": "https://" + "a" * 2048 + ".example"}, "link",
     "link.refused"),
    (m.Creative, {"cta": "click_here"}, "cta", "enum.unknown"),
    (m.Creative, {"image": "a.jpg", "boost": "x"}, "boost", "creative.media"),
    (m.Creative, {"cards": [_CARD]}, "cards", "creative.cards"),
    (m.Creative, {"cards": [_CARD] * 11}, "cards", "creative.cards"),
    (m.Creative, {"boost": "telegrams:5"}, "network", "enum.unknown"),
    (m.Creative, {"boost": "facebook:"}, "boost", "text.empty"),
    (m.Placement, {"network": "telegrams", "position": "feed"}, "network",
     "enum.unknown"),
    (m.Placement, {"network": "x", "position": "sofa"}, "position", "enum.unknown"),
    (m.Bid, {"amount": _MONEY}, "amount", "bid.amount"),
    (m.Bid, {"strategy": "bid_cap"}, "amount", "bid.amount"),
    (m.Bid, {"strategy": "bid_cap", "amount": _NOTHING}, "amount",
     "money.not_positive"),
    (m.Ad, {"creative": "a b"}, "creative", "key.invalid"),
    (m.Ad, {"creative": "a", "status": "on"}, "status", "enum.unknown"),
    (m.AdSet, {"audience": "a", "ads": "taste"}, "ads", "type.wrong"),
    (m.AdSet, {"audience": "a", "ads": ["x", "x"]}, "ads", "list.repeated"),
    (m.AdSet, {"audience": "a", "placements": ["facebook"]}, "placements",
     "placement.format"),
    (m.AdSet, {"audience": "a", "budget": _MONEY}, "budget", "type.wrong"),
    (m.AdCampaign, {"line": ""}, "line", "key.invalid"),
    (m.AdCampaign, {"line": "a", "objective": "fame"}, "objective", "enum.unknown"),
    (m.AdCampaign, {"line": "a", "special_ad_categories": ["cats"]},
     "special_ad_categories[0]", "enum.unknown"),
    (m.AdCampaign, {"line": "a", "special_ad_countries": ["ZZ"]}, "country",
     "place.country"),
    (m.AdCampaign, {"line": "a", "ad_sets": {"a b": m.AdSet("x")}}, "ad_sets",
     "key.invalid"),
    (m.AdBudget, {}, "daily", "budget.kind"),
    (m.AdBudget, {"daily": _MONEY, "lifetime": _MONEY}, "daily", "budget.kind"),
    (m.AdBudget, {"daily": _NOTHING}, "daily", "money.not_positive"),
    (m.AdBudget, {"lifetime": _DEBT}, "lifetime", "money.not_positive"),
    (m.AdBudget, {"lifetime": 100}, "lifetime", "type.wrong"),
    (m.Caps, {"total": _DEBT}, "total", "money.not_positive"),
    (m.Guardrail, {"kpi": "", "limit": 5}, "kpi", "text.empty"),
    (m.Guardrail, {"kpi": "cpc", "limit": 0.5}, "amount", "money.invalid"),
    (m.Budget, {"total": _DEBT}, "total", "money.not_positive"),
    (m.Budget, {"total": "NaN EUR"}, "amount", "money.invalid"),
    (m.Budget, {"total": "1.001 EUR"}, "amount", "money.invalid"),
    (m.Budget, {"total": "1 ZZZ"}, "currency", "money.currency"),
    (m.Budget, {"total": _MONEY, "reserve": _DEBT}, "reserve", "money.not_positive"),
    (m.Budget, {"total": _MONEY, "allocations": {"a": _DEBT}}, "allocations.a",
     "money.not_positive"),
    (m.CostParts, {"media": _DEBT}, "media", "money.not_positive"),
    (m.KPI, {"name": "x", "formula": "spend / klicks"}, "formula", "kpi.metric"),
    (m.KPI, {"name": "x", "formula": "__import__('os')"}, "formula", "kpi.formula"),
    (m.KPI, {"name": "a b", "formula": "spend"}, "name", "key.invalid"),
    (m.KPI, {"name": "x", "formula": "spend", "aliases": "y"}, "aliases",
     "type.wrong"),
    (m.KPITarget, {"kpi": "happiness", "target": 5}, "kpi", "kpi.unknown"),
    (m.KPITarget, {"kpi": "cpc", "target": 5}, "target", "kpi.unit"),
    (m.KPITarget, {"kpi": "clicks", "target": _MONEY}, "target", "kpi.unit"),
    (m.KPITarget, {"kpi": "clicks", "target": 0}, "target", "kpi.target"),
    (m.KPITarget, {"kpi": "clicks", "target": 0.5}, "amount", "money.invalid"),
    (m.KPITarget, {"kpi": "clicks", "target": 5, "by": _NOW}, "by", "type.wrong"),
    (m.Goal, {"kpi": "clicks", "target": 5, "baseline": _MONEY}, "baseline",
     "kpi.unit"),
    (m.Goal, {"kpi": "clicks", "target": 5, "owner": "a b"}, "owner", "key.invalid"),
    (m.BrandStyle, {"colours": ["red"]}, "colours[0]", "brand.colour"),
    (m.Brand, {"name": ""}, "name", "text.empty"),
    (m.Brand, {"name": "a", "payer": "x" * 513}, "payer", "text.too_long"),
    (m.Channel, {"network": "Telegrams"}, "network", "enum.unknown"),
    (m.Strategy, {"brand": "Alpen"}, "brand", "type.wrong"),
    (m.Person, {"name": "Mila", "role": "boss"}, "role", "enum.unknown"),
    (m.Person, {"name": "Mila", "role": "smm", "email": "mila"}, "email",
     "person.email"),
    (m.Person, {"name": "Mila", "role": "smm", "hours_per_week": 169},
     "hours_per_week", "person.hours"),
    (m.Milestone, {"name": "a", "due": _NOW}, "due", "type.wrong"),
    (m.Task, {"title": "a", "hours": 0}, "hours", "task.hours"),
    (m.Brief, {"title": "", "role": "smm"}, "title", "text.empty"),
    (m.Approval, {"stage": "plan", "by": "eva", "at": _NAIVE, "content_hash": "a"},
     "at", "time.naive"),
    (m.Post, {"line": "a", "at": _NAIVE}, "at", "time.naive"),
    (m.Post, {"line": "a", "networks": ["x"], "variants": {"telegram": "b"}},
     "variants.telegram", "post.variant"),
    (m.Post, {"line": "a", "networks": "x"}, "networks", "type.wrong"),
    (m.PostResult, {"network": "x", "post_id": "1", "on": _DAY, "likes": -1},
     "likes", "number.range"),
    (m.LineItem, {"networks": []}, "networks", "line.network"),
    (m.LineItem, {"networks": ["Telegrams"]}, "networks[0]", "enum.unknown"),
    (m.LineItem, {"networks": ["x"], "cost": _DEBT}, "cost", "money.not_positive"),
    (m.LineItem, {"networks": ["x"], "cost": "0.00 EUR"}, "cost",
     "money.not_positive"),
    (m.LineItem, {"networks": ["x"], "minimum": _MONEY, "maximum": _NOTHING},
     "maximum", "line.bounds"),
    (m.LineItem, {"networks": ["x"], "expect": {"cpm": 5}}, "expect.cpm", "kpi.unit"),
    (m.LineItem, {"networks": ["x"], "expect": {"joy": 5}}, "kpi", "kpi.unknown"),
    (m.MediaPlan, {**_PLAN, "zone": "Mars/Base"}, "zone", "time.zone"),
    (m.MediaPlan, {**_PLAN, "lines": []}, "lines", "type.wrong"),
    (m.MediaPlan, {**_PLAN, "lines": {"a": "b"}}, "lines.a", "type.wrong"),
    (m.MediaPlan, {**_PLAN, "version": 0}, "version", "number.range"),
    (m.MediaPlan, {**_PLAN, "flight": "2027"}, "flight", "type.wrong"),
    (m.MediaPlan, {**_PLAN, "created_at": _NAIVE}, "created_at", "time.naive"),
    (m.MetricRow, {"on": _NOW, "currency": "EUR"}, "on", "type.wrong"),
    (m.MetricRow, {"on": _DAY, "currency": "EUR", "spend": "-1"}, "spend",
     "metrics.spend"),
    (m.MetricRow, {"on": _DAY, "currency": "EUR", "clicks": 1.5}, "clicks",
     "type.wrong"),
    (m.MetricRow, {"on": _DAY, "currency": "EUR", "ad": 7}, "ad", "type.wrong"),
    (m.GrowthRow, {"on": _DAY, "network": "x", "followers": -1}, "followers",
     "number.range"),
    (m.Conversion, {"conversion_id": "1", "kind": "purchase", "at": _NOW,
                    "value": _DEBT}, "value", "conversion.value"),
    (m.Conversion, {"conversion_id": "1", "kind": "gift", "at": _NOW}, "kind",
     "enum.unknown"),
    (m.Touch, {"person": "", "at": _NOW}, "person", "text.empty"),
    (m.Message, {"text": "a", "at": _NAIVE, "network": "x"}, "at", "time.naive"),
    (m.Utm, {"source": "", "medium": "b", "campaign": "c"}, "utm_source",
     "text.empty"),
    (m.NamePattern, {"template": "no slots"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a}{b}"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a}_{a}"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a}_{B}"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a}_{"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a!r}_{b}"}, "template", "name.pattern"),
    (m.NamePattern, {"template": "{a}", "allowed": {"b": ["c"]}}, "allowed",
     "name.pattern"),
    (m.NamePattern, {"template": "{a}", "allowed": {"a": "bc"}}, "allowed.a",
     "type.wrong"),
    (m.FxRate, {"base": "EUR", "quote": "USD", "rate": "0", "on": _DAY,
                "source": "ECB"}, "amount", "money.invalid"),
    (m.FxRate, {"base": "EUR", "quote": "USD", "rate": "1", "on": _DAY,
                "source": ""}, "source", "text.empty"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given_values", "attribute", "code"),
    _TABLE,
    ids=[f"{place}-{row[0].__name__}-{row[3]}" for place, row in enumerate(_TABLE)],
)
def test_what_can_never_be_right_is_refused(kind, given_values, attribute, code):
    """
    The error names the attribute, what would be right, the value, and a stable code.
    """
    with pytest.raises((ValidationError, MoneyError)) as caught:
        kind(**given_values)

    error = caught.value
    assert [attribute, code] == [error.attribute, error.issues[0].code]
    assert error.expected is not None
    assert error.message
    assert isinstance(error, ValueError)


_GIVEN = ("AdAddress", "PlanChange", "SourceMap")  # made by smmlib, not by people
_CHECKED = [
    kind for kind in strategies.FOR if attrs.has(kind) and kind.__name__ not in _GIVEN
]
_JUNK = (
    None, "", " ", "x", "\x00", "\ud800", -1, 0, 10**30, 1.5, float("nan"), True, b"x",
    object(), [], {}, [None], [1], {"a": 1}, {1: "a"}, "z" * 120_000, _DAY, _NOW,
    _NAIVE, time(1), Decimal("NaN"), Decimal(-1), _MONEY, _DEBT, ("a", "a"), [[]],
    set(), {"a"}, m.Network.X, int, "javascript:alert(1)", {"a": None}, {"": "x"},
    {"a b": "x"},
)  # fmt: skip


@pytest.mark.parametrize("kind", _CHECKED, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=1, suppress_health_check=list(HealthCheck))
def test_junk_makes_a_valid_value_or_a_clear_error(kind, data):
    """
    Whatever is put into any field, the result works, or the error is one of ours and
    complete.
    """
    value = data.draw(strategies.FOR[kind]())
    for field in attrs.fields(kind):
        for junk in _JUNK if field.init else ():
            try:
                made = attrs.evolve(value, **{field.alias: junk})
            except (ValidationError, MoneyError) as error:
                refused = error
                assert refused.attribute, (field.name, junk)
                assert refused.expected is not None, (field.name, junk)
            else:
                assert made == made  # noqa: PLR0124 - comparing works
                assert isinstance(hash(made), int)
                assert len(m.content_hash(made)) == 64


def test_an_error_from_text_alone_has_an_issue():
    """
    Errors always carry issues, so that programs need not read messages.
    """
    error = ValidationError("something is wrong", hint="do this")

    assert [Issue("", "invalid", "something is wrong", hint="do this")] == list(
        error.issues
    )
    with pytest.raises(TypeError, match="at least one issue"):
        ValidationError([])


@pytest.mark.parametrize(
    ("make", "hint"),
    [
        (lambda: m.LineItem(["Telegrams"]), "did you mean 'telegram'?"),
        (lambda: m.Place("UK"), "the United Kingdom is GB"),
        (lambda: m.kpi("registration"), "did you mean 'registrations'?"),
        (lambda: m.Audience(interests="Espresso"), "write [Espresso]"),
        (lambda: m.AgeRange(60, 20), "write 20-60"),
        (lambda: m.Money(12.5, "EUR"), 'write the amount as text, e.g. "12.5"'),
        (lambda: m.AdText("x" * 500), "shorten it by 20 characters"),
    ],
    ids=["network", "country", "kpi", "list", "age", "float", "text"],
)
def test_errors_say_the_next_step(make, hint):
    """
    Whoever made a mistake is told what to type instead.
    """
    with pytest.raises((ValidationError, MoneyError)) as caught:
        make()
    assert hint == caught.value.hint
