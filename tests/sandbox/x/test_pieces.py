"""
Films come in pieces: announced, appended, finalized, looked at.
"""

from __future__ import annotations

import pytest

from _x import Refused, in_process, pairs_of, sign

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(3_000)
_URL = "/1.1/media/upload.json"


@pytest.fixture
def x():
    """
    A fresh emulated platform.
    """
    return in_process(seed=7)


def _send(x, *, method="POST", media=None, **params):
    url = f"{x.base}{_URL}"
    header = sign(x.ids, method, url, pairs_of(params))
    answer = x.http.request(
        method,
        url,
        params=params,
        headers={"Authorization": header},
        files={"media": ("a.mp4", media)} if media else None,
    )
    if answer.status_code >= 400:
        raise Refused(answer)
    return answer.json() if answer.content else {}


_SIZE = len(FILM)


def _begun(x, total=_SIZE):
    told = _send(
        x, command="INIT", total_bytes=total, media_type="video/mp4",
        media_category="amplify_video",
    )  # fmt: skip
    return told["media_id_string"]


def test_a_film_in_two_pieces_is_known_after_some_seconds(x):
    """
    The platform looks at it first; then a post may show it.
    """
    own = _begun(x)
    for number, part in enumerate((FILM[:2_000], FILM[2_000:])):
        told = _send(
            x, command="APPEND", media_id=own, segment_index=number, media=part
        )
        assert {} == told
    done = _send(x, command="FINALIZE", media_id=own)
    assert "in_progress" == done["processing_info"]["state"]
    x.sandbox.advance(6)
    after = _send(x, method="GET", command="STATUS", media_id=own)

    assert "succeeded" == after["processing_info"]["state"]
    assert done["media_key"].startswith("13_")
    assert x.tweet("Look", media_keys=done["media_key"])


def test_an_incomplete_film_is_refused(x):
    """
    As many bytes must come as were announced.
    """
    own = _begun(x, total=10_000)
    _send(x, command="APPEND", media_id=own, segment_index=0, media=FILM)

    with pytest.raises(Refused) as caught:
        _send(x, command="FINALIZE", media_id=own)

    assert "INVALID_MEDIA" == caught.value.code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"command": "INIT"}, "MISSING_PARAMETER"),
        ({"command": "APPEND", "media_id": "nope"}, "INVALID_MEDIA_ID"),
        ({"command": "DANCE", "media_id": "nope"}, "INVALID_MEDIA_ID"),
    ],
)
def test_commands_out_of_order_are_refused(x, params, code):
    """
    Nothing is appended to what was not begun.
    """
    with pytest.raises(Refused) as caught:
        _send(x, **params)

    assert code == caught.value.code


def test_looking_before_the_end_is_refused(x):
    """
    There is no progress of an upload that is still coming.
    """
    own = _begun(x)

    with pytest.raises(Refused) as caught:
        _send(x, method="GET", command="STATUS", media_id=own)

    assert "INVALID_PARAMETER" == caught.value.code
