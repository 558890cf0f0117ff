"""Polling: Telegram is told of what is done, whatever it answers, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.address import Page
from bot.desk import Desk
from bot.intake import TokenRefusedError
from bot.polling import Polling
from bot.sandbox.hook import Hook
from bot.screen import Screen, page
from tests.core import Town, town
from tests.world import Ground, person


class Waiting(Page, prefix="zq2"): ...


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path) as made:
        await made.welcome("Olena")
        yield made


async def still_serves(here: Town) -> bool:
    """Whether somebody else who writes now is answered."""
    await here.welcome("Omar", "ar")
    return len(here.said("Omar")) == 1


async def test_who_is_being_served_when_we_stop_is_served_and_confirmed(here: Town) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    @page(Waiting)
    async def waiting(desk: Desk) -> Screen:
        begun.set()
        await may_end.wait()
        return Screen(desk.say("Served"))

    here.serve_also(waiting)
    message = here.last("Olena").message_id
    here.world.sandbox.town.press_forged(person("Olena"), message, "zq2")
    await begun.wait()

    here.intake.stop()
    may_end.set()
    await here.world.sandbox.idle()

    assert here.last("Olena").text == "Served"
    assert here.world.sandbox.town.bot.mailbox.queue == []


async def test_when_telegram_stumbles_we_ask_again(here: Town) -> None:
    for kind in ("500", "502-html", "not-json", "ok-false", "reset-before", "half-body", "409"):
        here.fault("getUpdates", kind)
        await here.write("Olena", "/mine")

    assert len(here.said("Olena")) == 8
    assert await still_serves(here)


async def test_an_answer_without_updates_is_no_answer(here: Town) -> None:
    receiver = here.world.app.receiver
    assert isinstance(receiver, Polling)

    answers: list[Any] = [None, [], "ok", {"ok": True}, {"ok": True, "result": 7}, {"ok": False}]
    for strange in answers:
        with pytest.raises(ValueError, match="getUpdates answered None"):
            receiver._understood(strange)


async def test_a_webhook_of_earlier_times_is_taken_away(here: Town) -> None:
    app, hook = here.world.app, here.world.sandbox.webhook
    hook.put_up(Hook("http://127.0.0.1:9/old"))

    await Polling(app.bot, here.intake, app.door.pulse)._take_over()

    assert hook.hook is None
    assert await still_serves(here)


async def test_who_waits_for_one_slow_person_is_served_meanwhile(here: Town) -> None:
    """A hundred updates fit behind one that is not done with; Telegram brings no more."""
    may_end = asyncio.Event()

    @page(Waiting)
    async def waiting(desk: Desk) -> Screen:
        await may_end.wait()
        return Screen(desk.say("Served"))

    here.serve_also(waiting)
    await here.welcome("Omar", "ar")
    phone = here.world.sandbox.town
    phone.press_forged(person("Olena"), here.last("Olena").message_id, "zq2")
    for _ in range(20):
        phone.type(person("Omar"), "/menu")
    async with asyncio.timeout(4):
        while len(here.said("Omar")) < 21:  # noqa: ASYNC110  # a phone rings no bell
            await asyncio.sleep(0.01)
    unconfirmed = len(phone.bot.mailbox.queue)
    may_end.set()
    await here.settle()

    assert unconfirmed == 21
    assert here.last("Olena").text == "Served"


async def _live_with_a_wrong_token(ground: Ground, folder: Path) -> None:
    async with town(ground, folder) as here:
        here.fault("getUpdates", "401")
        here.world.sandbox.town.add_person("Olena", "uk", id=person("Olena"))
        here.world.sandbox.town.type(person("Olena"), "/start")
        await here.intake.stopped()


async def test_an_unknown_token_ends_the_work_with_one_clear_line(
    ground: Ground, tmp_path: Path
) -> None:
    with pytest.raises(TokenRefusedError, match="BUREAU_TOKEN"):
        await _live_with_a_wrong_token(ground, tmp_path)
