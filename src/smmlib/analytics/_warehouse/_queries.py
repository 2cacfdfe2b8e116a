"""
The warehouse's questions, each written once as an Ibis expression.

Ratios and products follow three rules that hold on every engine: divide as floats with
a divisor that may be null, cast products of decimals, cast before a mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.analytics._kpi_expressions import kpi_expression
from smmlib.analytics._totals import COUNTS
from smmlib.analytics._warehouse._schema import END, ibis, table
from smmlib.model._iso import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_SUMMED = ("spend", *COUNTS, "revenue")
METRICS = (*_SUMMED, "reach")
COLUMNS = (
    *("on", "network", "platform", "account", "campaign", "ad_set", "ad"),
    *("address", "line", "channel", "currency", "source", "scope"),
)
PERIODS = {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_CONVERTED = "decimal(38,6)"
_FACTOR = "decimal(19,9)"


def dimension(t: Any, name: str) -> Any:
    """
    A column to group by: of the table, a period, or one breakdown.
    """
    if name in COLUMNS:
        return t[name]
    if name in PERIODS:
        return t.on.truncate(PERIODS[name])
    found = t.breakdown.re_extract(rf"(^|\|){name}=([^|]*)", 2)
    return found.fill_null("")


def fitting(
    t: Any,
    where: Mapping[str, Sequence[str]],
    first: date | None,
    last: date | None,
) -> Any:
    """
    Only the rows asked for.
    """
    for name, labels in where.items():
        column = dimension(t, name)
        t = t.filter(column.cast("string").isin(list(labels)))
    if first is not None:
        t = t.filter(t.on >= first)
    if last is not None:
        t = t.filter(t.on <= last)
    return t


def totals(
    by: Sequence[str],
    *,
    where: Mapping[str, Sequence[str]],
    first: date | None,
    last: date | None,
    metrics: Sequence[str],
    quote: str = "",
    order: str = "",
    limit: int | None = None,
) -> Any:
    """
    Sums by group; with a currency to quote in, each day's amounts at its own rate.
    """
    t = fitting(table("metrics"), where, first, last)
    t = t.mutate(**{f"by_{n}": dimension(t, name) for n, name in enumerate(by)})
    keys = [f"by_{n}" for n in range(len(by))]
    if quote:
        t = _daily_in(t, keys, quote)
    sums = {name: t[name].sum() for name in _SUMMED if name in metrics}
    if "reach" in metrics:
        sums["reach"] = t.reach.max()
    sums["rows"] = t.rows.sum() if quote else t.count()
    found = t.group_by(keys).agg(**sums) if keys else t.agg(**sums)
    if order:
        name = order.removeprefix("-")
        column = found[name] if name in sums else kpi_expression(name, found)
        found = found.mutate(sorted_by=column)
        key = column_order(found.sorted_by, falling=order[0] == "-")
        found = found.order_by([key, *keys]).drop("sorted_by")
    return found if limit is None else found.limit(limit)


def column_order(column: Any, *, falling: bool) -> Any:
    """
    Sorted by a column; what is undefined stands last on every engine.
    """
    if falling:
        return column.desc(nulls_first=False)
    return column.asc(nulls_first=False)


def _product(amount: Any, rate: Any) -> Any:
    """
    Amount times rate, with as many digits as every engine multiplies without loss.
    """
    return (amount.cast(_FACTOR) * rate.cast(_FACTOR)).cast(_CONVERTED)


def _daily_in(t: Any, keys: Sequence[str], quote: str) -> Any:
    """
    Sums by day and currency first, so that a rate meets few rows and rounds seldom.
    """
    sums = {name: t[name].sum() for name in (*COUNTS, "spend", "revenue")}
    daily = t.group_by([*keys, "on", "currency"]).agg(
        **sums, reach=t.reach.max(), rows=t.count()
    )
    rates = table("rates")
    rates = rates.filter(rates.quote == quote).select(
        rate_on="on", rate_base="base", rate="rate"
    )
    joined = daily.left_join(
        rates, [daily.on == rates.rate_on, daily.currency == rates.rate_base]
    )
    same = joined.currency == quote
    return joined.mutate(
        **{
            name: ibis().ifelse(
                same,
                joined[name].cast(_CONVERTED),
                _product(joined[name], joined.rate),
            )
            for name in ("spend", "revenue")
        }
    )


def missing_rates(
    name: str, amounts: Any, quote: str, first: date | None, last: date | None
) -> Any:
    """
    Days and currencies of a table that no rate is known for.
    """
    t = fitting(table(name), {}, first, last)
    t = t.filter(amounts(t), t.currency != "", t.currency != quote)
    days = t.select("on", "currency").distinct()
    rates = table("rates")
    rates = rates.filter(rates.quote == quote)
    return (
        days.anti_join(rates, [days.on == rates.on, days.currency == rates.base])
        .order_by(["on", "currency"])
        .limit(20)
    )


def mismatches() -> Any:
    """
    Days on which the rows of an account differ from what the account says, by a cent.
    """
    t, accounts = table("metrics"), table("accounts")
    rows = t.group_by(["scope", "on", "currency"]).agg(found=t.spend.sum())
    rows = rows.rename(of_scope="scope", of_on="on", of_currency="currency")
    both = accounts.left_join(
        rows,
        [
            accounts.scope == rows.of_scope,
            accounts.on == rows.of_on,
            accounts.currency == rows.of_currency,
        ],
    )
    found = both.found.fill_null(ibis().literal(0)).cast("decimal(38,9)")
    gap = (found - both.spend.cast("decimal(38,9)")).abs()
    both = both.mutate(found=found, gap=gap)
    cent = ibis().literal(0.005)
    both = both.filter(both.gap.cast("float64") >= cent)
    return both.select("scope", "on", "currency", "spend", "found").order_by(
        ["scope", "on", "currency"]
    )


# -- journeys ------------------------------------------------------------------------


def ways(clicks: int, views: int, quote: str) -> Any:
    """
    One row per touch of every journey, before it is numbered.

    Args:
        clicks: Microseconds before a conversion in which clicks count.
        views: The same for touches that were only seen.
        quote: Currency that values are converted to; empty for no conversion.
    """
    won = _converted(quote)
    t = table("touches")
    t = t.filter(t.person != "")
    t = t.select(
        "seq", "channel", "campaign", "ad", t_person="person", t_at="at", t_kind="kind"
    )
    near = won.join(t, [won.person == t.t_person, t.t_at <= won.at])
    near = near.mutate(age=near.at - near.t_at)
    reach = ibis().ifelse(
        near.t_kind == "impression", ibis().literal(views), ibis().literal(clicks)
    )
    linked = near.filter(near.age <= reach)
    found = _steps(linked, won=1)
    done = linked.select("journey").distinct()
    lone = won.anti_join(done, "journey").rename(
        channel="own_channel", campaign="own_campaign", ad="own_ad"
    )
    lone = lone.mutate(
        t_at=lone.at,
        seq=ibis().literal(0, "int64"),
        age=ibis().literal(0, "int64"),
    )
    alone = _steps(lone, won=1)
    everybody = won.select("person").distinct()
    lost = t.anti_join(everybody, t.t_person == everybody.person)
    lost = lost.mutate(
        journey=lost.t_person,
        kind=ibis().literal(""),
        worth=ibis().literal(0.0),
        age=ibis().literal(0, "int64"),
    )
    nobody = _steps(lost, won=0)
    return found.union(alone).union(nobody)


def _steps(t: Any, *, won: int) -> Any:
    return t.select(
        scope=ibis().literal(""),
        on=ibis().date(1970, 1, 1),
        journey=t.journey,
        kind=t.kind,
        worth=t.worth.cast("float64"),
        won=ibis().literal(won, "int32"),
        t_at=t.t_at,
        seq=t.seq,
        hours=t.age.cast("float64") / ibis().literal(3.6e9),
        channel_name=t.channel,
        campaign_name=t.campaign,
        ad_name=t.ad,
    )


def _converted(quote: str) -> Any:
    """
    Leads, registrations and purchases, with their worth after refunds.
    """
    t = table("conversions")
    if quote:
        t = _valued_in(t, quote)
    back = t.filter(t.kind == "refund")
    back = back.group_by("refunds").agg(
        back=back.value.cast("decimal(38,9)").abs().sum()
    )
    back = back.rename(of="refunds")
    won = t.filter(t.kind.isin(["lead", "registration", "purchase"]))
    won = won.left_join(back, won.conversion_id == back.of)
    nothing = ibis().literal(0).cast("decimal(38,9)")
    taken = ibis().ifelse(won.kind == "purchase", won.back.fill_null(nothing), nothing)
    value = won.value.cast("decimal(38,9)").fill_null(nothing)
    found = won.select(
        "kind",
        "person",
        "at",
        "back",
        journey=won.scope + ":" + won.conversion_id,
        worth=(value - taken).cast("float64"),
        own_channel="channel",
        own_campaign="campaign",
        own_ad="ad",
    )
    # A purchase that was taken back is credited once more, as such.
    refunded = found.filter(found.back.notnull(), found.kind == "purchase")
    return found.union(refunded.mutate(kind=ibis().literal("refunded")))


def _valued_in(t: Any, quote: str) -> Any:
    rates = table("rates")
    rates = rates.filter(rates.quote == quote).select(
        rate_on="on", rate_base="base", rate="rate"
    )
    joined = t.left_join(rates, [t.on == rates.rate_on, t.currency == rates.rate_base])
    same = joined.currency == quote
    exact = _product(joined.value, joined.rate)
    # To the coin, as records are kept in a ledger.
    coin = exact.cast(f"decimal(38,{CURRENCY_DECIMALS.get(quote, 2)})")
    value = ibis().ifelse(same, joined.value.cast(_CONVERTED), coin.cast(_CONVERTED))
    return joined.mutate(value=value)


def labels() -> Any:
    """
    Numbers for the names of channels, campaigns and ads.
    """
    all_ways = table("ways")
    parts = []
    for level in ("channel", "campaign", "ad"):
        named = all_ways.select(name=all_ways[f"{level}_name"]).distinct()
        parts.append(named.mutate(level=ibis().literal(level)))
    every = parts[0].union(parts[1]).union(parts[2])
    window = ibis().window(group_by="level", order_by="name")
    return every.select(
        scope=ibis().literal(""),
        on=ibis().date(1970, 1, 1),
        level="level",
        code=ibis().row_number().over(window).cast("int32"),
        name="name",
    )


def journeys() -> Any:
    """
    The ways with numbers for names, each step with the one after it.
    """
    t = table("ways")
    for level in ("channel", "campaign", "ad"):
        known = table("labels")
        known = known.filter(known.level == level)
        known = known.select(**{f"{level}_label": "name", level: "code"})
        t = t.join(known, t[f"{level}_name"] == known[f"{level}_label"])
    names = ("kind", "journey", "won", "worth", "hours", "t_at", "seq")
    t = t.select(*names, "channel", "campaign", "ad")
    order = ["t_at", "seq"]
    steps = ibis().window(group_by=["kind", "journey"], order_by=order)
    whole = ibis().window(group_by=["kind", "journey"])
    end = ibis().literal(END, "int32")
    again = ibis().window(group_by=["kind", "journey", "channel"], order_by=order)
    # Not every engine knows an "or" of bits, a shift is another one on each: a sum of
    # powers of two is the same, where each channel is counted once.
    fresh = (ibis().row_number().over(again) == 0) & (t.channel < 62)  # noqa: PLR2004 -- bits
    power = (ibis().literal(2.0) ** t.channel.cast("float64")).cast("int64")
    t = t.mutate(bit=ibis().ifelse(fresh, power, ibis().literal(0, "int64")))
    return t.select(
        "kind",
        "channel",
        "campaign",
        "ad",
        "hours",
        "journey",
        "won",
        "worth",
        scope=ibis().literal(""),
        on=ibis().date(1970, 1, 1),
        next_channel=t.channel.lead().over(steps).fill_null(end),
        next_campaign=t.campaign.lead().over(steps).fill_null(end),
        next_ad=t.ad.lead().over(steps).fill_null(end),
        step=(ibis().row_number().over(steps) + 1).cast("int32"),
        steps=t.count().over(whole).cast("int32"),
        channels=t.bit.sum().over(whole).cast("int64"),
    )


def by_rule(
    model: str, kind: str, level: str, ends: tuple[float, float], half_life: float
) -> Any:
    """
    Conversions and worth credited by a rule of thumb, summed by channel.
    """
    t = table("journeys")
    t = t.filter(t.kind == kind)
    if model in {"last", "first"}:
        t = t.filter(t[f"next_{level}"] == END if model == "last" else t.step == 1)
        sums = {"won": t.count().cast("float64"), "worth": t.worth.sum()}
        return t.group_by(code=t[level]).agg(**sums)
    t = t.mutate(part=_part(t, model, ends, half_life))
    if model == "time_decay":
        whole = ibis().window(group_by="journey")
        t = t.mutate(part=t.part / t.part.sum().over(whole))
    return t.group_by(code=t[level]).agg(
        won=t.part.sum(), worth=(t.part * t.worth).sum()
    )


def _part(t: Any, model: str, ends: tuple[float, float], half_life: float) -> Any:
    steps = t.steps.cast("float64")
    one = ibis().literal(1.0)
    if model == "linear":
        return one / steps
    if model == "time_decay":
        return (t.hours * ibis().literal(-0.6931471805599453 / half_life)).exp()
    first, last = ends
    pair = first + last
    return ibis().cases(
        (t.steps == 1, one),
        ((t.steps == 2) & (t.step == 1), ibis().literal(first / pair)),  # noqa: PLR2004 -- two touches
        (t.steps == 2, ibis().literal(last / pair)),  # noqa: PLR2004 -- two touches
        (t.step == 1, ibis().literal(first)),
        (t.step == t.steps, ibis().literal(last)),
        else_=ibis().literal(1.0 - pair) / (steps - ibis().literal(2.0)),
    )


def _one_if(condition: Any) -> Any:
    one, zero = (ibis().literal(number, "int64") for number in (1, 0))
    return ibis().ifelse(condition, one, zero)


def transitions(kind: str, level: str) -> Any:
    """
    Steps from one channel to the next, of journeys that converted and that did not.
    """
    t = table("journeys")
    t = t.filter(t.kind.isin([kind, ""]))
    following = t[f"next_{level}"]
    t = t.mutate(following=following, done=_one_if(following == END))
    return t.group_by(["following", t[level].name("code")]).agg(
        seen=t.count(),
        begun=_one_if(t.step == 1).sum(),
        won=(t.won * t.done).sum(),
        worth=(t.worth * t.done.cast("float64")).sum(),
    )


def coalitions(kind: str) -> Any:
    """
    Journeys by the set of channels they touched.
    """
    t = table("journeys")
    t = t.filter(t.kind.isin([kind, ""]), t.next_channel == END)
    return t.group_by("channels").agg(
        seen=t.count(), won=t.won.sum(), worth=t.worth.sum()
    )


def claims(level: str, first: date | None, last: date | None, quote: str = "") -> Any:
    """
    Spend and the platforms' claims by channel, campaign or ad.
    """
    by = ["channel"] if level == "channel" else ["campaign"]
    by = [*by, "ad"] if level == "ad" else by
    return totals(
        by,
        where={},
        first=first,
        last=last,
        metrics=("spend", "conversions", "registrations", "revenue"),
        quote=quote,
    )


def own_records(first: date, last: date, quote: str) -> Any:
    """
    How many own conversions of each kind every channel and campaign brought, and what
    they were worth; with a currency to quote in, each at its day's rate.
    """
    t = table("conversions")
    t = t.filter(t.on >= first, t.on <= last)
    unit = t.currency
    if quote:
        t = _valued_in(t, quote)
        unit = ibis().literal(quote)
    worth = t.value.cast("decimal(38,9)")
    worth = ibis().ifelse(t.kind == "refund", worth.abs(), worth)
    unit = ibis().ifelse(t.value.isnull(), ibis().literal(""), unit)
    t = t.mutate(worth=worth, unit_of=unit)
    return t.group_by(["kind", "channel", "campaign", "unit_of"]).agg(
        count=t.count(), value=t.worth.sum()
    )
