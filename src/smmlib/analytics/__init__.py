"""
What happened and what it was worth: numbers read in, KPIs tracked, channels compared.

Ratios are ratios of sums, and undefined is not zero: where nothing was reported the
answer is None, never 0.
"""

from __future__ import annotations

from smmlib.analytics._alerts import alert
from smmlib.analytics._alerts_shifts import Sensitivity
from smmlib.analytics._alerts_value import Alert, AlertKind, Alerts, Urgency
from smmlib.analytics._attribution import Attribution, Credit, attribute
from smmlib.analytics._compare import KPIRow, KPITable, kpi_table
from smmlib.analytics._conversions import ConversionList, read_conversions
from smmlib.analytics._costs import WorkCost
from smmlib.analytics._facts import Facts
from smmlib.analytics._growth import Growth, NetworkGrowth, growth
from smmlib.analytics._growth_funnel import Funnel, FunnelRow, FunnelStep, funnel
from smmlib.analytics._invoices import (
    Invoice,
    InvoiceRow,
    Reconciliation,
    reconcile_invoices,
)
from smmlib.analytics._join import Origin, origin_of
from smmlib.analytics._journeys import Journeys, read_paths
from smmlib.analytics._kpi_expressions import kpi_expression
from smmlib.analytics._metrics import read_metrics
from smmlib.analytics._pace import pace
from smmlib.analytics._returns import ReturnRow, Returns
from smmlib.analytics._roi import roi
from smmlib.analytics._show import amount
from smmlib.analytics._spend import LineSpend, spend_versus_plan
from smmlib.analytics._totals import Totals
from smmlib.analytics._touches import TouchList, read_touches
from smmlib.analytics._track import TrackedKPI, Tracking, track
from smmlib.analytics._versus import Versus, VersusRow, versus
from smmlib.analytics._warehouse import Ingested, Mismatch, Result, Warehouse

__all__ = [
    "Alert",
    "AlertKind",
    "Alerts",
    "Attribution",
    "ConversionList",
    "Credit",
    "Facts",
    "Funnel",
    "FunnelRow",
    "FunnelStep",
    "Growth",
    "Ingested",
    "Invoice",
    "InvoiceRow",
    "Journeys",
    "KPIRow",
    "KPITable",
    "LineSpend",
    "Mismatch",
    "NetworkGrowth",
    "Origin",
    "Reconciliation",
    "Result",
    "ReturnRow",
    "Returns",
    "Sensitivity",
    "Totals",
    "TouchList",
    "TrackedKPI",
    "Tracking",
    "Urgency",
    "Versus",
    "VersusRow",
    "Warehouse",
    "WorkCost",
    "alert",
    "amount",
    "attribute",
    "funnel",
    "growth",
    "kpi_expression",
    "kpi_table",
    "origin_of",
    "pace",
    "read_conversions",
    "read_metrics",
    "read_paths",
    "read_touches",
    "reconcile_invoices",
    "roi",
    "spend_versus_plan",
    "track",
    "versus",
]
