"""
A report that is served, and made anew every day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._extras import extra
from smmlib.errors import SmmError
from smmlib.model._flight import zone_of
from smmlib.report._excel_report import report_workbook
from smmlib.report._report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
)
_HTML = "text/html; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELOAD_S = 3600
_Page = tuple[str, bytes]


def _html(report: Report) -> bytes:
    return report.html().encode()


def _json(report: Report) -> bytes:
    import json

    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2).encode()


_PAGES: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "/": (_HTML, _html),
    "/summary": (_HTML, lambda report: _html(report.summary_sheet())),
    "/report.json": ("application/json; charset=utf-8", _json),
    "/report.xlsx": (_XLSX, lambda report: report_workbook(report.view)),
}


@attrs.define
class Dashboard:
    """
    A report behind a small web server: page, summary sheet, workbook and JSON.

    The report is made when the first page is asked for, and again on each new day.
    When that fails, yesterday's is shown, and the reason is told.

    Attributes:
        make: Reads the numbers and makes the report.
        now: The present.
        zone: Zone whose midnight begins a new day.
        tell: Where failures are told.
        hosts: Names it answers to; any when empty. Other names are refused, so that
            no web page can read it through a browser that stands nearby.
    """

    make: Callable[[], Report]
    now: Callable[[], datetime]
    zone: str = "UTC"
    tell: Callable[[str], object] = attrs.field(default=print, kw_only=True)
    hosts: frozenset[str] = attrs.field(default=_LOOPBACK, kw_only=True)
    _lock: Lock = attrs.field(factory=Lock, init=False, repr=False)
    _report: Report | None = attrs.field(default=None, init=False, repr=False)
    _made: date | None = attrs.field(default=None, init=False)
    _pages: dict[str, _Page] = attrs.field(factory=dict, init=False, repr=False)

    def page(self, path: str) -> _Page | None:
        """
        Kind and bytes of a page as of today, or None where there is none.

        Raises:
            SmmError: The report cannot be made, and there is no older one.
        """
        if path not in _PAGES:
            return None
        with self._lock:
            report = self._fresh()
            if path not in self._pages:
                kind, write = _PAGES[path]
                self._pages[path] = (kind, write(report))
            return self._pages[path]

    def _fresh(self) -> Report:
        """
        Today's report; yesterday's where today's cannot be made.
        """
        today = self.now().astimezone(zone_of(self.zone)).date()
        if self._report is not None and self._made == today:
            return self._report
        try:
            self._report = self.make()
        except SmmError as error:
            self.tell(f"{today}: the report could not be made: {error}")
            if self._report is None:
                raise
            return self._report
        self._made = today
        self._pages.clear()
        return self._report

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """
        The dashboard as a WSGI application, for a server of your own.
        """
        status, kind, body = self._answer(environ)
        headers = [
            *_HEADERS,
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Refresh", str(_RELOAD_S)),
        ]
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, str, bytes]:
        text = "text/plain; charset=utf-8"
        name = environ.get("HTTP_HOST", "").rsplit(":", 1)
        host = name[0] if len(name) == 1 or name[1].isdigit() else ":".join(name)
        if self.hosts and host not in self.hosts:
            return "403 Forbidden", text, b"this dashboard answers to other names only"
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return "405 Method Not Allowed", text, b"there is nothing to change here"
        try:
            found = self.page(environ.get("PATH_INFO", "") or "/")
        except SmmError as error:
            return "503 Service Unavailable", text, str(error).encode()
        if found is None:
            pages = ", ".join(_PAGES)
            return "404 Not Found", text, f"there is no such page; try {pages}".encode()
        return "200 OK", *found

    def listen(self, host: str = "127.0.0.1", port: int = 0) -> Any:
        """
        A server that is ready to `serve_forever()`; its port is `server_port`.

        Args:
            host: Where to listen; others than this computer only where somebody else
                guards the door: there is no password.
            port: 0 takes a free one.

        Raises:
            MissingExtraError: The `sandbox` extra is not installed.
        """
        serving = extra("werkzeug.serving", "the dashboard", "sandbox")

        class Quiet(serving.WSGIRequestHandler):  # type: ignore[misc, name-defined] # an extra has no type here
            """
            Serves without a line per request.
            """

            def log_request(self, *args: object) -> None:
                """
                Say nothing.
                """

        return serving.make_server(
            host, port, self, threaded=True, request_handler=Quiet
        )
