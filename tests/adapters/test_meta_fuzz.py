from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _meta_adapter import FakeClock, a_plan, pictures
from smmlib.adapters.meta import MetaPlatform
from smmlib.adapters.meta._normal import NORMAL
from smmlib.adapters.meta._tables import FIELDS
from smmlib.errors import Outcome, SmmError
from smmlib.model import Flight
from smmlib.ports import Action, Connection, Kind, Operation, Secret

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["ACTIVE", "DELETED", "2027-03-01T00:00:00+0100", "1e999", "-1"])
)
_FIELDS = {n.split("{")[0] for text in FIELDS.values() for n in text.split(",")}
_OTHERS = (
    "data paging next cursors after error code images hash geo_locations cities key "
    "genders flexible_spec link_data child_attachments actions action_type value "
    "date_start spend campaign_id account_currency currency timezone_name account_id"
)
KEYS = st.sampled_from(sorted(_FIELDS | set(_OTHERS.split())))
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=12,
)
KINDS = [kind for kind in Kind if kind is not Kind.POST]
BODIES = (
    JSON.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(KEYS, JSON, min_size=1).map(lambda v: json.dumps(v).encode())
    | st.lists(JSON).map(lambda rows: json.dumps({"data": rows}).encode())
    | st.binary(max_size=60)
)
STATUSES = st.sampled_from([200, 200, 200, 201, 302, 400, 401, 404, 429, 500, 503])


def _platform(body, status, sent=None):
    def answer(request):
        if sent is not None:
            sent.append(request)
        return httpx.Response(status, content=body)

    connection = Connection(
        "meta", "act_1", token=Secret("sbx_fuzzfuzz"), base_url="http://127.0.0.1:9"
    )
    return MetaPlatform.connect(
        connection, transport=httpx.MockTransport(answer), clock=FakeClock()
    )


@settings(max_examples=80)
@given(body=BODIES, status=STATUSES, kind=st.sampled_from(KINDS))
def test_reads_give_values_or_typed_errors(body, status, kind):
    """
    Whatever a platform answers, nothing but our own errors comes out.
    """
    platform = _platform(body, status)
    flight = Flight.parse("2027-03-01..2027-03-02", "UTC")
    for read in (
        platform.account,
        lambda: platform.read(kind, ["1"]),
        lambda: platform.read(kind, ["1", "2"]),
        lambda: platform.find(kind, ["mark"]),
        lambda: list(platform.metrics(flight)),
        lambda: platform.search("city", "Berlin"),
    ):
        try:
            read()
        except SmmError:
            continue


@settings(max_examples=80)
@given(body=BODIES, status=STATUSES, kind=st.sampled_from(KINDS))
def test_creates_are_sent_once_and_never_lie(body, status, kind):
    """
    One request, one result; applied only with an id, and otherwise with an error.
    """
    sent = []
    operation = Operation(
        Action.CREATE, kind, address="a", marker="m", name="n", content=b"GIF8"
    )
    result = _platform(body, status, sent).execute([operation])[0]
    if kind is not Kind.MEDIA:
        assert 1 == len(sent)
    if result.outcome is Outcome.APPLIED:
        assert result.remote_id
        assert result.error is None
    else:
        assert "" == result.remote_id
        assert "a" == result.error.address


@given(raw=st.dictionaries(KEYS, JSON, max_size=8), kind=st.sampled_from(list(NORMAL)))
def test_normal_forms_are_stable(raw, kind):
    """
    What is normal stays as it is.
    """
    try:
        once = NORMAL[kind](raw)
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        return  # told as an unreadable object by the parser
    wire = dict(once)
    if kind is Kind.AD and "creative_id" in wire:
        wire["creative"] = {"id": wire.pop("creative_id")}
    assert once == NORMAL[kind](wire)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data": 7}', b"<html>"])
def test_a_plan_cannot_be_looked_at_without_an_account(body, tmp_path):
    """
    A broken answer ends in a typed error before anything is decided.
    """
    pictures(tmp_path)
    with pytest.raises(SmmError):
        _platform(body, 200).wanted(a_plan())
