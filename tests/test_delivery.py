"""What is written arrives: once if Telegram says so, never silently twice, never too late."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import update

from bot.carrier import Carrier, Moved, Outcome
from bot.delivery import Postman
from bot.desk import Desk
from bot.office import people
from bot.screen import Screen, delivers
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.staff.cards import TakeAppointment
from storage import deliveries
from storage.tables import Delivery, DeliveryState
from tests.core import Town, town
from tests.world import Ground, person

LATER = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@delivers("zq_note")
async def note(desk: Desk, n: int) -> Screen:
    return Screen(desk.say("Note {n}: {language}", n=n, language=desk.language.code))


@delivers("zq_broken")
async def broken(desk: Desk, n: int) -> Screen:
    raise RuntimeError(f"zq7-words {n} {desk.language.code}")


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    """Olena has chosen English and can be written to; somebody may send her notes."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town(ground, tmp_path) as made:
        made.serve_also(note, broken)
        await made.welcome("Olena")
        await made.can_be_written_to("Olena")
        yield made


def notes(here: Town, name: str = "Olena") -> list[str]:
    return [one for one in here.said(name) if one.startswith("Note")]


def is_settled(one: Delivery) -> bool:
    return one.state not in {DeliveryState.WAITING, DeliveryState.SENDING}


def was_tried(one: Delivery) -> bool:
    return one.state is DeliveryState.WAITING and one.not_before is not None


# As it should be


async def test_what_is_written_arrives_once_and_its_key_is_written_once(here: Town) -> None:
    await here.post("Olena", "one", "zq_note", n=1)
    await here.post("Olena", "one", "zq_note", n=2)
    await here.settle()

    one = await here.letter("one")
    assert notes(here) == ["Note 1: en"]
    assert (one.state, one.tries, one.perhaps_sent, one.params) == (
        DeliveryState.SENT, 1, False, None,
    )  # fmt: skip


async def test_one_persons_deliveries_arrive_in_the_order_they_were_written(here: Town) -> None:
    for n in range(8):
        await here.post("Olena", f"{n}", "zq_note", n=n)
    await here.settle()

    assert notes(here) == [f"Note {n}: en" for n in range(8)]


async def test_it_is_worded_last_in_the_language_the_reader_has_by_then(here: Town) -> None:
    olena = await here.visitor("Olena")
    async with here.world.app.storage.begin() as session:
        await deliveries.write(session, "later", "zq_note", olena, due=LATER, n=1)
    await here.write("Olena", "/lang")
    await here.welcome("Olena", "ar")

    await here.world.move(LATER)

    assert notes(here) == ["Note \u20681\u2069: \u2068ar\u2069"]


async def test_what_is_useless_by_now_is_not_sent(here: Town) -> None:
    before = here.world.app.now() - timedelta(seconds=1)

    await here.post("Olena", "late", "zq_note", n=1, after=before)
    await here.settle()

    late = await here.letter("late")
    assert (late.state, late.reason, notes(here)) == (DeliveryState.DROPPED, "too_late", [])


async def test_what_nobody_can_word_stops_nobody_and_tells_no_log(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await here.post("Olena", "bad", "zq_broken", n=1)
    await here.post("Olena", "good", "zq_note", n=2)
    await here.settle()

    bad = await here.letter("bad")
    assert (bad.state, bad.reason) == (DeliveryState.PARKED, "wording")
    assert notes(here) == ["Note 2: en"]
    assert "zq7" not in caplog.text


# Telegram asks for silence


async def test_after_a_429_nothing_at_all_leaves_before_its_time(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.can_be_written_to("Omar")
    here.fault("sendMessage", "429", person("Olena"), retry_after=1)
    begun = monotonic()

    await here.post("Olena", "one", "zq_note", n=1)
    await here.until_written("one", was_tried)
    await here.post("Omar", "two", "zq_note", n=2)
    await here.until_written("two", is_settled)

    assert monotonic() - begun >= 1
    await here.until_written("one", is_settled)
    one = await here.letter("one")
    assert (one.tries, one.perhaps_sent) == (1, False)
    assert (notes(here), notes(here, "Omar")) == (["Note 1: en"], ["Note 2: en"])


async def test_a_429_that_does_not_say_how_long_is_honoured_for_some_seconds(here: Town) -> None:
    here.fault("sendMessage", "429-bare", person("Olena"))

    await here.post("Olena", "one", "zq_note", n=1)
    one = await here.until_written("one", was_tried)

    assert one.not_before is not None
    wait = (one.not_before - datetime.now(UTC)).total_seconds()
    assert (2 < wait <= 5, one.tries, one.perhaps_sent, notes(here)) == (True, 0, False, [])
    assert here.told.is_silent


async def test_a_silence_survives_a_restart(here: Town) -> None:
    await here.told.be_silent(60)
    app = here.world.app

    reborn = Postman(app.storage, app.now, app.postman.carrier, staff_chat=here.world.group)
    await reborn.told.remember()

    assert reborn.told.is_silent


async def test_a_429_of_the_group_silences_the_group_alone(here: Town) -> None:
    here.fault("sendMessage", "429", here.world.group, retry_after=3)

    await here.post(None, "card", "zq_note", n=1)
    await here.until_written("card", was_tried)
    await here.post("Olena", "one", "zq_note", n=2)
    await here.until_written("one", is_settled)

    assert not here.told.is_silent
    assert (notes(here), here.said_to_group()) == (["Note 2: en"], [])


# The reader is gone, for now


async def test_who_has_blocked_us_is_unreachable_but_forgotten_by_nobody(here: Town) -> None:
    await here.press_all("Olena", Days, Times, Hold, Grown, Nameless, Book)
    here.fault("sendMessage", "403", person("Olena"))

    await here.post("Olena", "one", "zq_note", n=1)
    await here.until_written("one", is_settled)
    await here.post("Olena", "two", "zq_note", n=2)
    await here.until_written("two", is_settled)

    one, two = await here.letter("one"), await here.letter("two")
    olena = await here.visitor("Olena")
    assert (one.state, one.reason) == (DeliveryState.UNREACHABLE, "blocked")
    assert (two.state, two.reason) == (DeliveryState.UNREACHABLE, "before")
    assert (olena.language, olena.unreachable_since) == ("en", here.world.app.now())
    assert [one.state for one in await here.outbox("reminder")] == [DeliveryState.WAITING] * 2


async def test_who_comes_back_can_be_written_to_again(here: Town) -> None:
    here.world.sandbox.town.block(person("Olena"))
    await here.settle()
    blocked = (await here.visitor("Olena")).unreachable_since
    here.world.sandbox.town.unblock(person("Olena"))
    await here.write("Olena", "/menu")

    await here.post("Olena", "one", "zq_note", n=1)
    await here.settle()

    assert blocked is not None
    assert (await here.visitor("Olena")).unreachable_since is None
    assert notes(here) == ["Note 1: en"]


async def test_a_chat_we_do_not_know_keeps_the_delivery_for_a_human(here: Town) -> None:
    key = here.world.app.storage.vault.recognise(77)
    app = here.world.app
    async with app.storage.begin() as session:
        somebody = await people.welcome(session, app.bureau, key, "en", now=app.now())
        await deliveries.write(session, "lost", "zq_note", somebody, due=app.now(), n=1)
    await here.settle()

    lost = await here.letter("lost")
    assert (lost.state, lost.reason) == (DeliveryState.PARKED, "no_chat")


# Perhaps it arrived


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        ("500", 1),
        ("502-html", 1),
        ("not-json", 1),
        ("ok-false", 1),
        ("reset-before", 1),
        ("reset-after", 2),
        ("half-body", 2),
    ],
)
async def test_what_perhaps_arrived_is_sent_once_more_and_the_ledger_says_so(
    here: Town, kind: str, arrived: int
) -> None:
    here.fault("sendMessage", kind, person("Olena"))

    await here.post("Olena", "one", "zq_note", n=1)
    first = await here.until_written("one", was_tried)
    await here.hurry()

    one = await here.letter("one")
    assert (first.perhaps_sent, first.tries) == (True, 1)
    assert (one.state, one.perhaps_sent, one.tries) == (DeliveryState.SENT, True, 2)
    assert notes(here) == ["Note 1: en"] * arrived


async def test_after_five_unclear_tries_a_human_is_asked(here: Town) -> None:
    here.fault("sendMessage", "500", person("Olena"), times=9)
    await here.post("Olena", "one", "zq_note", n=1)

    pauses = []
    for _ in range(4):
        one = await here.until_written("one", was_tried)
        assert one.not_before is not None
        pauses.append(round((one.not_before - datetime.now(UTC)).total_seconds()))
        async with here.world.app.storage.begin() as session:
            await session.execute(update(Delivery).values(not_before=None))
        here.world.app.postman.wake()
    one = await here.until_written("one", is_settled)

    assert pauses == [2, 5, 15, 60]
    assert (one.state, one.tries, one.perhaps_sent) == (DeliveryState.PARKED, 5, True)


async def test_what_telegram_refuses_is_parked_and_others_are_sent(here: Town) -> None:
    here.fault("sendMessage", "400:Bad Request: can't parse entities", person("Olena"))

    await here.post("Olena", "bad", "zq_note", n=1)
    await here.post("Olena", "good", "zq_note", n=2)
    await here.settle()

    bad = await here.letter("bad")
    assert (bad.state, bad.reason, notes(here)) == (DeliveryState.PARKED, "markup", ["Note 2: en"])


# One sender at a time


async def second_postman(here: Town) -> tuple[Postman, asyncio.Task[None]]:
    app = here.world.app
    second = Postman(app.storage, app.now, app.postman.carrier, staff_chat=here.world.group)
    second.wording = app.postman.wording
    return second, asyncio.ensure_future(second.run())


async def test_a_second_postman_idles_until_the_first_one_goes_home(here: Town) -> None:
    second, walking = await second_postman(here)
    await here.post("Olena", "one", "zq_note", n=1)
    second.wake()
    first = await here.until_written("one", is_settled)

    here.world.app.postman.stop()
    await here.post("Olena", "two", "zq_note", n=2)
    other = await here.until_written("two", is_settled)
    second.stop()
    await walking

    assert other.fence == first.fence + 1
    assert notes(here) == ["Note 1: en", "Note 2: en"]


async def test_what_a_killed_postman_had_in_hand_is_carried_on_and_marked(here: Town) -> None:
    olena = await here.visitor("Olena")
    async with here.world.app.storage.begin() as session:
        await deliveries.write(session, "one", "zq_note", olena, due=here.world.app.now(), n=1)
        await session.execute(
            update(Delivery)
            .where(Delivery.key == "one")
            .values(state=DeliveryState.SENDING, fence=0, tries=1)
        )
    here.world.app.postman.wake()

    one = await here.until_written("one", is_settled)

    assert (one.state, one.perhaps_sent) == (DeliveryState.SENT, True)
    assert notes(here) == ["Note 1: en"]


# The staff group


async def booked(here: Town) -> Delivery:
    await here.press_all("Olena", Days, Times, Hold, Grown, Nameless, Book)
    return (await here.outbox("card_appointment"))[0]


async def test_a_card_is_edited_where_it_stands(here: Town) -> None:
    before = await booked(here)
    await here.write("Maria", "/start")

    await here.press("Maria", TakeAppointment)

    after = await here.letter(before.key)
    [card] = here.said_to_group()
    assert (after.state, after.message_id) == (DeliveryState.SENT, before.message_id)
    assert card.splitlines()[-1].startswith("✋ ")
    assert card.splitlines()[-1].endswith(" Maria")


async def test_a_card_that_says_the_same_already_is_quietly_right(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    card = await booked(here)
    await here.write("Maria", "/start")
    await here.press("Maria", TakeAppointment)
    said = here.said_to_group()

    async with here.world.app.storage.begin() as session:
        await deliveries.again(session, card.key, due=here.world.app.now())
    await here.settle()

    assert (await here.letter(card.key)).state is DeliveryState.SENT
    assert here.said_to_group() == said
    assert here.world.sandbox.town.refusals == []
    assert [one for one in caplog.records if one.levelno > logging.INFO] == []


async def test_a_card_somebody_deleted_is_let_go(here: Town) -> None:
    card = await booked(here)
    await here.write("Maria", "/start")
    here.fault("editMessageText", "400:Bad Request: message to edit not found", here.world.group)

    await here.press("Maria", TakeAppointment)

    assert (await here.letter(card.key)).reason == "gone"


class GroupMoved(Carrier):
    """The way to Telegram, where the group has become another one in the meantime."""

    old, new = 0, 0

    async def send(self, chat_id: int, *words: Any, **more: Any) -> Outcome:
        return (
            Moved(self.new) if chat_id == self.old else await super().send(chat_id, *words, **more)
        )


async def test_a_group_that_moved_is_followed_and_its_new_id_survives_a_restart(
    here: Town,
) -> None:
    app, old = here.world.app, here.world.group
    new = here.world.sandbox.town.add_group("Бюро – екип", [person("Maria")]).id
    await here.settle()  # it has left again: nobody said yet that this is the staff's group
    here.world.sandbox.town.chat(new).bot_status = "member"
    async with GroupMoved(app.bot.token, app.bot.session.api.base.partition("/bot{")[0]) as carrier:
        carrier.old, carrier.new = old, new
        app.postman.carrier = carrier
        await here.post(None, "card", "zq_note", n=1)
        await here.until_written("card", is_settled)
        reborn = Postman(app.storage, app.now, carrier, staff_chat=old)
        await reborn.told.remember()

    assert [one.text for one in here.messages(new)] == ["Note 1: bg"]
    assert (here.told.staff_chat, reborn.told.staff_chat) == (new, new)
    assert (await here.letter("card")).perhaps_sent is False
