"""
The facts warehouse as a user sees it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from smmlib.analytics._attribution import Attribution, hours_of, settings
from smmlib.analytics._totals import Totals, one_currency
from smmlib.analytics._warehouse import _queries as q
from smmlib.analytics._warehouse import _rows as rows_of
from smmlib.analytics._warehouse._answers import (
    account_rows,
    check_sums,
    is_word,
    reader,
    unknown,
)
from smmlib.analytics._warehouse._credit import credited
from smmlib.analytics._warehouse._engines import Engine, engine_of
from smmlib.analytics._warehouse._export import AD_REPORT, ad_report, facts_of
from smmlib.analytics._warehouse._ingest import Ingested, Mismatch, Window, take_in
from smmlib.analytics._warehouse._result import Result
from smmlib.analytics._warehouse._returns import returns_of
from smmlib.analytics._warehouse._schema import TABLES, ibis, table
from smmlib.errors import ConfigurationError, Issue, ValidationError
from smmlib.model import Money
from smmlib.model._checks import did_you_mean
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import TracebackType

    from smmlib.analytics._facts import Facts
    from smmlib.analytics._returns import Returns
    from smmlib.model import FxRates, MediaPlan

_HOUR = 3_600_000_000


class Warehouse:
    """
    All that was ever reported, in one place and one schema.

    Daily numbers of all networks, paid and free, growth, touches, conversions with
    their refunds, plan and exchange rates stand in tables. Questions are asked in the
    database and only their answers are fetched, so a laptop asks as a cluster does.

    Attributes:
        rows_fetched: Rows that queries have brought here so far.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sql: dict[tuple[Any, ...], str] = {}
        self.rows_fetched: int = 0

    @classmethod
    def connect(cls, url: str = "duckdb://") -> Warehouse:
        """
        Open a warehouse, and make its tables where they are not there yet.

        Args:
            url: `duckdb:///facts.duckdb` (one file), `duckdb:///facts/` (a folder of
                Parquet files), `duckdb://` (memory), `postgresql://host/database`, or
                `spark://local[2]?folder=facts`; settings of Spark may follow, such as
                `&spark.sql.shuffle.partitions=64`.

        Raises:
            ConfigurationError: An address of no engine there is.
            MissingExtraError: A package the engine needs is not installed.
        """
        engine = engine_of(url)
        engine.create()
        return cls(engine)

    def close(self) -> None:
        """
        Let go of files and connections.
        """
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- in --------------------------------------------------------------------------

    def ingest(
        self,
        facts: Facts,
        *,
        plan: MediaPlan | None = None,
        scope: str = "",
        first: date | None = None,
        last: date | None = None,
        account_totals: Mapping[date, Money] | None = None,
        missing: str = "keep",
    ) -> Ingested:
        """
        Take in facts; the window they cover is restated, never counted twice.

        A pull that stops half-way leaves whole days, and the same call again goes on
        where it stopped. Spend of objects that no longer exist stays.

        Args:
            facts: What platforms, pages and the brand's own records reported.
            plan: Says which line, campaign and channel a row or a touch belongs to.
            scope: Which source this is, where the rows do not say: of two sources
                with the same scope the later one restates the earlier one.
            first: The first day the source speaks for; that of its rows if left out.
            last: The last day it speaks for.
            account_totals: What the account says it spent, by day.
            missing: `keep` rows of objects that the new rows do not name (they were
                deleted), or `drop` them (they were renamed).

        Raises:
            ValidationError: Amounts finer than nine decimals; totals without a scope.
            ConfigurationError: `missing` is neither.
        """
        if missing not in {"keep", "drop"}:
            text = f"missing cannot be '{missing}'"
            raise ConfigurationError(text, hint="use keep or drop")
        window = Window(first, last, drop_missing=missing == "drop")
        metrics = rows_of.metric_rows(facts, plan, scope)
        tables: dict[str, Sequence[Any]] = {
            "metrics": metrics,
            "growth": rows_of.growth_rows(facts, scope),
            "conversions": rows_of.conversion_rows(facts, plan, scope),
            "touches": rows_of.touch_rows(facts.touches, facts, plan, scope),
            "accounts": account_rows(metrics, scope, account_totals or {}),
        }
        done = Ingested()
        for name, rows in tables.items():
            limits = window if name == "metrics" else Window()
            done += self._take(name, rows, limits)
        found = self.mismatches() if account_totals else ()
        return done + Ingested(mismatches=found)

    def ingest_plan(self, plan: MediaPlan) -> Ingested:
        """
        Take in what each line of a plan was to cost.
        """
        return self._take("plan", rows_of.plan_rows(plan), Window())

    def ingest_rates(self, rates: FxRates) -> Ingested:
        """
        Take in exchange rates; queries convert each day at its own.
        """
        return self._take("rates", rows_of.rate_rows(rates), Window())

    def _take(self, name: str, rows: Sequence[Any], window: Window) -> Ingested:
        if not rows:
            return Ingested()
        return take_in(name, rows, window, ask=self._ask, put=self._engine.replace)

    def mismatches(self) -> tuple[Mismatch, ...]:
        """
        Days on which rows do not sum to what their account says, to the cent.
        """
        _, rows = self._ask(q.mismatches())
        return tuple(
            Mismatch(scope, on, currency=currency, account=said, rows=found)
            for scope, on, currency, said, found in rows
        )

    # -- out -------------------------------------------------------------------------

    def table(self, name: str) -> Any:
        """
        A table as an Ibis expression, for questions of your own.

        Raises:
            ConfigurationError: There is no such table.
        """
        if name not in TABLES:
            hint = did_you_mean(name, TABLES)
            raise ConfigurationError(f"there is no table '{name}'", hint=hint)
        return table(name)

    def run(self, expression: Any) -> Result:
        """
        Ask a question of your own, written over `table(...)`.
        """
        names, rows = self._ask(expression)
        return Result(tuple(names), tuple(rows))

    def _ask(
        self, expression: Any, key: tuple[Any, ...] | None = None
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """
        Compile once, run, and count what came back.
        """
        sql = self._sql.get(key) if key else None
        if sql is None:
            sql = self._compiled(expression() if key else expression)
            if key:
                self._sql[key] = sql
        names, rows = self._engine.fetch(sql)
        self.rows_fetched += len(rows)
        return names, rows

    def _compiled(self, expression: Any) -> str:
        return str(ibis().to_sql(expression, dialect=self._engine.dialect))

    def totals(
        self,
        by: Sequence[str] = (),
        *,
        where: Mapping[str, str | Collection[str]] | None = None,
        first: date | None = None,
        last: date | None = None,
        metrics: Sequence[str] = q.METRICS,
        currency: str = "",
        order: str = "",
        limit: int | None = None,
    ) -> tuple[Totals, ...]:
        """
        Summed numbers per group, as `Facts.totals` gives them; KPIs hang on each row.

        Args:
            by: Dimensions: columns of the table, `week`, `month`, `quarter`, `year`, or
                a breakdown such as `age`; none gives one total.
            where: Wanted label, or several, by dimension.
            first: The first day that counts.
            last: The last day that counts.
            metrics: Base metrics to sum; all when left out.
            currency: Convert to it, each day at its own rate.
            order: Metric or KPI to sort by, `-spend` for the largest first; labels
                otherwise.
            limit: How many groups are wanted at most.

        Raises:
            ValidationError: No such metric or dimension, or a rate is missing.
            CurrencyMismatch: Several currencies, and none to convert to.
        """
        names = (by,) if isinstance(by, str) else tuple(by)
        wanted = {
            name: tuple([labels] if isinstance(labels, str) else sorted(labels))
            for name, labels in (where or {}).items()
        }
        self._check_names(names, wanted, metrics, order)
        quote, unit = self._unit(currency, names, wanted, first, last)
        key = (
            *("totals", names, tuple(sorted(wanted.items())), first, last),
            *(tuple(metrics), quote, order, limit),
        )
        columns, rows = self._ask(
            lambda: q.totals(
                names,
                where=wanted,
                first=first,
                last=last,
                metrics=metrics,
                quote=quote,
                order=order,
                limit=limit,
            ),
            key,
        )
        read = reader(names, columns, unit, metrics)
        found = [read(row) for row in rows]
        if not order:
            # Databases sort letters by their own rules; here they sort as in Python.
            found.sort(key=lambda total: tuple(total.labels.values()))
        return tuple(found)

    def _check_names(
        self,
        by: Sequence[str],
        where: Mapping[str, Any],
        metrics: Sequence[str],
        order: str,
    ) -> None:
        check_sums(metrics, order, q.METRICS)
        for name in (*by, *where):
            if name not in q.COLUMNS and name not in q.PERIODS and not is_word(name):
                unknown("by", name, (*q.COLUMNS, *q.PERIODS))

    def currencies(self) -> tuple[str, ...]:
        """
        Currencies that daily numbers are in.
        """
        t = table("loads")
        key = ("currencies",)
        _, rows = self._ask(
            lambda: t.filter(t.of == "metrics").select("currencies").distinct(), key
        )
        return tuple(sorted({c for (text,) in rows for c in text.split(",") if c}))

    def _unit(
        self,
        currency: str,
        by: Sequence[str],
        where: Mapping[str, Any],
        first: date | None,
        last: date | None,
    ) -> tuple[str, str]:
        """
        What to convert to, empty where nothing is; and the currency of the answer.
        """
        known = self.currencies()
        if currency:
            target = currency_code(currency)
            if set(known) <= {target}:
                return "", target
            self._check_rates("metrics", "spend", target, first, last)
            return target, target
        if len(known) > 1 and "currency" not in by:
            _, rows = self._ask(
                q.fitting(table("metrics"), where, first, last)
                .select("currency")
                .distinct()
            )
            return "", one_currency({row[0] for row in rows}, "metrics")
        return "", "" if "currency" in by else next(iter(known), "")

    def _check_rates(
        self, name: str, column: str, quote: str, first: date | None, last: date | None
    ) -> None:
        _, rows = self._ask(
            q.missing_rates(name, lambda t: t[column].notnull(), quote, first, last)
        )
        if rows:
            raise ValidationError(
                [
                    Issue(
                        "rates",
                        "fx.missing",
                        f"no rate {base} to {quote} for {on}",
                        value=str(on),
                        hint="take it in with warehouse.ingest_rates(...)",
                    )
                    for on, base in rows
                ]
            )

    # -- what it was worth -----------------------------------------------------------

    def build_journeys(
        self,
        *,
        lookback: timedelta | float = 30,
        view_lookback: timedelta | float = 1,
        currency: str = "",
    ) -> int:
        """
        Join touches to conversions once, so that every model is a single sum.

        Call it after touches or conversions were taken in, or to try another window.

        Args:
            lookback: Days before a conversion in which clicks and visits count.
            view_lookback: Days in which an ad that was only seen counts.
            currency: Currency of the values; needed where there are several.

        Returns:
            How many touches stand in journeys now.

        Raises:
            CurrencyMismatch: Values in several currencies, and none to convert to.
            ValidationError: A rate is missing.
        """
        t = table("conversions")
        _, found = self._ask(t.filter(t.currency != "").select("currency").distinct())
        known = {row[0] for row in found}
        quote = currency_code(currency) if currency else ""
        if not quote:
            one_currency(known, "conversions")
        if known <= {quote}:
            quote = ""
        if quote:
            self._check_rates("conversions", "value", quote, None, None)
        ways = q.ways(
            int(hours_of(lookback) * _HOUR), int(hours_of(view_lookback) * _HOUR), quote
        )
        # One after the other: each would otherwise repeat the joins before it.
        self._engine.fill("ways", self._compiled(ways))
        self._engine.fill("labels", self._compiled(q.labels()))
        self._engine.fill("journeys", self._compiled(q.journeys()))
        t = table("journeys")
        return int(self.run(t.agg(n=t.count())).rows[0][0])

    def attribute(
        self,
        *,
        model: str = "last",
        by: str = "channel",
        kind: str = "purchase",
        half_life: timedelta | float = 7,
        ends: tuple[Any, Any] = ("0.4", "0.4"),
        game: str = "",
        samples: int = 2000,
        seed: int = 0,
    ) -> Attribution:
        """
        Credit conversions to channels, campaigns or ads, inside the database.

        Args:
            model: `last`, `first`, `linear`, `position_based`, `time_decay`, `markov`
                or `shapley`.
            by: `channel`, `campaign` or `ad` (`shapley`: `channel`).
            kind: `purchase`, `registration` or `lead`.
            half_life: Days after which a touch counts half (`time_decay`).
            ends: Shares of the first and the last touch (`position_based`).
            game: `rate` or `conversions` (`shapley`).
            samples: Pairs of random orders (`shapley` beyond twelve channels).
            seed: Where random draws begin.

        Raises:
            ConfigurationError: No such model, level or kind.
            MissingExtraError: `markov` and `shapley` need numpy.
        """
        chosen = settings(
            model,
            half_life=half_life,
            ends=ends,
            game=game,
            samples=samples,
            seed=seed,
        )
        return credited(self._ask, chosen, by=by, kind=kind)

    def roi(
        self,
        *,
        model: str = "last",
        first: date | None = None,
        last: date | None = None,
        currency: str = "",
        costs: Mapping[str, Money] | None = None,
        **settings_of_model: Any,
    ) -> Returns:
        """
        What each channel, campaign and ad cost and earned, own records beside claims.

        Args:
            model: How conversions are credited, see `attribute`.
            first: The first day of spend that counts.
            last: The last day of spend that counts.
            currency: Convert spend to it, each day at its own rate.
            costs: What free work cost, by channel or by `posts.KEY`.
            settings_of_model: `half_life`, `ends`, `game`, `samples`, `seed`.

        Raises:
            ConfigurationError: No such model.
            CurrencyMismatch: Several currencies, and none to convert to.
        """
        quote, unit = self._unit(currency, (), {}, first, last)
        return returns_of(
            self._ask,
            lambda by, kind: self.attribute(
                model=model, by=by, kind=kind, **settings_of_model
            ),
            lambda level: self._ask(q.claims(level, first, last, quote)),
            model=model,
            currency=unit,
            costs=costs or {},
        )

    def facts(
        self,
        *,
        where: Mapping[str, str | Collection[str]] | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> Facts:
        """
        Daily numbers, growth and conversions as `Facts`, for a report of some weeks.

        Args:
            where: Wanted label, or several, by dimension of the daily numbers.
            first: The first day.
            last: The last day.
        """
        wanted = {
            name: tuple([labels] if isinstance(labels, str) else sorted(labels))
            for name, labels in (where or {}).items()
        }
        return facts_of(self._ask, wanted, first, last)

    def ad_report(
        self, *, first: date | None = None, last: date | None = None
    ) -> Result:
        """
        Daily ads in the columns of the dbt package `ad_reporting`, for a warehouse that
        already holds other tools' numbers.
        """
        _, rows = self._ask(ad_report(first, last))
        return Result(AD_REPORT, tuple(rows))
