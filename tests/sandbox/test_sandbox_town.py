"""People of the town do what people can do, and nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Chat, Message, Person, Sandbox
from bot.sandbox.bots import scope_key


def heard(sandbox: Sandbox) -> list[str]:
    """The kinds of updates that wait for the bot."""
    return [one.kind for one in sandbox.town.bot.mailbox.queue]


def test_whoever_writes_first_has_started(sandbox: Sandbox) -> None:
    ana = sandbox.town.add_person("Ана", "bg")
    assert ana.started is False
    sandbox.town.type(ana.id, "hello")
    assert (ana.started, heard(sandbox)) == (True, ["message"])


def test_everybody_has_a_phone_and_an_id_beyond_32_bits(sandbox: Sandbox) -> None:
    people = [sandbox.town.add_person("A", "en") for _ in range(2)]
    assert len({one.phone for one in people}) == 2
    assert all(one.id > 2**32 for one in people)


def test_ids_can_be_chosen_once(sandbox: Sandbox) -> None:
    sandbox.town.add_person("A", "en", id=7)
    with pytest.raises(ValueError, match="The id 7 is taken"):
        sandbox.town.add_person("B", "en", id=7)


def test_a_group_has_an_owner_and_administrators(sandbox: Sandbox) -> None:
    one, two, three = (sandbox.town.add_person(name, "bg").id for name in "ABC")
    group = sandbox.town.add_group("G", [one, two, three], administrators=[two], owner=three)
    assert group.status == {one: "member", two: "administrator", three: "creator"}
    assert (group.bot_status, heard(sandbox)) == ("administrator", ["my_chat_member"])


def test_a_group_may_be_empty(sandbox: Sandbox) -> None:
    assert sandbox.town.add_group("G", []).members == []


def test_a_command_is_marked_when_typed(sandbox: Sandbox, olena: Person) -> None:
    typed = sandbox.town.type(olena.id, " /start now ")
    assert (typed.text, typed.entities) == (
        "/start now",
        [{"type": "bot_command", "offset": 0, "length": 6}],
    )


def test_a_reply_shows_what_it_replies_to(sandbox: Sandbox, question: Message) -> None:
    reply = sandbox.town.type(question.chat_id, "yes", reply_to=question.message_id)
    assert reply.wire["reply_to_message"]["text"] == "Coming?"


def test_somebody_elses_contact_can_be_shared(sandbox: Sandbox, olena: Person, staff: Chat) -> None:
    other = sandbox.town.person(staff.members[0])
    shared = sandbox.town.share_contact(olena.id, of=other.id).wire["contact"]
    assert (shared["user_id"], shared["phone_number"]) == (other.id, other.phone)


def test_a_forged_press_carries_any_data(sandbox: Sandbox, question: Message) -> None:
    sandbox.town.press_forged(question.chat_id, question.message_id, "b9:1")
    assert sandbox.town.bot.mailbox.queue[0].update["callback_query"]["data"] == "b9:1"


def test_a_deleted_message_is_gone(sandbox: Sandbox, question: Message) -> None:
    sandbox.town.delete(question.chat_id, question.message_id)
    assert question not in sandbox.town.messages(question.chat_id)
    assert heard(sandbox) == []


def test_blocking_twice_is_told_once(sandbox: Sandbox, olena: Person) -> None:
    for act in (sandbox.town.block, sandbox.town.block, sandbox.town.unblock):
        act(olena.id)
    assert heard(sandbox) == ["my_chat_member"] * 2


ACTS: dict[str, tuple[Callable[[Any, Person, Message, Chat], Any], str]] = {
    "silence": (lambda town, one, _m, _c: town.type(one.id, " "), "Nothing was typed"),
    "a book": (
        lambda town, one, _m, _c: town.type(one.id, "a" * 4097),
        "Longer than one message can be",
    ),
    "stranger": (lambda town, _o, _m, _c: town.type(1, "a"), "There is no person 1"),
    "nowhere": (lambda town, one, _m, _c: town.type(one.id, "a", chat_id=1), "There is no chat 1"),
    "outsider": (
        lambda town, one, _m, chat: town.type(one.id, "a", chat_id=chat.id),
        "Олена is not in this chat",
    ),
    "lost reply": (
        lambda town, one, _m, _c: town.type(one.id, "a", reply_to=1),
        "There is no message 1 in this chat",
    ),
    "no button": (
        lambda town, one, asked, _c: town.press(one.id, asked.message_id, data="x"),
        "There is no button “x”. There are: “Yes”, “No”",
    ),
    "not hers": (
        lambda town, one, asked, _c: town.edit(one.id, asked.message_id, "x"),
        "Only one's own text can be edited",
    ),
    "left twice": (lambda town, one, _m, chat: town.leave(chat.id, one.id), "Олена is already out"),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_nobody_can_do(
    sandbox: Sandbox, olena: Person, question: Message, staff: Chat, name: str
) -> None:
    act, sentence = ACTS[name]
    with pytest.raises(ValueError, match=re.escape(sentence)):
        act(sandbox.town, olena, question, staff)


def test_whoever_blocked_the_bot_unblocks_it_before_writing(
    sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.block(olena.id)
    with pytest.raises(ValueError, match="unblock it first"):
        sandbox.town.type(olena.id, "a")


def test_a_link_button_sends_nothing(sandbox: Sandbox, olena: Person) -> None:
    town = sandbox.town
    markup = {"inline_keyboard": [[{"text": "Map", "url": "https://x.bg"}]]}
    sent = town.post(town.chat(olena.id), town.bot.wire(), {"text": "a"}, markup)
    with pytest.raises(ValueError, match="“Map” sends nothing to the bot"):
        town.press(olena.id, sent.message_id, label="Map")


def test_the_narrowest_commands_win(sandbox: Sandbox) -> None:
    bot = sandbox.town.bot
    wide, narrow = scope_key(None), scope_key({"type": "chat", "chat_id": 7})
    bot.commands = {
        (wide, ""): [{"command": "a", "description": "all"}],
        (wide, "bg"): [{"command": "a", "description": "всички"}],
        (narrow, ""): [{"command": "b", "description": "here"}],
    }
    shown = [
        bot.commands_for(scopes, language)[0]["description"]
        for scopes, language in (([wide], "en"), ([wide], "bg-BG"), ([narrow, wide], "bg"))
    ]
    assert (shown, bot.commands_for([], "en")) == (["all", "всички", "here"], [])


def test_message_ids_of_chats_do_not_run_together(
    sandbox: Sandbox, olena: Person, staff: Chat
) -> None:
    ids = [sandbox.town.chat(one).next_message_id for one in (olena.id, staff.id)]
    assert len(set(ids)) == 2
