"""
An emulated ad account, reached through either of its doors.
"""

from __future__ import annotations

import pytest

from _meta_adapter import FakeClock, connection, meta_of, pictures
from smmlib.adapters import connect_platform
from smmlib.sandbox import Sandbox, SandboxServer


@pytest.fixture
def folder(tmp_path):
    """
    A plan's folder with two pictures in it.
    """
    return pictures(tmp_path)


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def platform(sandbox, folder):
    """
    The adapter, inside this process.
    """
    adapter = meta_of(sandbox, folder)
    yield adapter
    adapter.close()


@pytest.fixture(params=["in_process", "server"])
def door(request, sandbox, folder):
    """
    The adapter through each of the two doors.
    """
    if request.param == "in_process":
        adapter = meta_of(sandbox, folder)
        yield adapter
        adapter.close()
        return
    with SandboxServer(sandbox) as server:
        adapter = connect_platform(
            connection(server.details(), options={"media_root": str(folder)}),
            clock=FakeClock(),
        )
        yield adapter
        adapter.close()
