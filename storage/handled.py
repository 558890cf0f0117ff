"""Which updates had their effect already, so that each has it once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.tables import Handled

# Longer than the buttons of an action live (60 days) and than Telegram redelivers (24 h).
_KEPT = timedelta(days=62)
# Telegram may start its numbers anew after a quiet week, so they are forgotten before.
_UPDATES_KEPT = timedelta(hours=72)


async def page_of(
    session: AsyncSession, update_id: int, *, presser: str, serial: str | None
) -> str | None:
    """The page a handled update or drawing led to; None if it is new."""
    same = Handled.update_id == update_id
    if serial is not None:
        same = or_(same, (Handled.presser == presser) & (Handled.serial == serial))
    found = (await session.execute(select(Handled.update_id, Handled.page).where(same))).first()
    if found is None:
        return None
    return sealed.vault_of(session).open("handled.page", str(found.update_id), found.page)


def note(
    session: AsyncSession,
    update_id: int,
    *,
    presser: str,
    serial: str | None,
    page: str,
    now: datetime,
) -> None:
    """Write down, in the transaction of the effect, that it happened. ``now`` is real time."""
    sealed_page = sealed.vault_of(session).seal("handled.page", str(update_id), page)
    session.add(Handled(update_id, presser if serial else "", serial, sealed_page, now))


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
