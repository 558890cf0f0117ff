"""Words are taken back as long as nobody has answered them."""

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Overtaken
from bot.office.cases import answer, close, pass_on, take
from bot.office.taking_back import take_back
from storage import cases, sealed
from storage.bureau import Bureau
from storage.tables import Case, CaseState, DeliveryState, Staff, Visitor
from tests.office.acts import again, delivery, outbox
from tests.world import MONDAY


@pytest_asyncio.fixture
async def case(session: AsyncSession, bureau: Bureau, olena: Visitor) -> Case:
    return (await pass_on(session, bureau, olena, "My landlord", now=MONDAY)).case


async def _words(session: AsyncSession, case: Case) -> list[str]:
    return [sealed.words_of(session, one) for one in await cases.messages(session, case.id)]


async def _newest(session: AsyncSession, case: Case) -> int:
    return (await cases.messages(session, case.id))[-1].id


async def test_a_case_without_any_words_left_is_closed_without_a_message(
    session: AsyncSession, case: Case, olena: Visitor
) -> None:
    newest = await _newest(session, case)

    first = await take_back(session, olena, case.id, up_to=newest, now=MONDAY)
    second = await take_back(session, olena, case.id, up_to=newest, now=MONDAY)

    assert (first, second, await _words(session, case)) == (Done(), Overtaken(), [])
    assert (case.state, case.waits_since) == (CaseState.CLOSED, None)
    assert set(await outbox(session)) == {f"card:case:{case.id}"}


async def test_answered_words_stay_and_so_does_the_case(
    session: AsyncSession, bureau: Bureau, case: Case, olena: Visitor, maria: Staff
) -> None:
    await take(session, maria, case.id, now=MONDAY)
    await answer(session, maria, case.id, "Yes?", now=MONDAY)
    answered = await _newest(session, case)
    await pass_on(session, bureau, olena, "is bad", now=MONDAY)

    too_late = await take_back(session, olena, case.id, up_to=answered, now=MONDAY)
    done = await take_back(session, olena, case.id, up_to=await _newest(session, case), now=MONDAY)

    assert (too_late, done) == (Overtaken(), Done())
    assert await _words(session, case) == ["My landlord", "Yes?"]
    assert ((await again(session, case)).state, case.waits_since) == (CaseState.TAKEN, None)


async def test_what_was_written_after_the_button_was_drawn_stays(
    session: AsyncSession, bureau: Bureau, case: Case, olena: Visitor
) -> None:
    drawn = await _newest(session, case)
    await pass_on(session, bureau, olena, "is bad", now=MONDAY)

    await take_back(session, olena, case.id, up_to=drawn, now=MONDAY)

    assert (await _words(session, case), case.state) == (["is bad"], CaseState.OPEN)
    assert case.waits_since == MONDAY


async def test_the_copy_of_the_one_who_took_it_is_worded_again(
    session: AsyncSession, case: Case, olena: Visitor, maria: Staff
) -> None:
    await take(session, maria, case.id, now=MONDAY)
    newest = await _newest(session, case)
    copy = await delivery(session, f"case:{case.id}:m{newest}:s{maria.id}")
    copy.state = DeliveryState.SENT

    await take_back(session, olena, case.id, up_to=newest, now=MONDAY)

    assert (await again(session, copy)).state is DeliveryState.WAITING


async def test_nobody_takes_back_the_words_of_others_or_of_a_closed_case(
    session: AsyncSession, case: Case, olena: Visitor, omar: Visitor, maria: Staff
) -> None:
    newest = await _newest(session, case)
    others = await take_back(session, omar, case.id, up_to=newest, now=MONDAY)
    await take(session, maria, case.id, now=MONDAY)
    await close(session, maria, case.id, now=MONDAY)

    closed = await take_back(session, olena, case.id, up_to=newest, now=MONDAY)

    assert (others, closed, await _words(session, case)) == (
        Overtaken(),
        Overtaken(),
        ["My landlord"],
    )
