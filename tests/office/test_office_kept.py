"""Kept questions: alike ones are one, and whoever waits is taken by one answer only."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import kept
from storage.bureau import Bureau
from storage.tables import Awaiting, Delivery, KeptQuestion, Visitor
from tests.world import MONDAY


async def test_alike_questions_of_one_language_are_one(
    session: AsyncSession, bureau: Bureau
) -> None:
    for language, words in [
        ("en", "where can I learn to swim"),
        ("en", "how do I get a fishing licence"),
        ("en", "how to get fishing licence"),
        ("bg", "how do I get a fishing licence"),
    ]:
        await kept.keep(session, bureau, language, words, now=MONDAY)

    ranked = await kept.ranked(session)

    assert [(one.language, len(one.ids)) for one in ranked] == [("en", 2), ("bg", 1), ("en", 1)]


async def test_who_waits_is_told_of_one_answer_only(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    await kept.keep(session, bureau, "en", "may I keep bees", now=MONDAY, tells=olena)
    await kept.keep(session, bureau, "en", "may I keep bees?", now=MONDAY, tells=olena)
    [asked] = await kept.ranked(session)

    first = await kept.answered(session, bureau, asked, 1, now=MONDAY)
    second = await kept.answered(session, bureau, asked, 2, now=MONDAY)

    assert (first, second) == (1, 0)
    assert await session.scalar(select(func.count()).select_from(Delivery)) == 1


async def test_numbers_are_hidden_before_anything_is_kept(
    session: AsyncSession, bureau: Bureau
) -> None:
    await kept.keep(session, bureau, "en", "my LNCh is 1234567890, what now", now=MONDAY)

    [asked] = await kept.ranked(session)
    assert asked.words == ("my LNCh is ••••••••••, what now",)


async def test_after_ninety_days_nobody_waits_for_it_either(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    await kept.keep(session, bureau, "en", "may I keep bees", now=MONDAY, tells=olena)

    await kept.forget_old(session, bureau, now=MONDAY + kept.KEPT + timedelta(days=1))

    left = [
        await session.scalar(select(func.count()).select_from(one))
        for one in (KeptQuestion, Awaiting)
    ]
    assert left == [0, 0]
