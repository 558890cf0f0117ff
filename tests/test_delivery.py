"""What is written arrives: once if Telegram says so, never silently twice, never too late."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import update

from bot.delivery import Postman
from bot.office import people
from bot.told import Rests
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from storage import deliveries
from storage.tables import Delivery, DeliveryState
from tests.catalogue.outbound import is_settled, notes, town_of_notes, was_tried
from tests.core import Town
from tests.world import Ground, person

LATER = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    """Olena has chosen English and can be written to; somebody may send her notes."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        yield made


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
    here.told.rests = Rests(spread=0)
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

    assert pauses == [2, 15, 90, 600]
    assert (one.state, one.tries, one.perhaps_sent) == (DeliveryState.PARKED, 5, True)


async def test_what_telegram_refuses_is_parked_and_others_are_sent(here: Town) -> None:
    here.fault("sendMessage", "400:Bad Request: can't parse entities", person("Olena"))

    await here.post("Olena", "bad", "zq_note", n=1)
    await here.post("Olena", "good", "zq_note", n=2)
    await here.settle()

    bad = await here.letter("bad")
    assert (bad.state, bad.reason, notes(here)) == (DeliveryState.PARKED, "markup", ["Note 2: en"])
