"""
How a command ends: its exit code, and what it says when something is wrong.
"""

from __future__ import annotations

import json
import os
import traceback
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._findings import severity_word, shortened
from smmlib.cli._text import plain
from smmlib.errors import (
    ApplyInterruptedError,
    AuthenticationError,
    CodecError,
    ConfigurationError,
    Issue,
    MoneyError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    PlatformError,
    PolicyRejectedError,
    SandboxError,
    SmmError,
    SpendGuardError,
    StaleChangesError,
    UnsupportedError,
    ValidationError,
)
from smmlib.errors import InvalidRequestError as RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Exit(IntEnum):
    """
    What the exit code of every command means.
    """

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    PENDING = 3
    APPROVAL = 4
    UNKNOWN = 5
    INTERRUPTED = 130  # what shells report after Ctrl-C


_BAD_INPUT = (
    CodecError,
    ConfigurationError,
    MoneyError,
    SandboxError,
    ValidationError,
    # What the platform says no to is in the plan, or in smm.toml.
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    PolicyRejectedError,
    RefusedError,
    UnsupportedError,
)

_WRONG_PATH = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


def exit_of(error: SmmError) -> Exit:
    """
    The exit code that tells a CI job what kind of failure this is.
    """
    if isinstance(error, SpendGuardError):
        return Exit.APPROVAL
    if isinstance(error, OutcomeUnknownError):
        return Exit.UNKNOWN
    if isinstance(error, ApplyInterruptedError):
        return _interrupted(error)
    if isinstance(error, StaleChangesError):
        return Exit.PENDING
    if isinstance(error, PlatformError) and error.outcome is Outcome.UNKNOWN:
        return Exit.UNKNOWN
    return Exit.BAD_INPUT if isinstance(error, _BAD_INPUT) else Exit.FAILED


def _interrupted(error: ApplyInterruptedError) -> Exit:
    """
    An open outcome is worse than a refusal; without either, the rest is pending.
    """
    if error.unknown:
        return Exit.UNKNOWN
    return Exit.BAD_INPUT if error.failed else Exit.PENDING


def tell(error: SmmError, *, as_json: bool) -> int:
    """
    Say what is wrong, all of it, and give the exit code.
    """
    code = exit_of(error)
    if as_json:
        _answer_error(
            type(error).__name__, error.message, error.hint, code, error.issues
        )
    else:
        click.echo(plain("\n".join(_lines(error))), err=True)
    return code


def tell_usage(error: click.ClickException, *, as_json: bool) -> int:
    """
    Say how a command is used.
    """
    if as_json:
        hint = "smm --help lists all commands"
        _answer_error("UsageError", error.format_message(), hint, Exit.BAD_INPUT)
    else:
        error.show()
    return Exit.BAD_INPUT


def tell_interrupted(command: str, *, as_json: bool) -> int:
    """
    Say how to go on after Ctrl-C.
    """
    hint = f"nothing is lost: run `{command}` again, it goes on where it stopped"
    if as_json:
        _answer_error("Interrupted", "interrupted", hint, Exit.INTERRUPTED)
    else:
        click.echo(f"\nInterrupted.\n  hint: {hint}", err=True)
    return Exit.INTERRUPTED


def tell_system(error: OSError, *, as_json: bool) -> int:
    """
    Say what the computer refused: a folder that may not be written to, a full disk.
    """
    where = f"'{error.filename}': " if error.filename else ""
    message = f"{where}{error.strerror or error}"
    code = Exit.BAD_INPUT if isinstance(error, _WRONG_PATH) else Exit.FAILED
    hint = "check that the path exists, may be written to, and has room"
    if as_json:
        _answer_error(type(error).__name__, message, hint, code)
    else:
        click.echo(plain(f"error: {message}\n  hint: {hint}"), err=True)
    return code


def tell_bug(error: Exception, *, as_json: bool) -> int:
    """
    Admit a failure of our own; the details only where they were asked for.
    """
    message = f"smm failed: {type(error).__name__}: {error}"
    hint = (
        "our fault, not yours: run it again with SMM_DEBUG=1 and report what it prints"
    )
    if as_json:
        _answer_error(type(error).__name__, message, hint, Exit.FAILED)
    else:
        click.echo(plain(f"{message}\n  hint: {hint}"), err=True)
    if os.environ.get("SMM_DEBUG") == "1":
        click.echo("".join(traceback.format_exception(error)), err=True)
    return Exit.FAILED


def _lines(error: SmmError) -> Iterator[str]:
    """
    A message, then every issue with place, value, limit and hint.
    """
    if isinstance(error, (CodecError, MoneyError, ValidationError)):
        yield from _all_lines(error.issues)
        return
    text = str(error)
    yield text if text.startswith("error") else f"error: {text}"
    yield from _all_lines(error.issues)


def _all_lines(issues: tuple[Issue, ...]) -> Iterator[str]:
    for issue in shortened(issues):
        if isinstance(issue, str):
            yield issue
        else:
            yield from issue_lines(issue)


def issue_lines(issue: Issue) -> Iterator[str]:
    """
    One issue: severity and message, where it is, what was found, what to do.
    """
    yield f"{severity_word(issue.severity)}: {issue.message}  [{issue.code}]"
    if issue.where:
        yield f"  at    {issue.where}"
    if issue.value is not None:
        yield f"  found {_short(issue.value)}"
    if issue.limit is not None:
        yield f"  limit {_short(issue.limit)}"
    if issue.hint:
        yield f"  hint  {issue.hint}"


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 200 else f"{text[:197]}..."  # noqa: PLR2004 - one line


def _answer_error(
    kind: str,
    message: str,
    hint: str,
    code: Exit,
    issues: tuple[Issue, ...] = (),
) -> None:
    found = {
        "error": {
            "type": kind,
            "message": message,
            "hint": hint,
            "issues": [issue.to_dict() for issue in issues],
        },
        "exit_code": int(code),
    }
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
