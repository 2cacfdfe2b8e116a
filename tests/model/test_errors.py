"""
The tree of errors: complete in its docstring, pickled whole, each with a next step.
"""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime

import attrs
import pytest

import smmlib
from smmlib import errors
from smmlib.errors import (
    ApplyInterruptedError,
    CodecError,
    CurrencyMismatch,
    Issue,
    MissingExtraError,
    MoneyError,
    Outcome,
    PlatformError,
    RateLimitError,
    Retry,
    Severity,
    SmmError,
    StateLockedError,
    ValidationError,
)

_NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
_ISSUE = Issue(
    "campaigns.a",
    "x.y",
    "is wrong",
    value=5,
    limit=4,
    hint="use 4",
    file="p.yaml",
    line=3,
)


def _tree(kind):
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("smmlib."):
            yield from _tree(child)


_KINDS = [k for k in _tree(SmmError) if not k.__name__.startswith("_")]
_each_kind = pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)


def _example(kind):
    """
    An error of the kind with everything it can carry.
    """
    if issubclass(kind, (ValidationError, CodecError, MoneyError)):
        return kind([_ISSUE, attrs.evolve(_ISSUE, path="lines.b")], hint="look")
    if kind is MissingExtraError:
        return kind("reports", "report")
    if issubclass(kind, PlatformError):
        more = {"resume_at": _NOW} if kind is RateLimitError else {}
        return kind(
            "refused",
            platform="meta",
            operation="POST act_1/campaigns",
            outcome=Outcome.UNKNOWN,
            retry=Retry.LATER,
            status=400,
            code=100,
            subcode=1885,
            request_id="A1b2",
            fields=["name"],
            address="campaigns.a",
            hint="shorten the name",
            issues=[_ISSUE],
            **more,
        )
    if kind is StateLockedError:
        return kind("locked", holder="mila@host", since=_NOW, hint="wait")
    if kind is ApplyInterruptedError:
        return kind("stopped", done=["a"], failed=["b"], unknown=["c"], pending=["d"])
    return kind("went wrong", hint="do this", issues=[_ISSUE])


def test_the_docstring_draws_the_whole_tree():
    """
    Every class is drawn, under its parent, and exported; nothing drawn is missing.
    """
    drawn, stack = {}, []
    for row in errors.__doc__.split("```")[1].strip().splitlines():
        indent = len(row) - len(row.lstrip("│├└─ "))
        name = row.lstrip("│├└─ ").split()[0]
        del stack[indent // 3 :]
        drawn[name] = stack[-1] if stack else "Exception"
        stack.append(name)

    assert {kind.__name__ for kind in _KINDS} == set(drawn)
    for kind in _KINDS:
        above = [k.__name__ for k in kind.__mro__[1:] if not k.__name__.startswith("_")]
        assert drawn[kind.__name__] == above[0]
        assert kind.__name__ in errors.__all__
        assert getattr(smmlib, kind.__name__) is kind


@_each_kind
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_cross_processes(kind, protocol):
    """
    Class, text and every attribute survive pickling and copying.
    """
    error = _example(kind)
    for other in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error)):  # noqa: S301 - our own bytes
        assert type(other) is kind
        assert error.args == other.args
        assert vars(error) == vars(other)
        assert str(error) == str(other)


@_each_kind
def test_errors_say_what_and_the_next_step(kind):
    """
    The text holds the message and, on a line of its own, the hint.
    """
    error = _example(kind)

    assert error.message in str(error)
    assert (f"\n  hint: {error.hint}" in str(error)) is bool(error.hint)
    assert all(isinstance(issue, Issue) for issue in error.issues)
    assert kind.__doc__.strip()


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (ValidationError, ValueError),
        (CodecError, ValueError),
        (MoneyError, ValueError),
        (CurrencyMismatch, MoneyError),
        (MissingExtraError, ImportError),
    ],
)
def test_errors_are_what_python_calls_them(kind, builtin):
    """
    Whoever catches Python's own class catches ours.
    """
    assert issubclass(kind, builtin)


def test_notes_do_not_break_pickling():
    """
    What a caller noted on an error stays out of the way.
    """
    error = _example(ValidationError)
    error.add_note("while reading launch.plan.yaml")

    assert str(error) == str(pickle.loads(pickle.dumps(error)))  # noqa: S301 - as above


def test_many_issues_are_counted():
    """
    The text of an error tells the first problem in full and counts the others.
    """
    error = _example(ValidationError)

    assert "p.yaml:3 campaigns.a: is wrong (+1 more problems)" == error.message
    assert ["campaigns.a", 5, 4] == [error.attribute, error.value, error.expected]


def test_a_platform_error_tells_all_it_knows():
    """
    Platform, operation, codes, trace and place in the plan, in one line.
    """
    assert (
        "meta POST act_1/campaigns: refused (code 100/1885, trace A1b2, at "
        "campaigns.a)\n  hint: shorten the name"
    ) == str(_example(PlatformError))


@pytest.mark.parametrize(
    ("name", "retry"),
    [
        ("UnreachableError", "now"),
        ("ServerError", "now"),
        ("RateLimitError", "later"),
        ("ConflictError", "later"),
        ("InvalidRequestError", "never"),
        ("AuthenticationError", "never"),
    ],
)
def test_errors_know_whether_to_try_again(name, retry):
    """
    A retry rule that needs no table: the class knows, and the caller may know better.
    """
    kind = getattr(errors, name)

    assert retry == kind("x").retry
    assert "never" == kind("x", retry=Retry.NEVER).retry
    assert Outcome.NOT_APPLIED is kind("x").outcome


def test_a_missing_extra_names_the_command():
    """
    Whoever misses a part is told what to type.
    """
    error = MissingExtraError("reports", "report")

    assert 'pip install "smmlib[report]"' == error.hint
    assert "report" == error.extra


def test_issues_are_json_ready():
    """
    An issue becomes plain data and one line for people.
    """
    data = attrs.evolve(_ISSUE, value=_NOW, severity="warning").to_dict()

    assert ["warning", "2027-03-01 09:00:00+00:00", 3] == [
        data["severity"],
        data["value"],
        data["line"],
    ]
    assert "error: p.yaml:3 campaigns.a: is wrong [x.y]\n  hint: use 4" == str(_ISSUE)
    assert _ISSUE.is_error
    assert Severity.WARNING == data["severity"]
