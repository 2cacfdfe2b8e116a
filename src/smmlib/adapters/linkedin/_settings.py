"""
What a connection says about an ad account on LinkedIn.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class Settings:
    """
    What a connection says about an ad account.

    Attributes:
        organisation: Number of the page ads speak for.
        lead_form: Number of the form that ads for leads open.
        conversion: Number of the conversion that campaigns are optimised for.
        media_root: Folder pictures are in; empty for the plan file's.
        segments: Matched audiences of the account by the plan's names.
        lists: Files of customer lists by name.
        growth_csv: File with the page's followers; empty for none.
        results_csv: File with what came of posts; empty for none.
    """

    organisation: str = ""
    lead_form: str = ""
    conversion: str = ""
    media_root: str = ""
    segments: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    lists: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    growth_csv: str = attrs.field(default="", kw_only=True)
    results_csv: str = attrs.field(default="", kw_only=True)
