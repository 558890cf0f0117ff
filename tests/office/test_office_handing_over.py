"""A case changes hands: given to a colleague, given back, or let go after a silence."""

from datetime import timedelta

import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Overtaken
from bot.office.cases import answer, close, pass_on, take
from bot.office.handing_over import hand_over, let_go, release
from storage import cases, sealed
from storage.bureau import Bureau
from storage.tables import Audit, Case, CaseState, DeliveryState, Staff, Visitor
from tests.office.acts import again, delivery, outbox
from tests.world import MONDAY

SILENT = MONDAY + timedelta(hours=5)
"""The bureau opens an hour after this Monday's stories begin."""


@pytest_asyncio.fixture
async def hers(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, georgi: Staff
) -> Case:
    """Olena's question, which Maria has taken; both colleagues can be written to."""
    sealed.set_chat(session, maria, 1)
    sealed.set_chat(session, georgi, 2)
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)
    return await again(session, case)


async def _arrived(session: AsyncSession) -> None:
    for key in await outbox(session):
        (await delivery(session, key)).state = DeliveryState.SENT


async def _acts(session: AsyncSession) -> list[str]:
    await session.flush()
    return list(await session.scalars(select(Audit.act).order_by(Audit.id)))


async def test_the_colleague_is_shown_all_that_was_written_and_the_first_only_whose_it_is(
    session: AsyncSession, hers: Case, maria: Staff, georgi: Staff
) -> None:
    await answer(session, maria, hers.id, "Yes?", now=MONDAY)
    words, said = await cases.messages(session, hers.id)
    await _arrived(session)

    done = await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)

    assert (done, hers.taken_by, hers.version) == (Done(), georgi.id, 3)
    assert set(await outbox(session)) == {
        f"card:case:{hers.id}",
        f"case:{hers.id}:m{words.id}:s{maria.id}",
        f"case:{hers.id}:m{words.id}:s{georgi.id}",
        f"case:{hers.id}:m{said.id}:s{georgi.id}",
    }
    assert await _acts(session) == ["take", "answer", "hand_over"]


async def test_only_the_one_who_has_it_hands_over_and_only_once(
    session: AsyncSession, hers: Case, maria: Staff, georgi: Staff
) -> None:
    stranger = await hand_over(session, georgi, hers.id, maria, version=2, now=MONDAY)
    stale = await hand_over(session, maria, hers.id, georgi, version=1, now=MONDAY)
    herself = await hand_over(session, maria, hers.id, maria, version=2, now=MONDAY)
    first = await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)
    second = await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)

    assert (stranger, stale, herself) == (Overtaken(), Overtaken(), Overtaken())
    assert (first, second) == (Done(), Overtaken())


async def test_nothing_is_handed_to_a_colleague_who_left_or_cannot_be_written_to(
    session: AsyncSession, hers: Case, maria: Staff, georgi: Staff
) -> None:
    georgi.active = False
    left = await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)
    georgi.active, georgi.chat = True, None
    silent = await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)

    assert (left, silent, hers.taken_by) == (Overtaken(), Overtaken(), maria.id)


async def test_who_has_given_it_away_neither_answers_nor_closes_it(
    session: AsyncSession, hers: Case, maria: Staff, georgi: Staff
) -> None:
    await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)

    hers_now = [
        await answer(session, maria, hers.id, "Yes", now=MONDAY),
        await close(session, maria, hers.id, now=MONDAY),
    ]
    his = await answer(session, georgi, hers.id, "Yes", now=MONDAY)

    assert (hers_now, his) == ([Overtaken(), Overtaken()], Done())


async def test_whoever_gets_a_case_back_is_shown_it_anew(
    session: AsyncSession, hers: Case, maria: Staff, georgi: Staff
) -> None:
    [words] = await cases.messages(session, hers.id)
    await _arrived(session)
    await hand_over(session, maria, hers.id, georgi, version=2, now=MONDAY)
    await _arrived(session)

    await hand_over(session, georgi, hers.id, maria, version=3, now=MONDAY)

    assert f"case:{hers.id}:m{words.id}:s{maria.id}:v4" in await outbox(session)


async def test_a_released_case_can_be_taken_again_and_the_group_is_reminded(
    session: AsyncSession, bureau: Bureau, hers: Case, maria: Staff, georgi: Staff
) -> None:
    await _arrived(session)

    first = await release(session, bureau, maria, hers.id, now=MONDAY)
    second = await release(session, bureau, maria, hers.id, now=MONDAY)

    [words] = await cases.messages(session, hers.id)
    assert (first, second, hers.state, hers.taken_by) == (Done(), Overtaken(), CaseState.OPEN, None)
    assert await outbox(session) == {
        f"card:case:{hers.id}": MONDAY,
        f"case:{hers.id}:m{words.id}:s{maria.id}": MONDAY,
        f"hurry:case:{hers.id}:v3": MONDAY + timedelta(hours=3),
    }
    assert await take(session, georgi, hers.id, now=MONDAY) == Done()
    assert await _acts(session) == ["take", "release", "take"]


async def test_only_the_one_who_has_it_releases_it(
    session: AsyncSession, bureau: Bureau, hers: Case, georgi: Staff
) -> None:
    assert await release(session, bureau, georgi, hers.id, now=MONDAY) == Overtaken()


async def test_after_four_working_hours_of_silence_everybody_is_told_at_once(
    session: AsyncSession, bureau: Bureau, hers: Case
) -> None:
    await let_go(session, bureau, hers.id, now=SILENT - timedelta(seconds=1))
    early = hers.state
    await let_go(session, bureau, hers.id, now=SILENT)
    await let_go(session, bureau, hers.id, now=SILENT)

    assert (early, hers.state, hers.version) == (CaseState.TAKEN, CaseState.OPEN, 3)
    assert (await outbox(session))[f"hurry:case:{hers.id}:v3"] == SILENT


async def test_whoever_has_answered_keeps_the_case(
    session: AsyncSession, bureau: Bureau, hers: Case, maria: Staff
) -> None:
    await answer(session, maria, hers.id, "Please come.", now=MONDAY)

    await let_go(session, bureau, hers.id, now=MONDAY + timedelta(days=7))

    assert (hers.state, hers.taken_by) == (CaseState.TAKEN, maria.id)


async def test_only_hours_in_which_somebody_works_count(
    session: AsyncSession, bureau: Bureau, hers: Case, maria: Staff
) -> None:
    friday = MONDAY + timedelta(days=4, hours=7)
    hers.waits_since = friday

    await let_go(session, bureau, hers.id, now=friday + timedelta(days=2))

    assert (hers.state, hers.taken_by) == (CaseState.TAKEN, maria.id)
