"""Cases: questions a person of the staff answers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.tables import Case, CaseMessage, CaseState, Delivery, Role, Staff

_OPEN = (
    select(Case)
    .where(Case.visitor_id == bindparam("visitor_id"), Case.state != CaseState.CLOSED)
    .options(joinedload(Case.visitor))
)
_OPEN_TO_CHANGE = _OPEN.with_for_update(of=Case).execution_options(populate_existing=True)
_CLOSED_LATELY = (
    select(Case)
    .where(Case.visitor_id == bindparam("visitor_id"), Case.closed_at > bindparam("since"))
    .order_by(Case.closed_at.desc())
    .limit(1)
)


async def open_case_of(
    session: AsyncSession, visitor_id: int, *, to_change: bool = False
) -> Case | None:
    """The case this visitor has with us just now; the table allows one.

    ``to_change`` keeps others from changing it until this transaction ends.
    """
    asked = _OPEN_TO_CHANGE if to_change else _OPEN
    return await session.scalar(asked, {"visitor_id": visitor_id})


async def closed_lately(session: AsyncSession, visitor_id: int, *, since: datetime) -> Case | None:
    """The case of this visitor that was closed last, if that is not too long ago."""
    return await session.scalar(_CLOSED_LATELY, {"visitor_id": visitor_id, "since": since})


async def taken_by(session: AsyncSession, staff_id: int) -> Sequence[Case]:
    """The cases this member of staff is answering, oldest first."""
    found = await session.scalars(
        select(Case)
        .where(Case.taken_by == staff_id, Case.state == CaseState.TAKEN)
        .order_by(Case.opened_at, Case.id)
    )
    return found.all()


_ONE = select(Case).where(Case.id == bindparam("case_id")).options(joinedload(Case.visitor))
_ONE_TO_CHANGE = _ONE.with_for_update(of=Case).execution_options(populate_existing=True)


async def case(session: AsyncSession, case_id: int, *, to_change: bool = False) -> Case | None:
    """A case with its visitor, whoever it belongs to.

    ``to_change`` keeps others from changing it until this transaction ends.
    """
    return await session.scalar(_ONE_TO_CHANGE if to_change else _ONE, {"case_id": case_id})


async def taken_and_waiting(session: AsyncSession, *, before: datetime) -> Sequence[Case]:
    """The taken cases in which nothing has been answered since then, or for longer."""
    found = await session.scalars(
        select(Case)
        .where(Case.state == CaseState.TAKEN, Case.waits_since <= before)
        .order_by(Case.waits_since, Case.id)
    )
    return found.all()


async def colleagues(
    session: AsyncSession, roles: Collection[Role], *, but: int
) -> Sequence[Staff]:
    """Who else could be given a case: at work, with one of these roles, and can be written to."""
    found = await session.scalars(
        select(Staff)
        .where(Staff.active, Staff.chat.is_not(None), Staff.role.in_(roles), Staff.id != but)
        .order_by(Staff.id)
    )
    return found.all()


async def open_cases(session: AsyncSession) -> Sequence[Case]:
    found = await session.scalars(
        select(Case).where(Case.state != CaseState.CLOSED).order_by(Case.opened_at, Case.id)
    )
    return found.all()


async def messages(session: AsyncSession, case_id: int) -> Sequence[CaseMessage]:
    """What was written in a case, oldest first."""
    found = await session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.id)
    )
    return found.all()


async def unanswered(session: AsyncSession, case_id: int) -> Sequence[CaseMessage]:
    """What the visitor wrote after the last answer, oldest first."""
    answered = select(func.max(CaseMessage.id)).where(
        CaseMessage.case_id == case_id, CaseMessage.from_staff.is_not(None)
    )
    found = await session.scalars(
        select(CaseMessage)
        .where(CaseMessage.case_id == case_id)
        .where(CaseMessage.id > func.coalesce(answered.scalar_subquery(), 0))
        .order_by(CaseMessage.id)
    )
    return found.all()


async def message(session: AsyncSession, message_id: int) -> CaseMessage | None:
    return await session.get(CaseMessage, message_id)


async def told_in(
    session: AsyncSession, case_id: int, message_id: int, *, staff_id: int | None = None
) -> CaseMessage | None:
    """What the visitor, or this member of staff, wrote in that message of their own chat."""
    return await session.scalar(
        select(CaseMessage)
        .where(CaseMessage.case_id == case_id, CaseMessage.told_in == message_id)
        .where(CaseMessage.from_staff.is_not_distinct_from(staff_id))
        .order_by(CaseMessage.id.desc())
        .limit(1)
    )


def case_of(delivery: Delivery) -> int | None:
    """The case whose message this delivery carried; its key says so."""
    kind, _, rest = delivery.key.partition(":")
    return int(rest.split(":")[0]) if kind == "case" else None
