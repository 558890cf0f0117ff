"""Every update is understood by two libraries written by others, without a field left over."""

from typing import Any

from bot.sandbox import Chat, Message, Person, Sandbox, files, voices
from bot.sandbox.speech import Sent
from tests.sandbox import samples
from tests.sandbox.decoding import left_over


def live_a_little(sandbox: Sandbox, olena: Person, staff: Chat, question: Message) -> None:
    """Something of every kind the town can tell."""
    town = sandbox.town
    town.bot.mailbox.allowed = ["message", "edited_message", "callback_query", "my_chat_member",
                                "chat_member"]  # fmt: skip
    said = town.type(olena.id, "hello /help", reply_to=question.message_id)
    town.edit(olena.id, said.message_id, "hello again")
    town.share_contact(olena.id)
    town.press(olena.id, question.message_id, data="n")
    town.join(staff.id, olena.id)
    town.type(olena.id, "hi", chat_id=staff.id)
    town.leave(staff.id, olena.id)
    town.block(olena.id)
    town.unblock(olena.id)
    town.set_bot_status(staff.id, "kicked")


async def test_both_libraries_read_every_update(
    sandbox: Sandbox, call: Any, olena: Person, staff: Chat, question: Message
) -> None:
    live_a_little(sandbox, olena, staff, question)
    updates = await call.result("getUpdates")
    kinds = [key for update in updates for key in update if key != "update_id"]
    assert kinds == [
        "message", "edited_message", "message", "callback_query", "message", "chat_member",
        "message", "message", "chat_member", "my_chat_member", "my_chat_member", "my_chat_member",
    ]  # fmt: skip
    assert left_over(updates) == set()


def send_everything(sandbox: Sandbox, olena: Person) -> None:
    """A file of every kind, and what is neither a file nor words."""
    town = sandbox.town
    for kind in files.KINDS:
        upload = samples.recording() if kind == "voice" else samples.picture()
        sent = town.send_file(olena.id, Sent(kind, upload, "a #b"))
    town.edit(olena.id, town.send_file(olena.id, Sent("photo", upload)).message_id, "words")
    town.send_album(olena.id, [Sent("photo", upload, "c"), Sent("photo", upload)])
    town.send_location(olena.id, (42.7, 23.3))
    town.send_venue(olena.id, (42.7, 23.3), ("Бюро", "София"))
    town.forward(olena.id, sent)
    town.forward(olena.id, sent, hidden=True)
    town.say(olena.id, {"text": "a", "via_bot": voices.another_bot("Gif")["from"]})


async def test_both_libraries_read_whatever_people_send(
    sandbox: Sandbox, call: Any, olena: Person
) -> None:
    send_everything(sandbox, olena)
    updates = await call.result("getUpdates")
    assert len(updates) == len(files.KINDS) + 9
    assert left_over(updates) == set()


def live_in_groups(sandbox: Sandbox, staff: Chat) -> None:
    """Topics, pins, an upgrade, places that change, and those who are no persons."""
    town, maria = sandbox.town, staff.members[0]
    forum = town.add_group("Форум", [maria], forum=True)
    topic = town.start_topic(maria, forum.id, "Визи")
    said = town.type(maria, "a", chat_id=forum.id, thread=topic.id)
    town.pin_message(maria, said.message_id, chat_id=forum.id)
    town.change_topic(maria, forum.id, topic.id, name="Б", closed=True)
    town.change_topic(maria, forum.id, topic.id, closed=False, deleted=True)
    small = town.add_group("Малка", [maria], basic=True)
    town.upgrade_group(small.id)
    town.mute_bot(staff.id)
    town.set_bot_status(staff.id, "administrator", rights={"can_manage_topics": False})
    for voice in (
        voices.hidden_administrator(staff),
        voices.channel("Канал"),
        voices.linked_channel("Канал", said.date),
        voices.another_bot("Echo"),
    ):
        town.say_as(voice, {"text": "a"}, chat_id=staff.id)


async def test_both_libraries_read_what_happens_in_groups(
    sandbox: Sandbox, call: Any, staff: Chat
) -> None:
    live_in_groups(sandbox, staff)
    updates = await call.result("getUpdates")
    told = [
        next((one for one in SERVICE if one in update.get("message", {})), kind)
        for update in updates
        for kind in update
        if kind != "update_id"
    ]
    assert told == [
        "my_chat_member", "forum_topic_created", "message", "pinned_message",
        "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "my_chat_member",
        "migrate_to_chat_id", "migrate_from_chat_id", "my_chat_member", "my_chat_member",
        *["message"] * 4,
    ]  # fmt: skip
    assert left_over(updates) == set()


SERVICE = (
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "pinned_message", "migrate_to_chat_id", "migrate_from_chat_id",
)  # fmt: skip
