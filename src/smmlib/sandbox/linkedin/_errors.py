"""
How LinkedIn refuses: five shapes of error bodies, each with its status and code.

Source: LinkedIn Marketing API error pages, checked 2026-08; Rest.li framework source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

LEGACY, VALIDATION, GATEWAY, OAUTH = "A", "B", "C", "D"


@attrs.frozen
class Problem:
    """
    One thing wrong with an entity or a parameter.

    Attributes:
        path: Where, with slashes: `dailyBudget/amount`.
    """

    code: str
    path: str
    text: str = ""


@attrs.define
class ApiError(Exception):
    """
    A refusal; *shape* is the letter of its body.
    """

    status: int
    message: str
    code: str = ""
    shape: str = LEGACY
    service: int | None = None
    problems: Sequence[Problem] = ()

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, Any]:
        """
        The JSON of the answer.
        """
        if self.shape == OAUTH:
            return {"error": self.code, "error_description": self.message}
        found: dict[str, Any] = {"message": self.message, "status": self.status}
        if self.service is not None:
            found["serviceErrorCode"] = self.service
        if self.code and self.shape != LEGACY:
            found["code"] = self.code
        if self.problems and self.shape == VALIDATION:
            found["errorDetailType"] = "com.linkedin.common.error.BadRequest"
            found["errorDetails"] = {
                "inputErrors": [_input(one) for one in self.problems],
                "conditionalInputErrors": [],
            }
        return found


def _input(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "description": problem.text or f"{problem.path} is refused",
        "input": {"inputPath": {"fieldPath": problem.path}},
    }


def refused(problems: Sequence[Problem], shape: str) -> ApiError:
    """
    A business refusal of one or several fields.
    """
    first = problems[0]
    code = first.code if len(problems) == 1 else "MULTIPLE_VALIDATIONS_FAILED"
    text = "; ".join(one.text or f"{one.path}: {one.code}" for one in problems)
    return ApiError(_status(code), text, code, shape, problems=tuple(problems))


def _status(code: str) -> int:
    if code.startswith("NO_PERMISSION"):
        return 403
    return 400


def bad_schema(path: str, reason: str) -> ApiError:
    """
    A record that does not fit its schema.
    """
    return ApiError(422, f"ERROR :: /{path} :: {reason}")


def bad_param(name: str, text: str, code: str = "PARAM_INVALID") -> ApiError:
    """
    A query parameter that cannot be read; the top-level code is missing here.
    """
    problem = Problem(code, name, text)
    message = f"Invalid param. Please see errorDetails for more information: {text}"
    return ApiError(400, message, shape=VALIDATION, problems=(problem,))


def not_found(what: str) -> ApiError:
    """
    No such path or entity.
    """
    return ApiError(404, f"{what} does not exist", "RESOURCE_NOT_FOUND", GATEWAY)


def forbidden(text: str) -> ApiError:
    """
    Scope, role or product missing.
    """
    return ApiError(403, text, "ACCESS_DENIED", GATEWAY, service=100)


def routing(text: str) -> ApiError:
    """
    A path and method that do not belong together.
    """
    return ApiError(400, text, "ILLEGAL_ARGUMENT", GATEWAY)


def not_modelled(what: str) -> ApiError:
    """
    Something LinkedIn knows and the sandbox does not.
    """
    text = f"The sandbox does not model {what}."
    return ApiError(501, text, "NOT_IMPLEMENTED", GATEWAY)
