"""
From what people type to the closed lists: one converter for each word of the trade.

Named functions, because type checkers read their signatures: whoever writes
`Person("Mila", "smm")` sees that a text is fine there.
"""

from __future__ import annotations

from collections.abc import Iterable

from smmlib.model import _enums as words
from smmlib.model._checks import are_once, each_of, one_of


def as_network(value: str | words.Network) -> words.Network:
    """
    Where people see it; `twitter` is `x`.
    """
    return one_of("network", words.Network, value, words.NETWORK_ALIASES)


def as_optional_network(value: str | words.Network | None) -> words.Network | None:
    """
    A network, or all of them.
    """
    return None if value is None else as_network(value)


def as_networks(value: Iterable[str | words.Network]) -> tuple[words.Network, ...]:
    """
    Several networks, each once.
    """
    networks = each_of("networks", words.Network, value, words.NETWORK_ALIASES)
    are_once("networks", networks)
    return networks


def as_objective(value: str | words.Objective | None) -> words.Objective | None:
    """
    What a campaign is paid to reach, or the strategy's objective.
    """
    return None if value is None else one_of("objective", words.Objective, value)


def as_optimisation(value: str | words.OptimiseFor | None) -> words.OptimiseFor | None:
    """
    What the platform looks for, or its usual choice.
    """
    return None if value is None else one_of("optimise_for", words.OptimiseFor, value)


def as_status(value: str | words.Status) -> words.Status:
    """
    What we want for a campaign, ad set or ad.
    """
    return one_of("status", words.Status, value)


def as_genders(value: Iterable[str | words.Gender]) -> tuple[words.Gender, ...]:
    """
    Genders; none for all.
    """
    return each_of("genders", words.Gender, value)


def as_seniorities(
    value: Iterable[str | words.Seniority],
) -> tuple[words.Seniority, ...]:
    """
    Standings at work.
    """
    return each_of("seniorities", words.Seniority, value)


def as_retarget_kind(value: str | words.RetargetKind) -> words.RetargetKind:
    """
    Where known people come from.
    """
    return one_of("kind", words.RetargetKind, value)


def as_cta(value: str | words.CTA | None) -> words.CTA | None:
    """
    The button, or none chosen.
    """
    return None if value is None else one_of("cta", words.CTA, value)


def as_position(value: str | words.Position) -> words.Position:
    """
    A place on a network's screens.
    """
    return one_of("position", words.Position, value)


def as_bid_strategy(value: str | words.BidStrategy) -> words.BidStrategy:
    """
    How the platform may bid.
    """
    return one_of("strategy", words.BidStrategy, value)


def as_buying(value: str | words.Buying | None) -> words.Buying | None:
    """
    What one pays for, if that is said.
    """
    return None if value is None else one_of("buy", words.Buying, value)


def as_pacing(value: str | words.Pacing) -> words.Pacing:
    """
    How spending spreads over a flight.
    """
    return one_of("pacing", words.Pacing, value)


def as_managed(value: str | words.Managed) -> words.Managed:
    """
    Run by smmlib, or by hand.
    """
    return one_of("managed", words.Managed, value)


def as_role(value: str | words.Role) -> words.Role:
    """
    What somebody does on the team.
    """
    return one_of("role", words.Role, value)


def as_stage(value: str | words.Stage) -> words.Stage:
    """
    What an approval is about.
    """
    return one_of("stage", words.Stage, value)


def as_stages(value: Iterable[str | words.Stage]) -> tuple[words.Stage, ...]:
    """
    What somebody may approve.
    """
    return each_of("approves", words.Stage, value)


def as_verdict(value: str | words.Verdict) -> words.Verdict:
    """
    What an approver decided.
    """
    return one_of("verdict", words.Verdict, value)


def as_plan_status(value: str | words.PlanStatus) -> words.PlanStatus:
    """
    How far a plan is.
    """
    return one_of("status", words.PlanStatus, value)


def as_post_state(value: str | words.PostState) -> words.PostState:
    """
    How far a post is.
    """
    return one_of("state", words.PostState, value)


def as_text_state(value: str | words.TextState) -> words.TextState:
    """
    How far a translation is.
    """
    return one_of("state", words.TextState, value)


def as_task_state(value: str | words.TaskState) -> words.TaskState:
    """
    How far a task is.
    """
    return one_of("state", words.TaskState, value)


def as_fact_check(value: str | words.FactCheck) -> words.FactCheck:
    """
    Whether somebody made sure that it is true.
    """
    return one_of("fact_check", words.FactCheck, value)


def as_idea_state(value: str | words.IdeaState) -> words.IdeaState:
    """
    What was decided about it.
    """
    return one_of("state", words.IdeaState, value)


def as_unit(value: str | words.Unit) -> words.Unit:
    """
    What a KPI is counted in.
    """
    return one_of("unit", words.Unit, value)


def as_better(value: str | words.Better) -> words.Better:
    """
    Which way a KPI should move.
    """
    return one_of("better", words.Better, value)


def as_kpi_status(value: str | words.KPIStatus) -> words.KPIStatus:
    """
    How a KPI stands.
    """
    return one_of("status", words.KPIStatus, value)


def as_conversion_kind(value: str | words.ConversionKind) -> words.ConversionKind:
    """
    What a person did.
    """
    return one_of("kind", words.ConversionKind, value)


def as_touch_kind(value: str | words.TouchKind) -> words.TouchKind:
    """
    How a person met the brand.
    """
    return one_of("kind", words.TouchKind, value)


def as_message_kind(value: str | words.MessageKind) -> words.MessageKind:
    """
    Where a person's words reached us.
    """
    return one_of("kind", words.MessageKind, value)
