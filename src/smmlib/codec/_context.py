"""
What one reading knows: the zone, where it is in the file, and what it found wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import CodecError, Issue, MoneyError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REFUSALS = (ValidationError, MoneyError)
"""
What a constructor of the model raises for a value that can never be right.
"""


NOTHING = object()
"""
What stands where a value could not be read.
"""


class UnreadableError(Exception):
    """
    This value cannot be built; why is already noted in the context.
    """


def join(parts: Iterable[str]) -> str:
    """
    Steps into a plan as one path: `goals`, `[1]`, `by` is `goals[1].by`.
    """
    path = ""
    for part in parts:
        path += part if not path or part.startswith("[") else f".{part}"
    return path


@attrs.define
class Context:
    """
    The state of one reading or writing; made anew for each, never shared.

    Attributes:
        zone: Time zone of wall times, once the plan's own is known.
        path: Steps from the top to the value in hand.
        issues: Problems so far.
        dropped: Paths of what was left out because of them.
        cause: The first exception behind a problem, for chaining.
    """

    zone: str = "UTC"
    path: list[str] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)
    dropped: set[str] = attrs.field(factory=set)
    cause: Exception | None = None

    def here(self, *more: str) -> str:
        """
        The path of the value in hand, or of a part of it.
        """
        return join([*self.path, *more])

    def report(
        self, error: ValidationError | MoneyError, at: str | None = None
    ) -> None:
        """
        Note what a value's constructor refused, under its path in the plan.
        """
        self.cause = self.cause or error
        path = self.here() if at is None else at
        self.issues.extend(attrs.evolve(issue, path=path) for issue in error.issues)

    def problem(self, path: str, code: str, message: str, **details: Any) -> None:
        """
        Note a problem the codec itself found.
        """
        self.issues.append(Issue(path, code, message, **details))

    def part(
        self, step: str, raw: Any, hook: Callable[[Any, Any], Any], kind: Any
    ) -> Any:
        """
        One part of a value, or `NOTHING` after its problems were noted.
        """
        self.path.append(step)
        try:
            return hook(raw, kind)
        except REFUSALS as error:
            self.report(error)
        except UnreadableError:
            return NOTHING
        finally:
            self.path.pop()
        return NOTHING

    def drop(self, path: str) -> None:
        """
        Remember that something was left out.
        """
        self.dropped.add(path)


def codec_error(issues: Iterable[Issue], cause: Exception | None = None) -> CodecError:
    """
    The one error of this package, chained to what was raised below.
    """
    error = CodecError(issues)
    error.__cause__ = cause
    return error


def file_problem(
    file: str,
    code: str,
    message: str,
    *,
    at: tuple[int, int] | None = None,
    cause: Exception | None = None,
    **details: Any,
) -> CodecError:
    """
    An error about the file as a whole, or one place of it.
    """
    line, column = at or (None, None)
    issue = Issue("", code, message, file=file, line=line, column=column, **details)
    return codec_error([issue], cause)
