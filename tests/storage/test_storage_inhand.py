"""What the postman has in hand is worded for the right reader, or for nobody any more."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inhand
from storage.deliveries import again, write
from storage.engine import Storage
from storage.tables import Delivery, Staff, Visitor
from tests.storage.outbox import lease, take, visitor
from tests.world import MONDAY


async def _first_of_staff(session: AsyncSession) -> Staff:
    return (await session.scalars(select(Staff).order_by(Staff.id).limit(1))).one()


async def _taken(session: AsyncSession, to: Visitor | Staff | None) -> Delivery:
    await write(session, "a", "booked", to, due=MONDAY)
    [one] = await take(session, await lease(session))
    return one


async def test_a_visitor_a_colleague_and_the_group_are_told_apart(storage: Storage) -> None:
    async with storage.begin() as session:
        olena, maria = await visitor(session), await _first_of_staff(session)
        for key, reader in (("visitor", olena), ("staff", maria), ("group", None)):
            await write(session, key, "booked", reader, due=MONDAY)

        found = {
            one.key: await inhand.find(session, one)
            for one in await take(session, await lease(session))
        }

    assert found == {
        "visitor": inhand.InHand(None, olena, None),
        "staff": inhand.InHand(None, None, maria),
        "group": inhand.InHand(None, None, None),
    }


@pytest.mark.parametrize("active", [True, False])
async def test_a_visitor_who_is_also_a_colleague_is_both_while_in_office(
    storage: Storage, *, active: bool
) -> None:
    async with storage.begin() as session:
        olena, maria = await visitor(session), await _first_of_staff(session)
        maria.key, maria.active = olena.key, active

        found = await inhand.find(session, await _taken(session, olena))

    assert found == inhand.InHand(None, olena, maria if active else None)


async def test_a_colleague_who_has_left_is_still_known_as_the_reader(storage: Storage) -> None:
    async with storage.begin() as session:
        maria = await _first_of_staff(session)
        maria.active = False

        found = await inhand.find(session, await _taken(session, maria))

    assert found == inhand.InHand(None, None, maria)


async def test_what_is_asked_for_anew_or_taken_over_is_in_our_hands_no_more(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        ours = await _taken(session, None)
        before = await inhand.find(session, ours)
        ours.fence += 1
        await session.flush()
        ours.fence -= 1
        with session.no_autoflush:
            taken_over = await inhand.find(session, ours)
        await session.flush()
        await again(session, "a", due=MONDAY)
        asked_anew = await inhand.find(session, ours)

    assert before == inhand.InHand(None, None, None)
    assert (taken_over, asked_anew) == (None, None)
