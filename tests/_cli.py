"""
How tests run `smm`, and the example plan they run it on.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PLAN = "launch.plan.yaml"


def run(*args, code=0, **options):
    """
    The result of one command, which must end with an exit code.
    """
    from smmlib.cli._app import smm

    result = CliRunner().invoke(smm, [str(arg) for arg in args], **options)
    assert code == result.exit_code, result.output
    assert "Traceback" not in result.output
    return result


def run_json(*args, code=0, **options):
    """
    What a command answers a program; nothing else may stand on stdout.
    """
    return json.loads(run(*args, "--json", code=code, **options).stdout)


def copy_example(folder):
    """
    The example plan with its pictures in a folder of its own; gives the plan's path.
    """
    shutil.copytree(EXAMPLES / "img", folder / "img")
    return Path(shutil.copyfile(EXAMPLES / PLAN, folder / PLAN))


def edited(path, *changes):
    """
    Replace texts of a plan file, each of which must be there.
    """
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return path
