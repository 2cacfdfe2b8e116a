"""
Refusals in Meta's shape: code, subcode, blamed parameters, trace id.

Source: Graph API error handling and Marketing API error reference, 2026-09.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

INVALID = 100
NOT_FOUND = 33
NOT_MODELLED = 501


class GraphError(Exception):
    """
    One refusal; the platform turns it into the error envelope.

    Args:
        blame: Names of the parameters at fault, each a path of keys.
        kind: Meta's `type`, e.g. OAuthException.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        title: str = "",
        text: str = "",
        blame: Iterable[str | tuple[str, ...]] = (),
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.title = title
        self.text = text
        self.blame = [[b] if isinstance(b, str) else list(b) for b in blame]
        self.status = status
        self.kind = kind
        self.transient = transient

    def envelope(self, trace: str) -> dict[str, Any]:
        """
        The body of the answer.
        """
        error: dict[str, Any] = {
            "message": self.message,
            "type": self.kind,
            "code": self.code,
        }
        if self.blame:
            error["error_data"] = json.dumps(
                {"blame_field_specs": self.blame}, separators=(",", ":")
            )
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.subcode is not None or self.transient:
            error["is_transient"] = self.transient
        if self.title or self.text:
            error["error_user_title"] = self.title or "Invalid parameter"
            error["error_user_msg"] = self.text
        error["fbtrace_id"] = trace
        return {"error": error}


def invalid(
    blame: str | tuple[str, ...],
    text: str,
    *,
    subcode: int | None = None,
    title: str = "Invalid parameter",
) -> GraphError:
    """
    Code 100: a parameter, or a combination of them, breaks a rule.
    """
    return GraphError(
        INVALID,
        "Invalid parameter",
        subcode=subcode,
        title=title,
        text=text,
        blame=[blame],
    )


def bad_param(name: str, text: str) -> GraphError:
    """
    Code 100: a parameter has the wrong type or an unknown value.
    """
    return GraphError(INVALID, f"(#100) Param {name} {text}", blame=[name])


def missing(name: str) -> GraphError:
    """
    Code 100: a required parameter is absent.
    """
    return GraphError(INVALID, f"(#100) The parameter {name} is required", blame=[name])


def unknown_param(name: str) -> GraphError:
    """
    Code 100: Meta has no such parameter here.
    """
    return GraphError(INVALID, f"(#100) Unrecognized parameter: {name}", blame=[name])


def no_object(node_id: str, verb: str = "get") -> GraphError:
    """
    Code 100/33: the object is missing, invisible, or cannot do this.
    """
    return GraphError(
        INVALID,
        f"Unsupported {verb} request. Object with ID '{node_id}' does not exist, cannot"
        " be loaded due to missing permissions, or does not support this operation",
        subcode=NOT_FOUND,
        kind="GraphMethodException",
    )


def no_alias(name: str) -> GraphError:
    """
    Code 803: a path names nothing at all.
    """
    return GraphError(
        803,
        f"(#803) Some of the aliases you requested do not exist: {name}",
        status=404,
    )


def no_field(name: str, node: str) -> GraphError:
    """
    Code 100: a read asks for a field that the node type does not have.
    """
    return GraphError(
        INVALID,
        f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})",
    )


def not_modelled(what: str) -> GraphError:
    """
    HTTP 501: Meta can do this and the sandbox cannot; it never pretends.
    """
    return GraphError(
        NOT_MODELLED,
        f"The sandbox does not model {what}; it refuses instead of guessing.",
        kind="SandboxNotModelled",
        status=NOT_MODELLED,
    )
