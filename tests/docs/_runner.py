"""
Runs a page of the documentation from top to bottom, as a reader would.

| block | what is done |
|---|---|
| `python` | executed; names stay for the next block |
| `pycon` | executed, results compared |
| `console` | lines after `$ ` are run, what follows is compared with their output |
| any with `title="file"` | written to that file |
| `yaml`, `toml`, `json` | read; a whole plan is checked |
| `sh` | installation: extras and make targets must exist |

Comments above a block: `<!-- figures -->` compares texts but not numbers and spacing,
`<!-- edit FILE: old => new -->` does what the text asks the reader to do,
`<!-- refused -->` marks a plan that must not pass.

`python tests/docs/_runner.py PAGE...` writes what commands print today into the pages.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from click.testing import CliRunner
from ruamel.yaml import YAML
from sybil import Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"(?P<notes>(?:^<!-- [^\n]* -->\n+)*)"
    r"^```(?P<kind>\w*)(?P<info>[^\n]*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_NOTE = re.compile(r"<!-- (\w+) ?(.*?) -->")
_TITLE = re.compile(r'title="([^"]+)"')
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_PYTEST = ("-p", "no:cacheprovider", "-p", "no:randomly", "-q", "--no-header")
_FINE = (0, 3)  # 3 is good news of `smm plan`: there is something to do
_READ = ("cat", "head", "ls")


class Block:
    """
    One fenced block with the comments above it.
    """

    def __init__(self, found):
        self.kind = found["kind"]
        self.body = found["body"]
        self.notes = _NOTE.findall(found["notes"])
        title = _TITLE.search(found["info"])
        self.title = title[1] if title else ""

    def has(self, word):
        """
        Whether a comment above the block says so.
        """
        return word in dict(self.notes)


class Shell:
    """
    What a terminal remembers: the last exit code; and what commands printed.
    """

    def __init__(self):
        self.code = 0
        self.printed = {}

    def run(self, command):
        """
        Run one command line and give what it prints.
        """
        line, _, target = command.partition(" > ")
        words = shlex.split(line, comments=True)
        if words == ["echo", "$?"]:
            return f"{self.code}\n"
        assert self.code in _FINE, (
            f"exit code {self.code} is not shown before: {command}"
        )
        if words[0] == "cd":
            os.chdir(words[1])
            return ""
        output = self._output(words)
        if target:
            Path(target.strip()).write_text(output, encoding="utf-8")
        return "" if target else output

    def _output(self, words):
        if words[0] == "smm":
            from smmlib.cli._app import smm

            result = CliRunner().invoke(smm, words[1:], prog_name="smm")
            self.code = result.exit_code
            return (
                result.stdout if self.code == 0 and not result.stderr else result.output
            )
        assert words[0] in {*_READ, "pytest"}, f"the runner knows no {words[0]}"
        if words[0] == "pytest":
            words = [sys.executable, "-m", "pytest", *_PYTEST, *words[1:]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        self.code = done.returncode
        return done.stdout + done.stderr


def steps_of(body):
    """
    Commands of a console block, each with the output that is shown for it.
    """
    steps = []
    for line in body.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], []])
        elif steps[-1][0].endswith("\\"):
            steps[-1][0] = steps[-1][0][:-1] + line.lstrip("> ")
        else:
            steps[-1][1].append(line)
    return [(command, "\n".join(shown)) for command, shown in steps]


def plain(text, *, figures=False):
    """
    An output as it is compared: no blank ends; without figures when they may differ.
    """
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    if not figures:
        return "\n".join(lines).strip("\n")
    masked = re.sub(
        r"\b[0-9a-f]{16,}\b|[0-9]+(?:[.,:-][0-9]+)*|–", "#", "\n".join(lines)
    )
    return " ".join(re.sub(r"[─-]{2,}", "", masked).split())


def matches(shown, printed, *, figures=False):
    """
    Whether an output is as shown; `...` stands for anything.
    """
    parts = plain(shown, figures=figures).split("...")
    pattern = ".*".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, plain(printed, figures=figures), re.DOTALL)


class Reader:
    """
    Somebody who follows a page in a folder of their own.
    """

    def __init__(self):
        self.shell = Shell()
        self.doctests = DocTestStringParser(DocTestEvaluator(_FLAGS))

    def parse(self, document):
        """
        Every block as a region that sybil evaluates.
        """
        for found in _FENCE.finditer(document.text):
            yield Region(found.start(), found.end(), Block(found), self.follow)

    def examples(self, document):
        """
        Every `>>>` outside of a block, as docstrings have them.
        """
        if "```" not in document.text:
            yield from self.doctests(document.text, document.path)

    def follow(self, example):
        """
        Do what one block says.
        """
        block = example.parsed
        for note, rest in block.notes:
            if note == "edit":
                _edit(rest)
        if block.title:
            path = Path(block.title)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            self._console(block)
        elif block.kind == "python":
            code = compile(block.body, f"{example.path}:{example.line}", "exec")
            exec(code, example.namespace)  # noqa: S102 - this is what it is for
        elif block.kind == "pycon":
            self._doctest(block, example)
        else:
            _read(block)

    def _console(self, block):
        for command, shown in steps_of(block.body):
            printed = self.shell.run(command)
            self.shell.printed[command] = printed
            figures = block.has("figures")
            assert matches(shown, printed, figures=figures), (
                f"$ {command}\nprints\n{printed}\nand not\n{shown}"
            )
            if command == "echo $?":
                self.shell.code = 0
        assert self.shell.code in _FINE, f"exit code {self.shell.code} is not shown"

    def _doctest(self, block, example):
        for region in self.doctests(block.body, example.path):
            inner = type(example)(
                example.document, example.line, 0, region, example.namespace
            )
            failure = region.evaluator(inner)
            assert not failure, failure


def _edit(rest):
    name, _, change = rest.partition(": ")
    old, _, new = change.partition(" => ")
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _read(block):
    if block.kind == "yaml":
        data = YAML(typ="safe", pure=True).load(block.body)
        if isinstance(data, dict) and "smmlib" in data:
            _check_plan(block)
    elif block.kind == "toml":
        tomllib.loads(block.body)
    elif block.kind == "json":
        json.loads(block.body)
    elif block.kind == "sh":
        _check_install(block.body)
    else:
        assert block.kind in {"text", "csv", "html", "ini"}, (
            f"unknown block {block.kind!r}"
        )


def _check_plan(block):
    from smmlib import check

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shown.plan.yaml")
        path.write_text(block.body, encoding="utf-8")
        errors = [str(issue) for issue in check(path) if issue.is_error]
    assert block.has("refused") is bool(errors), errors


def _check_install(body):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for named in re.findall(r"(?:smmlib|\.)\[([a-z,]+)\]", body):
        assert set(named.split(",")) <= extras, named
    for target in re.findall(r"^make ([a-z]+)", body, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def furnish(folder):
    """
    Put what a clone holds, and pages speak of, into a reader's folder.
    """
    shutil.copytree(
        ROOT / "examples",
        Path(folder, "examples"),
        ignore=shutil.ignore_patterns("__pycache__", ".*"),
    )


def follow(path, reader=None):
    """
    Follow a page in the present folder; the first block that is wrong raises.
    """
    reader = reader or Reader()
    document = Sybil(parsers=[reader.parse], path=str(Path(path).parent)).parse(
        Path(path)
    )
    namespace = document.namespace
    namespace["__name__"] = "__main__"
    try:
        for example in document:
            example.evaluate()
    finally:
        for thing in namespace.values():
            if isinstance(thing, subprocess.Popen):  # a page that failed half-way
                thing.kill()
                thing.wait()


class _Scribe(Reader):
    """
    Notes what commands print, instead of comparing.
    """

    def _console(self, block):
        found = []
        for command, shown in steps_of(block.body):
            printed = plain(self.shell.run(command))
            kept = "..." in shown and matches(
                shown, printed, figures=block.has("figures")
            )
            found.append(f"$ {command}\n{shown if kept else printed}".rstrip("\n"))
            if command == "echo $?":
                self.shell.code = 0
        self.texts.append((block.body, "\n".join(found) + "\n"))


def write(path):
    """
    Put what commands print today into a page.
    """
    scribe = _Scribe()
    scribe.texts = []
    path = Path(path).resolve()
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        furnish(folder)
        os.chdir(folder)
        try:
            follow(path, scribe)
        finally:
            os.chdir(ROOT)
    at = 0
    for old, new in scribe.texts:  # in the order of the page: some look alike
        at = text.index(f"```console\n{old}```", at)
        text = text[:at] + f"```console\n{new}```" + text[at:][len(old) + 14 :]
        at += len(new) + 14
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(name)
