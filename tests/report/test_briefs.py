"""
Briefs as files that open in the programs people use.
"""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

import smmlib
from _cli import copy_example, run, run_json
from smmlib.errors import ConfigurationError, ValidationError
from smmlib.planning import BriefSection, BriefSheet
from smmlib.report._brief_docx import docx_of

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
docx = pytest.importorskip("docx")


@pytest.fixture(name="found")
def _found():
    return smmlib.briefs(smmlib.load(_EXAMPLE))


def test_a_word_document_says_all_the_brief_says(found):
    """
    Every heading, every row and every text stands in the document that is read back.
    """
    for sheet in found:
        document = docx.Document(BytesIO(docx_of(sheet)))
        heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
        cells = [
            tuple(cell.text for cell in row.cells)
            for table in document.tables
            for row in table.rows
        ]

        assert [section.title for section in sheet.sections] == heads
        assert [row for s in sheet.sections for row in s.rows] == cells


def test_the_same_brief_gives_the_same_document(found):
    """
    Nothing in it depends on when it was saved.
    """
    parts = [
        {n: z.read(n) for n in z.namelist()}
        for z in (ZipFile(BytesIO(docx_of(found[0]))) for _ in range(2))
    ]

    assert parts[0] == parts[1]


def test_characters_word_cannot_hold_are_left_out():
    """
    A text somebody pasted does not break the file.
    """
    sheet = BriefSheet(
        "k",
        "a\x00b\x1b\ud800c",
        role="smm",
        sections=(BriefSection("t", (("a", "\x0b"),)),),
    )

    assert "abc" == docx.Document(BytesIO(docx_of(sheet))).paragraphs[0].text


def test_a_folder_gets_every_brief_in_every_format(found, tmp_path):
    """
    Names follow the keys.
    """
    files = found.save(tmp_path / "out", formats=["md", "html", "docx", "json"])

    assert 4 * len(found) == len(files)
    assert (tmp_path / "out" / "carousel.docx").is_file()
    data = json.loads((tmp_path / "out" / "carousel.json").read_text("utf-8"))
    assert found[0].to_dict() == data


def test_pages_ask_nobody_for_anything(found):
    """
    A brief opens offline: no script, no request, a policy that forbids them.
    """
    for sheet in found:
        page = sheet.html()

        assert "default-src 'none'" in page
        assert not [word for word in ("<script", "src=", "url(") if word in page]


def test_several_briefs_do_not_fit_into_one_file(found, tmp_path):
    """
    The error says what to do instead.
    """
    with pytest.raises(ConfigurationError, match="do not fit"):
        found.save(tmp_path / "all.docx")
    with pytest.raises(ConfigurationError, match="cannot be saved"):
        found[:1].save(tmp_path / "one.pdf")
    with pytest.raises(ConfigurationError, match="cannot be saved"):
        found.save(tmp_path, formats=["pdf"])


def test_briefs_show_themselves(found):
    """
    As a sequence, as text, in a notebook, as data.
    """
    assert len(found) == len(list(found))
    assert found == smmlib.briefs(smmlib.load(_EXAMPLE))
    assert "carousel" in repr(found)
    assert "<h3>" in found._repr_html_()
    assert "carousel" == found.to_dict()["briefs"][0]["key"]


def test_an_unknown_role_is_refused():
    """
    With the roles there are.
    """
    with pytest.raises(ValidationError):
        smmlib.briefs(smmlib.load(_EXAMPLE), role="plumber")


def test_the_command_shows_and_saves(tmp_path):
    """
    Text for people, data for programs, files for colleagues.
    """
    plan = copy_example(tmp_path)
    assert "480" in run("brief", plan, "--role", "copywriter").stdout
    rows = run_json("brief", plan, "--key", "carousel", "--language", "de")["briefs"]
    assert ["de"] == [row["language"] for row in rows]
    target = tmp_path / "for-lea.docx"
    run("brief", plan, "--key", "carousel", "--out", target)
    assert "Four cards" in docx.Document(target).paragraphs[0].text
    run("brief", plan, "--out", tmp_path / "all", "--format", "md", "--format", "html")
    assert 10 == len(list((tmp_path / "all").iterdir()))
    assert "No brief" in run("brief", plan, "--role", "translator").stdout
    run("brief", plan, "--language", "xx", code=2)
