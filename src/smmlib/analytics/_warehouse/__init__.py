"""
The facts warehouse: one schema over all networks, on a laptop or on a cluster.
"""

from __future__ import annotations

from smmlib.analytics._warehouse._ingest import Ingested, Mismatch
from smmlib.analytics._warehouse._result import Result
from smmlib.analytics._warehouse._warehouse import Warehouse

__all__ = ["Ingested", "Mismatch", "Result", "Warehouse"]
