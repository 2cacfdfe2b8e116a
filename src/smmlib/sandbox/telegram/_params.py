"""
The parameters of a method, however they came: query, form, multipart or JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.telegram._errors import bad

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest

# Words the form encodings use for yes and no.
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no", ""}


@attrs.frozen
class Params:
    """
    What a client sent: plain values, and uploaded files by part name.
    """

    values: dict[str, Any]
    files: dict[str, tuple[str, bytes]]

    def text(self, name: str) -> str:
        """
        A text; empty when it is missing.
        """
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        """
        A yes or no.
        """
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word not in _TRUE | _FALSE:
            raise bad(f'field "{name}" must be of type Boolean')
        return word in _TRUE

    def whole(self, name: str) -> int:
        """
        A whole number that must be there.
        """
        try:
            return int(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad(f'parameter "{name}" is required and must be Integer') from None

    def data(self, name: str) -> Any:
        """
        An object or a list: native in JSON bodies, JSON text in the other encodings.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None


def params_of(request: WireRequest) -> Params:
    """
    Read a request.
    """
    values: dict[str, Any] = dict(request.args.items())
    if request.mimetype == "application/json":
        try:
            body = json.loads(request.get_data() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise bad("can't parse JSON object")
        values.update(body)
    else:
        values.update(request.form.items())
    files = {}
    for name, part in request.files.items():
        files[name] = (part.filename or name, part.stream.read())
        part.stream.seek(0)
    return Params(values, files)
