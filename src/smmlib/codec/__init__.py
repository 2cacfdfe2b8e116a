"""
Files in and out: plans as YAML and JSON, accounts as `smm.toml`, and mediaplanschema.

Whatever is wrong with a file is reported at once: path into the plan, file, line,
column, value, limit and what to do.
"""

from __future__ import annotations

from smmlib.codec._plan import Reading, dump, dumps, load, loads, read
from smmlib.codec._schema_in import Imported, load_mediaplanschema
from smmlib.codec._schema_out import dump_mediaplanschema, dumps_mediaplanschema
from smmlib.codec._settings import SETTINGS_EXAMPLE, load_settings, parse_settings
from smmlib.codec._settings_values import (
    Environment,
    PlatformSettings,
    Settings,
    TokenSource,
)

__all__ = [
    "SETTINGS_EXAMPLE",
    "Environment",
    "Imported",
    "PlatformSettings",
    "Reading",
    "Settings",
    "TokenSource",
    "dump",
    "dump_mediaplanschema",
    "dumps",
    "dumps_mediaplanschema",
    "load",
    "load_mediaplanschema",
    "load_settings",
    "loads",
    "parse_settings",
    "read",
]
