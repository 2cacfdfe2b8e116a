"""
Rules about people and work: dates that can be kept, orders that can be followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from smmlib.model import MediaPlan, PostState, Stage, TaskState
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import PlanView


def _due_after_end(kind: str, view: PlanView) -> Iterator[Found]:
    last = view.plan.flight.last_day
    for key, thing in getattr(view.plan, kind).items():
        if thing.due and thing.due > last:
            yield Found(
                f"{kind}.{key}.due",
                f"'{key}' is due {thing.due}, after the plan ends",
                value=str(thing.due),
                limit=str(last),
                hint="fine for a last report; else correct the date",
            )


@rule(
    "milestone.after_end",
    "A milestone stands before the plan ends.",
    severity="warning",
)
def milestone_after_end(view: PlanView) -> Iterator[Found]:
    """
    Milestones after the last day.
    """
    return _due_after_end("milestones", view)


@rule("task.after_end", "Work is done before the plan ends.", severity="info")
def task_after_end(view: PlanView) -> Iterator[Found]:
    """
    Tasks after the last day.
    """
    return _due_after_end("tasks", view)


def _cycles(plan: MediaPlan) -> Iterator[list[str]]:
    """
    Tasks that wait for each other, each circle once, found without recursion.
    """
    done: set[str] = set()
    for start in plan.tasks:
        if start in done:
            continue
        path, place = [start], {start: 0}
        open_ = [iter(plan.tasks[start].after)]
        while open_:
            other = next(open_[-1], None)
            if other is None:
                open_.pop()
                done.add(path[-1])
                del place[path.pop()]
            elif other in place:
                yield path[place[other] :]
            elif other in plan.tasks and other not in done:
                place[other] = len(path)
                path.append(other)
                open_.append(iter(plan.tasks[other].after))


@rule("task.cycle", "No task waits for itself.")
def task_cycle(view: PlanView) -> Iterator[Found]:
    """
    Tasks that wait for each other in a circle, so that none can start.
    """
    for circle in _cycles(view.plan):
        names = " after ".join([*circle, circle[0]])
        yield Found(
            f"tasks.{circle[0]}.after",
            f"none of these tasks can start: {names}",
            value=", ".join(circle),
            limit="an order with a beginning",
            hint="drop one of the `after`",
        )


@rule("task.order", "A task is not due before what it waits for.", severity="warning")
def task_order(view: PlanView) -> Iterator[Found]:
    """
    Tasks that are due before the work they need.
    """
    for key, task in view.plan.tasks.items():
        for other in task.after:
            before = view.plan.tasks.get(other)
            if before and before.due and task.due and task.due < before.due:
                yield Found(
                    f"tasks.{key}.due",
                    f"'{key}' is due {task.due}, but waits for '{other}', due "
                    f"{before.due}",
                    value=str(task.due),
                    limit=str(before.due),
                    hint="move one of the dates",
                )


def _today(view: PlanView) -> date | None:
    return view.now.astimezone(ZoneInfo(view.plan.zone)).date() if view.now else None


@rule("work.overdue", "What is due is done.", severity="warning")
def overdue(view: PlanView) -> Iterator[Found]:
    """
    Open tasks and milestones whose day has passed at the moment of the check.
    """
    today = _today(view)
    if today is None:
        return
    late = [
        (f"milestones.{key}", item.due, item.done)
        for key, item in view.plan.milestones.items()
    ] + [
        (f"tasks.{key}", task.due, task.state in {TaskState.DONE, TaskState.DROPPED})
        for key, task in view.plan.tasks.items()
        if task.due
    ]
    for path, due, done in late:
        if due < today and not done:
            yield Found(
                f"{path}.due",
                f"'{path.partition('.')[2]}' was due {due} and is not done",
                value=str(due),
                limit=f"done, or due {today} or later",
                hint="do it, move it, or mark it as done",
            )


@rule("approval.not_entitled", "Only those approve who may.")
def not_entitled(view: PlanView) -> Iterator[Found]:
    """
    Approvals by people who may not approve that.
    """
    for place, approval in enumerate(view.plan.approvals):
        person = view.plan.people.get(approval.by)
        if person and approval.stage not in person.approves:
            yield Found(
                f"approvals[{place}].by",
                f"{person.name} may not approve {approval.stage}",
                value=approval.stage.value,
                limit=", ".join(person.approves) or "nothing",
                hint=f"ask somebody else, or add {approval.stage} to "
                f"people.{approval.by}.approves",
            )


@rule(
    "post.approver_not_entitled",
    "The approver of a post may approve posts.",
    severity="warning",
)
def approver_not_entitled(view: PlanView) -> Iterator[Found]:
    """
    Posts that wait for the word of somebody whose word does not count.
    """
    for key, post in view.plan.posts.items():
        person = view.plan.people.get(post.approver)
        if person and Stage.POSTS not in person.approves:
            yield Found(
                f"posts.{key}.approver",
                f"{person.name} may not approve posts",
                value=post.approver,
                limit="a person who approves posts",
                hint=f"name somebody else, or add posts to people.{post.approver}."
                "approves",
            )


@rule("idea.unchecked", "What is published is true: its idea was checked.")
def idea_unchecked(view: PlanView) -> Iterator[Found]:
    """
    Posts that are approved or further, made of an idea nobody has checked.
    """
    further = {PostState.APPROVED, PostState.SCHEDULED, PostState.PUBLISHED}
    for key, idea in view.plan.ideas.items():
        post = view.plan.posts.get(idea.post)
        if post and post.state in further and not idea.is_sound:
            yield Found(
                f"posts.{idea.post}.state",
                f"post '{idea.post}' is {post.state.value}, and the facts of idea "
                f"'{key}' are {idea.fact_check.value}",
                value=idea.fact_check.value,
                limit="checked, or not_needed",
                hint=f"check the source, then write ideas.{key}.fact_check: checked",
            )


@rule("slot.network", "A slot stands only on networks of its line.", severity="warning")
def slot_network(view: PlanView) -> Iterator[Found]:
    """
    Slots whose posts will be counted for no line's network.
    """
    for key, slot in view.plan.slots.items():
        line = view.plan.lines.get(slot.line)
        for place, network in enumerate(slot.networks if line else ()):
            if line and network not in line.networks:
                yield Found(
                    f"slots.{key}.networks[{place}]",
                    f"slot '{key}' is on {network}, which line '{slot.line}' is not",
                    value=network.value,
                    limit=", ".join(line.networks),
                    hint=f"add {network} to the line, or name another line",
                )


RULES = (
    idea_unchecked,
    slot_network,
    milestone_after_end,
    task_after_end,
    task_cycle,
    task_order,
    overdue,
    not_entitled,
    approver_not_entitled,
)
