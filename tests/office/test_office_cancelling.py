"""Giving a time back."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Held, Overtaken, cancel, hold
from storage.bureau import Bureau
from storage.tables import AppointmentState, DeliveryState, Slot, Visitor
from tests.office.acts import booked, held, outbox
from tests.world import MONDAY


async def test_a_cancelled_time_is_free_for_the_next_visitor(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    done = await cancel(session, olena, made.id, version=made.version, now=MONDAY)

    assert done == Done()
    assert (made.state, made.version) == (AppointmentState.CANCELLED, 3)
    assert isinstance(await hold(session, omar, times[0].id, now=MONDAY), Held)


async def test_cancelling_calls_back_what_has_not_left_and_redraws_the_card(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[-1])

    await cancel(session, olena, made.id, version=made.version, now=times[0].starts_at)

    assert await outbox(session) == {f"card:appointment:{made.id}": times[0].starts_at}
    assert set(await outbox(session, DeliveryState.DROPPED)) == {
        f"booked:{made.id}:v2",
        f"reminder:{made.id}:v2:48h",
        f"reminder:{made.id}:v2:2h",
        f"outcome:{made.id}:v2",
    }


async def test_cancelling_one_time_leaves_the_reminders_of_the_others(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    """Ten appointments and more, because the key of the first begins like the key of the tenth."""
    first = await booked(session, bureau, omar, times[-1])
    for slot in times[:9]:
        await held(session, olena, slot)
    tenth = await booked(session, bureau, olena, times[-2])
    assert str(tenth.id).startswith(str(first.id))

    await cancel(session, omar, first.id, version=first.version, now=MONDAY)

    assert {one for one in await outbox(session) if one.startswith("reminder")} == {
        f"reminder:{tenth.id}:v2:48h",
        f"reminder:{tenth.id}:v2:2h",
    }


async def test_an_old_button_cancels_nothing(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    assert await cancel(session, olena, made.id, version=1, now=MONDAY) == Overtaken()
    assert made.state is AppointmentState.BOOKED


async def test_nobody_cancels_for_another_visitor(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    foreign = await cancel(session, omar, made.id, version=made.version, now=MONDAY)
    unknown = await cancel(session, omar, 99_999, version=2, now=MONDAY)

    assert foreign == unknown == Overtaken()
    assert made.state is AppointmentState.BOOKED


async def test_cancelling_twice_cancels_once(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])
    await cancel(session, olena, made.id, version=2, now=MONDAY)

    assert await cancel(session, olena, made.id, version=3, now=MONDAY) == Overtaken()


async def test_a_hold_that_is_given_back_is_released_without_telling_staff(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    await cancel(session, olena, kept.id, version=kept.version, now=MONDAY)

    assert kept.state is AppointmentState.RELEASED
    assert await outbox(session) == {}
