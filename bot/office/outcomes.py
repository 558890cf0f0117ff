"""What became of an appointment; who came is asked how it was."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import hours
from bot.office.appointments import Done, Overtaken
from storage import appointments, audit, counts, deliveries
from storage.bureau import Bureau
from storage.tables import AppointmentState, Staff

_RATING_AFTER = timedelta(hours=2)
_RATING_USELESS = timedelta(days=7)


async def say_outcome(
    session: AsyncSession,
    bureau: Bureau,
    staff: Staff,
    appointment_id: int,
    outcome: AppointmentState,
    *,
    version: int,
    now: datetime,
) -> Done | Overtaken:
    """Whether the visitor came. Who came is asked how it was; nobody's outcome is guessed."""
    found = await appointments.appointment(session, appointment_id, to_change=True)
    if found is None or found.version != version or found.state is not AppointmentState.BOOKED:
        return Overtaken()
    found.state = outcome
    await session.flush()
    audit.note(session, staff, "outcome", found.reference, outcome.value, now=now)
    await counts.add(
        session,
        bureau.today(found.slot.starts_at),
        outcome.value,
        language=found.language,
        service=found.slot.service.code,
    )
    await deliveries.again(session, appointments.card_key(found.id), due=now)
    await deliveries.again(session, f"outcome:{found.id}:v{found.version}", due=now)
    due = hours.later(bureau, max(now, found.slot.ends_at + _RATING_AFTER))
    late = due - found.slot.ends_at > _RATING_USELESS
    if outcome is AppointmentState.CAME and found.visitor is not None and not late:
        await deliveries.write(
            session,
            f"rating:{found.id}",
            "rating",
            found.visitor,
            due=due,
            useless_after=due + _RATING_USELESS,
            appointment=found.id,
        )
    return Done()
