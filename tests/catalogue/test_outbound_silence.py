"""Telegram asks for silence: nothing leaves before its time, whoever of us was told."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.address import Action, Menu
from bot.carrier import Carrier
from bot.delivery import Postman
from bot.desk import Desk
from bot.screen import Button, GoTo, Screen, action, delivers
from dialogs.answers import Topics
from storage.engine import Storage
from storage.tables import DeliveryState
from tests.catalogue.outbound import (
    OLENA,
    Ear,
    address_of,
    forget_silence,
    is_settled,
    notes,
    town_of_notes,
    warned,
    was_tried,
)
from tests.core import Town, drawn_now
from tests.world import Ground


class Tells(Action, prefix="zq2"): ...


@action(Tells)
async def tells(desk: Desk) -> GoTo:
    return GoTo(Menu(), desk.say("Done"))


@delivers("zq_card")
async def card(desk: Desk) -> Screen:
    return Screen(desk.say("A reminder"), [Button("✅ Do it", Tells(), "success")])


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        made.serve_also(tells, card, *made.reception.table.deliveries.values())
        for name in ("Omar", "Farida"):
            await made.welcome(name, "en")
            await made.can_be_written_to(name)
        yield made


# Case 31


async def test_a_send_that_succeeds_meanwhile_does_not_end_the_silence(here: Town) -> None:
    ear = Ear(here)
    here.fault("sendMessage", "slow", here.knows("Omar"), delay=0.3)
    here.fault("sendMessage", "429", OLENA, retry_after=1)

    await here.post("Omar", "on-its-way", "zq_note", n=1)
    await asyncio.sleep(0.1)
    begun = monotonic()
    await here.post("Olena", "refused", "zq_note", n=2)
    await here.until_written("on-its-way", is_settled)
    await here.post("Farida", "later", "zq_note", n=3)
    await here.until_written("refused", is_settled)
    await here.until_written("later", is_settled)

    assert ear.when("Note 1") < begun + 1
    assert min(ear.when("Note 2"), ear.when("Note 3")) >= begun + 1
    assert [one.perhaps_sent for one in await here.outbox("zq_note")] == [False] * 3


# Case 32


async def test_a_silence_is_kept_by_whoever_comes_after_a_kill(here: Town, tmp_path: Path) -> None:
    here.fault("sendMessage", "429", OLENA, retry_after=30)
    await here.post("Olena", "one", "zq_note", n=1)
    await here.until_written("one", was_tried)
    # What a killed program leaves behind is its database as it stands at that moment.
    left = tmp_path / "left.db"
    shutil.copyfile(tmp_path / "town.db", left)
    shutil.copyfile(tmp_path / "town.db-wal", tmp_path / "left.db-wal")
    with sqlite3.connect(left) as books:
        books.execute("UPDATE leases SET until = '2026-01-01 00:00:00.000000'")
    app = here.world.app
    storage = Storage(f"sqlite:///{left}", app.storage.vault)
    async with Carrier(app.bot.token, address_of(here)) as carrier:
        reborn = Postman(storage, app.now, carrier, staff_chat=here.world.group)
        assert app.postman.wording is not None
        reborn.wording = replace(app.postman.wording, storage=storage)
        walking = asyncio.ensure_future(reborn.run())
        await asyncio.sleep(0.5)
        silent = reborn.told.silent_seconds
        reborn.stop()
        await walking
    await storage.close()

    assert 25 < silent <= 30
    assert notes(here) == []


async def test_a_silence_told_to_another_process_is_kept_by_the_sender(here: Town) -> None:
    app = here.world.app
    async with Carrier(app.bot.token, address_of(here)) as carrier:
        other = Postman(app.storage, app.now, carrier, staff_chat=here.world.group)
        await other.told.be_silent(4)
    async with asyncio.timeout(4):
        while not here.told.is_silent:  # noqa: ASYNC110  # the books ring no bell
            await asyncio.sleep(0.02)

    await here.post("Olena", "one", "zq_note", n=1)
    await asyncio.sleep(0.3)

    assert notes(here) == []


async def test_who_does_not_send_keeps_a_silence_too(here: Town) -> None:
    app = here.world.app
    async with Carrier(app.bot.token, address_of(here)) as carrier:
        other = Postman(app.storage, app.now, carrier, staff_chat=here.world.group)
        walking = asyncio.ensure_future(other.run())
        await asyncio.sleep(0.1)
        await here.told.be_silent(5)
        async with asyncio.timeout(3):
            while not other.told.is_silent:  # noqa: ASYNC110  # the same
                await asyncio.sleep(0.02)
        other.stop()
        await walking

    assert other.lease.fence is None


async def test_a_longer_silence_of_another_process_is_not_cut_short_in_the_books(
    here: Town,
) -> None:
    app = here.world.app
    async with Carrier(app.bot.token, address_of(here)) as carrier:
        other = Postman(app.storage, app.now, carrier, staff_chat=here.world.group)
        await other.told.be_silent(60)
        await here.told.be_silent(1)
        reborn = Postman(app.storage, app.now, carrier, staff_chat=here.world.group)
        await reborn.told.remember()

    assert reborn.told.silent_seconds > 55


# Case 33


@pytest.mark.parametrize("kind", ["429-bare", "429-html"])
async def test_a_429_that_names_no_time_is_kept_for_some_seconds(here: Town, kind: str) -> None:
    here.fault("sendMessage", kind, OLENA)

    await here.post("Olena", "one", "zq_note", n=1)
    one = await here.until_written("one", was_tried)

    assert 3 < here.told.silent_seconds <= 5
    assert (one.tries, one.perhaps_sent) == (0, False)


async def test_more_than_an_hour_is_asked_again_after_an_hour_and_coordinators_are_warned(
    here: Town,
) -> None:
    here.fault("sendMessage", "429", OLENA, retry_after=86_400)

    await here.post("Olena", "one", "zq_note", n=1)
    one = await here.until_written("one", was_tried)
    silent = here.told.silent_seconds
    waiting = [alarm.state for alarm in await warned(here, "long_silence")]
    here.world.sandbox.town.type(here.knows("Maria"), "/start")
    await here.world.sandbox.idle()
    await forget_silence(here)

    assert 3_500 < silent <= 3_600
    assert one.not_before is not None
    assert one.not_before <= datetime.now(UTC) + timedelta(hours=1)
    assert waiting == [DeliveryState.WAITING] * 2
    assert [text for text in here.said("Maria") if "повече от един час" in text] != []
    assert notes(here) == ["Note 1: en"]


async def test_a_group_that_shall_rest_a_day_rests_an_hour_and_coordinators_hear_at_once(
    here: Town,
) -> None:
    await here.write("Maria", "/start")
    here.fault("sendMessage", "429", here.world.group, retry_after=86_400)

    await here.post(None, "card", "zq_note", n=1)
    held = await here.until_written("card", was_tried)
    [alarm, _] = await warned(here, "long_silence")
    await here.until_written(alarm.key, is_settled)

    assert held.not_before is not None
    assert held.not_before <= datetime.now(UTC) + timedelta(hours=1)
    assert not here.told.is_silent
    assert [text for text in here.said("Maria") if "повече от един час" in text] != []


# A 429 that whoever shows screens meets silences the postman as well


@pytest.mark.parametrize(("kind", "asked"), [("429", 4), ("429-bare", 5), ("429-html", 5)])
async def test_a_429_to_the_answer_of_a_press_silences_everything(
    here: Town, kind: str, asked: int
) -> None:
    here.fault("answerCallbackQuery", kind, retry_after=4)
    phone = here.world.sandbox.town

    phone.press_forged(OLENA, here.last("Olena").message_id, drawn_now(Tells()))
    await here.world.sandbox.idle()
    silent = here.told.silent_seconds
    before = len(here.said("Olena"))
    await here.post("Farida", "one", "zq_note", n=1)
    await asyncio.sleep(0.2)

    assert asked - 3 < silent <= asked
    assert (len(here.said("Olena")), notes(here, "Farida")) == (before, [])
    await forget_silence(here)
    assert notes(here, "Farida") == ["Note 1: en"]
    assert [one.state for one in await here.outbox("screen")] == [DeliveryState.SENT]


async def test_a_429_when_buttons_are_taken_away_silences_everything(here: Town) -> None:
    await here.post("Olena", "card", "zq_card")
    await here.settle()
    here.fault("editMessageReplyMarkup", "429", OLENA, retry_after=5)
    button = here.button("Olena", Tells)

    here.world.sandbox.town.press(OLENA, button.message_id, data=button.data)
    await here.world.sandbox.idle()

    assert here.told.is_silent
    assert [one.state for one in await here.outbox("screen")] == [DeliveryState.WAITING]


async def test_while_we_are_silent_a_press_is_not_even_answered_and_its_screen_follows(
    here: Town,
) -> None:
    await here.told.be_silent(60)
    answered = len(here.calls("answerCallbackQuery"))
    phone = here.world.sandbox.town

    phone.press_forged(OLENA, here.last("Olena").message_id, drawn_now(Topics()))
    await here.world.sandbox.idle()
    unanswered = len(here.calls("answerCallbackQuery")) - answered
    await forget_silence(here)

    assert unanswered == 0
    assert phone.refusals == []
    assert [one.state for one in await here.outbox("screen")] == [DeliveryState.SENT]
