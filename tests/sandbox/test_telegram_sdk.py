"""
python-telegram-bot, unmodified, against the loopback server.

Each scenario changes something, reads it again by another route and is refused once.
"""

from __future__ import annotations

import asyncio
import base64

import pytest

from smmlib.sandbox import Sandbox, SandboxServer

pytestmark = pytest.mark.sdk

telegram = pytest.importorskip("telegram")

from telegram import (  # noqa: E402
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.error import (  # noqa: E402
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class _Door:
    """
    A channel behind the loopback server, and the library's bot for it.
    """

    def __init__(self, sandbox, origin):
        self.sandbox = sandbox
        self.facts = sandbox.details(origin)["platforms"]["telegram"]
        self.channel = self.facts["channel"]

    def run(self, scenario, token=None):
        """
        Run one scenario with a bot that is opened and closed around it.
        """

        async def whole():
            base = self.facts["base_url"]
            bot = Bot(
                token or self.facts["access_token"],
                base_url=f"{base}/bot",
                base_file_url=f"{base}/file/bot",
            )
            async with bot:
                return await scenario(bot)

        return asyncio.run(whole())

    def stored(self, message_id):
        """
        A message as the sandbox keeps it.
        """
        rows = self.sandbox.state()["telegram"]["Message"]
        return next((r for r in rows if r["message_id"] == message_id), None)


@pytest.fixture
def door():
    """
    An empty channel.
    """
    sandbox = Sandbox(seed=3)
    with SandboxServer(sandbox) as server:
        yield _Door(sandbox, server.origin)


def test_a_text_is_posted_as_written(door):
    """
    Text arrives in the channel; an empty one is refused.
    """

    async def scenario(bot):
        sent = await bot.send_message(door.channel, "We are open. 5*3 = 15 <3")
        with pytest.raises(BadRequest, match=r"[Tt]ext is empty"):
            await bot.send_message(door.channel, "  ")
        return sent

    sent = door.run(scenario)

    assert "We are open. 5*3 = 15 <3" == door.stored(sent.message_id)["text"]
    assert "sandbox_channel" == sent.chat.username


def test_html_becomes_entities(door):
    """
    Tags are read and counted in UTF-16 units; a broken tag is refused with its place.
    """

    async def scenario(bot):
        text = '😀 <b>bold</b> <a href="https://a.example/x?a=1&amp;b=2">link</a> &lt;'
        sent = await bot.send_message(door.channel, text, parse_mode="HTML")
        with pytest.raises(BadRequest, match=r"[Cc]an't parse entities"):
            await bot.send_message(door.channel, "<b>open", parse_mode="HTML")
        return sent

    sent = door.run(scenario)

    stored = door.stored(sent.message_id)
    assert "😀 bold link <" == stored["text"] == sent.text
    assert [("bold", 3, 4), ("text_link", 8, 4)] == [
        (e["type"], e["offset"], e["length"]) for e in stored["entities"]
    ]
    assert "https://a.example/x?a=1&b=2" == sent.entities[1].url


def test_markdown_v2_becomes_entities(door):
    """
    Marks nest, escapes hold; a reserved character without escape is refused.
    """

    async def scenario(bot):
        text = r"*bold _both_* ||hidden|| [shop](https://a.example/\)) `a_b` 1\.5"
        sent = await bot.send_message(door.channel, text, parse_mode="MarkdownV2")
        with pytest.raises(BadRequest, match="reserved"):
            await bot.send_message(door.channel, "done.", parse_mode="MarkdownV2")
        return sent

    sent = door.run(scenario)

    stored = door.stored(sent.message_id)
    assert "bold both hidden shop a_b 1.5" == stored["text"]
    assert ["bold", "italic", "spoiler", "text_link", "code"] == [
        e["type"] for e in stored["entities"]
    ]


def test_entities_may_be_given_apart(door):
    """
    A text with its own entities keeps them; an unknown kind is refused.
    """

    async def scenario(bot):
        bold = MessageEntity("bold", 0, 4)
        odd = MessageEntity("loud", 0, 4)
        sent = await bot.send_message(door.channel, "Open now", entities=[bold])
        with pytest.raises(BadRequest, match=r"[Cc]an't parse entities"):
            await bot.send_message(door.channel, "Open now", entities=[odd])
        return sent

    assert "bold" == door.stored(door.run(scenario).message_id)["entities"][0]["type"]


def test_the_limit_of_a_text_is_counted_after_its_markup(door):
    """
    4,096 UTF-16 units of what is shown go through, one more does not.
    """

    async def scenario(bot):
        fits = "<b>" + "😀" * 2048 + "</b>"
        sent = await bot.send_message(door.channel, fits, parse_mode="HTML")
        with pytest.raises(BadRequest, match="too long"):
            await bot.send_message(door.channel, "😀" * 2048 + "a")
        return sent

    assert 2048 == len(door.stored(door.run(scenario).message_id)["text"])


def test_buttons_lead_somewhere(door):
    """
    Inline buttons are kept; one without a valid address is refused.
    """

    async def scenario(bot):
        def board(url):
            return InlineKeyboardMarkup([[InlineKeyboardButton("Shop", url=url)]])

        good = board("https://a.example")
        sent = await bot.send_message(door.channel, "Look", reply_markup=good)
        with pytest.raises(BadRequest, match=r"[Ww]rong http url"):
            await bot.send_message(door.channel, "Look", reply_markup=board("nowhere"))
        return sent

    sent = door.run(scenario)

    rows = door.stored(sent.message_id)["reply_markup"]["inline_keyboard"]
    assert [[{"text": "Shop", "url": "https://a.example"}]] == rows


def test_a_photo_has_a_caption(door):
    """
    An uploaded picture keeps size and caption; what is no picture is refused.
    """

    async def scenario(bot):
        sent = await bot.send_photo(
            door.channel, _PNG, caption="<i>Roast</i>", parse_mode="HTML"
        )
        with pytest.raises(BadRequest, match="Image_process_failed"):
            await bot.send_photo(door.channel, b"no picture")
        with pytest.raises(BadRequest, match="caption is too long"):
            await bot.send_photo(door.channel, _PNG, caption="a" * 1025)
        return sent

    sent = door.run(scenario)

    stored = door.stored(sent.message_id)
    assert ("Roast", 1) == (stored["caption"], stored["photo"][0]["width"])
    assert len(_PNG) == sent.photo[0].file_size


def test_films_and_documents_are_posted(door):
    """
    A film by its address and a document by upload; a broken address is refused.
    """

    async def scenario(bot):
        film = await bot.send_video(door.channel, "https://a.example/film.mp4")
        paper = await bot.send_document(door.channel, b"menu", filename="menu.pdf")
        with pytest.raises(BadRequest, match=r"[Ww]rong http url"):
            await bot.send_video(door.channel, "https://nowhere/film.mp4")
        return film, paper

    film, paper = door.run(scenario)

    assert "film.mp4" == door.stored(film.message_id)["video"]["file_name"]
    assert "menu.pdf" == door.stored(paper.message_id)["document"]["file_name"]


def test_an_album_is_one_post_of_several_messages(door):
    """
    Pictures and films share a group; a mixed album, or one of one, is refused.
    """

    async def scenario(bot):
        photo = InputMediaPhoto(_PNG, caption="Two")
        film = InputMediaVideo("https://a.example/film.mp4")
        sent = await bot.send_media_group(door.channel, [photo, film])
        paper = InputMediaDocument(b"menu", filename="menu.pdf")
        with pytest.raises(BadRequest, match="album"):
            await bot.send_media_group(door.channel, [photo, paper])
        with pytest.raises(BadRequest, match="album"):
            await bot.send_media_group(door.channel, [photo])
        return sent

    sent = door.run(scenario)

    stored = [door.stored(message.message_id) for message in sent]
    assert 1 == len({row["media_group_id"] for row in stored})
    assert "Two" == stored[0]["caption"]


def test_a_text_is_edited_once(door):
    """
    An edit changes the text and is dated; the same again is refused as no change.
    """

    async def scenario(bot):
        sent = await bot.send_message(door.channel, "Open at 8")
        about = {"chat_id": door.channel, "message_id": sent.message_id}
        await bot.edit_message_text("Open at 9", **about)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("Open at 9", **about)
        with pytest.raises(BadRequest, match="not found"):
            await bot.edit_message_text("x", chat_id=door.channel, message_id=999)
        return sent

    stored = door.stored(door.run(scenario).message_id)
    assert "Open at 9" == stored["text"]
    assert stored["edit_date"] >= stored["date"]


def test_a_caption_is_edited(door):
    """
    The caption of a photo changes; a text has none to change.
    """

    async def scenario(bot):
        sent = await bot.send_photo(door.channel, _PNG, caption="Old")
        await bot.edit_message_caption(door.channel, sent.message_id, caption="New")
        text = await bot.send_message(door.channel, "Text")
        with pytest.raises(BadRequest, match="no caption"):
            await bot.edit_message_caption(door.channel, text.message_id, caption="x")
        return sent

    assert "New" == door.stored(door.run(scenario).message_id)["caption"]


def test_posts_are_taken_away(door):
    """
    A deleted post is gone; deleting it twice, or after two days, is refused.
    """

    async def scenario(bot):
        sent = [await bot.send_message(door.channel, f"{n}") for n in range(4)]
        await bot.delete_message(door.channel, sent[0].message_id)
        with pytest.raises(BadRequest, match="not found"):
            await bot.delete_message(door.channel, sent[0].message_id)
        await bot.delete_messages(door.channel, [m.message_id for m in sent[:3]])
        door.sandbox.advance(days=3)
        with pytest.raises(BadRequest, match="can't be deleted"):
            await bot.delete_message(door.channel, sent[3].message_id)
        return sent

    kept = [door.stored(m.message_id) is not None for m in door.run(scenario)]
    assert [False, False, False, True] == kept


def test_the_channel_knows_its_followers_and_its_bot(door):
    """
    Followers grow with days and posts; an unknown channel is refused.
    """

    async def scenario(bot):
        before = await bot.get_chat_member_count(door.channel)
        chat = await bot.get_chat(door.channel)
        await bot.send_message(chat.id, "Hello")
        door.sandbox.advance(days=2)
        after = await bot.get_chat_member_count(chat.id)
        member = await bot.get_chat_member(chat.id, bot.id)
        with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
            await bot.get_chat_member_count("@nobody_at_all")
        return before, after, member

    before, after, member = door.run(scenario)
    assert after > before
    assert ("administrator", True) == (member.status, member.can_post_messages)


def test_a_bot_that_was_removed_posts_nothing(door):
    """
    Where the bot was kicked out it is told so, and the channel stays as it was.
    """

    async def scenario(bot):
        left = door.facts["left_channel_id"]
        member = await bot.get_chat_member(left, bot.id)
        with pytest.raises(Forbidden, match="kicked"):
            await bot.send_message(left, "Hello?")
        return member

    assert "kicked" == door.run(scenario).status
    assert [] == door.sandbox.state()["telegram"]["Message"]


def test_a_wrong_token_opens_nothing(door):
    """
    Another token is refused before anything is done.
    """

    async def scenario(bot):
        await bot.send_message(door.channel, "Hello")

    with pytest.raises(InvalidToken):
        door.run(scenario, token="sbx_1:" + "a" * 35)
    assert [] == door.sandbox.state()["telegram"]["Message"]


def test_flood_control_says_how_long_to_wait(door, monkeypatch):
    """
    A burst passes, the rest waits; after the time told it goes on.
    """

    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns about itself

    async def scenario(bot):
        for n in range(20):
            await bot.send_message(door.channel, f"{n}")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(door.channel, "one too many")
        seconds = caught.value.retry_after.total_seconds()
        door.sandbox.advance(seconds)
        await bot.send_message(door.channel, "later")
        return seconds

    assert 1 == door.run(scenario)
    assert 21 == len(door.sandbox.state()["telegram"]["Message"])


def test_link_previews_are_chosen(door):
    """
    What is said about previews is kept; what is not modelled is told, not faked.
    """

    async def scenario(bot):
        off = LinkPreviewOptions(is_disabled=True)
        sent = await bot.send_message(
            door.channel, "https://a.example", link_preview_options=off
        )
        with pytest.raises(NetworkError, match="does not model"):
            await bot.pin_chat_message(door.channel, sent.message_id)
        return sent

    stored = door.stored(door.run(scenario).message_id)
    assert {"is_disabled": True} == stored["link_preview_options"]


def test_the_log_never_shows_the_token(door):
    """
    The token stands in every path on the wire, and in none of the log.
    """

    async def scenario(bot):
        await bot.send_message(door.channel, "Hello")

    door.run(scenario)

    text = repr(door.sandbox.log.to_json())
    assert "/telegram/bot***/sendMessage" in text
    assert door.facts["access_token"] not in text
