"""
Plan files in and out: YAML and JSON, `smm.toml`, and mediaplanschema 3.0.
"""

from __future__ import annotations

from smmlib.codec._plan import Reading, dump, dumps, load, loads, read

__all__ = ["Reading", "dump", "dumps", "load", "loads", "read"]
