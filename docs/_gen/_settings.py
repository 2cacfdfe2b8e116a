"""
The reference of smm.toml.
"""

from __future__ import annotations

from _text import code, page, table

from smmlib.codec import SETTINGS_EXAMPLE
from smmlib.codec._settings import _KINDS, _OPTIONS
from smmlib.workspace._connect import _kill_switch

_INTRO = """
# smm.toml

Accounts stand beside the plan, in `smm.toml`: which ad accounts, whose money, and where
tokens are kept. **Tokens themselves never stand here**; a value that looks like one is
refused, and not even shown in the message.
Without the file everything happens in the sandbox.

`smm init` writes this one to start from:
"""
_KEYS = (
    (
        "default",
        "text",
        "`sandbox`",
        "The environment used when none is named.",
    ),
    (
        "media_root",
        "text",
        "the plan's folder",
        "Folder pictures and films are in, relative to this file.",
    ),
    ("environments.NAME", "table", "", "One set of accounts. `sandbox` needs none."),
    (
        "….state",
        "text",
        "`sqlite:///.smm/NAME.db`",
        "Where what was set up is remembered: a file, or `postgresql://user@host/name`.",
    ),
    (
        "….state_password",
        "table",
        "",
        "Where that database's password is, written like a token; else `PGPASSWORD`.",
    ),
    (
        "….allowlist",
        "list of text",
        "",
        "The only ad accounts that may be written to.",
    ),
    (
        "….media_root",
        "text",
        "the one above",
        "The same for one environment.",
    ),
    ("….caps.total", "money", "", "The most that may be active in all."),
    ("….caps.per_day", "money", "", "The most that may be active on one day."),
    ("….caps.per_account_day", "money", "", "The same for one ad account."),
    ("….caps.per_campaign_day", "money", "", "The same for one campaign."),
    (
        "….platforms.NAME",
        "table",
        "",
        "One ad account, by platform or network.",
    ),
    (
        "….account",
        "text",
        "**due**",
        "Id of the ad account, e.g. `act_1234567890`; on Telegram `chat`, the channel.",
    ),
    (
        "….token",
        "table",
        "**due**",
        "Where the token is: "
        + ", ".join(f'`{{ {kind} = "..." }}`' for kind in _KINDS)
        + ".",
    ),
    (
        "….refresh",
        "table",
        "",
        (
            "Where the secrets are that renew a token (LinkedIn): `client_id`, "
            "`client_secret` and `refresh_token`, each written like a token."
        ),
    ),
    (
        "….access_until",
        "day",
        "",
        "The last day the token is good for; `smm alert` warns two weeks before.",
    ),
    (
        "….alert_chat",
        "text",
        "",
        "The team's own chat on Telegram, for `smm alert --send telegram`.",
    ),
)
_WHERE = (
    ("env", "An environment variable, in capitals."),
    (
        "keyring",
        "An entry of the keyring, service `smmlib` (extra `keyring`).",
    ),
    ("file", "A file that only its owner may read (mode 0600), relative to this file."),
)


def settings_page() -> str:
    """
    Example, keys, options of each platform, tokens, the kill switch.
    """
    options = [
        (code(name), ", ".join(map(code, keys))) for name, keys in _OPTIONS.items()
    ]
    rows = [(code(key), *rest) for key, *rest in _KEYS]
    return page(
        _INTRO,
        f"```toml\n{SETTINGS_EXAMPLE.strip()}\n```",
        "## Keys",
        "`…` stands for the table above it. Unknown keys are refused.",
        table(("key", "type", "default", "meaning"), rows),
        "## Options of each platform",
        "Beside `account` and `token`. Settings for platforms that are not set up yet\n"
        "are checked, and used once their adapter is there.",
        table(("platform", "options"), options),
        "## Where tokens are kept",
        table(("kind", "meaning"), [(code(kind), text) for kind, text in _WHERE]),
        "## The kill switch",
        (_kill_switch.__doc__ or "").strip().splitlines()[0]
        + "\nWhile it is set, `apply` and `activate` refuse; `stop` still works.",
    )
