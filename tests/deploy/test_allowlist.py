"""
The list of accounts that may be written to, in the words people copy from a platform.
"""

from __future__ import annotations

import attrs
import pytest

from smmlib.deploy import _guard
from smmlib.errors import SpendGuardError


@attrs.frozen
class _Account:
    id: str


@attrs.frozen
class _Target:
    account: _Account

    @property
    def key(self):
        """
        Platform and account.
        """
        return f"linkedin/{self.account.id}"


@pytest.mark.parametrize(
    "entry", ["512345678", "urn:li:sponsoredAccount:512345678", "linkedin/512345678"]
)
def test_an_account_may_be_named_by_number_urn_or_key(entry):
    """
    All three name the same account, whichever of them the platform's adapter uses.
    """
    _guard._allowed("production", [_Target(_Account("512345678"))], [entry])


def test_a_urn_of_an_account_is_known_by_its_number():
    """
    An adapter that says URN meets a list that says number.
    """
    account = _Account("urn:li:sponsoredAccount:512345678")
    _guard._allowed("production", [_Target(account)], ["512345678"])


@pytest.mark.parametrize(
    "entry",
    ["urn:li:organization:512345678", "urn:li:sponsoredAccount:51234567", "", "12"],
)
def test_another_account_or_thing_is_refused(entry):
    """
    The number of a page is not the number of an account.
    """
    with pytest.raises(SpendGuardError):
        _guard._allowed("production", [_Target(_Account("512345678"))], [entry])
