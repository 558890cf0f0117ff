"""Which updates had their effect already, so that each has it once."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.tables import Handled

# Longer than the buttons of an action live (60 days) and than Telegram redelivers (24 h).
_KEPT = timedelta(days=62)
# Telegram may start its numbers anew after a quiet week, so they are forgotten before.
_UPDATES_KEPT = timedelta(hours=72)


_SAME_UPDATE = Handled.update_id == bindparam("update_id")
_SAME_DRAWING = (Handled.presser == bindparam("presser")) & (Handled.serial == bindparam("serial"))
_LED_TO = select(Handled.update_id, Handled.page)
_BY_UPDATE = _LED_TO.where(_SAME_UPDATE)
_BY_UPDATE_OR_DRAWING = _LED_TO.where(or_(_SAME_UPDATE, _SAME_DRAWING))
_NOTE = insert(cast("Table", Handled.__table__))
"""Asked at every action: made once, and past the objects nobody needs."""


async def page_of(
    session: AsyncSession, update_id: int, *, presser: str, serial: str | None
) -> str | None:
    """The page a handled update or drawing led to; None if it is new."""
    asked = _BY_UPDATE if serial is None else _BY_UPDATE_OR_DRAWING
    same = {"update_id": update_id, "presser": presser, "serial": serial}
    found = (await session.execute(asked, same)).first()
    if found is None:
        return None
    return sealed.vault_of(session).open("handled.page", str(found.update_id), found.page)


async def note(
    session: AsyncSession,
    update_id: int,
    *,
    presser: str,
    serial: str | None,
    page: str,
    now: datetime,
) -> None:
    """Write down, in the transaction of the effect, that it happened. ``now`` is real time."""
    noted = {
        "update_id": update_id,
        "presser": presser if serial else "",
        "serial": serial,
        "page": sealed.vault_of(session).seal("handled.page", str(update_id), page),
        "handled_at": now,
    }
    await session.execute(_NOTE, noted)


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Forget what nothing comes of any more. ``now`` is real time."""
    plain = Handled.serial.is_(None) & (Handled.handled_at < now - _UPDATES_KEPT)
    await session.execute(delete(Handled).where(or_(plain, Handled.handled_at < now - _KEPT)))
    await _take_numbers_away(session, before=now - _UPDATES_KEPT)


async def _take_numbers_away(session: AsyncSession, *, before: datetime) -> None:
    """Old drawings stay known by their serials alone: their updates' numbers may come anew.

    The number they get instead is below zero, where Telegram has none.
    """
    numbered = (Handled.handled_at < before) & (Handled.update_id > 0)
    vault = sealed.vault_of(session)
    for one in await session.scalars(select(Handled).where(numbered)):
        page = vault.open("handled.page", str(one.update_id), one.page)
        one.update_id = -one.id
        one.page = vault.seal("handled.page", str(one.update_id), page)
