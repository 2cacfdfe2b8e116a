"""
The demo's chapters: one launch, from the first check to the client's report.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import timedelta
from importlib.resources import as_file, files
from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics import roi, track
from smmlib.cli._crash import tell_crash
from smmlib.cli._facts import summary
from smmlib.cli._findings import counted, in_order, show_findings
from smmlib.cli._launch_posts import (
    shop_records,
    tell_boost,
    tell_followers,
    tell_posts,
)
from smmlib.cli._progress import progress_bar
from smmlib.cli._tables import returns_rows, show_returns, show_tracking, tracking_rows
from smmlib.cli._text import as_data, number, plural
from smmlib.codec import load
from smmlib.errors import SpendGuardError
from smmlib.planning import split
from smmlib.report import report as plan_report
from smmlib.workspace import Workspace, check, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.analytics import Facts
    from smmlib.cli._story import Story
    from smmlib.deploy import ChangeSet, Progress
    from smmlib.model import MediaPlan

PLAN = "launch.plan.yaml"
# Not `.smm`: a folder the demo may delete must never be a project's own.
_STATE = ".demo-state"
_EDITED = "campaigns.leads"
_SHOWN = {"meta": "Meta", "linkedin": "LinkedIn", "x": "X"}


@attrs.define
class Launch:
    """
    Where the demo stands.

    Attributes:
        story: Who tells it.
        seed: Which world.
        out: Folder for what it leaves.
        plan: The plan it launches.
        wire: Every request so far, as lines for the log.
    """

    story: Story
    seed: int
    out: Path
    plan: MediaPlan
    wire: list[str] = attrs.field(factory=list)

    @property
    def state_dir(self) -> Path:
        """
        Where state and world are kept.
        """
        return self.out / _STATE

    @contextmanager
    def session(self) -> Iterator[Workspace]:
        """
        One opening of the workspace, as a new run of `smm` would do it.
        """
        with connect(
            "sandbox",
            seed=self.seed,
            root=self.out,
            state_dir=self.state_dir,
            http=True,
        ) as work:
            yield work
            self.wire += [wire_line(entry) for entry in requests(work)]


def tell_launch(story: Story, *, seed: int, out: Path, days: int) -> None:
    """
    Tell the whole story and leave its files in a folder.
    """
    launch = Launch(story, seed, out, prepare(out))
    story.figures |= {"seed": seed, "days": days, "plan": launch.plan.name}
    story.say(
        f"{launch.plan.name}: a launch on an embedded Meta, LinkedIn, X and Telegram, "
        f"seed {seed}.",
        "bold",
    )
    tell_check(launch)
    tell_money(launch)
    with launch.session() as work:
        changes = tell_changes(launch, work)
        tell_crash(
            story,
            work,
            changes,
            launch.plan,
            plan_file=launch.out / PLAN,
            state=launch.state_dir / "sandbox.db",
        )
        tell_setting_up(launch, work, changes)
        tell_second_apply(launch, work)
    tell_lost_state(launch)
    with launch.session() as work:
        tell_adoption(launch, work)
        tell_drift(launch, work)
        tell_start(launch, work)
        tell_posts(launch, work)
        tell_boost(launch, work)
        facts = tell_days(launch, work, days)
        events = list(work.log(launch.plan))
    tell_results(launch, facts)
    tell_files(launch, facts, events)


def prepare(out: Path) -> MediaPlan:
    """
    A folder with the plan and its pictures, and nothing of an earlier demo.
    """
    shutil.rmtree(out / _STATE, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    with example() as folder:
        shutil.copyfile(folder / PLAN, out / PLAN)
        shutil.copytree(folder / "img", out / "img", dirs_exist_ok=True)
    return load(out / PLAN)


@contextmanager
def example() -> Iterator[Path]:
    """
    The folder of the example plan: inside the package, or beside its source.
    """
    packed = files("smmlib.cli").joinpath("example")
    if packed.is_dir():
        with as_file(packed) as folder:
            yield folder
        return
    yield Path(__file__).parents[3] / "examples"


def requests(work: Workspace) -> list[Any]:
    """
    Every request the platform has seen in this session.
    """
    return list(work.sandbox.log) if work.sandbox else []


def silent(_progress: Progress) -> None:
    """
    Draw nothing: the story tells what happened.
    """


def wire_line(entry: Any) -> str:
    """
    One request as a line of the log.
    """
    return f"{entry.at}  {entry.method} {entry.path}  {entry.status}"


# -- chapters --------------------------------------------------------------------------


def tell_check(launch: Launch) -> None:
    """
    What is wrong with the plan.
    """
    story = launch.story
    story.chapter("Check the plan")
    issues = in_order(check(launch.out / PLAN))
    story.show(lambda: show_findings(issues))
    story.good("Nothing stops the launch: every network of the plan is at hand.")
    story.figures["issues"] = {"summary": counted(issues), "count": len(issues)}


def tell_money(launch: Launch) -> None:
    """
    Where the budget goes.
    """
    found = split(launch.plan)
    launch.story.chapter("Split the budget, to the cent")
    launch.story.say(str(found))
    launch.story.figures["split"] = {k: str(v) for k, v in found.amounts.items()}


def tell_changes(launch: Launch, work: Workspace) -> ChangeSet:
    """
    What an apply would do.
    """
    story = launch.story
    story.chapter("Plan: what would be set up (only reads)")
    changes = work.plan(launch.plan)
    story.say(str(changes))
    text = dumps(changes.to_dict(), ensure_ascii=False, indent=2)
    launch.out.joinpath("changes.json").write_text(text, encoding="utf-8")
    story.figures["changes"] = {
        "summary": changes.summary(),
        "writes": changes.writes,
        "exposure": str(changes.total),
    }
    return changes


def tell_setting_up(launch: Launch, work: Workspace, changes: ChangeSet) -> None:
    """
    Apply it.
    """
    story = launch.story
    story.chapter("Apply: set it up, everything paused, from where it stopped")
    with progress_bar("Setting up", shown=not story.quiet) as progress:
        done = work.apply(changes, progress=progress)
    story.good(
        f"{plural(changes.writes, 'object')} made on {platforms(work)}, all paused: no "
        "money flows."
    )
    story.say(f"  {done.writes} of them now; what was lost with its answer is found.")
    story.figures["applied"] = changes.writes


def platforms(work: Workspace) -> str:
    """
    The platforms a plan is set up on, as people list them.
    """
    *first, last = (_SHOWN.get(name, name) for name in work.platforms)
    return f"{', '.join(first)} and {last}" if first else last


def tell_second_apply(launch: Launch, work: Workspace) -> None:
    """
    Apply it again: nothing is bought twice.
    """
    story = launch.story
    story.chapter("Apply again: nothing is bought twice")
    before = len(requests(work))
    done = work.apply(work.plan(launch.plan), progress=silent)
    asked = [call for entry in requests(work)[before:] for call in calls(entry)]
    reads = [call for call in asked if call.startswith("GET ")]
    story.good(f"{plural(done.writes, 'change')}.")
    story.say(
        f"  It did not trust its memory: {len(reads)} reads and "
        f"{len(asked) - len(reads)} writes reached the platforms, among them"
    )
    for name in work.platforms:
        one = next((call for call in sorted(reads) if f" /{name}/" in call), "")
        story.say(f"    {one}", "dim")
    story.figures["second_apply"] = {
        "changes": done.writes,
        "reads": len(reads),
        "writes": len(asked) - len(reads),
    }


def calls(entry: Any) -> list[str]:
    """
    What one request asked for: itself, or all that a batch of Meta's carries.
    """
    batch = entry.form.get("batch")
    if not batch:
        return [f"{entry.method} {entry.path}"]
    inner = [(one["method"], one["relative_url"]) for one in loads(batch)]
    return [f"{method} {entry.path}{url.partition('?')[0]}" for method, url in inner]


def tell_lost_state(launch: Launch) -> None:
    """
    The state file is lost.
    """
    launch.story.chapter("Lose the state file: it is found again")
    for path in launch.state_dir.glob("sandbox.db*"):
        path.unlink()
    launch.story.say(f"Deleted {launch.state_dir / 'sandbox.db'}.")


def tell_adoption(launch: Launch, work: Workspace) -> None:
    """
    Everything is recognised by the marker inside it.
    """
    story = launch.story
    changes = work.plan(launch.plan)
    done = work.apply(changes, progress=silent)
    adopted = len(done.of("adopt"))
    story.good(
        f"{plural(changes.writes, 'change')}; {plural(adopted, 'object')} recognised "
        "by their markers."
    )
    story.figures["after_lost_state"] = {"changes": changes.writes, "adopted": adopted}


def tell_drift(launch: Launch, work: Workspace) -> None:
    """
    A colleague changes something in Ads Manager.
    """
    story = launch.story
    story.chapter(
        "Somebody edits a campaign in Ads Manager: it shows, and is put right"
    )
    remote = next(s for s in work.status(launch.plan) if s.address == _EDITED)
    edit_by_hand(work, remote.remote_id, lifetime_budget="1500000")
    story.say("A colleague raises the budget of the leads campaign to 15,000.00 EUR.")
    changes = work.plan(launch.plan)
    story.say(str(attrs.evolve(changes, issues=())), "yellow")
    drift = [field.path for change in changes.drift for field in change.drift]
    done = work.apply(changes, progress=silent)
    story.good(f"{plural(done.writes, 'change')}: the budget is as planned again.")
    story.figures["drift"] = {"fields": drift, "restored": done.writes}


def edit_by_hand(work: Workspace, remote_id: str, **fields: str) -> None:
    """
    Change an object with a bare HTTP request, as another tool would.
    """
    import httpx

    facts = work.details["platforms"]["meta"]
    answer = httpx.post(
        f"{facts['base_url']}/{facts['api_version']}/{remote_id}",
        data=fields,
        headers={"Authorization": f"Bearer {facts['access_token']}"},
        trust_env=False,
    )
    answer.raise_for_status()


def tell_start(launch: Launch, work: Workspace) -> None:
    """
    Somebody approves the amount that was shown.
    """
    story = launch.story
    story.chapter("Activate: money flows only after its amount is approved")
    changes = work.plan(launch.plan)
    try:
        work.activate(changes, approve="1.00 EUR", by="mila", progress=silent)
    except SpendGuardError as error:
        story.say(f"Approving 1.00 EUR is refused: {error.message}")
    amount = str(changes.total)
    done = work.activate(changes, approve=amount, by="eva", progress=silent)
    story.good(f"Eva approves {amount}; {len(done.done)} objects are active.")
    story.figures["approved"] = amount


def tell_days(launch: Launch, work: Workspace, days: int) -> Facts:
    """
    Time passes, people see ads, some of them register and buy.
    """
    story, plan = launch.story, launch.plan
    story.chapter(f"{days} days pass")
    end = plan.flight.start + timedelta(days=days, minutes=-1)
    work.advance(hours=(end - work.now()).total_seconds() / 3600)
    story.say(f"It is {end:%Y-%m-%d %H:%M}, the evening of day {days} of the flight.")
    records = launch.out / "conversions.csv"
    records.write_text(shop_records(work), encoding="utf-8")
    facts = work.pull(plan, conversions=records)
    seen = summary(facts)
    story.good(
        f"{number(seen['impressions'])} impressions, {number(seen['clicks'])} clicks, "
        f"{number(seen['spend'], 2)} {facts.currency} spent; "
        f"{len(facts.conversions):,} records of the shop imported."
    )
    tell_followers(launch, facts)
    for note in facts.notes:
        story.say(f"  note: {note.message}", "dim")
    story.figures["facts"] = as_data(seen)
    return facts


def tell_results(launch: Launch, facts: Facts) -> None:
    """
    How the targets stand, and what each channel earned.
    """
    story = launch.story
    story.chapter("Targets")
    tracking = track(launch.plan, facts)
    story.show(lambda: show_tracking(tracking))
    story.figures["targets"] = as_data(tracking_rows(tracking))
    story.chapter("What it earned: own records beside the platforms' claims")
    returns = roi(facts, launch.plan)
    story.show(lambda: show_returns(returns))
    story.figures["returns"] = as_data(returns_rows(returns))


def tell_files(launch: Launch, facts: Facts, events: list[Any]) -> None:
    """
    The report and everything behind it.
    """
    story, out = launch.story, launch.out
    story.chapter("Report")
    report = plan_report(launch.plan, facts)
    report.save(out / "report.html")
    text = dumps(as_data(report), ensure_ascii=False, indent=2)
    out.joinpath("report.json").write_text(text, encoding="utf-8")
    done = [
        f"{e.at:%Y-%m-%dT%H:%M:%S%z}  {e.what}  {e.address}  {e.detail}" for e in events
    ]
    lines = ["# what was done", *done, "# what the platform was asked", *launch.wire]
    out.joinpath("smm.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = ("report.html", "report.json", "conversions.csv", "changes.json", "smm.log")
    story.say(f"Also in {out}: {', '.join([*names[1:], PLAN])}.")
    story.figures["files"] = [str(out / name) for name in (*names, PLAN)]
    story.say(f"\nOpen {out / 'report.html'}", "bold")
