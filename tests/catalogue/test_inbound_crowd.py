"""One who floods, and a day's backlog: everybody else is served as ever, and nothing is lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from bot.middleware import LATE
from bot.regrets import TOO_MUCH
from bot.turnstile import Allowance
from dialogs.first import Grown
from dialogs.person import AskPerson
from tests.catalogue.inbound import OLENA, be_strict, everything_kept, notebook, town
from tests.core import Town
from tests.world import Ground, person

OMAR = person("Omar")


@pytest.fixture(params=["polling", "webhook"])
async def here(
    request: pytest.FixtureRequest, ground: Ground, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, request.param) as made:
        yield made


@pytest.fixture
async def polling(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, "polling") as made:
        yield made


# One visitor writes a thousand messages in a minute


async def test_of_a_thousand_messages_twenty_are_served_and_one_notice_is_given(
    here: Town,
) -> None:
    heard: list[str] = []
    here.serve_also(notebook(heard))
    be_strict(here)
    before, phone = len(here.said("Olena")), here.world.sandbox.town

    for number in range(500):
        phone.type(OLENA, f"/note {number}")
    kept = await everything_kept(here)
    for number in range(500, 1000):
        phone.type(OLENA, f"/note {number}")
    await here.world.sandbox.idle(timeout=30)

    told = here.said("Olena")[before:]
    assert heard == [str(number) for number in range(20)]
    assert (len(told), told[-1].startswith(TOO_MUCH)) == (21, True)
    assert phone.bot.mailbox.queue == []
    now = await everything_kept(here)
    more = {name: len(now[name]) - len(kept[name]) for name in now}
    assert {name: rows for name, rows in more.items() if rows} == {"handled": 20}


async def test_whoever_presses_too_often_has_every_press_answered_and_no_more(here: Town) -> None:
    be_strict(here, Allowance(presses=6))
    phone, message = here.world.sandbox.town, here.last("Olena").message_id
    shown = len(here.calls("editMessageText", OLENA))

    for number in range(50):
        phone.press_forged(OLENA, message, "tm"[number % 2])
    await here.settle()

    assert phone.unanswered == []
    assert len(here.calls("editMessageText", OLENA)) - shown == 6
    assert [one.startswith(TOO_MUCH) for one in here.said("Olena")] == [False, True]


async def test_while_one_floods_others_are_served_in_between(here: Town) -> None:
    be_strict(here)
    heard: list[str] = []
    here.serve_also(notebook(heard, slowly=lambda rest: 0.05 if rest.startswith("flood") else 0))
    here.knows("Omar")
    for number in range(60):
        here.world.sandbox.town.type(OLENA, f"/note flood {number}")
    here.world.sandbox.town.type(OMAR, "/start")
    here.world.sandbox.town.type(OMAR, "/note between")
    await here.world.sandbox.idle(timeout=30)

    assert len(heard) == 21
    assert "between" in heard[:10]


async def test_what_is_said_in_the_staff_group_takes_nobodys_allowance(here: Town) -> None:
    be_strict(here)
    maria, group = person("Maria"), here.world.group

    for number in range(100):
        here.world.sandbox.town.type(maria, f"word {number}", chat_id=group)
    await here.settle()
    await here.write("Maria", "/staff")

    assert [TOO_MUCH in one for one in here.said("Maria")] == [False]


# Twenty thousand updates waited


CROWD = range(6_000_000_000, 6_000_000_040)
EACH = 500


def waited(here: Town, who: int, words: str, since: timedelta) -> dict[str, Any]:
    """What somebody wrote so long ago; Telegram kept it."""
    people = here.world.sandbox.town
    if who not in people.people:
        people.add_person(f"Visitor {who}", "en", id=who)
    chat = people.chat(who)
    date = here.world.app.now() - since
    told = people.post(chat, people.person(who).wire(), {"text": words})
    people.person(who).started = True
    return {"message": {**told.wire, "date": int(date.timestamp())}}


def backlog(here: Town) -> None:
    """Forty visitors wrote five hundred messages each within a minute, two hours ago."""
    phone = here.world.sandbox.town
    for number in range(EACH):
        age = timedelta(hours=2) - timedelta(minutes=number / EACH)
        for who in CROWD:
            phone.inject(waited(here, who, f"/note {who} {number}", age))


async def test_a_backlog_of_twenty_thousand_is_served_oldest_first(polling: Town) -> None:
    """Each of the crowd is served as much as in a minute; nobody is forgotten or asked a thing."""
    heard: list[str] = []
    polling.serve_also(notebook(heard))
    be_strict(polling, Allowance(late=1e6))
    await polling.welcome("Omar", "ar")
    for name in ("Omar", "Olena"):
        await polling.press_all(name, AskPerson, Grown)
    await polling.write("Olena", "/menu")
    phone, hours = polling.world.sandbox.town, timedelta(hours=3)
    phone.inject(waited(polling, OMAR, "When do you open?", hours))
    phone.inject(waited(polling, OLENA, "/person", hours))
    backlog(polling)

    begun = process_time()
    await polling.world.sandbox.idle(timeout=90)
    seconds = process_time() - begun
    await polling.settle()

    first = {f"{who} {number}" for who in CROWD for number in range(20)}
    places = [int(one.split()[1]) for one in heard]
    assert first - set(heard) == set()
    assert max(before - after for before, after in pairwise(places)) < 10
    assert {len(polling.messages(who)) for who in CROWD} == {len(heard) // len(CROWD) + 1}
    assert polling.said("Olena")[-1].startswith(LATE)
    assert len(await polling.outbox("card_case")) == 1
    assert seconds < 40
