"""
The emulated Telegram: a channel and the bot that posts to it.
"""

from __future__ import annotations

from smmlib.sandbox.telegram._platform import TelegramPlatform

__all__ = ["TelegramPlatform"]
