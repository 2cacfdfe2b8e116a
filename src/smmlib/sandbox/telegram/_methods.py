"""
The methods of the Bot API that post to a channel and read it.

Source: Bot API 10.1, 2026-06.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from smmlib.sandbox.telegram._errors import BotError, bad
from smmlib.sandbox.telegram._media import media_content
from smmlib.sandbox.telegram._messages import (
    ALBUM,
    DELETE_BATCH,
    Channel,
    Message,
    caption_content,
    keyboard,
    text_content,
)
from smmlib.sandbox.telegram._params import Params

_RIGHTS = (
    "can_post_messages", "can_edit_messages", "can_delete_messages",
    "can_manage_chat", "can_invite_users", "can_change_info",
)  # fmt: skip
_NO_RIGHTS = (
    "is_anonymous", "can_be_edited", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip


@attrs.frozen
class Call:
    """
    One call of a method.

    Attributes:
        bot: Who calls.
        channels: What the bot can reach; the second it was removed from.
        params: What was sent.
        now: The present, in seconds.
        age_s: How old the sandbox is.
        removed: Id of the channel the bot was removed from.
    """

    bot: dict[str, Any]
    channels: tuple[Channel, ...]
    params: Params
    now: float
    age_s: float
    removed: int

    def channel(self) -> Channel:
        """
        The channel that is meant, by id or @username.
        """
        wanted = self.params.text("chat_id").strip()
        if not wanted:
            raise bad("chat_id is empty")
        for channel in self.channels:
            if wanted.lower() in {str(channel.id), f"@{channel.username.lower()}"}:
                return channel
        raise bad("chat not found")

    def postable(self, count: int = 1) -> Channel:
        """
        The channel, where the bot may post so much now.
        """
        channel = self.channel()
        if channel.id == self.removed:
            raise BotError(403, "bot was kicked from the channel chat")
        channel.spend(self.now, count)
        return channel


def get_me(call: Call) -> Any:
    """
    The bot itself.
    """
    return call.bot


def get_chat(call: Call) -> Any:
    """
    The channel in full.
    """
    more = {"accent_color_id": 0, "max_reaction_count": 11, "description": "Sandbox"}
    gifts = {
        "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False,
        "premium_subscription": False, "gifts_from_channels": False,
    }  # fmt: skip
    return {**call.channel().chat(), **more, "accepted_gift_types": gifts}


def get_member_count(call: Call) -> Any:
    """
    How many follow.
    """
    return call.channel().members(call.age_s)


def get_member(call: Call) -> Any:
    """
    What the bot may do there.
    """
    channel = call.channel()
    if call.params.whole("user_id") != call.bot["id"]:
        raise bad("user not found")
    if channel.id == call.removed:
        return {"status": "kicked", "user": call.bot, "until_date": 0}
    return _administrator(call)


def get_administrators(call: Call) -> Any:
    """
    Who runs the channel: the bot.
    """
    call.channel()
    return [_administrator(call)] if call.params.flag("return_bots") else []


def _administrator(call: Call) -> dict[str, Any]:
    rights = {**dict.fromkeys(_NO_RIGHTS, False), **dict.fromkeys(_RIGHTS, True)}
    return {"status": "administrator", "user": call.bot, **rights}


def send_message(call: Call) -> Any:
    """
    Publish a text.
    """
    content = {**text_content(call.params), **keyboard(call.params)}
    options = call.params.data("link_preview_options")
    if options:
        content["link_preview_options"] = options
    return call.postable().add(call.now, content)


def _send_media(kind: str) -> Callable[[Call], Any]:
    def send(call: Call) -> Any:
        """
        Publish one photo, film or document with its caption.
        """
        params = call.params
        value = kind if kind in params.files else params.text(kind)
        if not value:
            raise bad(f"there is no {kind} in the request")
        content = media_content(kind, value, params.files)
        content |= caption_content(params) | keyboard(params)
        return call.postable().add(call.now, content)

    return send


def send_album(call: Call) -> Any:
    """
    Publish several pictures and films as one post.
    """
    items = call.params.data("media")
    if not isinstance(items, list) or not ALBUM[0] <= len(items) <= ALBUM[1]:
        raise bad("wrong number of messages in the album: it must be 2 to 10")
    contents = [_album_item(item, call.params.files) for item in items]
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad("can't use the media of the specified type in the album")
    channel = call.postable(len(contents))
    group = str(10**12 + channel.last_id)
    return [
        channel.add(call.now, {**content, "media_group_id": group})
        for content in contents
    ]


def _album_item(item: Any, files: dict[str, tuple[str, bytes]]) -> Message:
    if not isinstance(item, dict) or item.get("type") not in {
        "photo", "video", "document",
    }:  # fmt: skip
        raise bad("can't use the media of the specified type in the album")
    content = media_content(item["type"], str(item.get("media", "")), files)
    return content | caption_content(Params(item, {}))


def edit_text(call: Call) -> Any:
    """
    Change the text of a message.
    """
    return _edit(call, {"text", "entities"}, text_content(call.params), "text")


def edit_caption(call: Call) -> Any:
    """
    Change the caption of a message.
    """
    names = {"caption", "caption_entities"}
    return _edit(call, names, caption_content(call.params), "photo video document")


def _edit(call: Call, names: set[str], content: Message, kinds: str) -> Any:
    channel = call.postable()
    message_id = call.params.whole("message_id")
    message = channel.message(message_id, "message to edit not found")
    if not any(kind in message for kind in kinds.split()):
        what = "text" if kinds == "text" else "caption"
        raise bad(f"there is no {what} in the message to edit")
    replaced = {*names, "reply_markup"}
    kept = {key: value for key, value in message.items() if key not in replaced}
    changed = {**kept, **content, **keyboard(call.params)}
    if changed == message:
        raise bad(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    channel.messages[message_id] = {**changed, "edit_date": int(call.now)}
    return channel.messages[message_id]


def delete_message(call: Call) -> Any:
    """
    Take one message away.
    """
    call.channel().remove(call.params.whole("message_id"), call.now)
    return True


def delete_messages(call: Call) -> Any:
    """
    Take several messages away; those that are gone are skipped.
    """
    ids = call.params.data("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= DELETE_BATCH:
        raise bad("message_ids must hold 1 to 100 identifiers")
    channel = call.channel()
    for message_id in ids:
        if message_id in channel.messages:
            channel.remove(message_id, call.now)
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatMemberCount": get_member_count,
    "getChatAdministrators": get_administrators,
    "sendMessage": send_message,
    "sendPhoto": _send_media("photo"),
    "sendVideo": _send_media("video"),
    "sendDocument": _send_media("document"),
    "sendMediaGroup": send_album,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
NOT_MODELLED = (
    "sendPoll",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "copyMessage",
    "forwardMessage",
    "pinChatMessage",
)
