"""
Accounts in `smm.toml`: what it says, what it must never hold, and what is told.
"""

from __future__ import annotations

import pickle

import pytest

from smmlib import codec
from smmlib.codec import PlatformSettings, Settings, TokenSource
from smmlib.errors import ConfigurationError
from smmlib.model import Caps, FrozenMap

_SECRET = "EAABsbCS1iHgBO7ZC8example"

_FULL = """
default = "production"
[environments.production]
state = "postgresql://db.example.com/smm"
allowlist = ["act_1", "act_2"]
[environments.production.caps]
per_day = "800 EUR"
[environments.production.platforms.facebook]
account = "act_1"
page = "123"
base_url = "http://127.0.0.1:8080/meta"
token = { env = "SMM_META_TOKEN" }
[environments.production.platforms.twitter]
account = "18ce54d4x5t"
funding_instrument = "lygyi"
token = { keyring = "x" }
[environments.trial.platforms.telegram]
account = "@alpenkaffee"
chat = "-100123"
token = { file = ".smm/telegram.token" }
"""


def test_settings_hold_accounts_caps_and_where_tokens_are():
    """
    Everything a file says is there, platforms under their one name.
    """
    settings = codec.parse_settings(_FULL)

    production = settings.environments["production"]
    assert "production" == settings.default == production.name
    assert ("act_1", "act_2") == production.allowlist
    assert Caps(per_day="800 EUR") == production.caps
    assert {"meta", "x"} == set(production.platforms)
    assert (
        PlatformSettings(
            "act_1",
            token=TokenSource("env", "SMM_META_TOKEN"),
            options=FrozenMap(page="123", base_url="http://127.0.0.1:8080/meta"),
        )
        == production.platforms["meta"]
    )
    assert TokenSource("keyring", "x") == production.platforms["x"].token
    trial = settings.environments["trial"]
    assert "sqlite:///.smm/trial.db" == trial.state
    assert "-100123" == trial.platforms["telegram"].options["chat"]
    assert settings == pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own


def test_an_empty_file_means_the_sandbox():
    """
    Without accounts only the sandbox is left, and it is the default.
    """
    assert Settings(FrozenMap(), "sandbox") == codec.parse_settings("")


def test_the_example_is_a_complete_file():
    """
    What `smm init` writes is read without a problem.
    """
    settings = codec.parse_settings(codec.SETTINGS_EXAMPLE)

    assert "sandbox" == settings.default
    assert "act_1234567890" == (
        settings.environments["production"].platforms["meta"].account
    )


def test_a_file_is_read_like_a_text(tmp_path):
    """
    `load_settings` reads UTF-8 and names the file in problems.
    """
    path = tmp_path / "smm.toml"
    path.write_text(_FULL, "utf-8")
    assert codec.parse_settings(_FULL) == codec.load_settings(path)

    path.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError) as caught:
        codec.load_settings(path)
    assert str(path) == caught.value.issues[0].file

    with pytest.raises(ConfigurationError, match="does not exist"):
        codec.load_settings(tmp_path / "no.toml")


_META = "[environments.p.platforms.meta]\naccount = 'act_1'\ntoken = {env = 'T'}\n"

# what is wrong: text, path, code, line
_MISTAKES = {
    "syntax": ("a = \n", "", "toml.syntax", 1),
    "unknown key": ("defalt = 'p'\n", "defalt", "key.unknown", 1),
    "unknown default": ("default = 'p'\n", "default", "settings.default", 1),
    "own sandbox": (
        "[environments.sandbox]\n",
        "environments.sandbox",
        "settings.sandbox",
        1,
    ),
    "no table": ("environments = 5\n", "environments", "type.wrong", 1),
    "bad name": ("[environments.'a b']\n", "environments.a b", "key.invalid", 1),
    "caps without currency": (
        "[environments.p.caps]\nper_day = 5\n",
        "environments.p.caps.per_day",
        "money.no_currency",
        2,
    ),
    "float caps": (
        "[environments.p.caps]\nper_day = 5.5\n",
        "environments.p.caps.per_day",
        "money.no_currency",
        2,
    ),
    "unknown cap": (
        "[environments.p.caps]\nper_dya = '5 EUR'\n",
        "environments.p.caps.per_dya",
        "key.unknown",
        2,
    ),
    "allowlist": (
        "[environments.p]\nallowlist = 'act_1'\n",
        "environments.p.allowlist",
        "type.wrong",
        2,
    ),
    "state": (
        "[environments.p]\nstate = 'mysql://x'\n",
        "environments.p.state",
        "settings.state",
        2,
    ),
    "unknown option": (
        _META + "pagee = '1'\n",
        "environments.p.platforms.meta.pagee",
        "key.unknown",
        4,
    ),
    "number as id": (
        _META + "page = 1\n",
        "environments.p.platforms.meta.page",
        "type.wrong",
        4,
    ),
    "date as id": (
        _META + "page = 2027-01-01\n",
        "environments.p.platforms.meta.page",
        "type.wrong",
        4,
    ),
    "empty id": (
        _META + "page = ''\n",
        "environments.p.platforms.meta.page",
        "settings.text",
        4,
    ),
    "address": (
        _META + "base_url = 'ftp://x'\n",
        "environments.p.platforms.meta.base_url",
        "settings.url",
        4,
    ),
    "no account": (
        "[environments.p.platforms.meta]\ntoken = {env = 'T'}\n",
        "environments.p.platforms.meta.account",
        "key.missing",
        1,
    ),
    "no token": (
        "[environments.p.platforms.meta]\naccount = '1'\n",
        "environments.p.platforms.meta.token",
        "key.missing",
        1,
    ),
    "odd source": (
        _META.replace("env =", "vault ="),
        "environments.p.platforms.meta.token",
        "settings.token_source",
        3,
    ),
    "same platform": (
        _META + _META.replace("meta", "facebook"),
        "environments.p.platforms.facebook",
        "key.duplicate",
        4,
    ),
}


@pytest.mark.parametrize("name", _MISTAKES)
def test_each_mistake_has_a_path_a_line_and_a_hint(name):
    """
    Problems of `smm.toml` are told like those of a plan.
    """
    text, path, code, line = _MISTAKES[name]

    with pytest.raises(ConfigurationError) as caught:
        codec.parse_settings(text, file="smm.toml")

    issue = caught.value.issues[0]
    assert (path, code, line) == (issue.path, issue.code, issue.line)
    assert "smm.toml" == issue.file
    assert issue.hint or code == "type.wrong"


@pytest.mark.parametrize(
    "line",
    [
        f"token = '{_SECRET}'",
        f"token = ['{_SECRET}']",
        f"token = {{ env = '{_SECRET}' }}",
        f"token = {{ token = '{_SECRET}' }}",
        f"token = {{ file = '{_SECRET * 20}' }}",
        f"access_token = '{_SECRET}'",
        f"app_secret = '{_SECRET}'",
        f"api_key = '{_SECRET}'",
        f"base_url = 'https://me:{_SECRET}@example.com'",
        f"token = '{_SECRET}",
        f"page = {_SECRET}",
        f'token = "{_SECRET}\\x"',
    ],
)
def test_a_secret_in_the_file_is_refused_and_never_shown(line):
    """
    No error, issue, pickle or chained exception holds what may be a token.
    """
    text = f"[environments.p.platforms.meta]\naccount = 'act_1'\n{line}\n"

    with pytest.raises(ConfigurationError) as caught:
        codec.parse_settings(text)

    error = caught.value
    shown = [str(error), repr(error), repr(error.issues), str(pickle.dumps(error))]
    assert not any(_SECRET in part for part in shown)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_password_in_the_state_address_is_refused():
    """
    Databases find their password elsewhere.
    """
    text = f"[environments.p]\nstate = 'postgresql://me:{_SECRET}@host/db'\n"

    with pytest.raises(ConfigurationError) as caught:
        codec.parse_settings(text)

    assert "settings.token_inside" == caught.value.issues[0].code
    assert _SECRET not in repr(caught.value.issues)


def test_platforms_of_other_packages_take_any_option():
    """
    A platform brought by a plugin has options of its own, but no secrets either.
    """
    text = _META.replace("meta", "pigeon") + "loft = 'north'\n"
    settings = codec.parse_settings(text)
    assert {"loft": "north"} == dict(
        settings.environments["p"].platforms["pigeon"].options
    )

    with pytest.raises(ConfigurationError):
        codec.parse_settings(text + "password = 'coo'\n")
