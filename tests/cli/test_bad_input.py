"""
Bad input: refused with path, value, limit and hint, exit code 2, and nothing sent.
"""

from __future__ import annotations

import pytest

from _cli import copy_example, edited, run, run_json

_COST = "cost: 8000 EUR"
_LINKEDIN = "lines.linkedin-office.cost"
_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdef", "bcdefg", strict=True)
)

# What is changed in the example plan, and the problem that must be named.
_EDITS = {
    "unknown field": (
        ("    buy: cpm\n    cost: 12000", "    buyy: cpm\n    cost: 12000"),
        ("key.unknown", "lines.meta-leads.buyy", "buyy"),
    ),
    "wrong enum": (
        ("status: in_review\nzone", "status: in_reviw\nzone"),
        ("enum.unknown", "status", "in_reviw"),
    ),
    "unknown objective": (
        ("  objective: leads\n  brand", "  objective: leeds\n  brand"),
        ("objective.unknown", "strategy.objective", "leeds"),
    ),
    "481 characters": (
        (
            "text: Light, medium, dark, espresso. Which one are you?",
            f"text: {'a' * 481}",
        ),
        ("text.too_long", "creatives.four-roasts.text", 481),
    ),
    "negative money": (
        (_COST, "cost: -8000 EUR"),
        ("money.not_positive", _LINKEDIN, "-8000.00 EUR"),
    ),
    "no money at all": (
        (_COST, "cost: 0 EUR"),
        ("money.not_positive", _LINKEDIN, "0.00 EUR"),
    ),
    "NaN": ((_COST, "cost: NaN EUR"), ("money.invalid", _LINKEDIN, "NaN")),
    "three decimals": (
        (_COST, "cost: 8000.001 EUR"),
        ("money.invalid", _LINKEDIN, "8000.001"),
    ),
    "a sum of floats": (
        (_COST, f"cost: {0.1 + 0.2} EUR"),
        ("money.invalid", _LINKEDIN, "0.30000000000000004"),
    ),
    "a sum as text": (
        (_COST, "cost: 0.1+0.2"),
        ("money.invalid", _LINKEDIN, "0.1+0.2"),
    ),
    "currency ZZZ": ((_COST, "cost: 8000 ZZZ"), ("money.currency", _LINKEDIN, "ZZZ")),
    "country ZZ": (
        ("places: [DE]", "places: [ZZ]"),
        ("place.country", "audiences.office.places[0]", "ZZ"),
    ),
    "age 60..20": (
        ("age: 25-44", "age: 60..20"),
        ("age.order", "audiences.baristas.age", "60..20"),
    ),
    "network Telegrom": (
        ("networks: [linkedin]", "networks: [Telegrom]"),
        ("enum.unknown", "lines.linkedin-office.networks[0]", "Telegrom"),
    ),
    "javascript link": (
        ("link: https://alpenkaffee.example/roasts", "link: javascript:alert(1)"),
        ("link.refused", "creatives.four-roasts.link", "javascript:alert(1)"),
    ),
    "end before start": (
        ("flight: 2027-03-01..2027-04-11", "flight: 2027-04-11..2027-03-01"),
        ("flight.end_before_start", "flight", "2027-03-01"),
    ),
    "line outside the plan": (
        ("flight: 2027-03-01..2027-03-14", "flight: 2027-03-01..2027-05-14"),
        ("line.outside_flight", "lines.x-teaser.flight", "2027-03-01..2027-05-14"),
    ),
    "lines over the budget": (
        (_COST, "cost: 80000 EUR"),
        ("budget.lines_over", "lines", "100500.00 EUR"),
    ),
    "budget on both levels": (
        (
            "audience: visitors\n",
            "audience: visitors\n        budget: {lifetime: 100 EUR}\n",
        ),
        (
            "meta.budget_levels",
            "campaigns.leads.ad_sets.visitors.budget",
            "100.00 EUR lifetime",
        ),
    ),
    "an hour that does not exist": (
        ("at: 2027-03-10 12:30", "at: 2027-03-28 02:30"),
        ("time.gap", "posts.team.at", "2027-03-28 02:30"),
    ),
    "a YAML tag": (
        (_COST, "cost: !!python/object/apply:os.system [exit]"),
        ("yaml.tag", _LINKEDIN, "tag:yaml.org,2002:python/object/apply:os.system"),
    ),
    "a key twice": (
        ("  bloggers: ", "  x-teaser: {networks: [x]}\n  bloggers: "),
        ("key.duplicate", "lines.x-teaser", "x-teaser"),
    ),
}

# Whole files, by name.
_FILES = {
    "an anchor bomb": ("bomb.yaml", _BOMB.encode(), "yaml.bomb"),
    "10,000 deep JSON": ("deep.json", b"[" * 10_000 + b"]" * 10_000, "file.too_deep"),
    "10,000 deep YAML": ("deep.yaml", b"[" * 10_000, "file.too_deep"),
    "invalid UTF-8": ("bytes.yaml", b"name: caf\xe9\n", "file.encoding"),
    "no plan at all": ("empty.yaml", b"", "file.empty"),
    "another format": ("plan.docx", b"PK", "file.format"),
}


@pytest.fixture
def sent(monkeypatch):
    """
    The request logs of every sandbox that was opened.
    """
    from smmlib import workspace

    logs = []
    connect = workspace.connect

    def watched(*args, **options):
        work = connect(*args, **options)
        logs.append(work.sandbox.log)
        return work

    monkeypatch.setattr(workspace, "connect", watched)
    return lambda: [entry for log in logs for entry in log]


def _refused(path, sent):
    """
    The issues each command that could send something stops with.
    """
    found = []
    for command in (("apply",), ("activate", "--approve", "25500.00 EUR"), ("plan",)):
        answer = run_json(command[0], path, *command[1:], code=2)
        found.append(answer["error"]["issues"])
    assert [] == sent()
    assert found[0] == found[1] == found[2]
    return found[0]


@pytest.mark.parametrize(("change", "problem"), _EDITS.values(), ids=_EDITS)
def test_a_plan_with_a_mistake_is_refused_and_nothing_is_sent(
    tmp_path, sent, change, problem
):
    """
    The problem has its code, path, line, value, limit and next step, in text and JSON.
    """
    path = edited(copy_example(tmp_path), change)
    code, where, value = problem

    issues = _refused(path, sent)

    issue = next(i for i in issues if i["code"] == code)
    assert (where, value) == (issue["path"], issue["value"])
    assert issue["limit"] not in (None, "")
    assert issue["hint"]
    assert issue["line"] > 1
    assert path.name in issue["file"]
    shown = run("apply", path, code=2).stderr
    assert f"{path}:{issue['line']}:" in shown
    assert where in shown
    assert issue["hint"] in shown


@pytest.mark.parametrize(("name", "content", "code"), _FILES.values(), ids=_FILES)
def test_a_file_that_is_no_plan_is_refused_and_nothing_is_sent(
    tmp_path, sent, name, content, code
):
    """
    The file is named with what is wrong and the next step.
    """
    path = tmp_path / name
    path.write_bytes(content)

    (issue,) = _refused(path, sent)

    assert code == issue["code"]
    assert issue["hint"]
    assert str(path) == issue["file"]


def test_a_folder_or_nothing_instead_of_a_file_is_refused(tmp_path, sent):
    """
    A folder, a folder named like a plan, and a name that is nearly right.
    """
    plan = copy_example(tmp_path)
    named = tmp_path / "folder.yaml"
    named.mkdir()

    (folder,) = _refused(tmp_path, sent)
    (other,) = _refused(named, sent)
    (missing,) = _refused(tmp_path / "lunch.plan.yaml", sent)

    assert "file.directory" == folder["code"] == other["code"]
    assert "launch.plan.yaml" in folder["hint"]
    assert "file.missing" == missing["code"]
    assert str(plan) in missing["hint"]


def test_all_mistakes_are_shown_at_once(tmp_path):
    """
    Problems of the file and of the plan appear together, each with its place.
    """
    path = edited(
        copy_example(tmp_path),
        _EDITS["unknown field"][0],
        _EDITS["country ZZ"][0],
        _EDITS["line outside the plan"][0],
    )

    codes = {i["code"] for i in run_json("check", path, code=2)["issues"]}

    assert {"key.unknown", "place.country", "line.outside_flight"} <= codes
