"""Files seed the database: what a file holds is put in, what staff changed is left alone."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import shelf
from storage.bureau import SEEDS, Bureau
from storage.tables import (
    Activity,
    ActivityText,
    Clinic,
    Institution,
    Month,
    Service,
    ServiceKind,
    Worker,
    WorkerLanguage,
)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


async def seed_services(session: AsyncSession, folder: Path = SEEDS) -> None:
    """Services, institutions, workers and clinics that are not in the database yet."""
    kept = shelf.mapping(folder / "services.yaml")
    organisers = {one["code"]: one["titles"] for one in kept["organisers"]}
    known = set(await session.scalars(select(Service.code)))
    session.add_all(_service(one) for one in kept["services"] if one["code"] not in known)
    there = set(await session.scalars(select(Institution.code)))
    session.add_all(
        Institution(one["code"], position, one["icon"], one["titles"])
        for position, one in enumerate(kept["institutions"])
        if one["code"] not in there
    )
    for one in kept["workers"]:
        await _seed_worker(session, one, organisers)
    await session.flush()
    for one in kept["clinics"]:
        await _seed_clinic(session, one)


def _service(one: Mapping[str, Any]) -> Service:
    return Service(
        one["code"],
        one["icon"],
        ServiceKind(one["kind"]),
        one["minutes"],
        one["titles"],
        one["neutral"],
        one["about"],
    )


async def _seed_worker(
    session: AsyncSession, one: Mapping[str, Any], organisers: Mapping[str, dict[str, str]]
) -> None:
    if await session.scalar(select(Worker.id).where(Worker.code == one["code"])):
        return
    worker = Worker(one["code"], one["name"], organisers[one["organiser"]], one["services"])
    session.add(worker)
    await session.flush()
    session.add_all(WorkerLanguage(worker.id, language) for language in one["languages"])


async def _seed_clinic(session: AsyncSession, one: Mapping[str, Any]) -> None:
    worker_id = await session.scalar(select(Worker.id).where(Worker.code == one["worker"]))
    service_id = await session.scalar(select(Service.id).where(Service.code == one["service"]))
    weekday = _WEEKDAYS.index(one["weekday"])
    same = (Clinic.worker_id == worker_id, Clinic.weekday == weekday)
    if worker_id is None or service_id is None:
        raise ValueError(f"services.yaml: a clinic names an unknown worker or service: {one}")
    if not await session.scalar(select(Clinic.id).where(*same, Clinic.from_time == one["from"])):
        session.add(
            Clinic(
                service_id, worker_id, weekday, one["from"], one["to"], one["minutes"], one["seats"]
            )
        )


async def seed_archive(session: AsyncSession, bureau: Bureau, folder: Path = SEEDS) -> None:
    """The real programme of October 2022."""
    kept = shelf.mapping(folder / "programme-2022-10.yaml")
    first = date.fromisoformat(f"{kept['month']}-01")
    days = [(one, day) for one in kept["activities"] for day in one["dates"]]
    await _seed_month(session, bureau, kept, first, days)


async def seed_sample(
    session: AsyncSession, bureau: Bureau, today: date, folder: Path = SEEDS
) -> None:
    """The invented programme, laid out over this month and the next."""
    kept = shelf.mapping(folder / "programme-sample.yaml")
    this = today.replace(day=1)
    for first in (this, (this + timedelta(days=32)).replace(day=1)):
        days = [(one, day) for one in kept["activities"] for day in _days_of(bureau, first, one)]
        await _seed_month(session, bureau, kept, first, days)


async def _seed_month(
    session: AsyncSession,
    bureau: Bureau,
    kept: Mapping[str, Any],
    first: date,
    days: list[tuple[Mapping[str, Any], date]],
) -> None:
    if await session.scalar(select(Month.id).where(Month.first == first)):
        return
    month = Month(first, kept.get("source") or "", bool(kept["invented"]))
    session.add(month)
    await session.flush()
    services = shelf.mapping(SEEDS / "services.yaml")
    organisers = {one["code"]: one["titles"] for one in services["organisers"]}
    places = {one["code"]: one["titles"] for one in kept["places"]}
    for one, day in sorted(days, key=lambda pair: (pair[1], pair[0]["from"] or "")):
        activity = _activity(bureau, month.id, one, day, organisers, places)
        session.add(activity)
        await session.flush()
        session.add_all(_texts(activity.id, one))


def _activity(
    bureau: Bureau,
    month_id: int,
    one: Mapping[str, Any],
    day: date,
    organisers: Mapping[str, dict[str, str]],
    places: Mapping[str, dict[str, str]],
) -> Activity:
    return Activity(
        month_id,
        one["code"],
        day,
        _moment(bureau, day, one["from"]),
        _moment(bureau, day, one["to"]),
        places[one["place"]],
        organisers[one["organisers"][0]],
        one["audience"],
        one["languages"] or [],
        one.get("service"),
        one.get("dates_are") == "derived",
    )


def _moment(bureau: Bureau, day: date, wall: str | None) -> datetime | None:
    return bureau.at(day, time.fromisoformat(wall)) if wall else None


def _texts(activity_id: int, one: Mapping[str, Any]) -> Iterator[ActivityText]:
    for language, title in one["titles"].items():
        about = (one["about"] or {}).get(language, "")
        yield ActivityText(activity_id, language, f"{one['icon']} {title}", about)


def _days_of(bureau: Bureau, first: date, one: Mapping[str, Any]) -> Iterator[date]:
    """The days of a month that a pattern of the sample programme means."""
    day = first
    while day.month == first.month:
        if _WEEKDAYS[day.weekday()] in one["when"]["every"] and _meant(bureau, day, one):
            yield day
        day += timedelta(days=1)


def _meant(bureau: Bureau, day: date, one: Mapping[str, Any]) -> bool:
    weeks = one["when"].get("weeks")
    exceptions = one.get("except") or []
    if "public_holidays" in exceptions and day.weekday() < 5 and not bureau.is_working_day(day):
        return False
    left_out = [week for rule in exceptions if isinstance(rule, dict) for week in rule["weeks"]]
    return not _in_weeks(day, left_out) and (weeks is None or _in_weeks(day, weeks))


def _in_weeks(day: date, weeks: list[Any]) -> bool:
    is_last = (day + timedelta(days=7)).month != day.month
    return (day.day + 6) // 7 in weeks or (is_last and "last" in weeks)
