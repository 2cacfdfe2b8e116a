"""
The emulated Meta through each of its doors.
"""

from __future__ import annotations

import pytest

from _meta import Loopback, in_process
from _sdk import Judge


@pytest.fixture
def meta():
    """
    An empty platform in this process.
    """
    return in_process(seed=7)


@pytest.fixture(params=["in process", "loopback"])
def door(request):
    """
    An empty platform, once per door.
    """
    if request.param == "in process":
        yield in_process(seed=7)
        return
    with Loopback(seed=7) as client:
        yield client


@pytest.fixture
def sdk(request, monkeypatch):
    """
    The SDK as a user sets it up, its address turned to the sandbox; afterwards the log
    must show a write, a read by another route and a refusal.
    """
    pytest.importorskip("facebook_business")
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    with Loopback(seed=9, accounts=("EUR:Europe/Berlin", "JPY:Asia/Tokyo")) as meta:
        monkeypatch.setattr(FacebookSession, "GRAPH", meta.base)
        FacebookAdsApi.init(
            meta.ids["app_id"], meta.ids["app_secret"], meta.ids["access_token"],
            crash_log=False,
        )  # fmt: skip
        meta.account = AdAccount(meta.act)
        yield meta
        FacebookAdsApi.get_default_api()._session.requests.close()
        FacebookAdsApi.set_default_api(None)
        Judge(meta).check(getattr(request.function, "covers", ()))
