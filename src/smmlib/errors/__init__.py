"""
Everything that can go wrong, as one tree, and `Issue`: one problem as data.

```
SmmError                        .message .hint .issues
├─ ValidationError              a value or a plan breaks a rule         (ValueError)
├─ CodecError                   a file cannot be read as a plan         (ValueError)
├─ MoneyError                   an amount that cannot be money          (ValueError)
│  └─ CurrencyMismatch          two currencies in one sum
├─ ConfigurationError           the set-up around the plan is wrong
│  ├─ UnknownPlatformError      no adapter answers to this name
│  ├─ MissingCredentialsError   a token or account is not configured
│  └─ MissingExtraError         an optional package is not installed    (ImportError)
├─ PlatformError                .platform .operation .outcome .retry .status .code ...
│  ├─ UnreachableError          no connection
│  │  └─ PlatformTimeoutError   no answer in time
│  ├─ AuthenticationError       the token is refused
│  ├─ PermissionDeniedError     the token may not do this
│  ├─ NotFoundError             the object is not there (for us)
│  ├─ ConflictError             the object changed or is busy
│  ├─ InvalidRequestError       the platform refuses a value
│  ├─ PolicyRejectedError       the platform's advertising policy says no
│  ├─ RateLimitError            too many calls; .resume_at says when
│  ├─ ServerError               the platform failed
│  ├─ UnexpectedResponseError   the answer has not the documented shape
│  ├─ VersionSunsetError        the API version is switched off
│  └─ UnsupportedError          the platform cannot do what is asked
├─ DeployError
│  ├─ StateLockedError          somebody else is applying right now
│  ├─ StateCorruptError         the state store cannot be trusted
│  ├─ StaleChangesError         the world moved since the change set was made
│  ├─ SpendGuardError           not approved, or above a cap
│  ├─ OutcomeUnknownError       a write was sent and nobody knows its fate
│  └─ ApplyInterruptedError     stopped half-way; applying again goes on
└─ SandboxError                 the embedded platform does not model this
```

Every error says what happened, to which thing, the value, the limit, and in `hint` one
next step. All of them can be pickled, and none of them ever holds a token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from smmlib.errors._issue import Issue, Outcome, Retry, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "ApplyInterruptedError",
    "AuthenticationError",
    "CodecError",
    "ConfigurationError",
    "ConflictError",
    "CurrencyMismatch",
    "DeployError",
    "InvalidRequestError",
    "Issue",
    "MissingCredentialsError",
    "MissingExtraError",
    "MoneyError",
    "NotFoundError",
    "Outcome",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "PlatformError",
    "PlatformTimeoutError",
    "PolicyRejectedError",
    "RateLimitError",
    "Retry",
    "SandboxError",
    "ServerError",
    "Severity",
    "SmmError",
    "SpendGuardError",
    "StaleChangesError",
    "StateCorruptError",
    "StateLockedError",
    "UnexpectedResponseError",
    "UnknownPlatformError",
    "UnreachableError",
    "UnsupportedError",
    "ValidationError",
    "VersionSunsetError",
]


class SmmError(Exception):
    """
    Root of everything smmlib raises on purpose: catch this to catch all of it.

    Attributes:
        message: What happened, to which thing, value and limit.
        hint: One next step, or an empty string.
        issues: The single problems behind the error; empty where there is just one.
    """

    def __init__(
        self, message: str, *, hint: str = "", issues: Iterable[Issue] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.issues: tuple[Issue, ...] = tuple(issues)

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """
        Pickle by state, so that subclasses may have any signature.
        """
        state = dict(self.__dict__)
        state.pop("__notes__", None)
        return _rebuild, (type(self), self.args, state)


def _rebuild(
    kind: type[SmmError], args: tuple[Any, ...], state: dict[str, Any]
) -> SmmError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


def _summary(issues: tuple[Issue, ...], what: str) -> str:
    """
    One text for many issues: the first in full, the others counted.
    """
    first = issues[0]
    text = f"{first.where}: {first.message}" if first.where else first.message
    more = len(issues) - 1
    return f"{text} (+{more} more {what})" if more else text


class _IssuesError(SmmError, ValueError):
    """
    An error that is nothing but its issues.
    """

    def __init__(
        self,
        issues: Iterable[Issue] | str,
        *,
        hint: str = "",
        message: str = "",
    ) -> None:
        found = (
            (Issue("", "invalid", issues, hint=hint),)
            if isinstance(issues, str)
            else tuple(issues)
        )
        if not found:
            text = f"{type(self).__name__} needs at least one issue"
            raise TypeError(text)
        super().__init__(
            message or _summary(found, "problems"),
            hint=hint or found[0].hint,
            issues=found,
        )

    @property
    def attribute(self) -> str:
        """
        The attribute or path of the first problem.
        """
        return self.issues[0].path

    @property
    def value(self) -> Any:
        """
        The value that was refused.
        """
        return self.issues[0].value

    @property
    def expected(self) -> Any:
        """
        What would have been accepted.
        """
        return self.issues[0].limit


class ValidationError(_IssuesError):
    """
    A value, or a whole plan, breaks rules: `.issues` lists every one of them.
    """


class CodecError(_IssuesError):
    """
    A file cannot be read: every problem with path, line and column in `.issues`.
    """


class MoneyError(_IssuesError):
    """
    An amount that can never be money: not a number, too precise, unknown currency.
    """


class CurrencyMismatch(MoneyError):
    """
    Two currencies met in one sum or comparison; convert with a dated rate first.
    """


class ConfigurationError(SmmError):
    """
    The set-up around the plan is wrong: accounts, environment, arguments.
    """


class UnknownPlatformError(ConfigurationError):
    """
    No adapter answers to this platform name.
    """


class MissingCredentialsError(ConfigurationError):
    """
    A token or an account id is not configured; the message names where it is sought.
    """


class MissingExtraError(ConfigurationError, ImportError):
    """
    An optional package is missing; the hint is the command that installs it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the optional part '{extra}' of smmlib",
            hint=f'pip install "smmlib[{extra}]"',
        )
        self.extra = extra


class PlatformError(SmmError):
    """
    An ad platform refused, failed or was not reached.

    Attributes:
        platform: `meta`, `linkedin`, ...
        operation: What we asked for, e.g. `POST act_1/campaigns`; never with secrets.
        outcome: What is known about a write: not applied, applied, unknown.
        retry: Whether the same call may be repeated: never, now, later.
        status: HTTP status, if there was an answer.
        code: The platform's error code.
        subcode: The platform's finer code.
        request_id: The platform's own trace id, for their support.
        fields: Parameters the platform blames.
        address: Path of the plan line that caused the call, if known.
    """

    default_retry: ClassVar[Retry] = Retry.NEVER

    def __init__(
        self,
        message: str,
        *,
        platform: str = "",
        operation: str = "",
        outcome: Outcome = Outcome.NOT_APPLIED,
        retry: Retry | None = None,
        status: int | None = None,
        code: int | str | None = None,
        subcode: int | str | None = None,
        request_id: str = "",
        fields: Iterable[str] = (),
        address: str = "",
        hint: str = "",
        issues: Iterable[Issue] = (),
    ) -> None:
        super().__init__(message, hint=hint, issues=issues)
        self.platform = platform
        self.operation = operation
        self.outcome = outcome
        self.retry: Retry = self.default_retry if retry is None else retry
        self.status = status
        self.code = code
        self.subcode = subcode
        self.request_id = request_id
        self.fields: tuple[str, ...] = tuple(fields)
        self.address = address

    def __str__(self) -> str:
        head = " ".join(p for p in (self.platform, self.operation) if p)
        text = f"{head}: {self.message}" if head else self.message
        codes = "/".join(str(c) for c in (self.code, self.subcode) if c is not None)
        tail = [f"code {codes}"] if codes else []
        tail += [f"trace {self.request_id}"] if self.request_id else []
        tail += [f"at {self.address}"] if self.address else []
        text = f"{text} ({', '.join(tail)})" if tail else text
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class UnreachableError(PlatformError):
    """
    No connection to the platform: nothing was sent.
    """

    default_retry: ClassVar[Retry] = Retry.NOW


class PlatformTimeoutError(UnreachableError):
    """
    No answer in time: a write may or may not have happened.
    """


class AuthenticationError(PlatformError):
    """
    The token is refused, expired or revoked.
    """


class PermissionDeniedError(PlatformError):
    """
    The token is good, but may not do this.
    """


class NotFoundError(PlatformError):
    """
    The object does not exist, or not for this token.
    """


class ConflictError(PlatformError):
    """
    The object is busy or changed in between.
    """

    default_retry: ClassVar[Retry] = Retry.LATER


class InvalidRequestError(PlatformError):
    """
    The platform refuses a value; `.fields` names the parameters.
    """


class PolicyRejectedError(PlatformError):
    """
    The platform's advertising policy refuses this.
    """


class RateLimitError(PlatformError):
    """
    Too many calls.

    Attributes:
        resume_at: When calls are allowed again, if the platform says so.
    """

    default_retry: ClassVar[Retry] = Retry.LATER

    def __init__(
        self, message: str, *, resume_at: datetime | None = None, **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.resume_at = resume_at


class ServerError(PlatformError):
    """
    The platform failed while it handled the call.
    """

    default_retry: ClassVar[Retry] = Retry.NOW


class UnexpectedResponseError(PlatformError):
    """
    The answer has not the documented shape.
    """


class VersionSunsetError(PlatformError):
    """
    The API version is switched off; the hint names the setting to change.
    """


class UnsupportedError(PlatformError):
    """
    The platform cannot do this; the hint says what it offers instead.
    """


class DeployError(SmmError):
    """
    Setting up or changing campaigns went wrong.
    """


class StateLockedError(DeployError):
    """
    Somebody else is applying to this project right now.

    Attributes:
        holder: Who holds the lock (user, host, process, command).
        since: Since when.
    """

    def __init__(
        self,
        message: str,
        *,
        holder: str = "",
        since: datetime | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.holder = holder
        self.since = since


class StateCorruptError(DeployError):
    """
    The state store is damaged, of a newer format, or not ours.
    """


class StaleChangesError(DeployError):
    """
    Plan, account or platform moved since the change set was made: plan again.
    """


class SpendGuardError(DeployError):
    """
    Spending was not approved, or would pass a cap.
    """


class OutcomeUnknownError(DeployError):
    """
    A write was sent and its fate could not be settled: apply again later.
    """


class ApplyInterruptedError(DeployError):
    """
    Applying stopped half-way; everything made so far is paused and recorded.

    Attributes:
        done: Addresses that were applied.
        failed: Addresses the platform refused.
        unknown: Addresses whose outcome is open.
        pending: Addresses that were not sent.
    """

    def __init__(
        self,
        message: str,
        *,
        done: Iterable[str] = (),
        failed: Iterable[str] = (),
        unknown: Iterable[str] = (),
        pending: Iterable[str] = (),
        hint: str = "",
        issues: Iterable[Issue] = (),
    ) -> None:
        super().__init__(message, hint=hint, issues=issues)
        self.done: tuple[str, ...] = tuple(done)
        self.failed: tuple[str, ...] = tuple(failed)
        self.unknown: tuple[str, ...] = tuple(unknown)
        self.pending: tuple[str, ...] = tuple(pending)


class SandboxError(SmmError):
    """
    The embedded platform was asked for something it does not model, or set up wrongly.
    """
