"""
The emulated X through each of its doors.
"""

from __future__ import annotations

import pytest

from _x import Loopback, in_process


@pytest.fixture
def x():
    """
    An empty platform in this process.
    """
    return in_process(seed=7)


@pytest.fixture(params=["in process", "loopback"])
def door(request):
    """
    An empty platform, once per door.
    """
    if request.param == "in process":
        yield in_process(seed=7)
        return
    with Loopback(seed=7) as client:
        yield client
