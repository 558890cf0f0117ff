"""The bot dies between showing a question and noting that it was shown; the answer is heard."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.address import Menu
from dialogs.first import Grown
from dialogs.person import AskPerson
from storage.tables import CaseMessage
from tests.kill import canaries
from tests.kill.people import Notebook, Someone, dice, is_screen
from tests.kill.scene import Scene
from tests.kill.visit import arrive

pytestmark = pytest.mark.slow


async def test_words_written_while_the_bot_was_away_reach_the_person_they_were_for(
    scene: Scene,
) -> None:
    town = scene.sandbox.town
    olena = canaries.arrives(town, "bg").id
    one = Someone(scene.sandbox, olena, Notebook(), dice(1))
    await scene.lives.begin()
    await arrive(one)
    await one.press(AskPerson)
    await one.press(Grown)
    await one.press(Menu)
    await scene.sandbox.idle()
    shown = asyncio.Event()

    def see(name: str, call: Any) -> None:
        if name == "call" and call["ok"] and call["method"] == "sendMessage":
            shown.set()

    town.listeners.append(see)
    screen = one.screen()
    assert screen is not None
    town.press(olena, screen.message_id, data=one.sees(AskPerson)[0])
    await shown.wait()
    await scene.lives.kill()
    town.listeners.remove(see)
    assert is_screen("sendMessage", town.ledger[-1].params, olena)
    await scene.lives.begin()
    await one.write("Can somebody call me?")
    async with scene.storage.read() as session:
        assert await session.scalar(select(func.count()).select_from(CaseMessage)) == 1
