from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from smmlib.adapters import _registry as registry
from smmlib.adapters import connect_platform, platform_names
from smmlib.errors import ConfigurationError, UnknownPlatformError
from smmlib.ports import AdPlatform, Connection, Estimator, Secret, TargetingSearch


def _connection(platform, **changes):
    usual = {"token": Secret("sbx_test"), "base_url": "http://127.0.0.1:9/meta"}
    return Connection(platform, "123", **usual | changes)


def _points(*rows):
    return EntryPoints(EntryPoint(n, v, registry.GROUP) for n, v in rows)


def test_meta_is_installed():
    """
    The package's own adapter is found like any other.
    """
    assert "meta" in platform_names()


@pytest.mark.parametrize("name", ["meta", "facebook", "Instagram", "fb"])
def test_a_platform_is_found_by_any_of_its_names(name):
    """
    People type networks where a platform is meant.
    """
    platform = connect_platform(_connection(name))
    assert "meta" == platform.name
    assert isinstance(platform, AdPlatform)
    assert isinstance(platform, TargetingSearch)
    assert isinstance(platform, Estimator)


def test_an_unknown_platform_names_the_nearest():
    """
    A slip of the finger gets a suggestion, an unknown name the way to install it.
    """
    with pytest.raises(UnknownPlatformError, match="did you mean 'meta'"):
        connect_platform(_connection("metta"))
    with pytest.raises(UnknownPlatformError, match=r"smmlib\.platforms"):
        connect_platform(_connection("pigeon-post"))


@pytest.mark.parametrize(
    "value", ["no.such.module:Thing", "smmlib.errors:Nothing", "smmlib.errors:Issue"]
)
def test_a_broken_adapter_is_a_configuration_error(monkeypatch, value):
    """
    A package that cannot be loaded is named, without a traceback of its own.
    """
    monkeypatch.setattr(registry, "entry_points", lambda group: _points(("p", value)))
    with pytest.raises(ConfigurationError, match="adapter"):
        connect_platform(_connection("p"))


def test_two_packages_may_not_claim_one_platform(monkeypatch):
    """
    Which one would get the token must never be a matter of luck.
    """
    found = _points(("p", "a:A"), ("p", "b:B"))
    monkeypatch.setattr(registry, "entry_points", lambda group: found)
    with pytest.raises(ConfigurationError, match="several packages"):
        connect_platform(_connection("p"))


@pytest.mark.parametrize(
    ("account", "options"),
    [
        ("", {}),
        ("act_", {}),
        ("act_12a", {}),
        ("../act_1", {}),
        ("123", {"api_version": "26"}),
        ("123", {"api_version": "v26.0/../x"}),
        ("123", {"pagee": "1"}),
    ],
)
def test_a_connection_that_cannot_be_right_is_refused(account, options):
    """
    Account numbers, versions and option names are checked before anything is sent.
    """
    connection = Connection(
        "meta",
        account,
        token=Secret("sbx_test"),
        options=options,
        base_url="http://127.0.0.1:9/meta",
    )
    with pytest.raises(ConfigurationError):
        connect_platform(connection)
