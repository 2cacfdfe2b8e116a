"""
The demo's chapters about posts: published once, promoted as an ad, followed by people.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from smmlib.cli._text import number, plural
from smmlib.errors import SandboxError

if TYPE_CHECKING:
    from smmlib.analytics import Facts
    from smmlib.cli._launch import Launch
    from smmlib.deploy import Progress
    from smmlib.workspace import Workspace

_OPENING = "opening"


def tell_posts(launch: Launch, work: Workspace) -> None:
    """
    The opening post goes out, once its approver has agreed, and once only.
    """
    story, plan = launch.story, launch.plan
    story.chapter("Publish the post that is due: once, and not without Eva's word")
    work.pull(plan)  # how many follow before anything happens
    opening = plan.posts[_OPENING].at or plan.flight.start
    _until(work, opening + timedelta(minutes=30))
    waiting = work.publish(plan)
    story.say(f"It is {opening:%Y-%m-%d %H:%M}: {waiting.summary()}.")
    work.approve_posts(plan, _OPENING, by="eva")
    rows = work.publish(plan)
    for row in rows.sent:
        story.say(f"  {row.post} on {row.network.value}: {row.post_id}")
    again = work.publish(plan)
    story.good(
        f"Eva approves; {plural(len(rows.sent), 'post')} out. The next run of cron "
        f"sends {len(again.sent)}."
    )
    story.figures["posts"] = {
        "unapproved": len(waiting.of("unapproved")),
        "sent": len(rows.sent),
        "sent_again": len(again.sent),
    }


def tell_boost(launch: Launch, work: Workspace) -> None:
    """
    An ad that waited for the post follows it.
    """
    story, plan = launch.story, launch.plan
    story.chapter("Promote it: the ad that waited for the post follows")
    changes = work.plan(plan)
    for change in changes.changes:
        story.say(f"  + {change.kind.replace('_', ' ')} {change.address}")
    amount = str(changes.total)
    done = work.apply(changes, progress=_silent, approve=amount, by="eva")
    fresh = work.plan(plan)
    work.activate(fresh, approve=str(fresh.total), by="eva", progress=_silent)
    story.good(f"{plural(done.writes, 'object')} made; the opening post is an ad now.")
    story.figures["boosted"] = done.writes


def tell_followers(launch: Launch, facts: Facts) -> None:
    """
    Who follows now, and who did before.
    """
    story = launch.story
    found: dict[str, Any] = {}
    for network in sorted({row.network.value for row in facts.growth}):
        counts = [
            (row.on, row.followers)
            for row in facts.growth
            if row.network.value == network and row.followers is not None
        ]
        if counts:
            (_, before), (_, now) = min(counts), max(counts)
            found[network] = {"before": before, "now": now}
            story.say(f"  {network}: {number(before)} followers, now {number(now)}")
    for result in facts.posts:
        story.say(
            f"  post '{result.post}' on {result.network.value}: seen by "
            f"{number(result.reach)}, {number(result.likes)} reactions"
        )
    story.figures["followers"] = found


def _until(work: Workspace, moment: Any) -> None:
    seconds = (moment - work.now()).total_seconds()
    if seconds > 0:
        work.advance(hours=seconds / 3600)


def _silent(_: Progress) -> None:
    """
    Draw nothing.
    """


def shop_records(work: Workspace) -> str:
    """
    All the shop knows of: people who came by ads of each platform, and by themselves.
    """
    if work.sandbox is None:
        return ""
    head: list[str] = []
    records: dict[str, dict[str, str]] = {}
    for platform in work.platforms:
        try:
            text = work.sandbox.conversions_csv(platform=platform)
        except SandboxError:
            continue  # nothing is sold through it
        rows = csv.DictReader(io.StringIO(text))
        head = head or list(rows.fieldnames or ())
        found = list(rows)
        # Whoever comes unasked is in the records of every platform, and is one person.
        if not records or any(row["click_id"] for row in found):
            for row in found:
                records.setdefault(row["conversion_id"], row)
    out = io.StringIO()
    writer = csv.DictWriter(out, head, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(records.values(), key=lambda r: (r["date"], r["time"])))
    return out.getvalue()
