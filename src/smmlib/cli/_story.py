"""
How the demo tells its story: short sections for people, figures for programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.cli._text import console, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console


@attrs.define
class Story:
    """
    Prints chapters unless it is quiet, and remembers every figure either way.

    Attributes:
        quiet: Whether only the figures are wanted.
        figures: What happened, ready for JSON.
        chapters: How many chapters were told.
    """

    quiet: bool
    figures: dict[str, Any] = attrs.field(factory=dict)
    chapters: int = 0
    _screen: Console | None = None

    @property
    def screen(self) -> Console:
        """
        Where the story is printed.
        """
        if self._screen is None:
            self._screen = console()
        return self._screen

    def chapter(self, title: str) -> None:
        """
        Begin a section.
        """
        self.chapters += 1
        if not self.quiet:
            from rich.text import Text

            self.screen.print()
            self.screen.print(Text(f"{self.chapters}. {title}", style="bold cyan"))

    def say(self, text: str, style: str = "") -> None:
        """
        Tell something.
        """
        if not self.quiet:
            from rich.text import Text

            self.screen.print(Text(plain(text), style=style))

    def good(self, text: str) -> None:
        """
        Tell what went as it should.
        """
        self.say(f"✓ {text}", "green")

    def show(self, draw: Callable[[], None]) -> None:
        """
        Draw a table.
        """
        if not self.quiet:
            draw()
