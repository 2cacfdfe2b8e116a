"""
Facts between commands: `pull` keeps them as JSON, `track`, `roi`, `report` read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smmlib.errors import ConfigurationError

if TYPE_CHECKING:
    from cattrs import Converter

    from smmlib.analytics import Facts
    from smmlib.cli._setup import Setup
    from smmlib.model import MediaPlan

FORMAT = 1


def facts_file(setup: Setup, path: str, plan: MediaPlan) -> Path:
    """
    Where the facts of a plan in an environment are kept.
    """
    return setup.folder(path) / "facts" / f"{setup.place(path)}-{plan.project_id}.json"


def keep_facts(path: Path, facts: Facts) -> None:
    """
    Write facts, whole or not at all.
    """
    from smmlib.codec._files import write_text

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = {"format": FORMAT, **_converter().unstructure(facts)}
    write_text(path, json.dumps(data, ensure_ascii=False, default=str))


def kept_facts(path: Path, plan: str) -> Facts:
    """
    Read the facts of the last pull.

    Raises:
        ConfigurationError: Nothing was pulled yet, or the file is not ours.
    """
    from cattrs.errors import BaseValidationError

    from smmlib.analytics import Facts

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _structured(data, Facts)
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"nothing was pulled for this plan yet: {path} does not exist",
            hint=f"smm pull {plan} reads the platforms' numbers first",
        ) from error
    except (OSError, ValueError, TypeError, KeyError, BaseValidationError) as error:
        raise ConfigurationError(
            f"{path} cannot be read as facts: {error}",
            hint=f"delete it and run smm pull {plan} again",
        ) from error


def _structured(data: dict[str, Any], kind: type[Facts]) -> Facts:
    if data.pop("format", None) != FORMAT:
        text = f"another format than {FORMAT}"
        raise ValueError(text)
    return _converter().structure(data, kind)


def _converter() -> Converter:
    from cattrs import Converter
    from cattrs.gen import make_dict_unstructure_fn

    from smmlib.model import FrozenMap, Money

    converter = Converter()
    converter.register_unstructure_hook_factory(
        lambda kind: hasattr(kind, "__attrs_attrs__"),
        lambda kind: make_dict_unstructure_fn(
            kind, converter, _cattrs_omit_if_default=True
        ),
    )
    for kind, out, back in (
        (Decimal, lambda v: f"{v:f}", lambda v, _: Decimal(v)),
        (Money, str, lambda v, _: Money.parse(v)),
        (datetime, datetime.isoformat, lambda v, _: datetime.fromisoformat(v)),
        (date, date.isoformat, lambda v, _: date.fromisoformat(v)),
    ):
        converter.register_unstructure_hook(kind, out)
        converter.register_structure_hook(kind, back)
    converter.register_unstructure_hook_factory(_is_map, lambda _: dict)
    converter.register_structure_hook_factory(
        _is_map, lambda _: lambda value, __: FrozenMap(value)
    )
    converter.register_structure_hook(Any, lambda value, _: value)
    return converter


def _is_map(kind: Any) -> bool:
    from smmlib.model import FrozenMap

    origin = getattr(kind, "__origin__", kind)
    return isinstance(origin, type) and issubclass(origin, (FrozenMap, Mapping))


__all__ = ["facts_file", "keep_facts", "kept_facts"]
