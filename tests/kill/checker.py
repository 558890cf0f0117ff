"""Compares what people did, what the database holds and what Telegram took."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Action
from bot.sandbox import Sandbox
from dialogs.company import Ask
from dialogs.legal import Book, Hold
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    Audit,
    Case,
    CaseMessage,
    Count,
    Delivery,
    DeliveryState,
    Handled,
    Request,
    Seat,
    Service,
    Slot,
    Staff,
    Visitor,
)
from tests.kill.people import Deed, Notebook, is_delivery


@dataclass
class Findings:
    """What a check found: figures to print, and faults, of which there should be none."""

    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def same(self, what: str, effects: int, told: int) -> None:
        self.figures[what] = effects
        if effects != told:
            self.faults.append(f"{what}: {effects} in the database, {told} by what people did")

    def none(self, what: str, found: Iterable[object]) -> None:
        there = list(found)
        self.figures[what] = len(there)
        self.faults += [f"{what}: {one}" for one in there]


async def check(
    sandbox: Sandbox, storage: Storage, notebook: Notebook, doubtful: Counter[int]
) -> Findings:
    found = Findings()
    async with storage.read() as session:
        await _updates(found, session, sandbox, notebook)
        await _effects(found, session, notebook)
        await _decisions(found, session)
        await _deliveries(found, session, sandbox, doubtful)
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
    found.none("presses unanswered", town.unanswered)
    found.none("updates unconfirmed", town.bot.mailbox.queue)
    drawings = notebook.presses(Action) - too_late
    words = [one for one in notebook.deeds if one.pressed is None]
    found.same("updates handled", len(handled), len(drawings) + len(words))


async def _effects(found: Findings, session: AsyncSession, notebook: Notebook) -> None:
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
        return sum(page.startswith(f"{prefix}:") for page in there)

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
    found.none("misheard", misheard)
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
    if deed.wrote.startswith("A question of mine"):
        return not page.startswith("pc:")
    return deed.wrote == "Sam" and page.partition(":")[0] in {"a", "ac", "an"}


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


async def _deliveries(
    found: Findings, session: AsyncSession, sandbox: Sandbox, doubtful: Counter[int]
) -> None:
    """Each row's message was taken by Telegram; what came twice was under way when we died."""
    rows = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    chats = await _chats(session, sandbox)
    sent: dict[int, set[int]] = defaultdict(set)
    for call in sandbox.town.ledger:
        if is_delivery(call.method, call.params):
            sent[call.params["chat_id"]].add(call.result["message_id"])
    arrived = [one for one in rows if one.state is DeliveryState.SENT]
    found.figures["deliveries"] = len(arrived)
    found.none(
        "deliveries lost",
        [_named(one) for one in arrived if one.message_id not in sent[chats[_reader(one)]]],
    )
    states = Counter(one.state for one in rows)
    found.figures["deliveries for later"] = states[DeliveryState.WAITING]
    found.none(
        "deliveries parked", [_named(one) for one in rows if one.state is DeliveryState.PARKED]
    )
    _repeats(found, rows, chats, sent, doubtful)
    await _confirmations(found, session, rows)


def _named(row: Delivery) -> str:
    return f"{row.key} ({row.state}, {row.reason})"


def _reader(row: Delivery) -> tuple[str, int]:
    if row.visitor_id is not None:
        return "visitor", row.visitor_id
    return ("staff", row.staff_id) if row.staff_id is not None else ("group", 0)


async def _chats(session: AsyncSession, sandbox: Sandbox) -> dict[tuple[str, int], int]:
    vault = session.info["vault"]
    by_key = {vault.recognise(one): one for one in sandbox.town.people}
    group = next(one.id for one in sandbox.town.chats.values() if not one.private)
    visitors = (await session.scalars(select(Visitor))).all()
    staff = (await session.scalars(select(Staff))).all()
    return {
        ("group", 0): group,
        **{("visitor", one.id): by_key[one.key] for one in visitors},
        **{("staff", one.id): by_key[one.key] for one in staff},
    }


def _repeats(
    found: Findings,
    rows: Sequence[Delivery],
    chats: dict[tuple[str, int], int],
    sent: dict[int, set[int]],
    doubtful: Counter[int],
) -> None:
    """Messages no row knows: at most as many as rows of that chat were in doubt at the deaths."""
    known = {(chats[_reader(one)], one.message_id) for one in rows}
    repeats = Counter(
        chat for chat, messages in sent.items() for one in messages if (chat, one) not in known
    )
    in_doubt: Counter[int] = Counter()
    for one in rows:
        in_doubt[chats[_reader(one)]] += doubtful[one.id] if one.perhaps_sent else 0
    found.figures["repeats"] = repeats.total()
    found.none(
        "repeats without a mark",
        [f"{n} in {chat}" for chat, n in repeats.items() if n > in_doubt[chat]],
    )


async def _confirmations(found: Findings, session: AsyncSession, rows: Sequence[Delivery]) -> None:
    """Whoever has something booked was told so."""
    booked = await session.scalars(
        select(Appointment).where(Appointment.state == AppointmentState.BOOKED)
    )
    told = {one.key for one in rows if one.state is DeliveryState.SENT}
    there = [f"booked:{one.id}:v{one.version}" for one in booked]
    found.figures["booked at the end"] = len(there)
    found.none("never confirmed", [one for one in there if one not in told])
