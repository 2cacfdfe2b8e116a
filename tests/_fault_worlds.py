"""
The ad platforms as the fault harness sees them: a launch for each, the way to connect,
and what really stands on the server.

One `World` per platform; a platform joins by one more entry in `WORLDS`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

import _linkedin_adapter
from _x import png as x_png
from smmlib.adapters import _registry, connect_platform, platform_names
from smmlib.model import (
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    AgeRange,
    Audience,
    Brand,
    Card,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Place,
    Strategy,
)
from smmlib.ports import Connection, Secret

if TYPE_CHECKING:
    from random import Random

    from smmlib.sandbox import Sandbox

PROJECT = "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37"
LINK = "https://alpenkaffee.example/box"
_GONE = {"ARCHIVED", "DELETED", "REMOVED", "CANCELED", "PENDING_DELETION"}


@attrs.frozen
class Seen:
    """
    One object as it is on the server, whatever anybody believes of it.
    """

    kind: str
    id: str
    marker: str
    live: bool
    active: bool
    cents: int = 0
    name: str = ""


@attrs.frozen(eq=False)
class World:
    """
    One platform: what is launched on it, how it is reached, how it is looked into.

    Attributes:
        launch: The plan that is set up.
        relaunch: The same plan after some edits.
        options: Options of the connection, from the sandbox's ready line.
        seen: Everything a client made, read from the server's own store.
        edit: What a person does by hand to one of our objects: a way for each number.
        foreign: Make a campaign that is not ours.
        batch: Whether a request carries several writes.
        sunset: How the platform says that a version is switched off.
        secrets: What signs beside the token.
        files: Put pictures into a folder, as the platform takes them.
    """

    name: str
    launch: Callable[[], MediaPlan]
    relaunch: Callable[[], MediaPlan]
    options: tuple[str, ...]
    seen: Callable[[Sandbox], Iterator[Seen]]
    edit: Callable[[Sandbox, str, int], str]
    foreign: Callable[[Sandbox], Callable[[], Any]]
    batch: Callable[[str, str, bytes], bool]
    sunset: Mapping[str, Any]
    secrets: tuple[str, ...] = ()
    files: Callable[[Path], Path] = _linkedin_adapter.files

    def connect(
        self, sandbox: Sandbox, *, transport: Any, clock: Any, random: Random
    ) -> Any:
        """
        The real adapter on this platform.
        """
        facts = sandbox.details()["platforms"][self.name]
        options = {key: str(facts[key]) for key in self.options}
        connection = Connection(
            self.name,
            str(facts["ad_account"]),
            token=Secret(str(facts["access_token"]), "the sandbox"),
            secrets={key: Secret(str(facts[key])) for key in self.secrets},
            options={**options, "media_root": pictures(self.files)},
            base_url=str(facts["base_url"]),
        )
        with _looked_up_once():
            return connect_platform(
                connection, transport=transport, clock=clock, random=random
            )


@contextmanager
def _looked_up_once() -> Iterator[None]:
    """
    Where adapters are installed does not change while thousands of them connect.
    """
    before = _registry.entry_points
    _registry.entry_points = _entry_points
    try:
        yield
    finally:
        _registry.entry_points = before


@cache
def _entry_points(*, group: str) -> EntryPoints:
    return entry_points(group=group)


@cache
def pictures(files: Callable[[Path], Path]) -> str:
    """
    A folder with the pictures of the plans, made once.
    """
    return str(files(Path(tempfile.mkdtemp(prefix="smm-faults-"))))


def _plan(
    line: LineItem, campaign: AdCampaign, creatives: Mapping[str, Creative], note: str
) -> MediaPlan:
    return MediaPlan(
        "Spring launch",
        PROJECT,
        zone="Europe/Berlin",
        flight=Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin"),
        strategy=Strategy(
            Brand("Alpenkaffee", advertiser="Alpenkaffee GmbH"), "traffic"
        ),
        audiences={
            "office": Audience(age=AgeRange(25, 54), places=[Place("DE")]),
            "abroad": Audience(age=AgeRange(25, 54), places=[Place("AT")]),
        },
        lines={"line": line},
        campaigns={"spring": campaign},
        creatives=creatives,
        note=note,
    )


def _campaign(budget: str, ad_sets: Mapping[str, AdSet]) -> AdCampaign:
    return AdCampaign(
        "line",
        ad_sets,
        budget=AdBudget(lifetime=Money.parse(budget)),
        special_ad_categories=[],
    )


def _texts(**changed: str) -> dict[str, Creative]:
    words = {
        "taste": "Taste first, pay later.",
        "office": "A box for the office.",
        "open": "We are open again.",
        **changed,
    }
    return {
        key: Creative(text, "Fresh", cta="learn_more", link=LINK, image=_IMAGES[key])
        for key, text in words.items()
    }


_IMAGES = {
    "taste": "img/a.png",
    "office": "img/b.png",
    "open": "img/a.png",
    "fresh": "img/b.png",
}
_SETS = {
    "first": AdSet("office", ["taste", "office"]),
    "second": AdSet("abroad", {"again": Ad("open"), "more": Ad("taste")}),
    "third": AdSet("office", ["open"]),
}
# One text is another, one ad is gone, one is new, one ad set is gone, the money moved.
_EDITED_SETS = {
    "first": AdSet("office", ["taste"]),
    "second": AdSet(
        "abroad", {"again": Ad("open"), "more": Ad("taste"), "new": Ad("fresh")}
    ),
}
_EDITS = {"open": "We are open on Sundays too.", "fresh": "Roasted this morning."}


def smaller(plan: MediaPlan) -> MediaPlan:
    """
    The plan without its third ad set: as many requests one by one as the whole in
    batches.
    """
    key = plan.content_hash
    if key not in _SMALLER:
        spring = plan.campaigns["spring"]
        sets = {k: v for k, v in spring.ad_sets.items() if k != "third"}
        campaign = attrs.evolve(spring, ad_sets=sets)
        _SMALLER[key] = attrs.evolve(plan, campaigns={"spring": campaign})
    return _SMALLER[key]


_SMALLER: dict[str, MediaPlan] = {}


# -- Meta -----------------------------------------------------------------------------


def _cards() -> Creative:
    return Creative(
        "Four roasts", cta="learn_more", link=LINK,
        cards=[Card("img/a.png", "Dark"), Card("img/b.png", "Light")],
    )  # fmt: skip


def _meta_launch() -> MediaPlan:
    line = LineItem(["facebook", "instagram"], "8000 EUR")
    texts = {**_texts(), "cards": _cards()}
    sets = {**_SETS, "third": AdSet("office", ["open", "cards"])}
    return _plan(line, _campaign("6000 EUR", sets), texts, "launch")


def _meta_relaunch() -> MediaPlan:
    line = LineItem(["facebook", "instagram"], "8000 EUR")
    campaign = _campaign("7000 EUR", _EDITED_SETS)
    return _plan(line, campaign, _texts(**_EDITS), "relaunch")


def _meta_nodes(sandbox: Sandbox) -> Any:
    return sandbox.engine.platforms["meta"]._world


def _meta_seen(sandbox: Sandbox) -> Iterator[Seen]:
    world = _meta_nodes(sandbox)
    for node in world:
        if node.kind not in {"Campaign", "AdSet", "AdCreative", "Ad"}:
            continue
        labels = [world.get(one).data["name"] for one in node.data.get("adlabels", ())]
        status = node.data.get("status", "")
        active = status == "ACTIVE" and node.kind != "AdCreative"
        budget = node.data.get("lifetime_budget", 0)
        marker = next((n[4:] for n in labels if n.startswith("smm:")), "")
        live = status not in _GONE
        name = node.data.get("name", "")
        yield Seen(node.kind, node.id, marker, live, active, int(budget), name)


def _meta_edit(sandbox: Sandbox, node_id: str, way: int) -> str:
    data = _meta_nodes(sandbox).get(node_id).data
    if way == 0:
        data["name"] = "Renamed by hand"
        return "name"
    data["status"] = "DELETED"
    return "status"


def _meta_foreign(sandbox: Sandbox) -> Callable[[], Any]:
    world = _meta_nodes(sandbox)
    account = next(iter(world.accounts))
    data = {"name": "Not ours", "status": "PAUSED", "objective": "OUTCOME_TRAFFIC"}
    born = sandbox.now.timestamp() - 9e5
    node = world.add("Campaign", account, {**data, "adlabels": []}, born)
    return lambda: (dict(node.data), node.updated)


def _meta_batch(method: str, path: str, body: bytes) -> bool:
    return method == "POST" and path.endswith("/v26.0/") and b"POST" in body


# -- LinkedIn -------------------------------------------------------------------------


def _linkedin_launch() -> MediaPlan:
    line = LineItem(["linkedin"], "8000 EUR")
    sets = {**_SETS, "third": AdSet("office", ["open", "office"])}
    return _plan(line, _campaign("6000 EUR", sets), _texts(), "launch")


def _linkedin_relaunch() -> MediaPlan:
    line = LineItem(["linkedin"], "8000 EUR")
    campaign = _campaign("7000 EUR", _EDITED_SETS)
    return _plan(line, campaign, _texts(**_EDITS), "relaunch")


def _linkedin_nodes(sandbox: Sandbox) -> Any:
    return sandbox.engine.platforms["linkedin"]._site.world


def _linkedin_seen(sandbox: Sandbox) -> Iterator[Seen]:
    for node in _linkedin_nodes(sandbox):
        if node.kind not in {"group", "campaign", "creative"}:
            continue
        field = "intendedStatus" if node.kind == "creative" else "status"
        status = node.data.get(field, "")
        name = node.data.get("name", "")
        _, found, mark = name.rpartition(" [smm:")
        budget = node.data.get("totalBudget", {}).get("amount", 0)
        cents = int(float(budget) * 100) if node.kind == "group" else 0
        marker = mark[:-1] if found else ""
        live = status not in _GONE
        yield Seen(node.kind, node.id, marker, live, status == "ACTIVE", cents, name)


def _linkedin_edit(sandbox: Sandbox, node_id: str, way: int) -> str:
    world = _linkedin_nodes(sandbox)
    node = next(n for n in world if n.id == node_id)
    if way == 0:
        head, _, mark = node.data["name"].rpartition(" [smm:")
        node.data["name"] = f"{head} by hand [smm:{mark}"
        return "name"
    field = "intendedStatus" if node.kind == "creative" else "status"
    node.data[field] = "ARCHIVED"
    return "status"


def _linkedin_foreign(sandbox: Sandbox) -> Callable[[], Any]:
    world = _linkedin_nodes(sandbox)
    account = world.all("account")[0]
    data = {"name": "Not ours", "status": "PAUSED", "account": account.urn}
    node = world.add(
        "group",
        data,
        sandbox.now.timestamp() - 9e5,
        account=account.id,
        parents=[account.ref],
        inner={"test": False},
        name="Not ours",
    )
    return lambda: (dict(node.data), node.updated, node.tag)


def _linkedin_batch(method: str, path: str, body: bytes) -> bool:
    many = body.count(b'"account"') > 1 or body.count(b'"patch"') > 1
    return method == "POST" and many


# -- X --------------------------------------------------------------------------------


def _x_files(folder: Path) -> Path:
    (folder / "img").mkdir(exist_ok=True)
    for name in "ab":
        content = x_png(mark=name.encode())
        (folder / "img" / f"{name}.png").write_bytes(content)
    return folder


def _x_texts(**changed: str) -> dict[str, Creative]:
    return {
        key: attrs.evolve(creative, cta=None)
        for key, creative in _texts(**changed).items()
    }


def _x_launch() -> MediaPlan:
    sets = {**_SETS, "third": AdSet("office", ["open", "office"])}
    line = LineItem(["x"], "8000 EUR")
    return _plan(line, _campaign("6000 EUR", sets), _x_texts(), "launch")


def _x_relaunch() -> MediaPlan:
    line = LineItem(["x"], "8000 EUR")
    # Another audience for both: one batch writes the criteria of both.
    first, second = _EDITED_SETS["first"], _EDITED_SETS["second"]
    sets = {
        "first": attrs.evolve(first, audience="abroad"),
        "second": attrs.evolve(second, audience="office"),
    }
    campaign = _campaign("7000 EUR", sets)
    return _plan(line, campaign, _x_texts(**_EDITS), "relaunch")


def _x_records(sandbox: Sandbox) -> Any:
    return sandbox.engine.platforms["x"]._store


_X_MARK = re.compile(r"\[smm:([a-z0-9]+)(?: ([0-9a-z]+))?\]\Z")


def _x_seen(sandbox: Sandbox) -> Iterator[Seen]:
    store = _x_records(sandbox)
    shown = {
        (one.data["line_item_id"], one.data["tweet_id"])
        for one in store
        if one.kind == "promoted_tweet" and not one.deleted
    }
    for one in store:
        if one.kind not in {"campaign", "line_item", "tweet"}:
            continue
        name = one.data.get("name") or ""
        found = _X_MARK.search(name)
        marker, line = found.groups("") if found else ("", "")
        ad = one.kind == "tweet"
        over = store.get("line_item", line)
        live = not one.deleted and marker != "archived"
        # A post without its line item is no ad any more.
        live = live and not (ad and marker and (over is None or over.deleted))
        active = one.data.get("entity_status") == "ACTIVE"
        own = f"{line}-{one.id}" if ad else one.id
        micros = one.data.get("total_budget_amount_local_micro") or 0
        cents = micros // 10_000 if one.kind == "campaign" else 0
        runs = (line, one.id) in shown if ad else active
        yield Seen(one.kind, own, marker, live, runs, cents, name)


def _x_edit(sandbox: Sandbox, thing: str, way: int) -> str:
    store = _x_records(sandbox)
    own = thing.rpartition("-")[2]
    record = next(r for r in store if r.id == own)
    if way == 0:
        head, _, mark = record.data["name"].rpartition(" [smm:")
        store.touch(record, record.updated, {"name": f"{head} by hand [smm:{mark}"})
        return "name"
    store.bury(record, sandbox.now.timestamp())
    return "status"


def _x_foreign(sandbox: Sandbox) -> Callable[[], Any]:
    store = _x_records(sandbox)
    account = next(iter(store.accounts))
    pays = sandbox.details()["platforms"]["x"]["funding_instrument"]
    data = {
        "name": "Not ours",
        "entity_status": "PAUSED",
        "funding_instrument_id": pays,
        "daily_budget_amount_local_micro": 5_000_000,
        "total_budget_amount_local_micro": None,
        "purchase_order_number": None,
    }
    record = store.add("campaign", account, data, sandbox.now.timestamp() - 9e5)
    return lambda: (dict(record.data), record.updated, record.deleted)


def _x_batch(method: str, path: str, body: bytes) -> bool:
    return "/batch/" in path and body.count(b"operation_type") > 1


_ALL = {
    "meta": World(
        "meta",
        launch=cache(_meta_launch),
        relaunch=cache(_meta_relaunch),
        options=("page", "pixel", "instagram_user"),
        seen=_meta_seen,
        edit=_meta_edit,
        foreign=_meta_foreign,
        batch=_meta_batch,
        sunset={"kind": "error_in_200", "code": 2635, "status": 400},
    ),
    "linkedin": World(
        "linkedin",
        launch=cache(_linkedin_launch),
        relaunch=cache(_linkedin_relaunch),
        options=("organisation", "lead_form"),
        seen=_linkedin_seen,
        edit=_linkedin_edit,
        foreign=_linkedin_foreign,
        batch=_linkedin_batch,
        sunset={"kind": "version_retired"},
    ),
    "x": World(
        "x",
        launch=cache(_x_launch),
        relaunch=cache(_x_relaunch),
        options=("funding_instrument",),
        seen=_x_seen,
        edit=_x_edit,
        foreign=_x_foreign,
        batch=_x_batch,
        # X has no word for it: the address of an old version leads nowhere.
        sunset={
            "status": 404,
            "body": {
                "errors": [
                    {
                        "code": "ROUTE_NOT_FOUND",
                        "message": "The resource you requested doesn't exist",
                    }
                ],
                "request": {"params": {}},
            },
        },
        secrets=("consumer_key", "consumer_secret", "access_token_secret"),
        files=_x_files,
    ),
}
WORLDS = {name: _ALL[name] for name in platform_names() if name in _ALL}
