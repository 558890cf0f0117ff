"""Quiet hours and wall times, also on the two nights a year when the clock is changed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.office import hours
from storage.bureau import Bureau
from tests.world import SOFIA


def here(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SOFIA)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(7, 59, True), (8, 0, False), (20, 59, False), (21, 0, True), (0, 0, True)],
)
def test_between_nine_and_eight_people_sleep(
    bureau: Bureau,
    hour: int,
    minute: int,
    quiet: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert hours.is_quiet(bureau, here(30, hour, minute)) is quiet


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        (here(30, 12), here(30, 12)),
        (here(30, 8), here(30, 8)),
        (here(30, 7, 30), here(29, 20, 59)),
        (here(30, 0), here(29, 20, 59)),
        (here(30, 21), here(30, 20, 59)),
        (here(30, 23, 59), here(30, 20, 59)),
    ],
)
def test_a_reminder_comes_rather_in_the_evening_before(
    bureau: Bureau, moment: datetime, moved: datetime
) -> None:
    assert hours.earlier(bureau, moment) == moved


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        (here(29, 12), here(29, 12)),
        (here(29, 21), here(30, 8)),
        (here(29, 23, 59), here(30, 8)),
        (here(30, 0), here(30, 8)),
        (here(30, 7, 59), here(30, 8)),
    ],
)
def test_a_question_waits_for_the_morning(
    bureau: Bureau, moment: datetime, moved: datetime
) -> None:
    assert hours.later(bureau, moment) == moved


def test_moments_may_come_in_any_zone(bureau: Bureau) -> None:
    night = here(29, 23).astimezone(UTC)

    assert hours.later(bureau, night) == here(30, 8)
    assert hours.earlier(bureau, night) == here(29, 20, 59)


@pytest.mark.parametrize(
    ("starts_at", "reminder", "hours_between"),
    [
        # 2026-10-25, four becomes three: that day has 25 hours.
        (datetime(2026, 10, 26, 10, tzinfo=SOFIA), datetime(2026, 10, 24, 10, tzinfo=SOFIA), 49),
        (datetime(2026, 10, 25, 10, tzinfo=SOFIA), datetime(2026, 10, 23, 10, tzinfo=SOFIA), 49),
        # 2027-03-28, three becomes four: that day has 23 hours.
        (datetime(2027, 3, 29, 10, tzinfo=SOFIA), datetime(2027, 3, 27, 10, tzinfo=SOFIA), 47),
        (datetime(2027, 3, 28, 10, tzinfo=SOFIA), datetime(2027, 3, 26, 10, tzinfo=SOFIA), 47),
        (datetime(2026, 12, 2, 10, tzinfo=SOFIA), datetime(2026, 11, 30, 10, tzinfo=SOFIA), 48),
    ],
)
def test_two_days_before_is_the_same_time_on_the_wall(
    bureau: Bureau, starts_at: datetime, reminder: datetime, hours_between: int
) -> None:
    before = hours.wall_before(bureau, starts_at.astimezone(UTC), days=2)

    assert before == reminder
    assert starts_at.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=hours_between)


@pytest.mark.parametrize(
    ("asked", "needed", "answered"),
    [
        (here(30, 9), 8, here(1, 11, month=12)),
        (here(30, 12), 5, here(30, 17)),
        (here(30, 17), 1, here(1, 11, month=12)),
        (here(27, 16), 2, here(30, 11)),
        (here(28, 12), 1, here(30, 11)),
        # Thursday 24 to Saturday 26 December are holidays, the Saturday one is given on Monday.
        (here(23, 16, month=12), 2, here(29, 11, month=12)),
    ],
)
def test_working_hours_are_counted_while_the_bureau_is_open(
    bureau: Bureau, asked: datetime, needed: int, answered: datetime
) -> None:
    assert bureau.after_working_hours(asked.astimezone(UTC), needed) == answered


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (here(30, 10), True),
        (here(30, 9, 59), False),
        (here(30, 17), False),
        (here(29, 12), False),
        (here(25, 12, month=12), False),
    ],
)
def test_the_bureau_is_open_on_working_days_from_ten_to_five(
    bureau: Bureau,
    moment: datetime,
    is_open: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert bureau.is_open(moment.astimezone(UTC)) is is_open
