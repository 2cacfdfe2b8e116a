"""
For every rule for all plans: a plan that breaks it, and one that only just does not.
"""

from __future__ import annotations

from datetime import date

import attrs

from rules._plans import LINK, at, changed, clean_plan, days, eur
from smmlib.model import (
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    Approval,
    Audience,
    BrandStyle,
    Brief,
    Budget,
    Caps,
    Card,
    Channel,
    CostParts,
    Creative,
    Goal,
    Guardrail,
    Idea,
    LineItem,
    Milestone,
    Money,
    NamePattern,
    Place,
    Post,
    Slot,
    Task,
    TextVariant,
    Utm,
)

SET = "campaigns.leads.ad_sets.fans"
NOW = at("2027-03-20 12:00")


@attrs.frozen
class Case:
    """
    One rule, how it is broken, what is then said, and how it is kept.
    """

    code: str
    path: str
    limit: object = attrs.field(kw_only=True)
    bad: object = attrs.field(kw_only=True)
    good: object = attrs.field(factory=clean_plan, kw_only=True)
    now: object = attrs.field(default=None, kw_only=True)


def _line(line, **more):
    """
    The clean plan with one more line under the key `extra`.
    """
    return changed({"lines.extra": line, **more})


def _budget(**parts):
    return changed({"budget": Budget(**parts)})


def _goals(*goals):
    return changed({"strategy.goals": goals})


def _gap(hour):
    return at(f"2027-03-28 {hour:02}:30")


WEEK = days("2027-03-01..2027-03-07")
BEFORE = days("2027-02-20..2027-04-11")
MEDIA = "10000.00 EUR"
USD = Money("5", "USD")
HAND = {"managed": "by hand", "results": "r.csv", "utm": Utm("b", "paid", campaign="c")}
SECOND = AdCampaign(
    "meta", {"fans": AdSet("fans", ["taste"])}, special_ad_categories=[]
)
SMALL = attrs.evolve(SECOND, budget=AdBudget(lifetime=eur("0.01")))
BOOST = Creative(boost="open", link=LINK)
LONG = "a" * 281

TIME = [
    Case(
        "line.outside_flight",
        "lines.meta.flight",
        limit="2027-03-01..2027-04-11",
        bad=changed({"lines.meta.flight": BEFORE}),
        good=changed({"lines.meta.flight": days("2027-03-01..2027-04-11")}),
    ),
    Case(
        "campaign.outside_flight",
        "campaigns.leads.flight",
        limit="2027-03-01..2027-03-07",
        bad=changed(
            {
                "lines.meta.flight": WEEK,
                "campaigns.leads.flight": days("2027-03-01..2027-03-08"),
            }
        ),
        good=changed({"lines.meta.flight": WEEK, "campaigns.leads.flight": WEEK}),
    ),
    Case(
        "ad_set.outside_flight",
        f"{SET}.flight",
        limit="2027-03-01..2027-03-07",
        bad=changed(
            {
                "campaigns.leads.flight": WEEK,
                f"{SET}.flight": days("2027-03-07..2027-03-08"),
            }
        ),
        good=changed({"campaigns.leads.flight": WEEK, f"{SET}.flight": WEEK}),
    ),
    Case(
        "post.outside_flight",
        "posts.open.at",
        limit="2027-03-01..2027-04-11",
        bad=changed({"posts.open.at": at("2027-02-28 23:59")}),
        good=changed({"posts.open.at": at("2027-04-11 23:59")}),
    ),
    Case(
        "time.gap",
        "posts.open.at",
        limit="a time the wall clock shows",
        bad=changed({"posts.open.at": _gap(2)}),
        good=changed({"posts.open.at": _gap(3)}),
    ),
    Case(
        "time.fold",
        "posts.open.at",
        limit="a time the wall clock shows once",
        bad=changed(
            {
                "flight": days("2027-03-01..2027-12-31"),
                "posts.open.at": at("2027-10-31 02:30"),
            }
        ),
        good=changed(
            {
                "flight": days("2027-03-01..2027-12-31"),
                "posts.open.at": at("2027-10-31 03:30"),
            }
        ),
    ),
    Case(
        "flight.past",
        SET,
        limit="an end after 2027-03-20 12:00",
        bad=changed({f"{SET}.flight": WEEK}),
        good=changed({f"{SET}.flight": WEEK, f"{SET}.status": "archived"}),
        now=NOW,
    ),
    Case(
        "post.past",
        "posts.open.at",
        limit="after 2027-03-20 12:00",
        bad=clean_plan(),
        good=changed({"posts.open.state": "published"}),
        now=NOW,
    ),
]

MONEY = [
    Case(
        "money.currency_mixed",
        "lines.meta.cost",
        limit="EUR",
        bad=changed({"lines.meta.cost": Money("10000", "USD")}),
    ),
    Case(
        "budget.parts_over_total",
        "budget",
        limit="12000.00 EUR",
        bad=_budget(total=eur(12000), agency_fee=eur(12000), reserve=eur("0.01")),
        good=_budget(total=eur(12000), agency_fee=eur(1500), reserve=eur(500)),
    ),
    Case(
        "budget.lines_over",
        "lines",
        limit=MEDIA,
        bad=changed({"lines.meta.cost": eur("10000.01")}),
        good=changed({"lines.meta.cost": eur(10000)}),
    ),
    Case(
        "budget.missing",
        "budget",
        limit=None,
        bad=changed({"budget": None}),
    ),
    Case(
        "budget.no_reserve",
        "budget.reserve",
        limit=None,
        bad=_budget(total=eur(12000), reserve=eur(0)),
    ),
    Case(
        "budget.minimums_over",
        "lines",
        limit=MEDIA,
        bad=_line(LineItem(["x"], eur(1), minimum=eur("10000.01"))),
        good=_line(LineItem(["x"], eur(1), minimum=eur(10000))),
    ),
    Case(
        "budget.allocations_over",
        "budget.allocations",
        limit=MEDIA,
        bad=changed({"budget.allocations": {"meta": eur("10000.01")}}),
        good=changed({"budget.allocations": {"meta": eur(10000)}}),
    ),
    Case(
        "budget.allocation_differs",
        "budget.allocations.meta",
        limit=MEDIA,
        bad=changed({"budget.allocations": {"meta": eur(9000)}}),
        good=changed({"budget.allocations": {"meta": eur(10000)}}),
    ),
    Case(
        "line.parts_over_cost",
        "lines.meta.parts",
        limit=MEDIA,
        bad=changed({"lines.meta.parts": CostParts(eur(10000), tax=eur(1))}),
        good=changed({"lines.meta.parts": CostParts(eur(9999), tax=eur(1))}),
    ),
    Case(
        "line.parts_below_cost",
        "lines.meta.parts",
        limit=MEDIA,
        bad=changed({"lines.meta.parts": CostParts(eur(9000))}),
        good=changed({"lines.meta.parts": CostParts(eur(9000), tax=eur(1000))}),
    ),
    Case(
        "line.cost_out_of_bounds",
        "lines.meta.cost",
        limit="9999.99 EUR",
        bad=changed({"lines.meta.maximum": eur("9999.99")}),
        good=changed(
            {"lines.meta.minimum": eur(10000), "lines.meta.maximum": eur(10000)}
        ),
    ),
    Case(
        "line.campaigns_over",
        "campaigns.more.budget",
        limit=MEDIA,
        bad=changed({"campaigns.more": SMALL}),
        good=changed({"campaigns.more": attrs.evolve(SMALL, status="archived")}),
    ),
    Case(
        "line.campaigns_below",
        "lines.meta.cost",
        limit=MEDIA,
        bad=changed({"campaigns.leads.budget": AdBudget(lifetime=eur("9899.99"))}),
        good=changed({"campaigns.leads.budget": AdBudget(lifetime=eur(9900))}),
    ),
    Case(
        "ad_set.budgets_over",
        "campaigns.leads.ad_sets",
        limit=MEDIA,
        bad=changed({f"{SET}.budget": AdBudget(daily=eur("238.10"))}),
        good=changed({f"{SET}.budget": AdBudget(daily=eur("238.09"))}),
    ),
    Case(
        "budget.cap_per_campaign",
        "campaigns.leads.budget",
        limit="238.09 EUR",
        bad=changed({"budget.caps": Caps(per_campaign_day=eur("238.09"))}),
        good=changed({"budget.caps": Caps(per_campaign_day=eur("238.10"))}),
    ),
    Case(
        "budget.cap_total",
        "campaigns",
        limit="9999.99 EUR",
        bad=changed({"budget.caps": Caps(total=eur("9999.99"))}),
        good=changed({"budget.caps": Caps(total=eur(10000))}),
    ),
]

REFERENCES = [
    Case(
        "reference.line",
        "campaigns.leads.line",
        limit="a key of lines",
        bad=changed({"campaigns.leads.line": "mta"}),
    ),
    Case(
        "reference.audience",
        "audiences.fans.exclude[0]",
        limit="a key of audiences",
        bad=changed({"audiences.fans.excluded": ["byers"]}),
        good=changed({"audiences.fans.excluded": ["buyers"]}),
    ),
    Case(
        "reference.creative",
        f"{SET}.ads.one.creative",
        limit="a key of creatives",
        bad=changed({f"{SET}.ads.one": Ad("tast")}),
        good=changed({f"{SET}.ads.one": Ad("taste")}),
    ),
    Case(
        "reference.post",
        "creatives.more.boost",
        limit="a key of posts",
        bad=changed({"creatives.more": Creative(boost="opn")}),
        good=changed({"creatives.more": Creative(boost="facebook:1")}),
    ),
    Case(
        "reference.person",
        "posts.open.approver",
        limit="a key of people",
        bad=changed({"posts.open.approver": "ewa"}),
    ),
    Case(
        "reference.task",
        "tasks.b.after[0]",
        limit="a key of tasks",
        bad=changed({"tasks.b": Task("B", after=["a"])}),
        good=changed({"tasks.a": Task("A"), "tasks.b": Task("B", after=["a"])}),
    ),
    Case(
        "reference.kpi",
        "budget.guardrails[0].kpi",
        limit="a KPI of the library",
        bad=changed({"budget.guardrails": [Guardrail("cpx", eur(2))]}),
        good=changed({"budget.guardrails": [Guardrail("cpc", eur(2))]}),
    ),
    Case(
        "reference.brief_item",
        "briefs.copy.items[1]",
        limit="a path of this plan, e.g. creatives.taste",
        bad=changed(
            {"briefs.copy": Brief("A", "smm", items=["creatives.taste", "posts.no"])}
        ),
        good=changed(
            {"briefs.copy": Brief("A", "smm", items=["audiences.fans.exclude"])}
        ),
    ),
]

STRUCTURE = [
    Case(
        "objective.unknown",
        "strategy.objective",
        limit="awareness, traffic, engagement, leads, app_promotion, sales",
        bad=changed({"strategy.objective": "brand love"}),
    ),
    Case(
        "campaign.no_objective",
        "campaigns.leads.objective",
        limit="awareness, traffic, engagement, leads, app_promotion, sales",
        bad=changed({"strategy.objective": None}),
        good=changed(
            {"strategy.objective": None, "campaigns.leads.objective": "traffic"}
        ),
    ),
    Case(
        "campaign.line_unpaid",
        "campaigns.leads.line",
        limit="a paid line",
        bad=changed({"campaigns.leads.line": "organic"}),
    ),
    Case(
        "campaign.line_by_hand",
        "campaigns.leads.line",
        limit="a line that is not managed by hand",
        bad=changed({"lines.meta": LineItem(["facebook"], eur(10000), **HAND)}),
    ),
    Case(
        "campaign.platforms",
        "campaigns.leads",
        limit="one platform",
        bad=changed(
            {"lines.meta.networks": ["facebook", "x"], f"{SET}.placements": []}
        ),
        good=changed({"lines.meta.networks": ["facebook", "x"]}),
    ),
    Case(
        "campaign.no_ad_sets",
        "campaigns.leads.ad_sets",
        limit=None,
        bad=changed({"campaigns.leads.ad_sets": {}}),
    ),
    Case(
        "ad_set.no_ads",
        f"{SET}.ads",
        limit=None,
        bad=changed({f"{SET}.ads": {}}),
    ),
    Case(
        "placement.network",
        f"{SET}.placements[1]",
        limit="facebook, instagram",
        bad=changed({f"{SET}.placements": ["facebook.feed", "x.feed"]}),
        good=changed({f"{SET}.placements": ["facebook.feed", "instagram.feed"]}),
    ),
    Case(
        "campaign.duplicate",
        "campaigns.more",
        limit="different from 'leads'",
        bad=changed(
            {
                "campaigns.more": attrs.evolve(
                    clean_plan().campaigns["leads"], name="Another name"
                )
            }
        ),
        good=changed({"campaigns.more": SECOND}),
    ),
    Case(
        "audience.excludes_itself",
        "audiences.buyers.exclude[0]",
        limit="another audience",
        bad=changed({"audiences.buyers.excluded": ["buyers"]}),
        good=changed({"audiences.fans.excluded": ["buyers"]}),
    ),
    Case(
        "line.no_campaign",
        "lines.extra",
        limit=None,
        bad=_line(LineItem(["x"], eur(1))),
        good=_line(LineItem(["telegram"], eur(1), **HAND)),
    ),
    Case(
        "line.no_cost",
        "lines.extra.cost",
        limit=None,
        bad=_line(LineItem(["x"])),
        good=_line(LineItem(["x"], parts=CostParts(eur(1)))),
    ),
    Case(
        "line.cost_unpaid",
        "lines.organic.cost",
        limit="no cost",
        bad=changed({"lines.organic.cost": eur(1)}),
    ),
    Case(
        "line.by_hand_untracked",
        "lines.extra.utm",
        limit=None,
        bad=_line(LineItem(["x"], eur(1), managed="by hand", results="r.csv")),
        good=_line(LineItem(["x"], eur(1), **HAND)),
    ),
    Case(
        "line.by_hand_no_results",
        "lines.extra.results",
        limit=None,
        bad=_line(LineItem(["x"], eur(1), managed="by hand", utm=HAND["utm"])),
        good=_line(LineItem(["x"], eur(1), **HAND)),
    ),
    Case(
        "line.no_posts",
        "lines.organic",
        limit=None,
        bad=changed({"posts": {}}),
    ),
]

LINKS = [
    Case(
        "utm.partial",
        "creatives.taste.link",
        limit="utm_source, utm_medium and utm_campaign together",
        bad=changed({"creatives.taste.link": f"{LINK}?utm_source=a&utm_medium=b"}),
        good=changed(
            {"creatives.taste.link": f"{LINK}?utm_source=a&utm_medium=b&utm_campaign=c"}
        ),
    ),
    Case(
        "utm.conflict",
        "creatives.taste.link",
        limit="facebook",
        bad=changed(
            {
                "creatives.taste.link": f"{LINK}?utm_source=meta",
                "creatives.taste.utm": Utm("facebook", "paid", campaign="c"),
            }
        ),
        good=changed(
            {
                "creatives.taste.link": f"{LINK}?utm_source=facebook",
                "creatives.taste.utm": Utm("facebook", "paid", campaign="c"),
            }
        ),
    ),
    Case(
        "utm.drift",
        "posts.open.utm.source",
        limit="facebook",
        bad=changed(
            {
                "creatives.taste.utm": Utm("facebook", "paid", campaign="c"),
                "posts.open.utm": Utm("FB", "organic", campaign="c"),
            }
        ),
        good=changed(
            {
                "creatives.taste.utm": Utm("facebook", "paid", campaign="c"),
                "posts.open.utm": Utm("facebook", "organic", campaign="c"),
            }
        ),
    ),
    Case(
        "ad.link_missing",
        "creatives.taste.link",
        limit="a link",
        bad=changed({"creatives.taste.link": ""}),
        good=changed({"creatives.taste.link": "", "strategy.objective": "awareness"}),
    ),
]

NAMES = [
    Case(
        "name.duplicate",
        "audiences.buyers.name",
        limit="a name of its own",
        bad=changed({"audiences.fans.name": "Ours ", "audiences.buyers.name": "ours"}),
        good=changed({"audiences.fans.name": "Ours", "creatives.taste.name": "Ours"}),
    ),
    Case(
        "key.similar",
        "audiences.Fans",
        limit="different from 'fans'",
        bad=changed({"audiences.Fans": Audience(places=[Place("DE")])}),
    ),
    Case(
        "name.pattern",
        "campaigns.leads.name",
        limit="{brand}_{network}",
        bad=changed(
            {
                "naming": NamePattern("{brand}_{network}"),
                "campaigns.leads.name": "Spring",
            }
        ),
        good=changed(
            {
                "naming": NamePattern("{brand}_{network}"),
                "campaigns.leads.name": "alpen_facebook",
            }
        ),
    ),
]

GOALS = [
    Case(
        "goal.no_data_source",
        "strategy.goals[0].kpi",
        limit="a line, channel or file with these numbers",
        bad=_goals(Goal("follower_growth", 15, network="linkedin")),
        good=changed(
            {
                "strategy.goals": [Goal("follower_growth", 15, network="linkedin")],
                "strategy.channels": [Channel("linkedin")],
            }
        ),
    ),
    Case(
        "goal.after_end",
        "strategy.goals[0].by",
        limit="2027-04-11",
        bad=_goals(Goal("leads", 5, by=date(2027, 4, 12))),
        good=_goals(Goal("leads", 5, by=date(2027, 4, 11))),
    ),
    Case(
        "goal.before_start",
        "strategy.goals[0].by",
        limit="2027-03-01",
        bad=_goals(Goal("leads", 5, by=date(2027, 2, 28))),
        good=_goals(Goal("leads", 5, by=date(2027, 3, 1))),
    ),
    Case(
        "goal.conflict",
        "strategy.goals[1].target",
        limit="5",
        bad=_goals(Goal("leads", 5), Goal("leads", 6, by=date(2027, 4, 11))),
        good=_goals(Goal("leads", 5), Goal("leads", 6, by=date(2027, 3, 11))),
    ),
    Case(
        "kpi.impossible",
        "lines.meta.expect.ctr",
        limit=100,
        bad=changed({"lines.meta.expect": {"ctr": "100.1 %"}}),
        good=changed({"lines.meta.expect": {"ctr": "100 %"}}),
    ),
    Case(
        "line.expectations",
        "lines.meta.expect.cpc",
        limit="0.50",
        bad=changed(
            {"lines.meta.expect": {"cpm": eur(5), "ctr": "1 %", "cpc": eur("0.55")}}
        ),
        good=changed(
            {"lines.meta.expect": {"cpm": eur(5), "ctr": "1 %", "cpc": eur("0.51")}}
        ),
    ),
]

WORK = [
    Case(
        "milestone.after_end",
        "milestones.done.due",
        limit="2027-04-11",
        bad=changed({"milestones.done": Milestone("Done", date(2027, 4, 12))}),
        good=changed({"milestones.done": Milestone("Done", date(2027, 4, 11))}),
    ),
    Case(
        "task.after_end",
        "tasks.a.due",
        limit="2027-04-11",
        bad=changed({"tasks.a": Task("A", due=date(2027, 4, 12))}),
        good=changed({"tasks.a": Task("A", due=date(2027, 4, 11))}),
    ),
    Case(
        "task.cycle",
        "tasks.b.after",
        limit="an order with a beginning",
        bad=changed(
            {
                "tasks.a": Task("A", after=["b"]),
                "tasks.b": Task("B", after=["c"]),
                "tasks.c": Task("C", after=["b"]),
            }
        ),
        good=changed(
            {
                "tasks.a": Task("A", after=["b", "c"]),
                "tasks.b": Task("B", after=["c"]),
                "tasks.c": Task("C"),
            }
        ),
    ),
    Case(
        "task.order",
        "tasks.b.due",
        limit="2027-03-10",
        bad=changed(
            {
                "tasks.a": Task("A", due=date(2027, 3, 10)),
                "tasks.b": Task("B", due=date(2027, 3, 9), after=["a"]),
            }
        ),
        good=changed(
            {
                "tasks.a": Task("A", due=date(2027, 3, 10)),
                "tasks.b": Task("B", due=date(2027, 3, 10), after=["a"]),
            }
        ),
    ),
    Case(
        "idea.unchecked",
        "posts.hello.state",
        limit="checked, or not_needed",
        bad=changed(
            {
                "posts.hello": Post(
                    "organic", "Hi", networks=["facebook"], state="approved"
                ),
                "ideas.news": Idea("News", post="hello"),
            }
        ),
        good=changed(
            {
                "posts.hello": Post(
                    "organic", "Hi", networks=["facebook"], state="approved"
                ),
                "ideas.news": Idea("News", post="hello", fact_check="checked"),
            }
        ),
    ),
    Case(
        "slot.network",
        "slots.weekly.networks[0]",
        limit="facebook, telegram",
        bad=changed({"slots.weekly": Slot("organic", networks=["x"], days=["tue"])}),
        good=changed(
            {"slots.weekly": Slot("organic", networks=["facebook"], days=["tue"])}
        ),
    ),
    Case(
        "work.overdue",
        "tasks.a.due",
        limit="done, or due 2027-03-20 or later",
        bad=changed({"tasks.a": Task("A", due=date(2027, 3, 19))}),
        good=changed(
            {
                "tasks.a": Task("A", due=date(2027, 3, 20)),
                "tasks.b": Task("B", due=date(2027, 3, 19), state="done"),
            }
        ),
        now=NOW,
    ),
    Case(
        "approval.not_entitled",
        "approvals[0].by",
        limit="plan, posts",
        bad=changed(
            {"approvals": [Approval("spend", "eva", at=NOW, content_hash="a")]}
        ),
        good=changed(
            {"approvals": [Approval("plan", "eva", at=NOW, content_hash="a")]}
        ),
    ),
    Case(
        "post.approver_not_entitled",
        "posts.open.approver",
        limit="a person who approves posts",
        bad=changed({"posts.open.approver": "mila"}),
    ),
]

CREATIVES = [
    Case(
        "text.limit_raised",
        "creatives.taste.text",
        limit=480,
        bad=changed({"creatives.taste.text": AdText("a", limit=481)}),
        good=changed({"creatives.taste.text": AdText("a" * 480)}),
    ),
    Case(
        "ad.no_text",
        "creatives.taste.text",
        limit=None,
        bad=changed({"creatives.taste.text": None}),
    ),
    Case(
        "card.no_headline",
        "creatives.more.cards[1].headline",
        limit=None,
        bad=changed({"creatives.more": Creative(cards=[Card("a", "A"), Card("b")])}),
        good=changed(
            {"creatives.more": Creative(cards=[Card("a", "A"), Card("b", "B")])}
        ),
    ),
    Case(
        "text.not_translated",
        "creatives.taste.variants[0]",
        limit=None,
        bad=changed({"creatives.taste.variants": [TextVariant("de", state="missing")]}),
        good=changed({"creatives.taste.variants": [TextVariant("de", "Probier")]}),
    ),
    Case(
        "brand.unwanted_word",
        "creatives.taste.text",
        limit="no word of strategy.brand.style.dont",
        bad=changed({"strategy.brand.style": BrandStyle(dont=["TASTE FIRST"])}),
        good=changed({"strategy.brand.style": BrandStyle(dont=["tast", "irst"])}),
    ),
    Case(
        "creative.unused",
        "creatives.more",
        limit=None,
        bad=changed({"creatives.more": Creative("A", image="a.jpg")}),
    ),
]

POSTS = [
    Case(
        "post.text_too_long",
        "posts.open.variants.telegram",
        limit=4096,
        bad=changed({"posts.open.variants": {"telegram": "a" * 4097}}),
        good=changed({"posts.open.variants": {"telegram": "a" * 4096}}),
    ),
    Case(
        "post.empty",
        "posts.open.text",
        limit="text or media",
        bad=changed({"posts.open.text": "", "posts.open.variants": {"telegram": "a"}}),
        good=changed({"posts.open.text": "", "posts.open.state": "idea"}),
    ),
    Case(
        "post.no_media",
        "posts.open.media",
        limit="at least one picture or film",
        bad=changed({"posts.open.networks": ["instagram"]}),
        good=changed(
            {"posts.open.networks": ["instagram"], "posts.open.media": ["a.jpg"]}
        ),
    ),
    Case(
        "post.no_network",
        "posts.open.networks",
        limit=None,
        bad=changed({"posts.open.networks": []}),
    ),
    Case(
        "post.network",
        "posts.open.networks[1]",
        limit="facebook, telegram",
        bad=changed({"posts.open.networks": ["telegram", "x"]}),
    ),
    Case(
        "boost.waits",
        "creatives.taste.boost",
        limit="2027-03-01T00:00:00+01:00",
        bad=changed({"creatives.taste": BOOST}),
        good=changed({"creatives.taste": BOOST, "posts.open.state": "published"}),
    ),
    Case(
        "boost.after_end",
        "creatives.taste.boost",
        limit="2027-03-08T00:00:00+01:00",
        bad=changed(
            {
                "creatives.taste": BOOST,
                "campaigns.leads.flight": WEEK,
                "posts.open.at": at("2027-03-08 00:00"),
            }
        ),
        good=changed({"creatives.taste": BOOST, "campaigns.leads.flight": WEEK}),
    ),
    Case(
        "boost.network",
        "creatives.taste.boost",
        limit="facebook, instagram",
        bad=changed({"creatives.taste": BOOST, "posts.open.networks": ["telegram"]}),
        good=changed({"creatives.taste": BOOST}),
    ),
    Case(
        "boost.text_ignored",
        "creatives.taste.text",
        limit=None,
        bad=changed({"creatives.taste": Creative("Text", boost="open")}),
        good=changed({"creatives.taste": BOOST}),
    ),
]

CASES = [
    *TIME,
    *MONEY,
    *REFERENCES,
    *STRUCTURE,
    *LINKS,
    *NAMES,
    *GOALS,
    *WORK,
    *CREATIVES,
    *POSTS,
]
