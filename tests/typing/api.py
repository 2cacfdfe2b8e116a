"""
What users write, for type checkers only: this file is checked, never run.

Right uses must pass without a word. Wrong uses carry an ignore that must be needed: the
checkers warn about ignores without an error, so a wrong use that stops being an error
is noticed.
"""

# ruff: noqa: B018 - expressions are checked here, not run

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import smmlib as smm
from smmlib import (
    CTA,
    KPI,
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    AgeRange,
    Approval,
    Audience,
    Bid,
    Brand,
    Budget,
    Card,
    Conversion,
    CostParts,
    Creative,
    CustomAudience,
    Flight,
    FrozenMap,
    Goal,
    KPITarget,
    LineItem,
    MediaPlan,
    MetricRow,
    Money,
    NamePattern,
    Network,
    Person,
    Place,
    PlanChange,
    Post,
    Radius,
    Role,
    Schedule,
    Status,
    Strategy,
    Utm,
    compare,
    kpi,
    wall_time,
)
from smmlib.errors import Issue, PlatformError, RateLimitError, ValidationError
from smmlib.ports import AdPlatform, Connection, Kind, Remote, Secret, Wanted

# -- people, money and time -----------------------------------------------------------

mila = Person("Mila", "smm")
jon = Person("Jon", Role.COPYWRITER, approves=["plan", "posts"], hours_per_week="12.5")
role: Role = mila.role
hours: Decimal | None = jon.hours_per_week

fee = Money("3000.00", "EUR")
total: Money = fee + Money(30_000, "EUR") * 2
thirds: tuple[Money, ...] = total.split(3)
shares: dict[str, Money] = total.split({"meta": 2, "x": "1.5"})
weighted: tuple[Money, ...] = total.split([Decimal(1), 2, "0.5"])
times_as_much: Decimal = total / fee
whole: Money = sum(thirds, Money.zero("EUR"))

flight = Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin")
weeks: tuple[Flight, ...] = flight.weeks()
opening: datetime = wall_time(datetime(2027, 3, 1, 9), "Europe/Berlin")  # noqa: DTZ001
slots: tuple[datetime, ...] = Schedule(
    "week", ["tue", "thu"], at=time(9), zone="Europe/Berlin"
).occurrences(flight)

# -- a plan in Python -----------------------------------------------------------------

baristas = Audience(
    age=AgeRange(25, 44),
    genders=["female"],
    places=[Place("DE"), Place("CH", city="Zurich", radius=Radius(25))],
    retarget=[CustomAudience("site_visitors", days=30)],
    exclude=["customers"],
)
narrow: Audience = baristas.narrow(interests=["Espresso"]).exclude("staff")

taste = Creative(
    "Taste first, pay later.",
    cta="sign_up",
    link="https://alpenkaffee.example/box",
    cards=[Card("img/a.jpg", "Dark"), Card("img/b.jpg", "Light")],
    utm=Utm("facebook", "paid_social", campaign="spring"),
)
button: CTA | None = taste.cta
text: AdText | None = taste.text

line = LineItem(
    ["facebook", Network.INSTAGRAM],
    "16000 EUR",
    buy="cpm",
    expect={"cpm": "6.40 EUR", "ctr": "1.2 %"},
    parts=CostParts("15000 EUR", tax="1000 EUR"),
    owner="mila",
)
campaign = AdCampaign(
    "meta-leads",
    {"baristas": AdSet("baristas", ["taste"], placements=["facebook.feed"])},
    budget=AdBudget(lifetime="16000 EUR"),
    bid=Bid("cost_cap", "5 EUR"),
    special_ad_categories=(),
    objective="leads",
)
plan = MediaPlan(
    "Spring",
    "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
    zone="Europe/Berlin",
    flight=flight,
    budget=Budget("33000 EUR", agency_fee="3000 EUR"),
    strategy=Strategy(
        Brand("Alpenkaffee", "Alpenkaffee GmbH"),
        "leads",
        goals=[Goal("cpr", "18.00 EUR", by=date(2027, 4, 11), owner="mila")],
    ),
    people={"mila": mila, "jon": jon},
    audiences={"baristas": baristas},
    lines={"meta-leads": line},
    campaigns={"leads": campaign},
    creatives={"taste": taste},
    posts={"opening": Post("organic", "We are open.", networks=["facebook"])},
    approvals=[Approval("plan", "eva", at=opening, content_hash="ab12")],
    naming=NamePattern("{brand}_{network}", allowed={"brand": ["alpen"]}),
)

cost: Money | None = plan.lines["meta-leads"].cost
lines: FrozenMap[LineItem] = plan.lines
sets: FrozenMap[AdSet] = plan.campaigns["leads"].ad_sets
ad: Ad = sets["baristas"].ads["taste"]
status: Status = ad.status
changes: tuple[PlanChange, ...] = compare(plan, plan.next_version(note="b"))
again: MediaPlan = plan.with_budgets({"meta-leads": total})

# -- what happened --------------------------------------------------------------------

row = MetricRow(date(2027, 3, 1), "facebook", spend="12.345678901", currency="EUR")
spend: Decimal = row.spend
clicks: int | None = row.clicks
sale = Conversion("1", "purchase", at=datetime.now(UTC), value=Money(5, "EUR"))
cpc: Decimal | None = kpi("cpc").value({"spend": Decimal(5), "clicks": 4})
own = KPI("cpe", "spend / engagements", unit="money", better="lower")
target: Decimal | Money = KPITarget("ctr", "1.2 %").target


def explain(error: ValidationError) -> list[str]:
    """
    Issues are typed.
    """
    issue: Issue = error.issues[0]
    return [issue.path, issue.hint, str(error.attribute)]


def wait(error: PlatformError) -> datetime | None:
    """
    Subclasses carry what their parent has not.
    """
    return error.resume_at if isinstance(error, RateLimitError) else None


def use(platform: AdPlatform) -> dict[str, Remote]:
    """
    An adapter is a Protocol.
    """
    wanted: Wanted = platform.wanted(plan)
    first = wanted.resources[0]
    return dict(platform.read(first.kind, ["1"]))


connection = Connection("meta", "act_1", token=Secret("t"), options={"page": "1"})
kind: Kind = Kind.CAMPAIGN

# -- what must not pass ---------------------------------------------------------------

Money(12.5, "EUR")  # type: ignore[arg-type]
Person("Mila")  # type: ignore[call-arg]
Person("Mila", "smm", "plan")  # type: ignore[call-arg]
Person("Mila", 5)  # type: ignore[arg-type]
LineItem("facebook", "5 EUR", "Leads")  # type: ignore[call-arg]
LineItem(["facebook"], 16_000)  # type: ignore[arg-type]
AdBudget(lifetime=100)  # type: ignore[arg-type]
AdBudget(monthly="5 EUR")  # type: ignore[call-arg]
Flight("2027-03-01", "2027-03-02")  # type: ignore[arg-type]
MediaPlan("Spring", "1", zone="UTC")  # type: ignore[call-arg]
Creative(cta=5)  # type: ignore[arg-type]
Place("CH", "Zurich")  # type: ignore[call-arg]
fee + 5  # type: ignore[operator]
fee * 1.5  # type: ignore[operator]
fee.amount = Decimal(5)  # type: ignore[misc]
plan.lines["meta-leads"] = line  # type: ignore[index]
plan.lines["meta-leads"].price  # type: ignore[attr-defined]
plan.line["meta-leads"]  # type: ignore[attr-defined]
smm.Typo  # type: ignore[attr-defined]
clicks + 1  # type: ignore[operator]
cost.amount  # type: ignore[union-attr]
