"""
The host example: somebody else's program with smmlib inside.
"""

from __future__ import annotations

import subprocess
import sys

from _cli import EXAMPLES


def test_two_accounts_in_two_threads_with_the_hosts_own_parts(tmp_path):
    """
    Both are set up whole, a second look writes nothing, every request is in the host's
    log, and no token is.
    """
    done = subprocess.run(
        [sys.executable, EXAMPLES / "host" / "agency.py", tmp_path],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    told = [line.split(": ") for line in done.stdout.splitlines()]
    assert ["alpenkaffee", "bergtee"] == sorted(client for client, _ in told)
    assert all(text.endswith(", then 0") for _, text in told)
    lines = (tmp_path / "agency.log").read_text("utf-8").splitlines()
    for client in ("alpenkaffee", "bergtee"):
        assert any(f"agency:{client}: POST" in line for line in lines)
        assert (tmp_path / f"{client}.db").exists()
    assert not any("sbx_" in line for line in lines)
