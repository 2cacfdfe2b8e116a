"""
Reports that can be sent to a client: one HTML file, or the same numbers as JSON.
"""

from __future__ import annotations

from smmlib.report._report import Report, metrics_report, report

__all__ = ["Report", "metrics_report", "report"]
