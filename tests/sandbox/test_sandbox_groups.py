"""Groups: upgraded, rights given and taken, pins, and those who write but are no persons."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Chat, Message, Person, Sandbox, voices
from bot.sandbox.methods import METHODS

BAD = "400 Bad Request: "


@pytest.fixture
def small(sandbox: Sandbox, staff: Chat) -> Chat:
    """A basic group of Maria's."""
    group = sandbox.town.add_group("Малка", staff.members, basic=True)
    sandbox.town.bot.mailbox.drop_all()
    return group


IN_A_CHAT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("sendMessage", {"text": "a"}),
    ("sendChatAction", {"action": "typing"}),
    ("editMessageText", {"message_id": 1, "text": "a"}),
    ("deleteMessage", {"message_id": 1}),
    ("pinChatMessage", {"message_id": 1}),
    ("getChatMemberCount", {}),
    ("leaveChat", {}),
)


async def test_an_upgraded_group_names_the_new_one(
    call: Any, sandbox: Sandbox, small: Chat
) -> None:
    assert small.id > -(10**12)
    new = sandbox.town.upgrade_group(small.id)
    told = [one["message"] for one in await call.result("getUpdates")]
    assert [(one["chat"]["id"], one["chat"]["type"]) for one in told] == [
        (small.id, "group"),
        (new.id, "supergroup"),
    ]
    assert (told[0]["migrate_to_chat_id"], told[1]["migrate_from_chat_id"]) == (new.id, small.id)
    for method, params in IN_A_CHAT:
        answer = await call(method, chat_id=small.id, **params)
        assert (answer["error_code"], answer["description"], answer["parameters"]) == (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": new.id},
        )
    assert (await call.result("sendMessage", chat_id=new.id, text="a"))["chat"]["id"] == new.id
    assert (new.status, new.bot_status) == (small.status, "administrator")


def test_what_cannot_be_upgraded_or_made(sandbox: Sandbox, small: Chat, staff: Chat) -> None:
    town, maria = sandbox.town, small.members[0]
    town.upgrade_group(small.id)
    acts: dict[str, Callable[[], Any]] = {
        "Only a basic group": lambda: town.upgrade_group(staff.id),
        "and only once": lambda: town.upgrade_group(small.id),
        "This group became the supergroup": lambda: town.type(maria, "a", chat_id=small.id),
        "A basic group has no topics": lambda: town.add_group("a", [], basic=True, forum=True),
        "a short id": lambda: town.add_group("a", [], basic=True, id=-(10**12) - 1),
    }
    for sentence, act in acts.items():
        with pytest.raises(ValueError, match=re.escape(sentence)):
            act()


async def test_the_bot_hears_of_every_place_it_is_given(
    call: Any, sandbox: Sandbox, staff: Chat
) -> None:
    town = sandbox.town
    town.mute_bot(staff.id)
    muted = await call.result("getChatMember", chat_id=staff.id, user_id=town.bot.id)
    town.mute_bot(staff.id, muted=False)
    town.set_bot_status(staff.id, "administrator", rights={"can_pin_messages": False})
    town.set_bot_status(staff.id, "kicked")
    told = [one["my_chat_member"] for one in await call.result("getUpdates")]
    assert [one["new_chat_member"]["status"] for one in told] == [
        "restricted", "member", "administrator", "kicked",
    ]  # fmt: skip
    assert [one["old_chat_member"]["status"] for one in told] == [
        "administrator", "restricted", "member", "administrator",
    ]  # fmt: skip
    assert told[2]["new_chat_member"]["can_pin_messages"] is False
    assert (muted["is_member"], muted["can_send_messages"]) == (True, False)
    assert {one["from"]["id"] for one in told} == {staff.administrators[0]}


async def test_a_muted_bot_sends_nothing_of_any_kind(
    call: Any, sandbox: Sandbox, staff: Chat, olena: Person
) -> None:
    sandbox.town.mute_bot(staff.id)
    contact = {"phone_number": "1", "first_name": "a"}
    place = {"latitude": 1, "longitude": 1}
    await call.result("sendMessage", chat_id=olena.id, text="a")
    assert [
        await call.refusal("sendContact", chat_id=staff.id, **contact),
        await call.refusal("sendLocation", chat_id=staff.id, **place),
        await call.refusal("sendVenue", chat_id=staff.id, **place, title="a", address="b"),
    ] == [f"{BAD}not enough rights to send {kind} to the chat" for kind in
          ("contacts", "locations", "venues")]  # fmt: skip


async def test_rights_that_were_not_given_are_missed(
    call: Any, sandbox: Sandbox, staff: Chat
) -> None:
    said = sandbox.town.type(staff.members[0], "a", chat_id=staff.id).message_id
    none = {"can_pin_messages": False, "can_delete_messages": False}
    sandbox.town.set_bot_status(staff.id, "administrator", rights=none)
    given = {"chat_id": staff.id, "message_id": said}
    assert [
        await call.refusal("pinChatMessage", **given),
        await call.refusal("deleteMessage", **given),
    ] == [
        BAD + "not enough rights to manage pinned messages in the chat",
        BAD + "message can't be deleted for everyone",
    ]


async def test_people_get_other_places_too(call: Any, sandbox: Sandbox, staff: Chat) -> None:
    town = sandbox.town
    town.bot.mailbox.allowed = ["chat_member"]
    ana = town.add_person("Ана", "bg")
    town.join(staff.id, ana.id)
    town.set_status(staff.id, ana.id, "administrator")
    assert ana.id in staff.view()["administrators"]
    town.set_status(staff.id, ana.id, "kicked")
    told = [one["chat_member"]["new_chat_member"] for one in await call.result("getUpdates")]
    assert [one["status"] for one in told] == ["member", "administrator", "kicked"]
    with pytest.raises(ValueError, match="Ана cannot be “king” here"):
        town.set_status(staff.id, ana.id, "king")
    with pytest.raises(ValueError, match="A bot cannot be “member” with such rights"):
        town.set_bot_status(staff.id, "member", rights={"can_fly": True})


async def test_a_pin_is_said_once_by_whoever_pinned(
    call: Any, sandbox: Sandbox, staff: Chat
) -> None:
    town, maria = sandbox.town, staff.members[0]
    first, second = (town.type(maria, text, chat_id=staff.id).message_id for text in "ab")
    town.bot.mailbox.drop_all()
    for _ in range(2):
        await call.result("pinChatMessage", chat_id=staff.id, message_id=first)
    town.pin_message(maria, second, chat_id=staff.id)
    told = [one["message"] for one in await call.result("getUpdates")]
    assert [(one["from"]["id"], one["pinned_message"]["message_id"]) for one in told] == [
        (town.bot.id, first),
        (maria, second),
    ]
    assert staff.view()["pinned"] == [first, second]
    town.pin_message(maria, second, chat_id=staff.id, pinned=False)
    await call.result("unpinChatMessage", chat_id=staff.id)
    assert staff.view()["pinned"] == []


def test_those_who_are_no_persons_are_known_by_their_accounts(
    sandbox: Sandbox, staff: Chat
) -> None:
    town = sandbox.town
    said = [
        town.say_as(voice, {"text": "a"}, chat_id=staff.id).wire
        for voice in (
            voices.hidden_administrator(staff),
            voices.channel("Канал"),
            voices.linked_channel("Канал", 1),
            voices.another_bot("Echo"),
        )
    ]
    assert [
        (one["from"]["id"], one["from"]["is_bot"], one.get("sender_chat", {}).get("type"))
        for one in said
    ] == [
        (1087968824, True, "supergroup"),
        (136817688, True, "channel"),
        (777000, False, "channel"),
        (42, True, None),
    ]
    assert said[2]["is_automatic_forward"] is True


def test_a_forwarded_message_says_whose_it_is(
    sandbox: Sandbox, olena: Person, staff: Chat, question: Message
) -> None:
    town, maria = sandbox.town, staff.members[0]
    said = town.type(olena.id, "help /me")
    open_one = town.forward(maria, said, chat_id=staff.id).wire
    hidden = town.forward(maria, said, hidden=True, chat_id=staff.id).wire
    mine = town.forward(olena.id, question).wire
    assert open_one["forward_origin"]["sender_user"]["id"] == olena.id
    assert hidden["forward_origin"]["sender_user_name"] == "Олена"
    assert mine["forward_origin"]["sender_user"]["id"] == town.bot.id
    assert (open_one["text"], open_one["from"]["id"]) == ("help /me", maria)


def test_an_administrator_deletes_what_others_said(sandbox: Sandbox, staff: Chat) -> None:
    town, maria = sandbox.town, staff.members[0]
    ana = town.add_person("Ана", "bg")
    town.join(staff.id, ana.id)
    said = [town.type(one, "a", chat_id=staff.id).message_id for one in (ana.id, maria)]
    with pytest.raises(ValueError, match="Only one's own message"):
        town.delete(ana.id, said[1], chat_id=staff.id)
    town.delete(maria, said[0], chat_id=staff.id)
    assert [one.message_id for one in town.messages(staff.id)][-1] == said[1]


def test_nothing_is_offered_for_topics_in_private_chats(olena: Person, sandbox: Sandbox) -> None:
    params = {"chat_id": olena.id, "name": "a"}
    with pytest.raises(Exception, match="the chat is not a forum"):
        METHODS["createForumTopic"](sandbox.town, params)
