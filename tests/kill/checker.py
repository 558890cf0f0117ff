"""Compares what people did, what the database holds and what Telegram took."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Action
from bot.sandbox import Sandbox, Town
from bot.sandbox.records import Query
from dialogs.company import Ask
from dialogs.legal import Book, Hold
from storage.tables import (
    Appointment,
    AppointmentState,
    Audit,
    Case,
    CaseMessage,
    Count,
    Handled,
    Request,
    Seat,
    Service,
    Slot,
)
from tests.kill import canaries, outbox
from tests.kill.findings import Findings
from tests.kill.people import Deed, Notebook, had_belated_screens
from tests.kill.scene import Scene

IN_FLIGHT = 4
"""Sends at a time; so many messages are in doubt when a sender dies."""

_SILENCE = timedelta(seconds=60)
"""A 429 that does not say how long silences us for five; the press may be served late in that."""


async def check(scene: Scene, notebook: Notebook) -> Findings:
    """Ask when nobody lives any more."""
    found = Findings()
    every = (scene.lives, *scene.others)
    doubtful = sum((one.doubtful for one in every), Counter[int]())
    async with scene.storage.read() as session:
        await _updates(found, session, scene.sandbox, notebook)
        await _effects(found, session, scene.sandbox.town, notebook)
        await _decisions(found, session)
        await outbox.check(found, session, scene.sandbox.town, doubtful)
    allowed = sum(one.kills for one in every) * IN_FLIGHT + found.figures["ambiguous answers"]
    if found.figures["repeats"] > allowed:
        found.faults.append(f"more than {allowed} repeats")
    found.none("leaks", await scene.leaks())
    return found


async def _updates(
    found: Findings, session: AsyncSession, sandbox: Sandbox, notebook: Notebook
) -> None:
    """Each press of an action and each word had its effect once, and everything was answered."""
    town = sandbox.town
    handled = (await session.scalars(select(Handled))).all()
    by_update = {one.update_id for one in handled}
    by_drawing = {(one.presser, one.serial) for one in handled}
    vault = session.info["vault"]

    told = {one.query for one in town.popups if one.text}

    def without_effect(deed: Deed) -> bool:
        if deed.pressed is None:
            return deed.update_id not in by_update
        if not isinstance(deed.pressed.address, Action):
            return False
        return (vault.recognise(deed.person), deed.pressed.serial) not in by_drawing

    nothing = [one for one in notebook.deeds if without_effect(one)]
    # Somebody else was faster, and a pop-up said so: that is an answer, and leaves no row.
    too_late = {
        (one.person, one.pressed.serial) for one in nothing if one.pressed and one.query in told
    }
    found.figures["updates"] = len(notebook.deeds)
    found.figures["told they are too late"] = len(too_late)
    found.none(
        "updates lost",
        [
            one
            for one in nothing
            if one.pressed is None or (one.person, one.pressed.serial) not in too_late
        ],
    )
    found.none("waited in vain", notebook.in_vain)
    tried = {one.params.get("callback_query_id") for one in town.refusals}  # too late, perhaps
    left = [q for q in town.unanswered if q.id not in tried and not _was_in_a_silence(town, q)]
    found.none("presses unanswered", [(one.person, one.data) for one in left])
    found.none("updates unconfirmed", town.bot.mailbox.queue)
    drawings = notebook.presses(Action) - too_late
    words = [one for one in notebook.deeds if one.pressed is None]
    found.same("updates handled", len(handled), len(drawings) + len(words))


def _was_in_a_silence(town: Town, query: Query) -> bool:
    """Told to be silent the bot does not answer presses either; the screen comes later."""
    pressed = datetime.now(UTC) - timedelta(seconds=monotonic() - query.born)
    return any(
        one.error_code == 429 and -_SILENCE < pressed - one.at < _SILENCE for one in town.refusals
    )


async def _effects(found: Findings, session: AsyncSession, town: Town, notebook: Notebook) -> None:
    """As many rows as there are handled presses that led to them: none twice, none missing."""
    vault = session.info["vault"]
    handled = (await session.scalars(select(Handled))).all()
    words = {
        one.update_id: vault.open("handled.page", str(one.update_id), one.page) for one in handled
    }
    pages = {(one.presser, one.serial): words[one.update_id] for one in handled}

    def led(kind: type[Action], prefix: str) -> int:
        there = (
            pages.get((vault.recognise(person), serial), "")
            for person, serial in notebook.presses(kind)
        )
        # Who presses for a time they hold already is led to the same page once more.
        return len({page for page in there if page.startswith(f"{prefix}:")})

    legal = (
        select(func.count())
        .select_from(Appointment)
        .join(Slot)
        .join(Service)
        .where(Service.code == "legal")
    )
    found.same("times held", await _n(session, legal), led(Hold, "b4"))
    booked = legal.where(Appointment.state.in_(["booked", "cancelled"]))
    found.same("times booked", await _n(session, booked), led(Book, "wa"))
    asked = select(func.count()).select_from(Request)
    found.same("company asked for", await _n(session, asked), led(Ask, "wr"))
    passed_on = [words.get(one.update_id, "") for one in notebook.deeds if one.wrote]
    written = select(func.count()).select_from(CaseMessage).where(CaseMessage.from_staff.is_(None))
    found.same(
        "words to a person",
        await _n(session, written),
        sum(page.startswith("pc:") for page in passed_on),
    )
    replies = [one for one in notebook.deeds if words.get(one.update_id) == "" and one.wrote]
    answered = (
        select(func.count()).select_from(CaseMessage).where(CaseMessage.from_staff.is_not(None))
    )
    found.same("answers of staff", await _n(session, answered), len(replies))
    misheard = [one for one in notebook.deeds if _misheard(one, words.get(one.update_id, ""))]
    found.figures["misheard, a screen came late"] = len(misheard)
    found.none("misheard", [one for one in misheard if not had_belated_screens(town, one.person)])
    await _counted(found, session)


async def _counted(found: Findings, session: AsyncSession) -> None:
    """The reports' counters, which a double effect would make too large."""
    for what, table in (
        ("booked", found.figures["times booked"]),
        ("asked", found.figures["company asked for"]),
    ):
        counted = select(func.coalesce(func.sum(Count.n), 0)).where(
            Count.what == what, *([Count.service == "legal"] if what == "booked" else [])
        )
        found.same(f"counted as {what}", await _n(session, counted), table)


def _misheard(deed: Deed, page: str) -> bool:
    """Words for a person that were looked up as a question, or a name taken for one."""
    if deed.wrote.startswith(canaries.QUESTION):
        return not page.startswith("pc:")
    return deed.wrote == canaries.NAME and page.partition(":")[0] in {"a", "ac", "an"}


async def _n(session: AsyncSession, counting: object) -> int:
    return int(await session.scalar(counting) or 0)  # type: ignore[call-overload]  # a select of one number


async def _decisions(found: Findings, session: AsyncSession) -> None:
    """Nobody is in two places, and each decision was written down once."""
    taken = (AppointmentState.HELD, AppointmentState.BOOKED)
    seats = await session.scalars(
        select(Appointment.seat_id)
        .join(Seat, Seat.id == Appointment.seat_id)
        .where(Appointment.state.in_(taken))
        .group_by(Appointment.seat_id)
        .having(func.count() > 1)
    )
    found.none("seats taken twice", seats)
    audit = (await session.scalars(select(Audit))).all()
    acts = Counter((one.act, one.object) for one in audit if one.act in {"take", "decide"})
    found.none("decided twice", [one for one, n in acts.items() if n > 1])
    taken_rows = 0
    for kind in (Appointment, Request, Case):
        taken_rows += await _n(
            session, select(func.count()).select_from(kind).where(kind.taken_by.is_not(None))
        )
    approved = await _n(
        session,
        select(func.count()).select_from(Request).where(Request.appointment_id.is_not(None)),
    )
    # Whoever approves a request has its appointment too, without taking it.
    found.same("taken by staff", sum(act == "take" for act, _ in acts), taken_rows - approved)
