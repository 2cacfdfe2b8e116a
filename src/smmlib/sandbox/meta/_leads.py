"""
Instant forms and the people who filled them in.

Source: Marketing API lead ads guides (forms, retrieving), 2026-09. The leads of an ad
are those that its insights count; each is drawn from the seed, so every read tells the
same person. Today's leads appear as their hour comes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._creatives import form_of
from smmlib.sandbox.meta._errors import bad_param, invalid, missing
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._world_state import Node, stable_digits, stable_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox.meta._context import Context, Params

FORM = frozenset(
    "name questions privacy_policy locale follow_up_action_url"
    " question_page_custom_headline is_optimized_for_quality".split()
)
UPDATE = frozenset({"status"})
TEST = frozenset({"field_data"})
_PREFIX = "1204"
_DAY_S = 86_400
_ASKED = frozenset(
    "FULL_NAME FIRST_NAME LAST_NAME EMAIL PHONE CITY COUNTRY COMPANY_NAME JOB_TITLE"
    " ZIP CUSTOM".split()
)
_FIRST = (
    "Ada Ben Clara David Emma Felix Greta Hugo Ida Jonas Klara Leon Mia Noah".split()
)
_LAST = "Bauer Berger Fischer Gruber Huber Keller Lang Maier Pichler Vogel".split()
_JOBS = ("Barista", "Buyer", "Office manager", "Owner")
_PLATFORMS = {"facebook": "fb", "instagram": "ig"}

Data = dict[str, Any]


def create_form(ctx: Context, page: Node, params: Params) -> Data:
    """
    POST /{page}/leadgen_forms.
    """
    if not params["name"].strip():
        raise invalid("name", "The name is empty.")
    policy = params.get("privacy_policy")
    if policy is None:
        raise missing("privacy_policy")
    if not isinstance(policy, dict) or not is_url(str(policy.get("url", ""))):
        raise invalid("privacy_policy", "The privacy policy has an http(s) url.")
    if any(f.data["name"] == params["name"] for f in _forms(ctx, page)):
        raise invalid("name", "Another form of this page has that name.")
    data = {
        **{k: v for k, v in params.items() if k in FORM - {"privacy_policy"}},
        "questions": _questions(params["questions"]),
        "privacy_policy_url": policy["url"],
        "page_id": page.id,
        "status": "ACTIVE",
    }
    data.setdefault("locale", "EN_US")
    return {"id": ctx.world.add("LeadgenForm", "", data, ctx.now).id}


def update_form(ctx: Context, form: Node, params: Params) -> Data:
    """
    POST /{form}: archive it or take it back.
    """
    if params.get("status", "ACTIVE") not in {"ACTIVE", "ARCHIVED"}:
        raise invalid("status", "A form is ACTIVE or ARCHIVED.")
    ctx.world.touch(form, ctx.now, dict(params))
    return {"success": True}


def forms_of(ctx: Context, page: Node, _params: Params) -> list[Node]:
    """
    GET /{page}/leadgen_forms.
    """
    return _forms(ctx, page)


def leads_of_ad(ctx: Context, ad: Node, _params: Params) -> list[Node]:
    """
    GET /{ad}/leads.
    """
    return list(_drawn(ctx, ad))


def leads_of_form(ctx: Context, form: Node, _params: Params) -> list[Node]:
    """
    GET /{form}/leads: of all ads that lead to it.
    """
    ads = (node for node in ctx.world if node.kind == "Ad")
    return [lead for ad in ads if _form(ctx, ad) is form for lead in _drawn(ctx, ad)]


def count_leads(ctx: Context, form: Node) -> int:
    """
    How many people filled a form in.
    """
    return len(leads_of_form(ctx, form, {}))


def create_test_lead(ctx: Context, form: Node, params: Params) -> Data:
    """
    POST /{form}/test_leads: one at a time.
    """
    if trials_of(ctx, form, {}):
        raise invalid("field_data", "A form has one test lead; delete it first.")
    answers = params.get("field_data") or [
        {"name": question["key"], "values": [f"<test lead: {question['key']}>"]}
        for question in form.data["questions"]
    ]
    known = {question["key"] for question in form.data["questions"]}
    for answer in answers:
        if not isinstance(answer, dict) or answer.get("name") not in known:
            raise bad_param("field_data", f"answers no question of the form: {answer}.")
    data = {"form_id": form.id, "field_data": answers, "status": "ACTIVE"}
    return {"id": ctx.world.add("Lead", "", {**data, "page_id": form.id}, ctx.now).id}


def delete_lead(ctx: Context, lead: Node, _params: Params) -> Data:
    """
    DELETE /{lead}: test leads only; real people are not made to vanish.
    """
    if "ad_id" in lead.data:
        raise invalid("id", "Only a test lead can be deleted here.")
    ctx.world.touch(lead, ctx.now, {"status": "DELETED"})
    return {"success": True}


def trials_of(ctx: Context, form: Node, _params: Params) -> list[Node]:
    """
    GET /{form}/test_leads.
    """
    leads = ctx.world.family(form.id, "Lead")
    return [lead for lead in leads if lead.data["status"] != "DELETED"]


def find_lead(ctx: Context, lead_id: str) -> Node | None:
    """
    The lead with this id, or None.
    """
    if not lead_id.startswith(_PREFIX):
        return None
    ads = [node for node in ctx.world if node.kind == "Ad"]
    return next((n for ad in ads for n in _drawn(ctx, ad) if n.id == lead_id), None)


def _forms(ctx: Context, page: Node) -> list[Node]:
    return ctx.world.family(page.id, "LeadgenForm")


def _form(ctx: Context, ad: Node) -> Node | None:
    creative = ctx.world.get(ad.data["creative_id"])
    return ctx.world.get(form_of(creative.data)) if creative else None


def _questions(items: list[Any]) -> list[Data]:
    if not items:
        raise missing("questions")
    done = []
    for item in items:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind not in _ASKED:
            known = ", ".join(sorted(_ASKED))
            raise bad_param("questions", f"has types of {{{known}}}, not {kind!r}.")
        if kind == "CUSTOM" and not item.get("label"):
            raise bad_param("questions", "needs a label for a CUSTOM question.")
        key = str(item.get("key") or item.get("label", kind)).lower().replace(" ", "_")
        done.append({**item, "key": key})
    if len({question["key"] for question in done}) < len(done):
        raise bad_param("questions", "asks one thing twice.")
    return done


def _drawn(ctx: Context, ad: Node) -> Iterator[Node]:
    form = _form(ctx, ad)
    if form is None or not ad.account:
        return
    account = ctx.account(ad)
    for row in ctx.ledger.rows(account, ctx.now):
        if row.ad_id != ad.id:
            continue
        start = datetime.combine(row.day, datetime.min.time(), account.zone)
        for place in range(row.leads):
            key = (ctx.world.seed, "lead", ad.id, row.day, row.network, place)
            second = int(stable_digits(9, *key, "time")) % _DAY_S
            at = (start + timedelta(seconds=second)).timestamp()
            if at <= ctx.now:
                yield _lead(ctx, ad, form, key, at)


def _lead(
    ctx: Context, ad: Node, form: Node, key: tuple[object, ...], at: float
) -> Node:
    draw = int(stable_digits(9, *key))
    data = {
        "ad_id": ad.id,
        "adset_id": ad.data["adset_id"],
        "campaign_id": ad.data["campaign_id"],
        "form_id": form.id,
        "platform": _PLATFORMS[str(key[4])],
        "field_data": [
            {"name": question["key"], "values": [_answer(question, draw, key)]}
            for question in form.data["questions"]
        ],
    }
    for name in ("ad", "adset", "campaign"):
        node = ctx.world.get(data[f"{name}_id"])
        data[f"{name}_name"] = node.data["name"] if node else ""
    number = _PREFIX + stable_digits(14, *key)
    seq = int(at) * 1_000 + draw % 1_000
    return Node(number, "Lead", ad.account, at, at, seq, data)


def _answer(question: Data, draw: int, key: tuple[object, ...]) -> str:
    first, last = _FIRST[draw % len(_FIRST)], _LAST[draw // 100 % len(_LAST)]
    told = {
        "FULL_NAME": f"{first} {last}",
        "FIRST_NAME": first,
        "LAST_NAME": last,
        "EMAIL": f"{first}.{last}.{stable_hex(4, *key)}@people.example".lower(),
        "PHONE": f"+4915{draw % 10**8:08d}",
        "CITY": "Berlin",
        "COUNTRY": "DE",
        "COMPANY_NAME": f"{last} GmbH",
        "JOB_TITLE": _JOBS[draw % len(_JOBS)],
        "ZIP": f"1{draw % 10_000:04d}",
    }
    options = question.get("options")
    if isinstance(options, list) and options:
        chosen = options[draw % len(options)]
        return str(chosen.get("value", chosen) if isinstance(chosen, dict) else chosen)
    return told.get(question["type"], "Yes, please.")
