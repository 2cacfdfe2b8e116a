"""
Accounts in `smm.toml`: which ad accounts, whose money, where tokens are. Never a token.

```toml
default = "sandbox"                       # used when no environment is named
media_root = "pictures"                   # seen from this file; the plan's folder else

[environments.production]
state = "sqlite:///.smm/production.db"    # what was set up is remembered here
allowlist = ["act_1234567890"]            # the only ad accounts that may be touched

[environments.production.caps]            # no automation crosses these
per_day = "800 EUR"
per_campaign_day = "300 EUR"
total = "20000 EUR"

[environments.production.platforms.meta]
account = "act_1234567890"
page = "102938475610293"
pixel = "564738291056473"
instagram_user = "17841400000000000"
token = { env = "SMM_META_TOKEN" }        # or { keyring = "meta" } or { file = "..." }
```

Environments may have any name but `sandbox`, which brings its own accounts. Per
platform `account` and `token` are due; the rest depends on what is used there.
`twitter` is read as `x`, `facebook` and `instagram` as `meta`. A token file must be
readable by its owner alone (mode 0600). `access_until = 2027-05-01` says when access to
a platform ends, so that alerts warn before. On Telegram the account is a channel:

```toml
[environments.production.platforms.telegram]
chat = "@alpenkaffee_roasts"              # or the number that begins with -100
alert_chat = "-1001234567890"             # the team's own, for `smm alert`
token = { env = "SMM_TELEGRAM_TOKEN" }    # of the bot, as @BotFather gave it
```
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs

from smmlib.codec import _scalars as scalars
from smmlib.codec._context import NOTHING, Context, UnreadableError
from smmlib.codec._files import as_path, read_text
from smmlib.codec._hooks import make_converter
from smmlib.codec._toml import places_of, read_toml
from smmlib.errors import CodecError, ConfigurationError, Issue
from smmlib.model import Caps, FrozenMap, SourceMap, platform_name
from smmlib.model._checks import did_you_mean, is_key, refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
from smmlib.codec._settings_values import (
    SANDBOX,
    Environment,
    PlatformSettings,
    Settings,
    TokenSource,
)

_OPTIONS: dict[str, tuple[str, ...]] = {
    "meta": (
        "page",
        "pixel",
        "instagram_user",
        "customer_lists",
        "api_version",
        "base_url",
    ),
    "linkedin": (
        "organisation",
        "lead_form",
        "conversion",
        "segments",
        "customer_lists",
        "growth_csv",
        "results_csv",
        "refresh",
        "api_version",
        "base_url",
    ),
    "x": (
        "funding_instrument",
        "user",
        "web_event_tag",
        "segments",
        "signing",
        "api_version",
        "base_url",
    ),
    "telegram": ("chat", "alert_chat", "button", "base_url"),
}
# What alerts warn of before it is over, on every platform.
_UNTIL = "access_until"
_ENVIRONMENT = (
    "state",
    "state_password",
    "caps",
    "allowlist",
    "media_root",
    "platforms",
)
# Where there are no ads, the account is called by what it is.
_ACCOUNT_IS = {"telegram": "chat"}
_ACCOUNT_HINTS = {
    "account": "add the id of the ad account",
    "chat": 'add the channel: chat = "@name"',
}
_KINDS = ("env", "keyring", "file")
_REFRESH = ("client_id", "client_secret", "refresh_token")
_SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")
_LONGEST = 300
_SECRET_KEY = re.compile(
    r"token|secret|passw|api_?key|bearer|credential", re.IGNORECASE
)
# Names of variables are capitals by habit; tokens hardly ever are.
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}\Z")


def load_settings(path: str | PathLike[str]) -> Settings:
    """
    The accounts an `smm.toml` names.

    Args:
        path: The file.

    Raises:
        ConfigurationError: It cannot be read, or holds problems; `.issues` has all of
            them with path and line, and never a token.
    """
    try:
        text = read_text(as_path(path))
    except CodecError as error:
        raise _settings_error(error.issues) from error
    return parse_settings(text, file=str(path))


def parse_settings(text: str, *, file: str = "smm.toml") -> Settings:
    """
    The accounts a TOML text names.

    Args:
        text: As in a `smm.toml`.
        file: Name shown in problems.

    Raises:
        ConfigurationError: As `load_settings`.
    """
    data = read_toml(text, file)
    if isinstance(data, Issue):
        # Raised outside of `except`: newer Pythons keep the text in that exception.
        raise _settings_error([data])
    context = Context()
    settings = _settings(data, context)
    if context.issues or settings is None:
        source = SourceMap(file, places_of(text))
        raise _settings_error([source.place(issue) for issue in context.issues])
    return settings


def _settings_error(issues: Any) -> ConfigurationError:
    found = sorted(issues, key=lambda issue: (issue.line or 0, issue.column or 0))
    first, more = found[0], len(found) - 1
    text = f"{first.where}: {first.message}" + (f" (+{more} more)" if more else "")
    return ConfigurationError(text, hint=first.hint, issues=found)


# -- reading -----------------------------------------------------------------------


def _settings(data: dict[str, Any], context: Context) -> Settings | None:
    _known_keys(data, ("default", "media_root", "environments"), context)
    pictures = _pictures(data, context)
    found = context.part("environments", data.get("environments", {}), _table, None)
    tables = {} if found is NOTHING else found
    environments = {}
    for name, raw in tables.items():
        context.path.append("environments")
        environment = context.part(name, (name, raw, context), _environment, None)
        context.path.pop()
        if environment is not NOTHING:
            folder = environment.media_root or pictures
            environments[name] = attrs.evolve(environment, media_root=folder)
    default = context.part("default", data.get("default", SANDBOX), _text, None)
    if default is not NOTHING and default not in {*tables, SANDBOX}:
        context.problem(
            "default",
            "settings.default",
            f"no environment '{default}' in this file",
            value=default,
            limit=", ".join([*tables, SANDBOX]),
            hint=did_you_mean(default, {*tables, SANDBOX}),
        )
    if context.issues:
        return None
    return Settings(FrozenMap(environments), default, media_root=pictures)


def _pictures(data: dict[str, Any], context: Context) -> str:
    if "media_root" not in data:
        return ""
    found = context.part("media_root", data["media_root"], _text, None)
    return "" if found is NOTHING else str(found)


def _environment(given: Any, _: Any) -> Environment:
    name, raw, context = given
    is_key("", name)
    if name == SANDBOX:
        refuse(
            "",
            "'sandbox' brings its own accounts",
            code="settings.sandbox",
            value=name,
            expected="any other name",
            hint="remove this table, or give it another name",
        )
    _table(raw, None)
    _known_keys(raw, _ENVIRONMENT, context)
    converter = make_converter(context)
    texts = converter.get_structure_hook(tuple[str, ...])
    caps = converter.get_structure_hook(Caps)
    read: dict[str, tuple[Callable[[Any, Any], Any], Any]] = {
        "state": (_state, f"sqlite:///.smm/{name}.db"),
        "state_password": (_token, None),
        "caps": (caps, None),
        "allowlist": (texts, []),
        "media_root": (_text, None),
        "platforms": (lambda value, _: _platforms(value, context), {}),
    }
    parts: dict[str, Any] = {}
    for key, (hook, default) in read.items():
        value = raw.get(key, default)
        parts[key] = None if value is None else context.part(key, value, hook, Caps)
    if NOTHING in parts.values():
        raise UnreadableError
    parts["media_root"] = parts["media_root"] or ""
    return Environment(name, **parts)


def _platforms(value: Any, context: Context) -> FrozenMap[PlatformSettings]:
    found: dict[str, PlatformSettings] = {}
    for word, raw in _table(value, None).items():
        name = platform_name(word)
        part = context.part(word, (name, raw, context), _platform, None)
        if name in found:
            context.problem(
                context.here(word),
                "key.duplicate",
                f"'{word}' and another table are both {name}",
                value=word,
                limit="one table for each platform",
                hint=f"keep one of them, as '{name}'",
            )
        if part is not NOTHING:
            found[name] = part
    return FrozenMap(found)


def _platform(given: Any, _: Any) -> PlatformSettings:
    name, raw, context = given
    is_key("", name)
    _table(raw, None)
    options = _OPTIONS.get(name)
    if options is not None:
        options = (*options, _UNTIL)
        _known_keys(raw, ("account", "token", *options), context)
    called = _ACCOUNT_IS.get(name, "account")
    if called in raw and "account" not in raw:
        raw = {"account": raw[called], **raw}
    for key in ("account", "token"):
        if key not in raw:
            word = called if key == "account" else key
            context.problem(
                context.here(word),
                "key.missing",
                f"'{word}' is missing",
                limit=f"{called}, token",
                hint=_WHERE_HINT if key == "token" else _ACCOUNT_HINTS[called],
            )
    parts = {
        key: context.part(key, value, _HOOKS.get(key, _text), None)
        for key, value in raw.items()
        if (options is None or key in ("account", "token", *options))
        and not (key != "token" and _refuse_secret(key, context))
    }
    if NOTHING in parts.values() or not {"account", "token"} <= parts.keys():
        raise UnreadableError
    for group in ("customer_lists", "segments"):
        for name, named in parts.pop(group, {}).items():
            parts[f"{group}.{name}"] = named
    account, token = parts.pop("account"), parts.pop("token")
    refresh = FrozenMap(parts.pop("refresh", {}) or parts.pop("signing", {}))
    return PlatformSettings(
        account, token=token, options=FrozenMap(parts), refresh=refresh
    )


def _known_keys(raw: dict[str, Any], known: tuple[str, ...], context: Context) -> None:
    for key in raw:
        if key not in known and not _refuse_secret(key, context):
            context.problem(
                context.here(key),
                "key.unknown",
                f"unknown key '{key[:80]}'",
                value=key[:80],
                limit=", ".join(known),
                hint=did_you_mean(key, known),
            )


_WHERE_HINT = 'write token = { env = "SMM_META_TOKEN" } and set that variable'


def _refuse_secret(key: str, context: Context) -> bool:
    """
    Note that a key looks like a secret; what it holds is not shown.
    """
    if not _SECRET_KEY.search(key):
        return False
    context.problem(
        context.here(key),
        "settings.token_inside",
        "secrets do not belong into this file",
        limit="token = { env | keyring | file = name }",
        hint=_WHERE_HINT,
    )
    return True


def _table(value: Any, _: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return scalars.wrong_type(value, "a table")


def _text(value: Any, _: Any) -> str:
    found = scalars.text(value)
    if not found.strip() or len(found) > _LONGEST or not found.isprintable():
        refuse(
            "",
            f"is empty, longer than {_LONGEST} characters, or not printable",
            code="settings.text",
            value=len(found),
            expected=f"1 to {_LONGEST} characters",
            hint="copy the id or name again",
        )
    return found


def _day(value: Any, _: Any) -> str:
    """
    A day, as TOML or as text writes it.
    """
    if isinstance(value, datetime):
        return scalars.wrong_type(value, "a day, e.g. 2027-05-01")
    try:
        day = isinstance(value, date)
        found = value if day else date.fromisoformat(_text(value, None))
    except ValueError:
        return scalars.wrong_type(value, "a day, e.g. 2027-05-01")
    return found.isoformat()


def _state(value: Any, _: Any) -> str:
    found = _text(value, None)
    _no_password(found)
    if not found.startswith(("sqlite:///", "postgresql://")):
        refuse(
            "",
            f"{found[:80]!r} is no state store",
            code="settings.state",
            value=found[:80],
            expected="sqlite:///file or postgresql://host/database",
            hint='write "sqlite:///.smm/production.db"',
        )
    return found


def _url(value: Any, _: Any) -> str:
    found = _text(value, None)
    _no_password(found)
    if not found.startswith(("https://", "http://")):
        refuse(
            "",
            f"{found[:80]!r} is no web address",
            code="settings.url",
            value=found[:80],
            expected="https://...",
            hint="leave base_url out for the platform's own address",
        )
    return found


def _no_password(url: str) -> None:
    """
    Refuse a password inside an address, without showing it.
    """
    try:
        inside = urlsplit(url).password is not None
    except ValueError:
        inside = "@" in url
    if inside:
        refuse(
            "",
            "an address with a password inside",
            code="settings.token_inside",
            expected="an address without password",
            hint="let PGPASSWORD or ~/.pgpass hold the password",
        )


def _token(value: Any, _: Any) -> TokenSource:
    """
    Where a token is; nothing of a value that may be one is ever shown.
    """
    kinds = list(value) if isinstance(value, dict) else []
    name = value.get(kinds[0]) if len(kinds) == 1 else None
    if isinstance(value, str):
        _token_inside("a token does not belong into this file")
    if len(kinds) != 1 or kinds[0] not in _KINDS or not isinstance(name, str):
        refuse(
            "",
            "says not where the token is",
            code="settings.token_source",
            expected="one of { env = ... }, { keyring = ... }, { file = ... }",
            hint=_WHERE_HINT,
        )
    if kinds[0] == "env" and not _VARIABLE.match(name):
        _token_inside("this is no name of an environment variable")
    if len(name) > _LONGEST or not name.strip() or not name.isprintable():
        _token_inside("this is no name of a place for tokens")
    return TokenSource(kinds[0], name)


def _refresh(value: Any, _: Any) -> dict[str, TokenSource]:
    """
    Where the secrets are that renew a token; all of them or none.
    """
    return _all_of(_REFRESH, value, "renew the token", "SMM_LINKEDIN_CLIENT_ID")


def _signing(value: Any, _: Any) -> dict[str, TokenSource]:
    """
    Where the keys are that X's requests are signed with, beside the token.
    """
    return _all_of(_SIGNING, value, "sign beside the token", "SMM_X_CONSUMER_KEY")


def _all_of(
    names: tuple[str, ...], value: Any, do: str, example: str
) -> dict[str, TokenSource]:
    given = _table(value, None)
    if set(given) != set(names):
        refuse(
            "",
            f"says not where all of the secrets are that {do}",
            code="settings.refresh" if names is _REFRESH else "settings.signing",
            value=", ".join(key for key in given if key in names),
            expected=", ".join(names),
            hint=f'write each like {names[0]} = {{ env = "{example}" }}',
        )
    return {name: _token(given[name], None) for name in names}


def _token_inside(message: str) -> None:
    refuse(
        "",
        message,
        code="settings.token_inside",
        expected="the name of a variable, keyring entry or file",
        hint=_WHERE_HINT,
    )


def _named(value: Any, _: Any) -> dict[str, str]:
    """
    Files of customer lists, or a platform's audiences, by the name plans call them.
    """
    found = {}
    for name, text in _table(value, None).items():
        is_key("", name)
        found[name] = _text(text, None)
    return found


_HOOKS: dict[str, Callable[[Any, Any], Any]] = {
    "token": _token,
    "refresh": _refresh,
    "signing": _signing,
    "base_url": _url,
    "customer_lists": _named,
    "segments": _named,
    _UNTIL: _day,
}

SETTINGS_EXAMPLE = """\
# Accounts for smmlib. Tokens never stand here, only where they are kept.

# Used when no environment is named. The sandbox needs no accounts and costs nothing.
default = "sandbox"

[environments.production]
# What was set up is remembered here; keep the file, and back it up.
state = "sqlite:///.smm/production.db"
# The only ad accounts that may be touched.
allowlist = ["act_1234567890"]

# Ceilings no automation crosses.
[environments.production.caps]
per_day = "800 EUR"
per_campaign_day = "300 EUR"
# total = "20000 EUR"

[environments.production.platforms.meta]
account = "act_1234567890"
page = "102938475610293"
# pixel = "564738291056473"
# instagram_user = "17841400000000000"
# The token is read from this environment variable. Others: { keyring = "meta" } or
# { file = ".smm/meta.token" }, a file only you may read (chmod 600).
token = { env = "SMM_META_TOKEN" }

# Posts on a Telegram channel go out through a bot that is its administrator.
# [environments.production.platforms.telegram]
# chat = "@your_channel"
# token = { env = "SMM_TELEGRAM_TOKEN" }
"""
"""
What `smm init` writes: a complete file with its explanation.
"""
