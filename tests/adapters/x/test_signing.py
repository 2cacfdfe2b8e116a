"""
Signatures are those of the published examples, and nothing shows what made them.
"""

from __future__ import annotations

import httpx
import pytest

from _x_adapter import SIGNING, connection, x_of
from smmlib.adapters.x import XPlatform
from smmlib.adapters.x._oauth import (
    Keys,
    SigningTransport,
    base_string,
    header,
    signature,
)
from smmlib.codec import load_settings
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    MissingCredentialsError,
)
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox

_X = Keys(
    "xvz1evFS4wEEPTGEFPHBog",
    "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
)


def test_the_base_string_of_the_rfc():
    """
    Section 3.4.1.1 of RFC 5849: repeated names, empty values, codes inside codes.
    """
    pairs = [
        ("b5", "=%3D"), ("a3", "a"), ("c@", ""), ("a2", "r b"), ("c2", ""),
        ("a3", "2 q"), ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"), ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"), ("oauth_nonce", "7d8f3e4a"),
    ]  # fmt: skip
    expected = (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da"
        "%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs"
        "9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_tim"
        "estamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )

    assert expected == base_string("post", "http://example.com/request", pairs)


def test_the_signature_of_the_rfc():
    """
    Section 1.2 of RFC 5849: the printing service fetches a photograph.
    """
    pairs = [
        ("file", "vacation.jpg"), ("size", "original"),
        ("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_token", "nnch734d00sl2jdk"),
        ("oauth_signature_method", "HMAC-SHA1"), ("oauth_timestamp", "137131202"),
        ("oauth_nonce", "chapoH"),
    ]  # fmt: skip
    base = base_string("GET", "http://photos.example.net/photos", pairs)

    assert "MdpQcU8iPSUjWoN/UDMsK2sui9I=" == signature(
        base, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00"
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1", "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"),
        ("1.1", "hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"),
    ],
)
def test_the_signature_of_xs_own_example(version, expected):
    """
    X's documentation of creating a signature, for both versions it was printed with.
    """
    told = header(
        _X,
        "POST",
        f"https://api.twitter.com/{version}/statuses/update.json",
        [
            ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
            ("include_entities", "true"),
        ],
        nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        timestamp=1318622958,
    )

    assert f'oauth_signature="{expected}"' in told


class _Clock:
    """
    A clock that stands still.
    """

    def now(self):
        return Sandbox().now

    def sleep(self, seconds):
        raise AssertionError


def _sent(url, **options):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={})

    transport = SigningTransport(
        httpx.MockTransport(answer), _X, _Clock(), unsigned=("ton.twimg.com",)
    )
    given = httpx.Client(transport=transport).request("GET", url, **options)
    return seen[0], given.request


def test_only_a_copy_carries_the_signature():
    """
    Whatever shows the request that was sent shows neither keys nor signature.
    """
    sent, shown = _sent("https://ads-api.x.com/12/accounts?q=a,b%20c")

    assert sent.headers["Authorization"].startswith("OAuth oauth_consumer_key=")
    assert "Authorization" not in shown.headers
    assert _X.consumer_secret not in str(sent.headers)


def test_result_files_get_no_signature():
    """
    They lie on a host of files: whoever knows the address may read them.
    """
    told = {"Authorization": "Bearer secret"}
    sent, _ = _sent("https://ton.twimg.com/file.json.gz", headers=told)

    assert "Authorization" not in sent.headers


def test_every_request_has_a_nonce_of_its_own():
    """
    X refuses a nonce it saw before.
    """
    first, _ = _sent("https://ads-api.x.com/12/accounts")
    other, _ = _sent("https://ads-api.x.com/12/accounts")

    assert first.headers["Authorization"] != other.headers["Authorization"]


def test_every_key_is_due():
    """
    A connection without one of the four says which, and shows none.
    """
    facts = Sandbox().details()["platforms"]["x"]
    bare = Connection(
        "x", facts["ad_account"], token=Secret(facts["access_token"]),
        base_url=facts["base_url"],
    )  # fmt: skip

    with pytest.raises(MissingCredentialsError) as caught:
        XPlatform.connect(bare)

    assert "consumer_secret" in str(caught.value)
    assert facts["access_token"] not in str(caught.value)


@pytest.mark.parametrize("name", SIGNING)
def test_a_wrong_key_is_told_as_such(name):
    """
    X refuses the signature; the error says where to look, and no key is in it.
    """
    sandbox = Sandbox(seed=7)
    facts = dict(sandbox.details()["platforms"]["x"])
    facts[name] = "sbx_wrong"
    platform = XPlatform.connect(connection(facts), transport=sandbox.transport())

    with pytest.raises(AuthenticationError) as caught:
        platform.account()

    assert "keys" in caught.value.hint
    assert [] == [facts[key] for key in SIGNING if facts[key] in str(caught.value)]


def test_keys_never_show():
    """
    Neither the adapter nor its keys print them.
    """
    sandbox = Sandbox(seed=7)
    facts = sandbox.details()["platforms"]["x"]
    shown = f"{x_of(sandbox)!r} {_X!r} {connection(facts)!r}"

    hidden = [_X.consumer_secret, *(facts[name] for name in SIGNING)]
    assert [] == [one for one in hidden if one in shown]


def _settings(folder, signing):
    path = folder / "smm.toml"
    path.write_text(
        "[environments.production]\n"
        'state = "sqlite:///state.db"\n'
        "[environments.production.platforms.x]\n"
        'account = "18ce54d4x5t"\n'
        'token = { env = "SMM_X_TOKEN" }\n' + signing
    )
    return path


def test_smm_toml_says_where_the_keys_are(tmp_path):
    """
    Each in a place of its own, never in the file itself.
    """
    path = _settings(
        tmp_path,
        "[environments.production.platforms.x.signing]\n"
        'consumer_key = { env = "SMM_X_KEY" }\n'
        'consumer_secret = { keyring = "x-secret" }\n'
        'access_token_secret = { file = "x.secret" }\n',
    )
    found = load_settings(path).environments["production"].platforms["x"]

    assert ["env", "keyring", "file"] == [found.refresh[k].kind for k in SIGNING]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('consumer_key = { env = "SMM_X_KEY" }\n', "settings.signing"),
        ("", "settings.signing"),
    ],
)
def test_all_keys_or_an_error(tmp_path, line, code):
    """
    Whoever forgets one is told which ones there are.
    """
    path = _settings(tmp_path, f"[environments.production.platforms.x.signing]\n{line}")

    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)

    assert code in {issue.code for issue in caught.value.issues}
