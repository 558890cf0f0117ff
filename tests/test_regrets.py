"""What people are told when they cannot be served: once, in their language, and never a failure."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import regrets
from bot.address import Page
from bot.desk import Desk
from bot.screen import GoTo, Screen, command, page
from bot.turnstile import Allowance
from dialogs.danger import AWAY_BRIEFLY
from tests.catalogue.inbound import OLENA, be_strict, courier, pressed, said, town
from tests.core import Town
from tests.world import Ground


class Gone(Page, prefix="zq5"): ...


@command("away")
async def away(desk: Desk, rest: str) -> GoTo:
    """As if the database had gone."""
    raise OperationalError(f"{desk.language.code} {rest}", {}, Exception())


@pytest.fixture
async def behind(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, "webhook") as made:
        made.serve_also(away)
        yield made


async def bring(here: Town, *updates: dict[str, Any]) -> set[int]:
    async with courier(here.world.door) as by_hand:
        for one in updates:
            await by_hand.bring(one)
    return set(by_hand.answers)


async def test_without_the_database_help_is_named_once_in_ten_minutes_to_each(
    behind: Town,
) -> None:
    behind.knows("Omar")
    before = len(behind.said("Olena"))

    answered = await bring(
        behind, *[said(behind, "/away", name) for name in ("Olena", "Omar", "Olena", "Omar")]
    )

    [olena] = behind.said("Olena")[before:]
    [omar] = behind.said("Omar")
    assert answered == {503}
    assert ["112" in one for one in (olena, omar)] == [True, True]
    assert omar != olena  # each in the language of their phone


async def test_after_ten_minutes_it_is_said_again(behind: Town) -> None:
    before = len(behind.said("Olena"))

    await bring(behind, said(behind, "/away"), said(behind, "/away"))
    behind.intake._regrets._said[OLENA] -= regrets._SAID_AGAIN_AFTER
    await bring(behind, said(behind, "/away"), said(behind, "/away"))

    assert len(behind.said("Olena")) - before == 2


async def test_it_is_not_said_in_a_group(behind: Town) -> None:
    update = said(behind, "/away")
    update["message"]["chat"] = {"id": behind.world.group, "type": "supergroup", "title": "B"}

    await bring(behind, update)

    assert behind.said_to_group() == []


@pytest.mark.parametrize("kind", ["429", "403", "500", "reset", "ok-false"])
async def test_a_telegram_that_does_not_take_it_either_changes_nothing(
    behind: Town, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """The database is away and Telegram stumbles: the update is put off all the same."""
    caplog.set_level(logging.INFO)
    behind.fault("sendMessage", kind, OLENA, retry_after=3 if kind == "429" else None)

    assert await bring(behind, said(behind, "/away")) == {503}
    assert [one for one in caplog.records if one.exc_info] == []


async def test_only_so_many_people_are_remembered(behind: Town) -> None:
    said_to = behind.intake._regrets
    for number in range(regrets._MOST_REMEMBERED + 100):
        said_to._is_time_to_say(number)

    assert len(said_to._said) == regrets._MOST_REMEMBERED


async def test_too_much_in_the_group_is_not_answered_there(behind: Town) -> None:
    be_strict(behind, Allowance(presses=1))
    card = {"message_id": 1, "date": 1, "chat": {"id": behind.world.group, "type": "supergroup"}}
    presses = [pressed(behind, "t", "Olena") for _ in range(3)]
    for one in presses:
        one["callback_query"]["message"] = card

    answered = await bring(behind, *presses)

    assert (answered, behind.said_to_group()) == ({200}, [])
    assert len(behind.said("Olena")) == 1


async def test_a_press_is_told_in_its_notice_that_we_are_away(behind: Town) -> None:
    @page(Gone)
    async def gone(desk: Desk) -> Screen:
        raise OperationalError(desk.language.code, {}, Exception())

    behind.serve_also(gone)
    phone, before = behind.world.sandbox.town, len(behind.popups)
    phone.press_forged(OLENA, behind.last("Olena").message_id, "zq5")
    async with asyncio.timeout(5):
        while phone.unanswered:  # noqa: ASYNC110  # a phone rings no bell
            await asyncio.sleep(0.01)
    behind.world.sandbox.webhook.put_up(None)
    phone.bot.mailbox.drop_all()

    ukrainian = behind.world.app.languages.get("uk")  # as her phone does
    assert behind.popups[before:] == [ukrainian.say(AWAY_BRIEFLY)]
