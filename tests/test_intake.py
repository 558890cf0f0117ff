"""Updates have their effect in order and once; one that nobody understands deafens nobody."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.address import Menu, Page
from bot.desk import Desk
from bot.regrets import BROKEN
from bot.screen import GoTo, Screen, command, page
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from tests.core import Town, town
from tests.world import Ground, person

CANARY = "zq7-words-000123"
CHAT = {"id": 5_000_000_001, "type": "private", "first_name": "Olena"}
OLENA = {"id": 5_000_000_001, "is_bot": False, "first_name": "Olena"}
TEXT = {"message_id": 9000, "date": 1_790_000_000, "chat": CHAT, "from": OLENA, "text": CANARY}


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path) as made:
        await made.welcome("Olena")
        yield made


async def still_serves(here: Town) -> bool:
    """Whether somebody else who writes now is answered."""
    await here.welcome("Omar", "ar")
    return len(here.said("Omar")) == 1


# Updates nobody understands

STRANGE: dict[str, dict[str, Any]] = {
    "a kind that does not exist yet": {"telepathy": {"from": OLENA, "thought": CANARY}},
    "nothing at all": {},
    "a message without a chat": {"message": {"message_id": 1, "date": 1, "text": CANARY}},
    "a message that is a word": {"message": CANARY},
    "a message of nothing": {"message": None},
    "a number that is a word": {"message": {**TEXT, "message_id": CANARY}},
    "an unknown member": {
        "my_chat_member": {
            "chat": CHAT,
            "from": OLENA,
            "date": 1,
            "old_chat_member": {"status": "member", "user": OLENA},
            "new_chat_member": {"status": "floating", "user": OLENA},
        }
    },
    "an unknown origin": {"message": {**TEXT, "forward_origin": {"type": "dream", "date": 1}}},
    "an unknown kind of text": {
        "message": {**TEXT, "entities": [{"type": "sparkling", "offset": 0, "length": 3}]}
    },
    "a button without a message": {
        "callback_query": {"id": "1", "from": OLENA, "chat_instance": "1", "data": "m"}
    },
    "a button of a game": {
        "callback_query": {"id": "1", "from": OLENA, "chat_instance": "1", "game_short_name": "x"}
    },
    "an old message edited": {"edited_message": {**TEXT, "edit_date": 1_790_000_001}},
    "a post of a channel": {
        "channel_post": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": -1001, "type": "channel", "title": "C"},
            "text": CANARY,
        }
    },
    "a poll": {"poll_answer": {"poll_id": "1", "user": OLENA, "option_ids": [0]}},
    "a reaction": {
        "message_reaction": {
            "chat": CHAT,
            "message_id": 1,
            "date": 1,
            "old_reaction": [],
            "new_reaction": [{"type": "smell"}],
            "user": OLENA,
        }
    },
    "a payment": {
        "pre_checkout_query": {
            "id": "1",
            "from": OLENA,
            "currency": "EUR",
            "total_amount": 1,
            "invoice_payload": CANARY,
        }
    },
    "a sender who is a word": {"message": {**TEXT, "from": {**OLENA, "id": CANARY}}},
    "a sender without a number": {"message": {**TEXT, "from": {"first_name": CANARY}}},
    "a sender of nothing": {"message": {**TEXT, "from": {**OLENA, "id": None}}},
    "an enormous sender": {"message": {**TEXT, "from": {**OLENA, "id": 10**30}}},
    "a text with a zero in it": {"message": {**TEXT, "text": f"{CANARY}\x00"}},
}


async def test_updates_nobody_understands_deafen_nobody(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")

    for name, update in STRANGE.items():
        here.world.sandbox.town.inject(update)
        await confirmed(here, name)

    assert await still_serves(here)
    assert CANARY not in caplog.text


async def confirmed(here: Town, name: str) -> None:
    """Whether the bot asks for more after this update; if it is dead it never will."""
    try:
        await here.world.sandbox.idle(timeout=3)
    except TimeoutError:
        pytest.fail(f"the bot is deaf since it met {name}", pytrace=False)


async def test_what_people_say_in_the_group_is_not_answered(here: Town) -> None:
    here.world.sandbox.town.type(person("Maria"), CANARY, chat_id=here.world.group)
    await here.settle()

    assert here.said_to_group() == []


# Views that fail


class Poisoned(Page, prefix="zq1"): ...


class Waiting(Page, prefix="zq2"): ...


async def test_a_view_that_always_fails_is_set_aside_after_three_tries(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []

    @command("poison")
    async def poison(desk: Desk, rest: str) -> GoTo:
        tries.append(rest)
        desk.draft.choices["half"] = "done"
        raise RuntimeError(CANARY)

    here.serve_also(poison)
    await here.write("Olena", f"/poison {CANARY}")

    assert tries == [CANARY] * 3
    assert here.last("Olena").text == f"{BROKEN}\n\n{_menu(here)}"
    assert [one.levelname for one in caplog.records] == ["ERROR"] * 3
    assert CANARY not in caplog.text
    assert await still_serves(here)


def _menu(here: Town) -> str:
    """What the menu says; it is the end of every first message."""
    return here.said("Olena")[0].rpartition("\n\n")[2]


async def test_a_button_whose_view_always_fails_is_answered_all_the_same(here: Town) -> None:
    @page(Poisoned)
    async def poisoned(_: Desk) -> Screen:
        raise RuntimeError(CANARY)

    here.serve_also(poisoned)
    await here.forge("Olena", "zq1")

    assert here.world.sandbox.town.unanswered == []
    assert here.last("Olena").text == f"{BROKEN}\n\n{_menu(here)}"


async def test_a_failure_keeps_only_its_own_person_waiting(here: Town) -> None:
    @page(Poisoned)
    async def poisoned(_: Desk) -> Screen:
        raise RuntimeError(CANARY)

    here.serve_also(poisoned)
    await here.welcome("Omar", "ar")
    phone = here.world.sandbox.town
    phone.press_forged(person("Olena"), here.last("Olena").message_id, "zq1")
    phone.press_forged(person("Omar"), here.last("Omar").message_id, "t")
    await here.settle()

    assert phone.unanswered == []
    assert "ls" not in {one.data for one in here.buttons(person("Omar"))}


async def test_a_view_that_recovers_is_not_set_aside(here: Town) -> None:
    tries: list[str] = []

    @command("shaky")
    async def shaky(desk: Desk, rest: str) -> GoTo:
        tries.append(rest)
        if len(tries) < 3:
            raise RuntimeError(CANARY)
        return GoTo(Menu(), desk.say("Done"))

    here.serve_also(shaky)
    await here.write("Olena", "/shaky")

    assert here.last("Olena").text == f"Done\n\n{_menu(here)}"


async def test_who_runs_out_of_memory_sets_nothing_aside(here: Town) -> None:
    """It is not the update that is wrong; it is served when there is room again."""
    tries: list[str] = []

    @command("large")
    async def large(desk: Desk, rest: str) -> GoTo:
        tries.append(rest)
        if len(tries) < 4:
            raise MemoryError
        return GoTo(Menu(), desk.say("Done"))

    here.serve_also(large)
    await here.write("Olena", "/large")

    assert len(tries) == 4
    assert here.last("Olena").text == f"Done\n\n{_menu(here)}"


# The same update once more


async def test_a_press_that_comes_twice_has_its_effect_once(here: Town) -> None:
    await here.press_all("Olena", Days, Times, Hold, Grown, Nameless)
    await here.press("Olena", Book)
    phone = here.world.sandbox.town
    book = max(phone.bot.mailbox._seen)
    shown = [here.last("Olena").text, len(here.said("Olena"))]

    for _ in range(3):
        phone.redeliver(book)
        await here.settle()

    kinds = Counter(one.kind for one in await here.outbox())
    assert (kinds["booked"], kinds["card_appointment"]) == (1, 1)
    assert [here.last("Olena").text, len(here.said("Olena"))] == shown


async def test_words_that_come_twice_are_heard_once(here: Town) -> None:
    heard: list[str] = []

    @command("note")
    async def note(desk: Desk, rest: str) -> GoTo:
        del desk
        heard.append(rest)
        return GoTo(Menu())

    here.serve_also(note)
    await here.write("Olena", "/note one")
    here.world.sandbox.town.redeliver(max(here.world.sandbox.town.bot.mailbox._seen))
    await here.settle()

    assert heard == ["one"]


# Order


async def test_what_one_person_writes_at_once_is_heard_in_order(here: Town) -> None:
    heard: list[str] = []

    @command("note")
    async def note(desk: Desk, rest: str) -> GoTo:
        del desk
        await asyncio.sleep(0.01 if rest == "1" else 0)
        heard.append(rest)
        return GoTo(Menu())

    here.serve_also(note)
    for number in range(20):
        here.world.sandbox.town.type(person("Olena"), f"/note {number}")
    await here.settle()

    assert heard == [str(number) for number in range(20)]


async def test_different_people_are_served_side_by_side(here: Town) -> None:
    together = asyncio.Barrier(2)

    @page(Waiting)
    async def waiting(desk: Desk) -> Screen:
        async with asyncio.timeout(4):
            await together.wait()
        return Screen(desk.say("Both are here"))

    here.serve_also(waiting)
    await here.welcome("Omar", "ar")
    for name in ("Olena", "Omar"):
        message = here.last(name).message_id
        here.world.sandbox.town.press_forged(person(name), message, "zq2")
    await here.settle()

    assert [here.last(name).text for name in ("Olena", "Omar")] == ["Both are here"] * 2
