"""A visitor takes back words that nobody has answered yet."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import cases as office
from bot.office.appointments import Done, Overtaken
from storage import cases, details
from storage.tables import Visitor


async def take_back(
    session: AsyncSession, visitor: Visitor, case_id: int, *, up_to: int, now: datetime
) -> Done | Overtaken:
    """Delete the unanswered words up to that message; a case without any words is closed.

    The copies in the chat of whoever took the case lose the words too.
    """
    case = await cases.open_case_of(session, visitor.id, to_change=True)
    if case is None or case.id != case_id:
        return Overtaken()
    waiting = await cases.unanswered(session, case_id)
    withdrawn = [one for one in waiting if one.id <= up_to]
    if not withdrawn:
        return Overtaken()
    for one in withdrawn:
        await session.delete(one)
    await session.flush()
    if len(withdrawn) == len(waiting):
        case.waits_since = None
    copies = [f"case:{case_id}:m{one.id}:" for one in withdrawn]
    await details.redraw_details(session, *copies, due=now)
    if not await cases.messages(session, case_id):
        await office.end(session, case, now=now)
    return Done()
