from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from smmlib.analytics import read_metrics
from smmlib.errors import CodecError
from smmlib.model import Network

_LINKEDIN = """Campaign Performance Report (in UTC)
Report Start: March 1, 2027
Date Generated: March 9, 2027

Start Date (in UTC)\tCampaign Group Name\tCampaign Name\tCreative Name\t\
Total Spent\tCurrency\tImpressions\tClicks\tLeads
2027-03-01\tSpring\tManagers\tBlue\t41.50\tUSD\t900\t12\t2
2027-03-02\tSpring\tManagers\tBlue\t38.25\tUSD\t850\t9\t1
"""
_X = """Time period,Campaign name,Ad group name,Ad name,Spend,Currency,Impressions,\
Link clicks
2027-03-01,Spring,Runners,Post 1,12.345678,EUR,4000,31
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_linkedins_export_is_read_below_its_title(tmp_path, encoding):
    """
    What LinkedIn calls a campaign group is our campaign, its campaign our ad set.
    """
    file = tmp_path / "linkedin.csv"
    file.write_text(_LINKEDIN, encoding=encoding)

    facts = read_metrics(file)

    first = facts.metrics[0]
    assert (Network.LINKEDIN, "Spring", "Managers", "Blue") == (
        first.network,
        first.campaign,
        first.ad_set,
        first.ad,
    )
    (total,) = facts.totals()
    assert (Decimal("79.75"), 21, 3) == (
        total["spend"],
        total["clicks"],
        total["leads"],
    )
    assert date(2027, 3, 2) == facts.last_day


def test_xs_export_is_read_with_its_ad_groups(tmp_path):
    """
    X's ad groups are our ad sets, and spend keeps its six decimals.
    """
    file = tmp_path / "x.csv"
    file.write_text(_X, encoding="utf-8")

    (row,) = read_metrics(file).metrics

    assert (Network.X, "Runners", "Post 1", Decimal("12.345678"), 31) == (
        row.network,
        row.ad_set,
        row.ad,
        row.spend,
        row.link_clicks,
    )


def test_a_workbook_is_read_like_a_csv(tmp_path):
    """
    The first sheet of an XLSX export gives the rows that a CSV gives.
    """
    openpyxl = pytest.importorskip("openpyxl", reason='pip install "smmlib[report]"')
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ads report"])
    sheet.append(["Day", "Campaign name", "Amount spent (EUR)", "Impressions"])
    sheet.append([date(2027, 3, 1), "Spring", 10.25, 900])
    sheet.append(["2027-03-02", "Spring", "7.50", 700])
    file = tmp_path / "export.xlsx"
    book.save(file)

    (total,) = read_metrics(file).totals()

    assert (Decimal("17.75"), 1600, "EUR") == (
        total["spend"],
        total["impressions"],
        total.currency,
    )


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    """
    Other archives are told from workbooks, with what to do.
    """
    file = tmp_path / "export.xlsx"
    file.write_bytes(b"PK\x03\x04 and no more")

    with pytest.raises(CodecError) as caught:
        read_metrics(file)

    assert "file.format" == caught.value.issues[0].code
