"""What the bureau remembers. What must never happen is a constraint here, not a check elsewhere.

One long file on purpose: what is kept of a person can be read here from top to bottom.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.columns import Base, Titles, choice

# People


class Visitor(Base):
    """Somebody who writes to us: a keyed hash and a language; the rest only while it is needed."""

    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    seen_month: Mapped[str]
    chat: Mapped[bytes | None] = mapped_column(default=None)
    name: Mapped[bytes | None] = mapped_column(default=None)
    grown: Mapped[bool] = mapped_column(default=False)
    asked_name: Mapped[bool] = mapped_column(default=False)
    notice: Mapped[int] = mapped_column(default=0)
    unreachable_since: Mapped[datetime | None] = mapped_column(default=None)
    chat_unneeded_since: Mapped[datetime | None] = mapped_column(default=None)


class Draft(Base):
    """What one person has half said: one encrypted piece, forgotten after a day."""

    __tablename__ = "drafts"

    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class Role(StrEnum):
    """What somebody of the staff may do."""

    COORDINATOR = "coordinator"
    WORKER = "worker"
    PARTNER = "partner"
    TRANSLATOR = "translator"


class Staff(Base):
    """Somebody who works for the bureau; known by a keyed hash like everybody else."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    chat: Mapped[bytes | None] = mapped_column(default=None)
    name: Mapped[bytes | None] = mapped_column(default=None)
    active: Mapped[bool] = mapped_column(default=True)


# Answers


class Topic(Base):
    """A drawer of articles."""

    __tablename__ = "topics"

    code: Mapped[str] = mapped_column(primary_key=True)
    icon: Mapped[str]
    position: Mapped[int]
    titles: Mapped[Titles]
    listed: Mapped[bool] = mapped_column(default=True)


class Article(Base):
    """An answer we keep; what is common to all its languages.

    A ``stub`` says where else to go. ``review_by`` is a month, ``owner`` who sees to it by then.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    topic_code: Mapped[str] = mapped_column(ForeignKey("topics.code"), index=True)
    position: Mapped[int]
    source: Mapped[str]
    seen_on: Mapped[str]
    institution: Mapped[dict[str, Any]]
    related: Mapped[list[str]]
    service: Mapped[str | None] = mapped_column(default=None)
    confirmed_on: Mapped[date | None] = mapped_column(default=None)
    free_help: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    note: Mapped[str | None] = mapped_column(default=None)
    law_changed: Mapped[bool] = mapped_column(default=False)
    stub: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str] = mapped_column(default="")
    review_by: Mapped[str] = mapped_column(default="")

    texts: Mapped[list["ArticleText"]] = relationship(lazy="raise", init=False)


class ArticleText(Base):
    """An article in one language; one that staff changed is never overwritten from the files.

    ``stale``: the Bulgarian text has been changed since.
    """

    __tablename__ = "article_texts"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    phrasings: Mapped[list[str]]
    changed_by_staff: Mapped[bool] = mapped_column(default=False)
    stale: Mapped[bool] = mapped_column(default=False)


class KeptQuestion(Base):
    """Words we had no answer to, masked and sealed, kept with leave of a writer nobody knows.

    ``kept_on`` is a day of the bureau.
    """

    __tablename__ = "kept_questions"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    language: Mapped[str]
    seal_row: Mapped[str]
    content: Mapped[bytes]
    kept_on: Mapped[date] = mapped_column(index=True)


class Awaiting(Base):
    """A visitor who wants to be told when a kept question has an answer; deleted once told."""

    __tablename__ = "awaiting"

    question_id: Mapped[int] = mapped_column(ForeignKey("kept_questions.id"), primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id"), primary_key=True, index=True)


# The programme


class Month(Base):
    """One month's programme, published or not."""

    __tablename__ = "months"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    first: Mapped[date] = mapped_column(unique=True)
    source: Mapped[str]
    invented: Mapped[bool] = mapped_column(default=False)


class Activity(Base):
    """One thing in the programme, on one day; an unknown hour is allowed."""

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("month_id", "code", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month_id: Mapped[int] = mapped_column(ForeignKey("months.id"))
    code: Mapped[str]
    day: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place: Mapped[Titles]
    organisers: Mapped[Titles]
    audience: Mapped[list[str]]
    languages: Mapped[list[str]]
    service: Mapped[str | None] = mapped_column(default=None)
    derived: Mapped[bool] = mapped_column(default=False)

    texts: Mapped[list["ActivityText"]] = relationship(lazy="raise", init=False)


class ActivityText(Base):
    """An activity in one language."""

    __tablename__ = "activity_texts"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="")


# What one can book


class ServiceKind(StrEnum):
    """Instant services are booked at once; for the others staff must say yes."""

    INSTANT = "instant"
    REQUEST = "request"


class Service(Base):
    """Something one can book."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    icon: Mapped[str]
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind))
    minutes: Mapped[int]
    titles: Mapped[Titles]
    neutral: Mapped[Titles]
    about: Mapped[Titles]


class Institution(Base):
    """Where a visitor may be accompanied to."""

    __tablename__ = "institutions"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    icon: Mapped[str]
    titles: Mapped[Titles]


class Worker(Base):
    """Somebody who gives a service, for the bureau or a partner; ``name`` is one for the desk."""

    __tablename__ = "workers"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Titles]
    organiser: Mapped[Titles]
    services: Mapped[list[str]]

    languages: Mapped[list["WorkerLanguage"]] = relationship(lazy="raise", init=False)


class WorkerLanguage(Base):
    """A language a worker speaks."""

    __tablename__ = "worker_languages"

    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)


class Clinic(Base):
    """A weekly pattern of slots, in the wall time of the bureau's zone."""

    __tablename__ = "clinics"
    __table_args__ = (
        UniqueConstraint("worker_id", "weekday", "from_time"),
        CheckConstraint("minutes > 0 and seats > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    weekday: Mapped[int]
    from_time: Mapped[str]
    to_time: Mapped[str]
    minutes: Mapped[int]
    seats: Mapped[int]


class Slot(Base):
    """A time on offer. A worker cannot be in two places at once."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("worker_id", "starts_at"),
        Index("ix_slots_service_id_starts_at", "service_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="forward"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    worker: Mapped[Worker] = relationship(lazy="raise", init=False)
    service: Mapped[Service] = relationship(lazy="raise", init=False)


class Seat(Base):
    """One place in a slot."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("slot_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    number: Mapped[int]


# Who comes


class AppointmentState(StrEnum):
    """The life of an appointment. Only ``held`` and ``booked`` take a seat."""

    HELD = "held"
    BOOKED = "booked"
    RELEASED = "released"
    CANCELLED = "cancelled"
    CAME = "came"
    MISSED = "missed"


class Appointment(Base):
    """A seat taken, for minutes (held) or for good (booked). ``version`` grows with each change."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_seat_taken",
            "seat_id",
            unique=True,
            sqlite_where=text("state IN ('held', 'booked')"),
            postgresql_where=text("state IN ('held', 'booked')"),
        ),
        Index(
            "uq_appointments_visitor_slot",
            "visitor_id",
            "slot_id",
            unique=True,
            sqlite_where=text("state IN ('held', 'booked')"),
            postgresql_where=text("state IN ('held', 'booked')"),
        ),
        Index("ix_appointments_state_held_until", "state", "held_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    language: Mapped[str]
    state: Mapped[AppointmentState] = mapped_column(choice(AppointmentState))
    created_at: Mapped[datetime]
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    confirmed: Mapped[bool] = mapped_column(default=False)
    rated_at: Mapped[datetime | None] = mapped_column(default=None)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    version: Mapped[int] = mapped_column(default=1)

    slot: Mapped[Slot] = relationship(lazy="raise", init=False)
    visitor: Mapped[Visitor | None] = relationship(lazy="raise", init=False)


class RequestState(StrEnum):
    """The life of a request."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Request(Base):
    """A wish staff must approve: company to an institution on a day, in a language."""

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "uq_requests_visitor_day",
            "visitor_id",
            "institution_code",
            "day",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    institution_code: Mapped[str] = mapped_column(ForeignKey("institutions.code"))
    day: Mapped[date]
    part: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    answer_by: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.ASKED)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    appointment_id: Mapped[int | None] = mapped_column(
        ForeignKey("appointments.id"), default=None, unique=True
    )
    version: Mapped[int] = mapped_column(default=1)

    service: Mapped[Service] = relationship(lazy="raise", init=False)
    institution: Mapped[Institution] = relationship(lazy="raise", init=False)
    visitor: Mapped[Visitor | None] = relationship(lazy="raise", init=False)


class RatingOf(StrEnum):
    """The two things that are rated."""

    SERVICE = "service"
    STAFF = "staff"


class Rating(Base):
    """One to five. The link to the appointment is cut after a day, the score stays."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("appointment_id", "of"),
        CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    of: Mapped[RatingOf] = mapped_column(choice(RatingOf))
    score: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    month: Mapped[str]
    rated_at: Mapped[datetime | None]
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), default=None)


# Cases


class CaseState(StrEnum):
    """The life of a case."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Case(Base):
    """A question a person of the staff answers. A visitor has one at a time.

    ``waits_since`` is when the visitor wrote, or somebody took it, and no answer has been given
    since; nothing while it is the visitor's turn.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_visitor_open",
            "visitor_id",
            unique=True,
            sqlite_where=text("state IN ('open', 'taken')"),
            postgresql_where=text("state IN ('open', 'taken')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id"), index=True)
    language: Mapped[str]
    opened_at: Mapped[datetime]
    state: Mapped[CaseState] = mapped_column(choice(CaseState), default=CaseState.OPEN)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    waits_since: Mapped[datetime | None] = mapped_column(default=None, index=True)

    visitor: Mapped[Visitor | None] = relationship(lazy="raise", init=False)


class CaseMessage(Base):
    """One message of a case, sealed; the delivery that carries it knows its place in the chat.

    ``told_in`` is the message its writer has in their chat: words changed there change here.
    """

    __tablename__ = "case_messages"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    from_staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    seal_row: Mapped[str]
    content: Mapped[bytes]
    written_at: Mapped[datetime]
    told_in: Mapped[int | None] = mapped_column(BigInteger, default=None)


# What is on its way, what has been done


class DeliveryState(StrEnum):
    """The life of a delivery. ``sending`` is seen while the postman walks, or after a crash."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"
    PARKED = "parked"


class Delivery(Base):
    """One message on its way to one person or the staff group.

    ``key`` says why, so asking twice writes it once. ``due`` and ``useless_after`` are business
    time, ``not_before`` is real time. A delivery that was sent and waits again is an edit;
    ``worded`` is a keyed hash of its last words, so that unchanged ones are not sent again.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_state_due", "state", "due"),
        CheckConstraint("visitor_id IS NULL OR staff_id IS NULL", name="one_reader"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    params: Mapped[bytes | None]
    due: Mapped[datetime]
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    useless_after: Mapped[datetime | None] = mapped_column(default=None)
    rank: Mapped[int] = mapped_column(default=0)
    state: Mapped[DeliveryState] = mapped_column(
        choice(DeliveryState), default=DeliveryState.WAITING
    )
    not_before: Mapped[datetime | None] = mapped_column(default=None)
    tries: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    perhaps_sent: Mapped[bool] = mapped_column(default=False)
    message_id: Mapped[int | None] = mapped_column(BigInteger, default=None, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    worded: Mapped[str] = mapped_column(default="")

    visitor: Mapped[Visitor | None] = relationship(lazy="raise", init=False)
    staff: Mapped[Staff | None] = relationship(lazy="raise", init=False)


class Handled(Base):
    """An update that had its effect, and the sealed page it led to, to draw it once more.

    The presser is only known where two drawings must be told apart.
    """

    __tablename__ = "handled"
    __table_args__ = (UniqueConstraint("presser", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    update_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    presser: Mapped[str]
    serial: Mapped[str | None]
    page: Mapped[bytes]
    handled_at: Mapped[datetime] = mapped_column(index=True)


class Audit(Base):
    """What staff did to which object, and how it ended; never any content."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str]
    object: Mapped[str]
    result: Mapped[str]


class Count(Base):
    """How often something happened on a day: the reports' only source, with no person in it."""

    __tablename__ = "counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class Erasure(Base):
    """That somebody's data was deleted, kept to delete it again after a restore."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str]
    at: Mapped[datetime]


class Lease(Base):
    """Who may send just now; ``fence`` grows with each new holder. ``until`` is real time."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int]
    until: Mapped[datetime]


class Memo(Base):
    """One small thing to remember: the staff group's new id, a pause ordered by Telegram."""

    __tablename__ = "memos"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
