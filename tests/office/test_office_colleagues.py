"""What a colleague had taken goes back to everybody when they leave."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import appointments, cases, colleagues, requests
from bot.office.appointments import Done
from bot.office.people import appoint
from storage import people
from storage.bureau import Bureau
from storage.tables import CaseState, Role, Slot, Staff, Visitor
from tests.office.acts import again, asked, booked, outbox
from tests.world import MONDAY

LATER = MONDAY + timedelta(minutes=90)


async def test_whoever_is_no_longer_named_is_dismissed(
    session: AsyncSession, maria: Staff, georgi: Staff
) -> None:
    await colleagues.dismiss_others(session, {maria.key}, now=MONDAY)
    await session.flush()

    assert await people.staff(session, maria.key) == maria
    assert await people.staff(session, georgi.key) is None


async def test_who_left_gets_the_role_back_when_they_return(
    session: AsyncSession, maria: Staff, georgi: Staff
) -> None:
    await colleagues.dismiss_others(session, {maria.key}, now=MONDAY)

    back = await appoint(session, georgi.key, Role.WORKER)

    assert (back.id, back.active, back.role) == (georgi.id, True, Role.WORKER)


async def test_what_was_taken_can_be_taken_again_and_its_cards_say_so(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    maria: Staff,
    georgi: Staff,
    times: Sequence[Slot],
) -> None:
    made = await booked(session, bureau, olena, times[0])
    wish = await asked(session, bureau, olena)
    case = (await cases.pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await appointments.take(session, georgi, made.id, now=MONDAY)
    await requests.take(session, georgi, wish.id, now=MONDAY)
    await cases.take(session, georgi, case.id, now=MONDAY)

    await colleagues.dismiss_others(session, {maria.key}, now=LATER)

    cards = {key for key, due in (await outbox(session)).items() if due == LATER}
    assert cards == {
        f"card:appointment:{made.id}",
        f"card:request:{wish.id}",
        f"card:case:{case.id}",
    }
    assert (await again(session, case)).state is CaseState.OPEN
    assert [
        await appointments.take(session, maria, made.id, now=LATER),
        await requests.take(session, maria, wish.id, now=LATER),
        await cases.take(session, maria, case.id, now=LATER),
    ] == [Done(), Done(), Done()]


async def test_what_others_have_taken_stays_with_them(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    wish = await asked(session, bureau, olena)
    await requests.take(session, maria, wish.id, now=MONDAY)

    await colleagues.dismiss_others(session, {maria.key}, now=LATER)

    assert (await again(session, wish)).taken_by == maria.id
