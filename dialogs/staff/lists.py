"""Two lists a working day in the group of the staff; never a name or a word of a visitor."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.desk import Desk
from bot.screen import Button, Screen, delivers, lines, paragraphs
from dialogs.staff.cards import TakeCase, TakeRequest
from dialogs.staff.phrases import headline, name_of, question, state_of, wish
from storage import appointments, cases
from storage.tables import Appointment, Case, Request

Waiting = Request | Case
"""What one of the staff takes."""

_MOST_LINES = 10
_MOST_BUTTONS = 6
_OUTCOME_AFTER = timedelta(minutes=30)
_LOOKED_BACK = timedelta(days=30)


@delivers("list_morning")
async def morning(desk: Desk, day: str) -> Screen | None:
    """Everything open, and who comes today; nothing if there is nothing."""
    start = desk.bureau.at(date.fromisoformat(day), time.min)
    today = await appointments.between(desk.session, start=start, end=start + timedelta(days=1))
    wishes = await appointments.unanswered_requests(desk.session)
    questions = await cases.open_cases(desk.session)
    waiting: list[Waiting] = [*wishes, *questions]
    if not (today or waiting):
        return None
    free = [one for one in waiting if one.taken_by is None]
    taken = [await _in_hand(desk, one) for one in waiting if one.taken_by]
    return Screen(
        paragraphs(
            desk.say("<b>🌅 {day}: the day begins</b>", day=desk.language.day(start.date())),
            _section(desk, desk.say("Booked today:"), [_booked(desk, one) for one in today]),
            _free(desk, free),
            _section(desk, desk.say("In somebody's hands:"), taken),
        ),
        _to_take(desk, free),
    )


@delivers("list_evening")
async def evening(desk: Desk, day: str) -> Screen | None:
    """What the day leaves undone; nothing if there is nothing."""
    wishes = await appointments.unanswered_requests(desk.session)
    waiting: list[Waiting] = [*wishes, *await cases.open_cases(desk.session)]
    free = [one for one in waiting if one.taken_by is None]
    over = await appointments.between(
        desk.session, start=desk.now - _LOOKED_BACK, end=desk.now - _OUTCOME_AFTER
    )
    late = [one for one in wishes if one.answer_by <= _next_evening(desk)]
    if not (free or over or late):
        return None
    return Screen(
        paragraphs(
            desk.say(
                "<b>🌆 {day}: before you go</b>", day=desk.language.day(date.fromisoformat(day))
            ),
            _free(desk, free),
            _section(
                desk,
                desk.say("Did the visitor come? Please say so under the card:"),
                [headline(desk, one) for one in over],
            ),
            _section(desk, desk.say("Soon too late:"), [_ends(desk, one) for one in late]),
        ),
        _to_take(desk, free),
    )


def _next_evening(desk: Desk) -> datetime:
    """The end of the next working day."""
    day = desk.bureau.today(desk.now) + timedelta(days=1)
    while not desk.bureau.is_working_day(day):
        day += timedelta(days=1)
    return desk.bureau.at(day, desk.bureau.closes)


def _free(desk: Desk, found: Sequence[Waiting]) -> str:
    return _section(desk, desk.say("Nobody has taken yet:"), [_line(desk, one) for one in found])


def _line(desk: Desk, found: Waiting) -> str:
    return wish(desk, found) if isinstance(found, Request) else question(desk, found)


async def _in_hand(desk: Desk, found: Waiting) -> str:
    return desk.say(
        "✋ {reference} · {language} · {name}",
        reference=found.reference,
        language=desk.language.called(found.language),
        name=await name_of(desk, found.taken_by),
    )


def _booked(desk: Desk, found: Appointment) -> str:
    return desk.say(
        "📅 {time} · {reference} · {language} · {state}",
        time=desk.language.time(found.slot.starts_at),
        reference=found.reference,
        language=desk.language.called(found.language),
        state=state_of(desk, found),
    )


def _ends(desk: Desk, found: Request) -> str:
    return desk.say(
        "⏳ {reference} · answer by {moment}",
        reference=found.reference,
        moment=desk.moment(found.answer_by),
    )


def _section(desk: Desk, title: str, found: Sequence[str]) -> str:
    if not found:
        return ""
    more = len(found) - _MOST_LINES
    rest = desk.count("and {n} more", "and {n} more", more) if more > 0 else ""
    return lines(title, *found[:_MOST_LINES], rest)


def _to_take(desk: Desk, found: Sequence[Waiting]) -> list[Button]:
    return [
        Button(
            desk.label("✋ Take {reference}", reference=one.reference),
            TakeRequest(one.id) if isinstance(one, Request) else TakeCase(one.id),
        )
        for one in found[:_MOST_BUTTONS]
    ]
