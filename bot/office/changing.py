"""Words that are edited after they were sent: they change where they were read."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import cases as cases_office
from storage import audit, cases, deliveries, details, sealed
from storage.tables import Staff, Visitor


async def change_words(
    session: AsyncSession, visitor: Visitor, told_in: int, words: str, *, now: datetime
) -> bool:
    """The visitor has edited a message: whoever has the case reads the new words in its place.

    False if the message belongs to no case that is open.
    """
    case = await cases.open_case_of(session, visitor.id, to_change=True)
    message = await cases.told_in(session, case.id, told_in) if case else None
    if case is None or message is None:
        return False
    message.content = sealed.seal_words(session, message.seal_row, cases_office.masked(words))
    await details.redraw_details(session, f"case:{case.id}:m{message.id}:", due=now)
    return True


async def change_answer(
    session: AsyncSession, staff: Staff, told_in: int, words: str, *, now: datetime
) -> bool:
    """A colleague has edited an answer: it changes in the visitor's chat, once it is there.

    False if the message was no answer, or its case is closed or with somebody else.
    """
    for case in await cases.taken_by(session, staff.id):
        message = await cases.told_in(session, case.id, told_in, staff_id=staff.id)
        if message is not None:
            message.content = sealed.seal_words(session, message.seal_row, words[:3000])
            key = cases_office.reply_key(message)
            await deliveries.reword(session, key, due=now, message=message.id, ready="")
            audit.note(session, staff, "answer", case.reference, "changed", now=now)
            return True
    return False
