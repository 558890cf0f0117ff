"""Topics: opened, written into, closed, renamed, deleted; by people and by the bot."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Chat, Person, Sandbox
from bot.sandbox.people import Topic

BAD = "400 Bad Request: "


@pytest.fixture
def maria(sandbox: Sandbox, staff: Chat) -> Person:
    return sandbox.town.person(staff.members[0])


@pytest.fixture
def forum(sandbox: Sandbox, maria: Person) -> Chat:
    """Maria owns it, Ana is a member, the bot an administrator."""
    ana = sandbox.town.add_person("Ана", "bg")
    chat = sandbox.town.add_group("Форум", [ana.id], forum=True, owner=maria.id)
    sandbox.town.bot.mailbox.drop_all()
    return chat


@pytest.fixture
def topic(sandbox: Sandbox, forum: Chat, maria: Person) -> Topic:
    made = sandbox.town.start_topic(maria.id, forum.id, "Визи")
    sandbox.town.bot.mailbox.drop_all()
    return made


def ana_of(forum: Chat) -> int:
    return next(one for one in forum.members if one not in forum.administrators)


async def test_a_topic_of_the_bot_is_opened_and_told(
    call: Any, sandbox: Sandbox, forum: Chat
) -> None:
    made = await call.result("createForumTopic", chat_id=forum.id, name=" Наеми ")
    [update] = await call.result("getUpdates")
    told, number = update["message"], made["message_thread_id"]
    assert made == {"message_thread_id": number, "name": "Наеми", "icon_color": 0x6FB9F0}
    assert (told["message_id"], told["message_thread_id"], told["from"]["id"]) == (
        number, number, sandbox.town.bot.id,
    )  # fmt: skip
    assert told["forum_topic_created"] == {"name": "Наеми", "icon_color": 0x6FB9F0}
    assert forum.view()["topics"] == [{**made, "closed": False}]


async def test_what_stands_in_a_topic_says_so(
    call: Any, sandbox: Sandbox, forum: Chat, topic: Topic
) -> None:
    said = sandbox.town.type(ana_of(forum), "a", chat_id=forum.id, thread=topic.id)
    sent = await call.result("sendMessage", chat_id=forum.id, text="b", message_thread_id=topic.id)
    answer = await call.result(
        "sendMessage", chat_id=forum.id, text="c", reply_parameters={"message_id": said.message_id}
    )
    general = sandbox.town.type(ana_of(forum), "d", chat_id=forum.id).wire
    told = [
        (one.get("message_thread_id"), one.get("is_topic_message"), first(one))
        for one in (said.wire, sent, answer, general)
    ]
    assert told == [
        (topic.id, True, topic.id),  # what answers nothing answers the opening of its topic
        (topic.id, True, topic.id),
        (topic.id, True, said.message_id),
        (None, None, None),
    ]


def first(message: dict[str, Any]) -> int | None:
    number: int | None = message.get("reply_to_message", {}).get("message_id")
    return number


async def test_threads_that_are_none_are_refused(
    call: Any, sandbox: Sandbox, olena: Person, staff: Chat, forum: Chat, topic: Topic
) -> None:
    other = sandbox.town.start_topic(forum.administrators[0], forum.id, "Друго")
    reply = {"reply_parameters": {"message_id": other.id}}

    async def said(chat: int, thread: int, **more: Any) -> str:
        given = {"chat_id": chat, "message_thread_id": thread, "text": "a", **more}
        return str(await call.refusal("sendMessage", **given))

    typing = {"chat_id": forum.id, "message_thread_id": 1, "action": "typing"}
    assert [
        await said(olena.id, 1),
        await said(staff.id, topic.id),
        await said(forum.id, 1),
        await said(forum.id, topic.id, **reply),
        await call.refusal("sendChatAction", **typing),
    ] == [BAD + "message thread not found"] * 3 + [
        BAD + "the sandbox does not reply across topics",
        BAD + "message thread not found",
    ]


async def test_a_closed_topic_is_for_those_who_manage_it(
    call: Any, sandbox: Sandbox, forum: Chat, topic: Topic, maria: Person
) -> None:
    town, given = sandbox.town, {"chat_id": forum.id, "text": "a", "message_thread_id": topic.id}
    town.change_topic(maria.id, forum.id, topic.id, closed=True)
    with pytest.raises(ValueError, match="The topic “Визи” is closed"):
        town.type(ana_of(forum), "a", chat_id=forum.id, thread=topic.id)
    town.type(maria.id, "a", chat_id=forum.id, thread=topic.id)
    await call.result("sendMessage", **given)
    town.set_bot_status(forum.id, "administrator", rights={"can_manage_topics": False})
    assert await call.refusal("sendMessage", **given) == BAD + "TOPIC_CLOSED"
    town.change_topic(maria.id, forum.id, topic.id, closed=False)
    await call.result("sendMessage", **given)


async def test_topics_the_bot_cannot_have(
    call: Any, sandbox: Sandbox, forum: Chat, topic: Topic, olena: Person, staff: Chat
) -> None:
    own = await call.result("createForumTopic", chat_id=forum.id, name="Моя")
    mine = {"chat_id": forum.id, "message_thread_id": own["message_thread_id"]}
    theirs = {"chat_id": forum.id, "message_thread_id": topic.id}
    sandbox.town.set_bot_status(forum.id, "administrator", rights={"can_manage_topics": False})
    told = [
        await call.refusal("createForumTopic", chat_id=one, name="a")
        for one in (olena.id, staff.id, forum.id)
    ]
    await call.result("closeForumTopic", **mine)
    assert told == [BAD + "the chat is not a forum"] * 2 + [
        BAD + "not enough rights to create a topic"
    ]
    assert [
        await call.refusal("closeForumTopic", **theirs),
        await call.refusal("reopenForumTopic", **theirs),
        await call.refusal("editForumTopic", **theirs, name="a"),
        await call.refusal("closeForumTopic", **mine),
        await call.refusal("editForumTopic", **mine, name=" Моя "),
        await call.refusal("editForumTopic", **mine, icon_custom_emoji_id="5"),
        await call.refusal("closeForumTopic", chat_id=forum.id, message_thread_id=7),
        await call.refusal("closeForumTopic", chat_id=forum.id, message_thread_id=0),
        await call.refusal("closeForumTopic", chat_id=forum.id),
    ] == [
        BAD + "not enough rights to close or open the topic",
        BAD + "not enough rights to close or open the topic",
        BAD + "not enough rights to edit the topic",
        BAD + "TOPIC_NOT_MODIFIED",
        BAD + "TOPIC_NOT_MODIFIED",
        BAD + "DOCUMENT_INVALID",
        BAD + "TOPIC_ID_INVALID",
        BAD + "invalid forum topic identifier specified",
        BAD + "invalid forum topic identifier specified",
    ]
    sandbox.town.set_bot_status(forum.id, "administrator", rights={"can_delete_messages": False})
    assert [
        await call.refusal("deleteForumTopic", **mine),
        await call.refusal("createForumTopic", chat_id=forum.id, name=" "),
        await call.refusal("createForumTopic", chat_id=forum.id, name="a" * 129),
        await call.refusal("createForumTopic", chat_id=forum.id, name="a", icon_color=1),
    ] == [
        BAD + "not enough rights to delete the topic",
        BAD + "title must be non-empty",
        BAD + 'field "name" must be within 1-128 characters',
        BAD + "invalid icon color specified",
    ]


async def test_a_deleted_topic_takes_its_messages_along(
    call: Any, sandbox: Sandbox, forum: Chat, topic: Topic
) -> None:
    town = sandbox.town
    town.type(ana_of(forum), "in it", chat_id=forum.id, thread=topic.id)
    town.type(ana_of(forum), "beside it", chat_id=forum.id)
    await call.result("deleteForumTopic", chat_id=forum.id, message_thread_id=topic.id)
    assert [one.text for one in town.messages(forum.id)] == ["beside it"]
    assert forum.view()["topics"] == []


def test_what_people_cannot_do_with_topics(
    sandbox: Sandbox, forum: Chat, topic: Topic, staff: Chat, maria: Person
) -> None:
    town, ana = sandbox.town, ana_of(forum)
    acts: dict[str, Callable[[], Any]] = {
        "This chat has no topics": lambda: town.start_topic(maria.id, staff.id, "a"),
        "A topic has a name": lambda: town.start_topic(ana, forum.id, " "),
        "six colours": lambda: town.start_topic(ana, forum.id, "a", color=1),
        "Ана may not change": lambda: town.change_topic(ana, forum.id, topic.id, closed=True),
        "There is no topic 7": lambda: town.type(ana, "a", chat_id=forum.id, thread=7),
    }
    for sentence, act in acts.items():
        with pytest.raises(ValueError, match=re.escape(sentence)):
            act()
