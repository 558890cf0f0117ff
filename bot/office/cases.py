"""Questions that a person of the staff answers, in their own chat, without seeing an account."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import references
from bot.office.appointments import Done, Overtaken
from storage import audit, cases, counts, deliveries, details, sealed
from storage.bureau import Bureau
from storage.deliveries import CARD, PERSONAL
from storage.tables import Case, CaseMessage, CaseState, Staff, Visitor

LONGEST = 1500
"""How many characters of one message are kept."""

FOLLOWS = timedelta(hours=72)
"""How long after closing a visitor's words still belong to the same case."""

WORDS_KEPT = timedelta(days=7)
"""How long words stay after their case was closed."""

REMINDED_AFTER = 2
"""Working hours after which the group is told once more that nobody has taken a case."""

# Personal numbers (EGN and LNCh have ten digits) and numbers of cards; then those of passports.
_NUMBERS = (
    re.compile(r"(?:\d[ -]?){9,}\d"),
    re.compile(r"\b[^\W\d_]{1,3} ?\d{6,9}\b"),
)


@dataclass(frozen=True, slots=True)
class Passed:
    """The words are on their way to a person."""

    case: Case


def masked(words: str) -> str:
    """The words without what looks like a number of a person, card or passport; not too long."""
    words = words[:LONGEST]
    for number in _NUMBERS:
        words = number.sub(lambda found: "•" * len(found[0]), words)
    return words


def card_key(case_id: int) -> str:
    return f"card:case:{case_id}"


async def pass_on(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor,
    words: str,
    *,
    now: datetime,
    told_in: int | None = None,
) -> Passed:
    """Give a visitor's words to the staff: to the case that is open, or as a new one.

    ``told_in`` is the message they were written in.
    """
    case = await cases.open_case_of(session, visitor.id, to_change=True)
    if case is None:
        case = await _reopened(session, bureau, visitor, now)
    if case is None:
        case = await _open(session, bureau, visitor, now)
    message = await _keep(session, case, None, masked(words), now)
    message.told_in = told_in
    case.waits_since = case.waits_since or now
    if case.taken_by is not None:
        staff = await session.get(Staff, case.taken_by)
        if staff is not None and staff.active:
            await _hand(session, case, message, staff, now=now)
    return Passed(case)


async def remind(session: AsyncSession, case: Case, *, due: datetime) -> None:
    """Show the group once more a case that nobody has taken by then."""
    await deliveries.write(
        session,
        f"hurry:case:{case.id}:v{case.version}",
        "hurry_case",
        None,
        due=due,
        rank=CARD,
        case=case.id,
    )


async def cry_for_help(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor | None,
    words: str,
    *,
    now: datetime,
    told_in: int | None = None,
) -> None:
    """Words of danger: an urgent card, once an hour for a case, and a case if we know who wrote.

    Who has chosen no language yet is not stored; the card says so, once in ten minutes.
    """
    if visitor is None:
        key = f"{_cries(0)}{now:%Y%m%d%H%M}"[:-1]
        await deliveries.write(session, key, "card_cry", None, due=now, case=0)
        return
    case = (await pass_on(session, bureau, visitor, words, now=now, told_in=told_in)).case
    key = f"{_cries(case.id)}{now:%Y%m%d%H}"
    await deliveries.write(session, key, "card_cry", None, due=now, rank=PERSONAL, case=case.id)


def _cries(case_id: int) -> str:
    return f"cry:{case_id}:"


async def redraw_cards(session: AsyncSession, case_id: int, *, now: datetime) -> None:
    """The card of a case and its urgent ones say in whose hands it is now."""
    await deliveries.again(session, card_key(case_id), due=now)
    await details.redraw_details(session, _cries(case_id), due=now)


async def _reopened(
    session: AsyncSession, bureau: Bureau, visitor: Visitor, now: datetime
) -> Case | None:
    """What follows within three days belongs to the same case, and to whoever answered it."""
    case = await cases.closed_lately(session, visitor.id, since=now - FOLLOWS)
    if case is None:
        return None
    staff = await session.get(Staff, case.taken_by) if case.taken_by else None
    case.taken_by = staff.id if staff and staff.active else None
    case.state = CaseState.TAKEN if case.taken_by else CaseState.OPEN
    case.closed_at = None
    case.version += 1
    if case.state is CaseState.OPEN:
        await remind(session, case, due=bureau.after_working_hours(now, REMINDED_AFTER))
    await redraw_cards(session, case.id, now=now)
    return case


async def _open(session: AsyncSession, bureau: Bureau, visitor: Visitor, now: datetime) -> Case:
    made = Case(await references.unused(session, Case.reference), visitor.id, visitor.language, now)
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError:
        there = await cases.open_case_of(session, visitor.id)
        if there is None:
            raise
        return there
    await deliveries.write(
        session, card_key(made.id), "card_case", None, due=now, rank=CARD, case=made.id
    )
    await remind(session, made, due=bureau.after_working_hours(now, REMINDED_AFTER))
    await counts.add(session, bureau.today(now), "case", language=visitor.language)
    return made


async def _keep(
    session: AsyncSession, case: Case, staff: Staff | None, words: str, now: datetime
) -> CaseMessage:
    row = references.new() + references.new()
    message = CaseMessage(
        case.id, staff.id if staff else None, row, sealed.seal_words(session, row, words), now
    )
    session.add(message)
    await session.flush()
    return message


async def hand_everything(
    session: AsyncSession, case: Case, staff: Staff, *, now: datetime
) -> None:
    """All that was written in a case, answers too, goes to the chat of the one who has it now."""
    for message in await cases.messages(session, case.id):
        await _hand(session, case, message, staff, now=now)


async def _hand(
    session: AsyncSession, case: Case, message: CaseMessage, staff: Staff, *, now: datetime
) -> None:
    """Whoever gets a case a second time is shown it anew: nobody looks at old messages."""
    key = f"case:{case.id}:m{message.id}:s{staff.id}"
    for one in (key, f"{key}:v{case.version}"):
        if await deliveries.write(
            session, one, "case_message", staff, due=now, case=case.id, message=message.id
        ):
            return


async def take(
    session: AsyncSession, staff: Staff, case_id: int, *, now: datetime
) -> Done | Overtaken:
    """One of the staff takes the case; what was written goes to that person's own chat."""
    taken = await session.scalar(
        update(Case)
        .where(Case.id == case_id, Case.state == CaseState.OPEN)
        .values(state=CaseState.TAKEN, taken_by=staff.id, waits_since=now, version=Case.version + 1)
        .returning(Case.reference)
    )
    if taken is None:
        return Overtaken()
    audit.note(session, staff, "take", taken, "taken", now=now)
    case = await session.get(Case, case_id, populate_existing=True)
    if case is not None:
        await hand_everything(session, case, staff, now=now)
    await deliveries.drop(session, f"hurry:case:{case_id}:")
    await redraw_cards(session, case_id, now=now)
    return Done()


def is_with(case: Case | None, staff: Staff) -> bool:
    """Whether this colleague has the case and may answer it."""
    return case is not None and case.state is CaseState.TAKEN and case.taken_by == staff.id


async def answer(
    session: AsyncSession,
    staff: Staff,
    case_id: int,
    words: str,
    *,
    now: datetime,
    ready: str = "",
    told_in: int | None = None,
) -> Done | Overtaken:
    """Send the words of the one who took the case to the visitor.

    ``ready`` names the ready answer that these words are; it arrives in the visitor's language.
    ``told_in`` is the message they were written in.
    """
    case = await cases.case(session, case_id, to_change=True)
    if case is None or case.visitor is None or not is_with(case, staff):
        return Overtaken()
    message = await _keep(session, case, staff, words[:3000], now)
    message.told_in = told_in
    case.waits_since = None
    await deliveries.write(
        session,
        reply_key(message),
        "case_reply",
        case.visitor,
        due=now,
        message=message.id,
        tell_staff=staff.id,
        ready=ready,
    )
    audit.note(session, staff, "answer", case.reference, "written", now=now)
    return Done()


def reply_key(message: CaseMessage) -> str:
    """The delivery that carries an answer to its visitor."""
    return f"case:{message.case_id}:m{message.id}:visitor"


async def close(
    session: AsyncSession, staff: Staff, case_id: int, *, now: datetime
) -> Done | Overtaken:
    """The case is answered; the visitor is asked whether it helped. Words stay a week longer."""
    closed = await session.scalar(
        update(Case)
        .where(Case.id == case_id, Case.state == CaseState.TAKEN, Case.taken_by == staff.id)
        .values(state=CaseState.CLOSED, closed_at=now, waits_since=None, version=Case.version + 1)
        .returning(Case.reference)
    )
    case = await cases.case(session, case_id)
    if closed is None or case is None:
        return Overtaken()
    await session.refresh(case, ["state", "closed_at", "waits_since", "version"])
    audit.note(session, staff, "close", closed, "closed", now=now)
    await redraw_cards(session, case_id, now=now)
    if case.visitor is not None:
        key = f"closed:case:{case_id}:v{case.version}"
        await deliveries.write(
            session, key, "case_closed", case.visitor, due=now, case=case_id, version=case.version
        )
    return Done()


async def forget_words_of(session: AsyncSession, visitor: Visitor, *, now: datetime) -> None:
    """Close and empty everything this visitor has with us."""
    mine = select(Case.id).where(Case.visitor_id == visitor.id)
    await session.execute(delete(CaseMessage).where(CaseMessage.case_id.in_(mine)))
    if still_open := await cases.open_case_of(session, visitor.id):
        await end(session, still_open, now=now)


async def end(session: AsyncSession, case: Case, *, now: datetime) -> None:
    """The visitor wants no answer any more: the card says that it is closed."""
    case.state, case.closed_at, case.waits_since = CaseState.CLOSED, now, None
    case.version += 1
    await deliveries.drop(session, f"hurry:case:{case.id}:")
    await redraw_cards(session, case.id, now=now)
