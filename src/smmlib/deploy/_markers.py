"""
The mark inside every object we make: how a lost one is found again.
"""

from __future__ import annotations

import base64
import hashlib

from smmlib.ports import Kind

_LENGTH = 10  # base 32: 50 bits, and short enough for a name


def marker(  # noqa: PLR0917 - six parts of one identity, in the order of their nesting
    project_id: str,
    environment: str,
    account: str,
    kind: Kind,
    address: str,
    generation: int,
) -> str:
    """
    The mark of one object: the same on every machine, without any stored state.

    Args:
        project_id: The plan's own id; a copy made on purpose gets a new one.
        environment: `sandbox`, `production`, ...
        account: Id of the ad account.
        kind: What kind of object.
        address: Path in the plan.
        generation: Counts deliberate replacements of the address, from 0.

    Returns:
        Ten lower-case characters of base 32.
    """
    parts = (project_id, environment, account, kind.value, address, str(generation))
    # Lengths first, so that no two different lists of parts read the same.
    text = "|".join(f"{len(part)}:{part}" for part in parts)
    # A letter of base 32 is five bits, so these bytes are more than enough.
    digest = hashlib.sha256(text.encode()).digest()[:_LENGTH]
    return base64.b32encode(digest)[:_LENGTH].decode().lower()
