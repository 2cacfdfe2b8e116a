from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from werkzeug.test import Client

import smmlib as smm
from _cli import copy_example
from _launch import launch_facts, launch_plan
from smmlib.cli._kept import facts_file, keep_facts
from smmlib.cli._setup import Setup
from smmlib.report import Dashboard, report

_NOON = datetime(2027, 3, 15, 12, tzinfo=UTC)


class _Desk:
    """
    A dashboard with a clock to turn and a report that may fail.
    """

    def __init__(self):
        self.now = _NOON
        self.count = 0
        self.fails = False
        self.told = []
        self.report = report(launch_plan(), launch_facts(days=3))

    def make(self):
        if self.fails:
            message = "the platform does not answer"
            raise smm.ConfigurationError(message, hint="wait")
        self.count += 1
        return self.report

    def board(self, **options):
        return Dashboard(
            self.make,
            lambda: self.now,
            "Europe/Berlin",
            tell=self.told.append,
            **options,
        )


@pytest.fixture
def desk():
    """
    A dashboard at noon.
    """
    return _Desk()


def test_pages_are_the_report(desk):
    """
    The page, the summary sheet, the JSON and the workbook show one report.
    """
    client = Client(desk.board())

    assert desk.report.html() == client.get("/").text
    assert desk.report.summary_sheet().html() == client.get("/summary").text
    assert desk.report.to_dict() == client.get("/report.json").json
    assert client.get("/report.xlsx").data.startswith(b"PK")
    assert 1 == desk.count
    assert "no-store" == client.get("/").headers["Cache-Control"]


def test_it_is_made_anew_each_day(desk):
    """
    Midnight of the plan's zone begins a new day; before it nothing is read again.
    """
    client = Client(desk.board())
    client.get("/")

    desk.now = _NOON + timedelta(hours=10, minutes=59)  # 23:59 in Berlin
    client.get("/")
    assert 1 == desk.count

    desk.now += timedelta(minutes=2)
    client.get("/")
    assert 2 == desk.count


def test_yesterdays_page_is_better_than_none(desk):
    """
    When numbers cannot be read the last page stays, and the reason is told.
    """
    client = Client(desk.board())
    before = client.get("/").text
    desk.fails = True
    desk.now += timedelta(days=1)

    assert before == client.get("/").text
    assert "does not answer" in desk.told[0]


def test_without_any_report_it_says_why(desk):
    """
    A first report that cannot be made is an answer with its reason, not a crash.
    """
    desk.fails = True

    answer = Client(desk.board()).get("/")

    assert 503 == answer.status_code
    assert "does not answer" in answer.text


def test_it_only_shows(desk):
    """
    Nothing can be changed, other pages are not there, other names are refused.
    """
    client = Client(desk.board())

    assert 405 == client.post("/").status_code
    assert 404 == client.get("/../etc/passwd").status_code
    assert 403 == client.get("/", headers={"Host": "evil.example"}).status_code
    assert 200 == client.get("/", headers={"Host": "127.0.0.1:8765"}).status_code
    assert b"" == client.head("/").data


def test_it_is_served_on_this_computer(desk):
    """
    A browser on this computer gets the page from a port of its own.
    """
    with desk.board().listen() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        answer = httpx.get(f"http://127.0.0.1:{server.server_port}/summary")
        server.shutdown()
        thread.join(5)

    assert 200 == answer.status_code
    assert "127.0.0.1" == server.host


def test_the_command_serves_kept_numbers(tmp_path):
    """
    `smm dashboard` says where to look, and shows what `smm pull` kept.
    """
    plan = copy_example(tmp_path)
    setup = Setup(state_dir=tmp_path / ".smm")
    keep_facts(facts_file(setup, str(plan), smm.load(plan)), launch_facts(days=3))
    command = [sys.executable, "-m", "smmlib", "dashboard", str(plan), "--no-pull"]
    command += ["--port", "0", "--json", "--state-dir", str(tmp_path / ".smm")]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            text = "".join(process.stdout.readline() for _ in range(3))
            url = json.loads(text)["url"]
            answer = httpx.get(f"{url}report.json", timeout=30)
        finally:
            process.terminate()

    assert url.startswith("http://127.0.0.1:")
    assert "Alpenkaffee spring launch" == answer.json()["title"]
