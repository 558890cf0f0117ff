"""Questions a person of the staff answers."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import retention
from bot.office.appointments import Done, Overtaken
from bot.office.cases import FOLLOWS, LONGEST, answer, close, masked, pass_on, take
from storage import cases, sealed
from storage.bureau import Bureau
from storage.tables import Case, CaseMessage, CaseState, DeliveryState, Staff, Visitor
from tests.office.acts import again, counted, delivery, outbox
from tests.world import MONDAY


async def test_the_first_words_open_a_case_and_the_next_go_to_the_same(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    first = await pass_on(session, bureau, olena, "My card is lost", now=MONDAY)
    second = await pass_on(session, bureau, olena, "What now?", now=MONDAY)

    assert first.case.id == second.case.id
    assert await _words(session, first.case) == ["My card is lost", "What now?"]
    assert await outbox(session) == {
        f"card:case:{first.case.id}": MONDAY,
        f"hurry:case:{first.case.id}:v1": MONDAY + timedelta(hours=3),  # it opens at ten
    }
    assert await counted(session) == {"case": 1}


async def test_two_visitors_have_two_cases(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor
) -> None:
    hers = await pass_on(session, bureau, olena, "Hello", now=MONDAY)
    his = await pass_on(session, bureau, omar, "Hello", now=MONDAY)

    assert [one.id for one in await cases.open_cases(session)] == [hers.case.id, his.case.id]


async def test_words_are_sealed_in_the_table(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    await pass_on(session, bureau, olena, "My card is lost", now=MONDAY)

    [content] = await session.scalars(select(CaseMessage.content))

    assert b"card" not in content


async def test_of_two_who_press_the_first_takes_the_case(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, georgi: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    [message] = await cases.messages(session, case.id)

    first = await take(session, maria, case.id, now=MONDAY)
    second = await take(session, georgi, case.id, now=MONDAY)

    assert (first, second) == (Done(), Overtaken())
    handed = f"case:{case.id}:m{message.id}:s{maria.id}"
    assert set(await outbox(session)) == {f"card:case:{case.id}", handed}
    assert (await delivery(session, handed)).staff_id == maria.id


async def test_words_written_after_it_was_taken_go_straight_to_that_person(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)

    await pass_on(session, bureau, olena, "Are you there?", now=MONDAY)

    _, second = await cases.messages(session, case.id)
    assert f"case:{case.id}:m{second.id}:s{maria.id}" in await outbox(session)


async def test_whoever_has_taken_a_case_is_not_reminded_of_it(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case

    await take(session, maria, case.id, now=MONDAY)

    assert list(await outbox(session, DeliveryState.DROPPED)) == [f"hurry:case:{case.id}:v1"]


async def test_a_case_waits_from_the_first_words_until_the_answer(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    minutes = [MONDAY + timedelta(minutes=n) for n in range(6)]
    case = (await pass_on(session, bureau, olena, "Hello", now=minutes[0])).case
    await pass_on(session, bureau, olena, "Please", now=minutes[1])
    waits = [(await again(session, case)).waits_since]

    await take(session, maria, case.id, now=minutes[2])
    waits.append((await again(session, case)).waits_since)
    await answer(session, maria, case.id, "Yes?", now=minutes[3])
    waits.append((await again(session, case)).waits_since)
    await pass_on(session, bureau, olena, "My card is lost", now=minutes[4])
    waits.append((await again(session, case)).waits_since)
    await close(session, maria, case.id, now=minutes[5])
    waits.append((await again(session, case)).waits_since)

    assert waits == [minutes[0], minutes[2], None, minutes[4], None]


async def test_a_case_of_somebody_who_left_is_everybodys_when_it_goes_on(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)
    await close(session, maria, case.id, now=MONDAY)
    maria.active = False

    await pass_on(session, bureau, olena, "One more thing", now=MONDAY)

    assert (case.state, case.taken_by) == (CaseState.OPEN, None)
    assert f"hurry:case:{case.id}:v{case.version}" in await outbox(session)


async def test_words_do_not_go_to_a_colleague_who_has_left(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)
    before = await outbox(session)
    maria.active = False

    await pass_on(session, bureau, olena, "Are you there?", now=MONDAY)

    assert set(await outbox(session)) == set(before)


async def test_an_answer_goes_to_the_visitor(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)

    done = await answer(session, maria, case.id, "Please come on Wednesday.", now=MONDAY)

    _, written = await cases.messages(session, case.id)
    reply = await delivery(session, f"case:{case.id}:m{written.id}:visitor")
    assert (done, reply.visitor_id) == (Done(), olena.id)
    assert sealed.words_of(session, written) == "Please come on Wednesday."


async def test_only_who_took_a_case_answers_and_closes_it(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, georgi: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    nobody = await answer(session, maria, case.id, "Hello", now=MONDAY)
    await take(session, maria, case.id, now=MONDAY)

    other = await answer(session, georgi, case.id, "Hello", now=MONDAY)
    closing = await close(session, georgi, case.id, now=MONDAY)

    assert (nobody, other, closing) == (Overtaken(), Overtaken(), Overtaken())


async def test_a_closed_case_is_closed_once_and_the_visitor_asked_whether_it_helped(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)

    first = await close(session, maria, case.id, now=MONDAY)
    second = await close(session, maria, case.id, now=MONDAY)

    assert (first, second, (await again(session, case)).state) == (
        Done(),
        Overtaken(),
        CaseState.CLOSED,
    )
    assert (
        await delivery(session, f"closed:case:{case.id}:v{case.version}")
    ).visitor_id == olena.id


async def test_what_follows_within_three_days_belongs_to_the_same_case(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)
    await close(session, maria, case.id, now=MONDAY)
    soon = MONDAY + FOLLOWS - timedelta(seconds=1)

    same = (await pass_on(session, bureau, olena, "One more thing", now=soon)).case

    assert (same.id, same.state, same.taken_by) == (case.id, CaseState.TAKEN, maria.id)
    _, message = await cases.messages(session, case.id)
    assert f"case:{case.id}:m{message.id}:s{maria.id}" in await outbox(session)


async def test_after_three_days_the_next_words_open_another_case(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await take(session, maria, case.id, now=MONDAY)
    await close(session, maria, case.id, now=MONDAY)

    other = (await pass_on(session, bureau, olena, "Hello again", now=MONDAY + FOLLOWS)).case

    assert (other.id == case.id, other.state) == (False, CaseState.OPEN)


async def test_words_are_forgotten_a_week_after_closing_and_open_cases_keep_theirs(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, maria: Staff
) -> None:
    case = (await pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await pass_on(session, bureau, omar, "Salam", now=MONDAY)
    await take(session, maria, case.id, now=MONDAY)
    await close(session, maria, case.id, now=MONDAY)
    week, second = timedelta(days=7), timedelta(seconds=1)

    await retention.forget_old(session, bureau, now=MONDAY + week)
    at_the_end = await _how_many(session)
    await retention.forget_old(session, bureau, now=MONDAY + week + second)

    assert (at_the_end, await _how_many(session)) == (2, 1)


async def test_very_long_words_are_cut(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    passed = await pass_on(session, bureau, olena, "я" * 4096, now=MONDAY)

    assert await _words(session, passed.case) == ["я" * LONGEST]


@pytest.mark.parametrize(
    "number",
    [
        "8501011234",
        "850101 1234",
        "850101-1234",
        "٨٥٠١٠١١٢٣٤",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "6304000000000000000",
        "8501011234 8501011235",
        "AB1234567",
        "P 1234567",
        "85010112348501011235",
    ],
)
def test_what_looks_like_a_personal_or_card_number_is_masked(number: str) -> None:
    left = masked(f"ЕГН {number}, thanks")

    assert left.replace("•", "").split() == ["ЕГН", ",", "thanks"]
    assert len(left) == len(f"ЕГН {number}, thanks")


@pytest.mark.parametrize(
    "harmless", ["on 12.10.2026 at 10:30", "bus 280", "112", "Botev 113", "room 402, floor 4"]
)
def test_dates_and_small_numbers_are_left_alone(harmless: str) -> None:
    assert masked(harmless) == harmless


@pytest.mark.parametrize("piece", ["1", "1 ", "1-", "- ", "1 - ", "1234567890123456789 a"])
def test_masking_takes_no_time_whatever_is_written(piece: str) -> None:
    words = piece * 4096

    began = time.perf_counter()
    masked(words)

    assert time.perf_counter() - began < 0.2


async def _words(session: AsyncSession, case: Case) -> list[str]:
    return [sealed.words_of(session, one) for one in await cases.messages(session, case.id)]


async def _how_many(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).select_from(CaseMessage))).one()
