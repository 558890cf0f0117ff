"""One sender at a time, and nothing is lost when it dies."""

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries, leases
from storage.deliveries import settle
from storage.engine import Storage
from tests.storage.outbox import (
    LENGTH,
    SECOND,
    SENDING,
    SENT,
    as_it_is,
    lease,
    take,
    written,
)
from tests.world import MONDAY


async def _any_due(session: AsyncSession, fence: int, **how: Any) -> bool:
    return await deliveries.is_any_due(session, fence=fence, now=MONDAY, real_now=MONDAY, **how)


async def test_what_our_own_broken_walk_left_behind_goes_again_and_is_marked(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "a")
        [one] = await take(session, fence)
        nobody_walks = await _any_due(session, fence)
        somebody_walks = await _any_due(session, fence, but_for=[(one.visitor_id, None)])

        again = await take(session, fence)

    assert (nobody_walks, somebody_walks) == (True, False)
    assert [(one.key, one.perhaps_sent, one.tries) for one in again] == [("a", True, 2)]


async def test_there_is_one_sender_until_its_lease_ends(storage: Storage) -> None:
    async with storage.begin() as session:
        first = await leases.hold(session, "one", now=MONDAY, length=LENGTH)
        other = await leases.hold(session, "two", now=MONDAY + LENGTH - SECOND, length=LENGTH)
        still = await leases.hold(session, "one", now=MONDAY + LENGTH - SECOND, length=LENGTH)
        early = await leases.hold(session, "two", now=MONDAY + LENGTH, length=LENGTH)
        late = await leases.hold(session, "two", now=MONDAY + LENGTH * 2, length=LENGTH)

    assert (first, other, still, early, late) == (1, None, 1, None, 2)


async def test_a_lease_that_is_given_up_is_free_at_once(storage: Storage) -> None:
    async with storage.begin() as session:
        await lease(session, "one")
        await leases.give_up(session, "two", now=MONDAY)
        foreign = await leases.hold(session, "two", now=MONDAY, length=LENGTH)
        await leases.give_up(session, "one", now=MONDAY)
    async with storage.begin() as session:
        own = await leases.hold(session, "two", now=MONDAY, length=LENGTH)

    assert (foreign, own) == (None, 2)


async def test_a_sender_whose_time_is_over_takes_and_settles_nothing(storage: Storage) -> None:
    async with storage.begin() as session:
        old = await lease(session, "one")
        await written(session, "a")
        await written(session, "b")
        [in_hand] = await take(session, old, most=1)
        new = await lease(session, "two", MONDAY + LENGTH * 2)
        taken = await take(session, new)

        nothing = await take(session, old)
        settled = await settle(session, in_hand, fence=old, state=SENT, message_id=7)
        kept = await as_it_is(session, "a")

    assert [one.key for one in taken] == ["a", "b"]
    assert (nothing, settled) == ((), False)
    assert (kept.state, kept.message_id, kept.fence) == (SENDING, None, new)


async def test_what_a_dead_sender_had_in_its_hands_goes_again_and_is_marked(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        old = await lease(session, "one")
        await written(session, "in its hands")
        await take(session, old)
        await written(session, "waiting")
        new = await lease(session, "two", MONDAY + LENGTH * 2)
        seen = await _any_due(session, new, but_for=[(1, None)])

        taken = await take(session, new)

    assert seen is True
    assert [(one.key, one.perhaps_sent, one.tries) for one in taken] == [
        ("in its hands", True, 1),
        ("waiting", False, 1),
    ]


async def test_an_old_sender_puts_nothing_back(storage: Storage) -> None:
    async with storage.begin() as session:
        old = await lease(session, "one")
        await written(session, "a")
        await take(session, old)
        new = await lease(session, "two", MONDAY + LENGTH * 2)
        [one] = await take(session, new)

        await deliveries.postpone(session, [one.id], fence=old, until=MONDAY)
        kept = await as_it_is(session, "a")

    assert (kept.state, kept.fence) == (SENDING, new)


async def test_what_is_called_back_at_the_moment_of_taking_stays_called_back(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        fence = await lease(session)
        await written(session, "called back")
        await written(session, "wanted")
    called = asyncio.Event()

    async def call_back() -> None:
        async with storage.begin() as session:
            await deliveries.drop(session, "called")
            called.set()
            await asyncio.sleep(0.2)

    async def taken() -> list[str]:
        await called.wait()
        async with storage.begin() as session:
            return [one.key for one in await take(session, fence)]

    _, keys = await asyncio.gather(call_back(), taken())

    assert keys == ["wanted"]
