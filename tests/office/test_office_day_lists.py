"""When the two lists of a working day are written."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import day_lists
from bot.office.day_lists import Part
from storage.bureau import Bureau
from tests.office.acts import delivery, outbox
from tests.world import SOFIA

# Thursday the 31st is a working day; Friday the 1st of January is a holiday.
THURSDAY = datetime(2026, 12, 31, tzinfo=SOFIA)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return THURSDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(8, 29), None),
        (at(8, 30), (Part.MORNING, at(8, 30))),
        (at(16, 59), (Part.MORNING, at(8, 30))),
        (at(17), (Part.EVENING, at(17))),
        (at(23, 59), (Part.EVENING, at(17))),
        (at(10, days=1), None),
        (at(10, days=2), None),
        (at(10, days=4), (Part.MORNING, at(8, 30, days=4))),
    ],
)
async def test_a_list_is_due_from_its_hour_until_the_next_on_working_days(
    session: AsyncSession, bureau: Bureau, now: datetime, expected: object
) -> None:
    assert await day_lists.due(session, bureau, now=now) == expected


async def test_a_list_is_written_once_and_is_of_no_use_when_the_next_comes(
    session: AsyncSession, bureau: Bureau
) -> None:
    for _ in range(2):
        await day_lists.write(session, bureau, Part.MORNING, now=at(9))

    assert await outbox(session) == {"list:morning:2026-12-31": at(9)}
    assert (await delivery(session, "list:morning:2026-12-31")).useless_after == at(17)
    assert await day_lists.due(session, bureau, now=at(9)) is None
    assert await day_lists.due(session, bureau, now=at(17)) == (Part.EVENING, at(17))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (at(0), at(8, 30)),
        (at(8, 30), at(17)),
        (at(17), at(8, 30, days=4)),
        (at(12, days=1), at(8, 30, days=4)),
    ],
)
def test_the_next_list_is_found_across_holidays_and_weekends(
    bureau: Bureau, after: datetime, expected: datetime
) -> None:
    assert day_lists.next_moment(bureau, after=after) == expected
