"""
A PostgreSQL server of the tests' own: started once, on loopback, gone afterwards.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

_HOST = "127.0.0.1"
_USER = "smm"
# C sorts by bytes, as Python does, so that lists compare on every machine.
_INITDB = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
# Nothing here has to survive a power cut.
_SETTINGS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def postgres_programs():
    """
    The folder of PostgreSQL's own programs, or None.
    """
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@contextlib.contextmanager
def postgres_server():
    """
    Run a server in a folder of its own; gives the address of its empty database.
    """
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    pytest.importorskip("psycopg", reason='pip install "smmlib[postgres]"')
    # Not pytest's folders: the server's user must be able to walk down to its own.
    home = Path(tempfile.mkdtemp(prefix="smm-pg-"))
    data = home / "data"
    try:
        _own(home)
        _run(programs / "initdb", "-D", data, "-U", _USER, *_INITDB)
        port = _free_port()
        options = f"-p {port} -c listen_addresses={_HOST} -k {home} {_SETTINGS}"
        _run(
            *(programs / "pg_ctl", "-D", data, "-w", "-t", "60"),
            *("-l", home / "log", "-o", options, "start"),
        )
        try:
            yield f"postgresql://{_USER}@{_HOST}:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def postgres_database(server, name):
    """
    An empty database on a server; gives its address.
    """
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _own(folder):
    """
    Hand a folder to nobody: the server refuses to run as root.
    """
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    folder.chmod(0o700)


def _run(*command):
    """
    Run one of the server's programs, as nobody where we are root.
    """
    if os.geteuid() == 0:
        drop = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        command = (*drop, *command)
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        # Files and not pipes: the server keeps them open as long as it lives.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.returncode}"


def _free_port():
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return probe.getsockname()[1]
