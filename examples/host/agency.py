"""
An agency's own program with smmlib inside: two clients, two threads, one log.

Nothing of smmlib is global. The program brings the way to the network (a transport that
notes every request), the clock, the state and the logging; smmlib brings the rest.
"""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

import smmlib as smm
from smmlib.adapters import connect_platform
from smmlib.deploy import SQLiteStateStore, fork
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox

HERE = Path(__file__).parent
log = logging.getLogger("agency")


class NotingTransport(httpx.BaseTransport):
    """
    The host's own way to the network: every request becomes a line of its log.
    """

    def __init__(self, inner: httpx.BaseTransport, client: str) -> None:
        self.inner = inner
        self.client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send it, and note what was asked and answered.
        """
        answer = self.inner.handle_request(request)
        # The path alone: what stands behind it is the client's business.
        line = (self.client, request.method, request.url.path, answer.status_code)
        log.info("%s: %s %s -> %s", *line)
        return answer


class HostClock:
    """
    The host's own time; here the practice platform's calendar.
    """

    def __init__(self, platform: Sandbox) -> None:
        self.platform = platform

    def now(self):  # noqa: ANN201 - see smmlib.ports.Clock
        """
        The present.
        """
        return self.platform.now

    def sleep(self, seconds: float) -> None:
        """
        Wait.
        """
        self.platform.advance(seconds)


def workspace(client: str, folder: Path, seed: int) -> smm.Workspace:
    """
    One client's workspace, built from the host's own parts.
    """
    sandbox = Sandbox(seed=seed)
    clock = HostClock(sandbox)
    facts = sandbox.details()["platforms"]["meta"]
    meta = connect_platform(
        Connection(
            "meta",
            facts["ad_account"],
            token=Secret(facts["access_token"], f"the vault of {client}"),
            options={"page": facts["page"], "pixel": facts["pixel"],
                     "instagram_user": facts["instagram_user"],
                     "media_root": str(HERE.parent)},
            base_url=facts["base_url"],
        ),
        transport=NotingTransport(sandbox.transport(), client),
        clock=clock,
    )  # fmt: skip

    def store(project_id: str) -> SQLiteStateStore:
        path = folder / f"{client}.db"
        return SQLiteStateStore(
            path, project_id=project_id, environment="sandbox", clock=clock
        )

    return smm.Workspace(
        "sandbox",
        {"meta": meta},
        stores=store,
        clock=clock,
        closers=(meta.close,),
    )


def launch(client: str, plan: smm.MediaPlan, folder: Path, seed: int) -> str:
    """
    Set one client's plan up, all paused.
    """
    with workspace(client, folder, seed) as work:
        changes = work.plan(plan)
        done = work.apply(changes, progress=log.debug)
        again = work.apply(work.plan(plan), progress=log.debug)
        return f"{client}: {done.writes} writes, then {again.writes}"


def main(folder: Path) -> None:
    """
    Two clients at once, each with a plan of its own.
    """
    logging.basicConfig(filename=folder / "agency.log", level=logging.INFO, force=True)
    plan = smm.load(HERE.parent / "launch.plan.yaml")
    clients = {"alpenkaffee": plan, "bergtee": fork(plan, name="Bergtee spring launch")}
    with ThreadPoolExecutor(len(clients)) as pool:
        jobs = [
            pool.submit(launch, client, its, folder, seed)
            for seed, (client, its) in enumerate(clients.items())
        ]
        for job in jobs:
            print(job.result())


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
