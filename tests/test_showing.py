"""A press is answered once, a screen is shown once, whatever Telegram says to it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.regrets import BROKEN
from bot.screen import Button, GoTo, Screen, action, delivers, page
from dialogs.answers import Topics
from storage.tables import DeliveryState
from tests.core import Town, drawn_now, town
from tests.world import Ground, person

OLENA = person("Olena")


class Slow(Page, prefix="zq1"): ...


class Tells(Action, prefix="zq2"): ...


class TellsLate(Action, prefix="zq3"): ...


class TellsALot(Action, prefix="zq4"): ...


class BadScreen(Page, prefix="zq5"): ...


@page(Slow)
async def slow(_: Desk) -> Screen:
    await asyncio.sleep(1.2)
    return Screen("Here it is.")


@action(Tells)
async def tells(desk: Desk) -> GoTo:
    return GoTo(Menu(), desk.say("Done & <b>dusted</b>: {what}", what="a < b"))


@action(TellsLate)
async def tells_late(desk: Desk) -> GoTo:
    await asyncio.sleep(1.2)
    return GoTo(Menu(), desk.say("Done at last"))


@action(TellsALot)
async def tells_a_lot(_: Desk) -> GoTo:
    return GoTo(Menu(), "word " * 100)


@page(BadScreen)
async def bad_screen(_: Desk) -> Screen:
    return Screen("<b>This is no sentence Telegram would take")


@delivers("zq_card")
async def card(desk: Desk) -> Screen:
    return Screen(
        desk.say("A reminder"), [Button("❓ Ask", Topics()), Button("✅ Do it", Tells(), "success")]
    )


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town(ground, tmp_path) as made:
        made.serve_also(slow, tells, tells_late, tells_a_lot, bad_screen, card)
        await made.welcome("Olena")
        yield made


def menu(here: Town) -> str:
    """What the menu says; it is the end of every first message."""
    return here.said("Olena")[0].rpartition("\n\n")[2]


async def pressed(here: Town, to: Page | Action) -> list[str]:
    """What popped up after one press, the empty ones included."""
    before = len(here.popups)
    await here.forge("Olena", drawn_now(to))
    return here.popups[before:]


# The answer to a press


async def test_a_press_is_answered_once_and_without_words_if_there_are_none(here: Town) -> None:
    assert await pressed(here, Topics()) == [""]
    assert here.world.sandbox.town.unanswered == []
    assert here.world.sandbox.town.refusals == []


async def test_a_notice_pops_up_as_it_is_meant_and_not_as_it_is_written(here: Town) -> None:
    popups = await pressed(here, Tells())

    assert popups == ["Done & <b>dusted</b>: a < b"]
    assert here.world.sandbox.town.popups[-1].show_alert
    assert here.last("Olena").text == menu(here)


async def test_who_waits_is_answered_after_a_second_and_shown_the_screen_later(here: Town) -> None:
    assert await pressed(here, Slow()) == [""]
    assert here.last("Olena").text == "Here it is."


async def test_a_notice_that_comes_too_late_becomes_the_first_lines(here: Town) -> None:
    assert await pressed(here, TellsLate()) == [""]
    assert here.last("Olena").text == f"Done at last\n\n{menu(here)}"


async def test_a_notice_telegram_finds_too_old_becomes_the_first_lines(here: Town) -> None:
    here.fault("answerCallbackQuery", "400:Bad Request: query is too old")

    assert await pressed(here, Tells()) == []
    assert here.last("Olena").text == f"Done & dusted: a < b\n\n{menu(here)}"


async def test_a_notice_is_never_longer_than_telegram_takes(here: Town) -> None:
    [popup] = await pressed(here, TellsALot())

    assert popup == "word " * 40


# The screen


async def test_pressing_the_same_twice_is_quiet(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await here.forge("Olena", "t")
    shown = here.said("Olena")

    await here.forge("Olena", "t")

    assert here.said("Olena") == shown
    assert [one.description for one in here.world.sandbox.town.refusals] != []
    assert [one for one in caplog.records if one.levelno > logging.INFO] == []


@pytest.mark.parametrize("gone", ["message to edit not found", "message can't be edited"])
async def test_a_message_that_is_gone_is_sent_anew(here: Town, gone: str) -> None:
    here.fault("editMessageText", f"400:Bad Request: {gone}")
    before = len(here.said("Olena"))

    await here.forge("Olena", "t")

    assert len(here.said("Olena")) == before + 1
    assert here.said("Olena")[-1] == here.last("Olena").text != here.said("Olena")[-2]


async def test_who_has_blocked_us_meanwhile_is_as_good_as_served(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    here.fault("editMessageText", "403", OLENA)

    await here.forge("Olena", "t")

    assert [one for one in caplog.records if one.levelno > logging.INFO] == []
    assert await here.outbox("screen") == []


@pytest.mark.parametrize("kind", ["500", "502-html", "not-json", "reset-before"])
async def test_a_screen_that_was_not_taken_is_delivered(here: Town, kind: str) -> None:
    here.fault("editMessageText", kind, OLENA)

    await here.forge("Olena", "t")

    [screen] = await here.outbox("screen")
    assert screen.state is DeliveryState.SENT
    assert {type(one.to).__name__ for one in here.buttons(OLENA)[:3]} <= {"InTopic", "Menu"}


async def test_a_429_when_showing_silences_everything_and_the_screen_follows(here: Town) -> None:
    here.fault("editMessageText", "429", OLENA, retry_after=1)
    phone = here.world.sandbox.town
    phone.press_forged(OLENA, here.last("Olena").message_id, "t")
    await here.world.sandbox.idle()
    silent = here.told.is_silent
    [waiting] = await here.outbox("screen")

    await here.settle()

    [screen] = await here.outbox("screen")
    assert (silent, waiting.state) == (True, DeliveryState.WAITING)
    assert (screen.state, screen.perhaps_sent) == (DeliveryState.SENT, False)


async def test_while_we_are_silent_nothing_is_even_tried(here: Town) -> None:
    await here.told.be_silent(1)
    phone, before = here.world.sandbox.town, len(here.calls("editMessageText"))

    phone.press_forged(OLENA, here.last("Olena").message_id, "t")
    await here.world.sandbox.idle()

    assert len(here.calls("editMessageText")) == before
    assert [one.kind for one in await here.outbox() if one.state is DeliveryState.WAITING] == [
        "screen"
    ]


async def test_a_screen_telegram_would_not_take_is_set_aside_and_said_to_be_broken(
    here: Town,
) -> None:
    await here.forge("Olena", drawn_now(BadScreen()))

    assert here.last("Olena").text == f"{BROKEN}\n\n{menu(here)}"
    assert here.world.sandbox.town.unanswered == []


# Messages that stay


async def test_a_page_pressed_under_a_message_that_stays_opens_a_new_one(here: Town) -> None:
    await here.can_be_written_to("Olena")
    await here.post("Olena", "card", "zq_card")
    await here.settle()
    stays = here.last("Olena")

    await here.press("Olena", Topics)

    assert here.said("Olena")[-2] == "A reminder"
    assert here.world.sandbox.town.messages(OLENA)[-2].reply_markup == stays.reply_markup
    assert len(here.said("Olena")) == 3


async def test_an_action_pressed_under_a_message_that_stays_takes_its_buttons_away(
    here: Town,
) -> None:
    await here.can_be_written_to("Olena")
    await here.post("Olena", "card", "zq_card")
    await here.settle()

    await here.press("Olena", Tells)

    stays, new = here.messages(OLENA)[-2:]
    assert (stays.text, stays.reply_markup) == ("A reminder", None)
    assert new.text == menu(here)
