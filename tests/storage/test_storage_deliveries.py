"""The outbox: what is on its way, once per key and in order, and how it went."""

import pytest
from sqlalchemy import select

from storage import cases, deliveries, inhand, sealed
from storage.deliveries import BULK, CARD, PERSONAL, settle, write
from storage.engine import Storage
from storage.tables import Delivery, DeliveryState, Staff
from tests.storage.outbox import (
    LENGTH,
    SECOND,
    SENDING,
    SENT,
    WAITING,
    as_it_is,
    lease,
    take,
    visitor,
    written,
)
from tests.world import MONDAY


async def test_asking_twice_writes_it_once_and_the_first_words_stay(storage: Storage) -> None:
    async with storage.begin() as session:
        first = await written(session, "a", page="one")
        second = await written(session, "a", page="two")
        [kept] = await session.scalars(select(Delivery))

        assert (first, second) == (True, False)
        assert sealed.params_of(session, kept) == {"page": "one"}


async def test_what_a_delivery_is_about_is_sealed(storage: Storage) -> None:
    async with storage.begin() as session:
        await written(session, "a", words="canary")
        [params] = await session.scalars(select(Delivery.params))

    assert params is not None
    assert b"canary" not in params


async def test_a_delivery_has_one_reader_and_no_other(storage: Storage) -> None:
    async with storage.begin() as session:
        olena = await visitor(session)
        maria = (await session.scalars(select(Staff).order_by(Staff.id).limit(1))).one()
        for key, to in (("visitor", olena), ("staff", maria), ("group", None)):
            await write(session, key, "k", to, due=MONDAY)
        found = await session.execute(
            select(Delivery.key, Delivery.visitor_id, Delivery.staff_id).order_by(Delivery.id)
        )

        assert [tuple(one) for one in found] == [
            ("visitor", olena.id, None),
            ("staff", None, maria.id),
            ("group", None, None),
        ]


async def test_the_personal_goes_before_the_bulk_and_the_older_before_the_newer(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "bulk", rank=BULK, due=MONDAY - 9 * SECOND)
        await written(session, "card", rank=CARD, due=MONDAY - 9 * SECOND)
        await written(session, "newer", rank=PERSONAL)
        await written(session, "older", rank=PERSONAL, due=MONDAY - SECOND)
        await written(session, "newer, too", rank=PERSONAL)
        await written(session, "tomorrow", due=MONDAY + SECOND)

        taken = await take(session, fence)

    assert [one.key for one in taken] == ["older", "newer", "newer, too", "card", "bulk"]
    assert {(one.state, one.fence, one.tries) for one in taken} == {(SENDING, 1, 1)}


async def test_what_was_taken_is_not_taken_again_and_a_round_has_an_end(storage: Storage) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        for key in "abc":
            await written(session, key)

        first = await take(session, fence, most=2)
        others = await take(session, fence, but_for=[(first[0].visitor_id, None)])

    assert ([one.key for one in first], others) == (["a", "b"], [])


async def test_readers_who_are_being_served_wait_for_their_turn(storage: Storage) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        olena = await visitor(session)
        maria = (await session.scalars(select(Staff).order_by(Staff.id).limit(1))).one()
        for key, to in (("visitor", olena), ("staff", maria), ("group", None)):
            await write(session, key, "k", to, due=MONDAY)
        busy: list[deliveries.Reader] = [(olena.id, None), (None, None)]

        taken = await take(session, fence, but_for=busy)
        rest = await take(session, fence, but_for=[(None, maria.id)])

    assert [one.key for one in taken] == ["staff"]
    assert [one.key for one in rest] == ["visitor", "group"]


async def test_a_delivery_that_arrived_forgets_what_it_said_and_a_card_does_not(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await write(session, "letter", "booked", await visitor(session), due=MONDAY, n=1)
        await write(session, "card", "card_appointment", None, due=MONDAY, n=1)
        for number, one in enumerate(await take(session, fence)):
            await settle(session, one, fence=fence, state=SENT, message_id=number)
        letter, card = await as_it_is(session, "letter"), await as_it_is(session, "card")

        assert (letter.state, letter.params, sealed.params_of(session, letter)) == (SENT, None, {})
        assert (card.state, sealed.params_of(session, card)) == (SENT, {"n": 1})


@pytest.mark.parametrize("state", [WAITING, DeliveryState.PARKED])
async def test_what_has_not_arrived_keeps_what_it_says(
    storage: Storage, state: DeliveryState
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "a", n=1)
        [one] = await take(session, fence)
        await settle(session, one, fence=fence, state=state, reason="unclear")
        kept = await as_it_is(session, "a")

        assert (kept.state, kept.reason, sealed.params_of(session, kept)) == (
            state,
            "unclear",
            {"n": 1},
        )


async def test_asked_for_anew_while_it_is_on_its_way_it_is_edited_in_the_next_round(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await write(session, "card", "card_appointment", None, due=MONDAY, n=1)
        [one] = await take(session, fence)
        await deliveries.again(session, "card", due=MONDAY)

        ours = await inhand.find(session, one)
        settled = await settle(session, one, fence=fence, state=SENT, message_id=42)
        kept = await as_it_is(session, "card")
        next_round = await take(session, fence)

    assert (ours, settled, kept.message_id) == (None, False, 42)
    assert [(one.key, one.perhaps_sent) for one in next_round] == [("card", True)]


async def test_what_was_sent_waits_again_with_its_place_in_the_chat(storage: Storage) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await write(session, "card", "card_appointment", None, due=MONDAY)
        [one] = await take(session, fence)
        await settle(session, one, fence=fence, state=SENT, message_id=42)

        await deliveries.again(session, "card", due=MONDAY + SECOND)
        kept = await as_it_is(session, "card")

    assert (kept.state, kept.due, kept.message_id, kept.tries) == (WAITING, MONDAY + SECOND, 42, 0)


async def test_put_back_until_a_moment_it_waits_that_long_and_the_try_does_not_count(
    storage: Storage,
) -> None:
    until = MONDAY + LENGTH
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "a")
        [one] = await take(session, fence)
        await deliveries.postpone(session, [one.id], fence=fence, until=until)
        session.expire_all()

        too_early = await take(session, fence, real_now=until - SECOND)
        in_time = await take(session, fence, real_now=until)

    assert too_early == []
    assert [(one.key, one.tries, one.perhaps_sent) for one in in_time] == [("a", 1, False)]


async def test_called_back_is_what_waits_and_begins_so_and_nothing_else(storage: Storage) -> None:
    keys = ["reminder:1:v2:48h", "reminder:1:v2:2h", "reminder:11:v2:2h", "reminder_1:v2"]
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "reminder:1:sent")
        await take(session, fence)
        for key in keys:
            await written(session, key)

        await deliveries.drop(session, "reminder:1:")
        found = await session.execute(
            select(Delivery.key, Delivery.state, Delivery.params.is_(None)).order_by(Delivery.id)
        )

    assert [tuple(one) for one in found] == [
        ("reminder:1:sent", SENDING, False),
        (keys[0], DeliveryState.DROPPED, True),
        (keys[1], DeliveryState.DROPPED, True),
        (keys[2], WAITING, False),
        (keys[3], WAITING, False),
    ]


async def test_the_next_moment_and_the_number_waiting(storage: Storage) -> None:
    async with storage.begin() as session:
        await written(session, "now")
        await written(session, "later", due=MONDAY + SECOND)
        await written(session, "much later", due=MONDAY + LENGTH)

        assert await deliveries.next_due(session, after=MONDAY) == MONDAY + SECOND
        assert await deliveries.next_due(session, after=MONDAY + LENGTH) is None
        assert await deliveries.waiting(session, now=MONDAY + SECOND) == 2


async def test_a_reply_finds_the_delivery_it_answers_in_its_own_chat_only(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        maria, georgi = await session.scalars(select(Staff).order_by(Staff.id))
        fence = await lease(session)
        for colleague in (maria, georgi):
            key = f"case:7:m1:s{colleague.id}"
            await write(session, key, "case_message", colleague, due=MONDAY)
        for one in await take(session, fence):
            await settle(session, one, fence=fence, state=SENT, message_id=42)

        found = await deliveries.of_message(session, 42, staff_id=georgi.id)
        none = await deliveries.of_message(session, 43, staff_id=georgi.id)

        assert found is not None
        assert (found.staff_id, cases.case_of(found), none) == (georgi.id, 7, None)
