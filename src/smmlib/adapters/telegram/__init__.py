"""
Telegram: posts to a channel, and how many follow it.
"""

from __future__ import annotations

from smmlib.adapters.telegram._platform import TelegramPlatform

__all__ = ["TelegramPlatform"]
