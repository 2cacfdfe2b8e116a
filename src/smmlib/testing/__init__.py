"""
What smmlib proves itself with, for everybody who builds on it.

Attributes are loaded on first use, so that a test run which does not need hypothesis
does not pay for it.
"""

from __future__ import annotations
