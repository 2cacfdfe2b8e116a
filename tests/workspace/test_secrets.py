"""
Tokens: where they come from, and that nobody sees them.
"""

from __future__ import annotations

import pytest

import smmlib as smm
from smmlib.codec import TokenSource
from smmlib.workspace._secrets import read_token

_TOKEN = "EAAB-planted-token-0451"


def _read(kind, name, *, environ=None, root=None):
    source = TokenSource(kind, name)
    return read_token(source, platform="meta", environ=environ or {}, root=root)


def test_a_token_is_read_from_the_environment(tmp_path):
    """
    The variable named in smm.toml holds the token.
    """
    found = _read("env", "META_TOKEN", environ={"META_TOKEN": _TOKEN}, root=tmp_path)

    assert _TOKEN == found.reveal()
    assert _TOKEN not in f"{found} {found!r}"


def test_a_token_file_only_its_owner_may_read(tmp_path):
    """
    A file others can read is refused, and the error does not quote it.
    """
    path = tmp_path / "token"
    path.write_text(_TOKEN)
    path.chmod(0o644)

    with pytest.raises(smm.MissingCredentialsError) as caught:
        _read("file", "token", root=tmp_path)

    assert "chmod 600" in caught.value.hint
    assert _TOKEN not in str(caught.value)
    path.chmod(0o600)
    assert _TOKEN == _read("file", "token", root=tmp_path).reveal()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("env", None), ("env", ""), ("env", "two words"), ("env", "line\nbreak")],
)
def test_what_is_no_token_is_refused_without_quoting_it(tmp_path, kind, value):
    """
    Missing, empty and broken tokens name the variable, never the value.
    """
    environ = {} if value is None else {"META_TOKEN": value}

    with pytest.raises(smm.MissingCredentialsError) as caught:
        _read(kind, "META_TOKEN", environ=environ, root=tmp_path)

    assert "META_TOKEN" in str(caught.value)
    assert not value or value not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    """
    A token file that is not there is named with its path in smm.toml.
    """
    with pytest.raises(smm.MissingCredentialsError, match="file token"):
        _read("file", "token", root=tmp_path)
