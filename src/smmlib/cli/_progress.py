"""
A progress bar on stderr, where somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smmlib.cli._text import console

if TYPE_CHECKING:
    from smmlib.deploy import Progress


@contextmanager
def progress_bar(title: str, *, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """
    Give a function that draws how far an apply has come; silent in pipes and JSON.
    """
    screen = console(err=True)
    if not shown or not screen.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TextColumn("{task.fields[what]}"), console=screen) as bar:
        task = bar.add_task(title, total=None, what="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                what=progress.address,
            )

        yield show
