"""The acts whose every point is a place to die: booking, saying yes, deleting everything."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Address
from bot.sandbox import Message
from dialogs.legal import Book, Days, Hold, Times
from dialogs.privacy import AskErase, Erase
from dialogs.staff.cards import TakeRequest
from dialogs.staff.home import Decide
from dialogs.staff.requests import Approve, WhichHour
from storage.tables import (
    Appointment,
    AppointmentState,
    Audit,
    Count,
    Delivery,
    DeliveryState,
    Draft,
    Erasure,
    Handled,
    Request,
    RequestState,
    Visitor,
)
from tests.kill import canaries
from tests.kill.people import Notebook, Someone, dice, is_delivery, leading
from tests.kill.scene import Scene
from tests.kill.stage import Act, Played, Story
from tests.kill.visit import arrive, ask_for_company, book, until_asked


def someone(scene: Scene, person: int | None = None) -> Someone:
    number = person or canaries.arrives(scene.sandbox.town, "en").id
    return Someone(scene.sandbox, number, Notebook(), dice(7))


async def _message(one: Someone, chat: int, address: type[Address]) -> Message:
    """Wait for a message with such a button."""
    async with asyncio.timeout(15):
        while True:
            for message in one.sandbox.town.messages(chat):
                if any(leading(message, address)):
                    return message
            await asyncio.sleep(0.02)


def _act(one: Someone, address: type[Address]) -> Act:
    return Act(one.id, one.sees(address)[0])


# Booking


async def _about_to_book(scene: Scene) -> Act:
    olena = someone(scene)
    await arrive(olena)
    await olena.go(Days)
    await olena.press(Times)
    await olena.press(Hold)
    assert await until_asked(olena, Book)
    return _act(olena, Book)


async def _wrong_with_booking(played: Played, is_over: bool) -> list[str]:  # noqa: FBT001  # a story's second word
    async with played.scene.storage.read() as session:
        states = list(await session.scalars(select(Appointment.state)))
        counted = await session.scalar(select(func.sum(Count.n)).where(Count.what == "booked"))
        wrong = await _told_wrongly(session, played, "booked:", is_over=is_over)
    booked = states.count(AppointmentState.BOOKED)
    if is_over and (booked, counted or 0) != (1, 1):
        wrong.append(f"booked {booked} times, counted {counted} times")
    if _sent(played, played.act.person) and not booked:
        wrong.append("confirmed, and not booked")
    return wrong


# Saying yes to a request


async def _about_to_approve(scene: Scene) -> Act:
    omar, maria = someone(scene), someone(scene, scene.staff[0])
    await maria.write("/start")
    await arrive(omar)
    await ask_for_company(omar)
    await maria.press(TakeRequest, message=await _message(maria, scene.group, TakeRequest))
    await maria.press(Decide, message=await _message(maria, maria.id, Decide))
    await maria.press(WhichHour)
    return _act(maria, Approve)


async def _wrong_with_approving(played: Played, is_over: bool) -> list[str]:  # noqa: FBT001  # the same
    async with played.scene.storage.read() as session:
        request = (await session.scalars(select(Request))).one()
        made = (await session.scalars(select(Appointment))).all()
        audits = (await session.scalars(select(Audit).where(Audit.act == "decide"))).all()
        wrong = await _told_wrongly(session, played, "booked:", is_over=is_over)
    is_approved = request.state is RequestState.APPROVED
    if len(made) != is_approved or len(audits) != is_approved:
        wrong.append(f"{request.state}: {len(made)} appointments, {len(audits)} lines of audit")
    visitors = [one for one in played.scene.sandbox.town.people if one not in played.scene.staff]
    if any(_sent(played, one) for one in visitors) and not is_approved:
        wrong.append("confirmed, and not approved")
    if is_over and not is_approved:
        wrong.append("never approved")
    return wrong


# Deleting everything


async def _about_to_leave(scene: Scene) -> Act:
    farida = someone(scene)
    await arrive(farida)
    await book(farida)
    await farida.write("/privacy")
    await farida.press(AskErase)
    return _act(farida, Erase)


async def _wrong_with_leaving(played: Played, is_over: bool) -> list[str]:  # noqa: FBT001  # the same
    scene, key = played.scene, played.scene.storage.vault.recognise(played.act.person)
    async with scene.storage.read() as session:
        left = [
            what
            for what, rows in {
                "a visitor": select(Visitor.id).where(Visitor.key == key),
                "a draft": select(Draft.key).where(Draft.key == key),
                "a delivery": select(Delivery.id).where(Delivery.visitor_id.is_not(None)),
                "a taken seat": select(Appointment.id).where(Appointment.state == "booked"),
                "a link": select(Appointment.id).where(Appointment.visitor_id.is_not(None)),
                "a presser": select(Handled.id).where(Handled.presser == key),
            }.items()
            if (await session.scalars(rows)).first() is not None
        ]
        erased = await session.scalar(select(func.count()).select_from(Erasure))
        counted = await session.scalar(select(func.sum(Count.n)).where(Count.what == "booked"))
    wrong = [f"erased {erased} times"] if erased != (1 if is_over else min(erased or 0, 1)) else []
    if (is_over or erased) and left:
        wrong.append(f"left behind: {left}")
    if counted != 1:
        wrong.append(f"the counter says {counted}")
    return wrong


# What all of them share


def _sent(played: Played, chat: int) -> int:
    return sum(
        is_delivery(one.method, one.params) and one.params["chat_id"] == chat
        for one in played.calls
    )


async def _told_wrongly(
    session: AsyncSession, played: Played, key: str, *, is_over: bool
) -> list[str]:
    """The deliveries of that kind: sent once, or twice with a mark, and only if written down."""
    rows = (await session.scalars(select(Delivery).where(Delivery.key.startswith(key)))).all()
    wrong = [f"{one.key} is {one.state}" for one in rows if is_over and not _arrived(one)]
    if is_over and len(rows) != 1:
        wrong.append(f"{len(rows)} rows {key}")
    return wrong + _unmarked(played, rows)


def _unmarked(played: Played, rows: Sequence[Delivery]) -> list[str]:
    """Nothing was taken by Telegram twice but what is marked, once for the one death."""
    others = [one for one in played.calls if is_delivery(one.method, one.params)]
    sent = sum(one.params["chat_id"] != played.scene.group for one in others)
    if sent > len(rows) + sum(one.perhaps_sent for one in rows):
        return [f"sent {sent} times"]
    return []


def _arrived(one: Delivery) -> bool:
    return one.state is DeliveryState.SENT and one.message_id is not None


STORIES = (
    Story("booking", _about_to_book, _wrong_with_booking),
    Story("approving", _about_to_approve, _wrong_with_approving),
    Story("erasing", _about_to_leave, _wrong_with_leaving),
)
