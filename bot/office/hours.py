"""Quiet hours: between nine in the evening and eight in the morning we let people sleep."""

from datetime import datetime, time, timedelta

from storage.bureau import Bureau

_EVENING, _MORNING = time(21), time(8)


def is_quiet(bureau: Bureau, moment: datetime) -> bool:
    here = moment.astimezone(bureau.zone).time()
    return here >= _EVENING or here < _MORNING


def earlier(bureau: Bureau, moment: datetime) -> datetime:
    """The moment itself, or the last one before the quiet hours it falls into."""
    if not is_quiet(bureau, moment):
        return moment
    here = moment.astimezone(bureau.zone)
    evening = bureau.at(here.date(), _EVENING)
    if here < evening:
        evening = bureau.at(here.date() - timedelta(days=1), _EVENING)
    return evening - timedelta(minutes=1)


def later(bureau: Bureau, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    if not is_quiet(bureau, moment):
        return moment
    here = moment.astimezone(bureau.zone)
    morning = bureau.at(here.date(), _MORNING)
    if here > morning:
        morning = bureau.at(here.date() + timedelta(days=1), _MORNING)
    return morning


def wall_before(bureau: Bureau, moment: datetime, *, days: int) -> datetime:
    """The same wall time some days before: across a clock change that is not 24 hours a day."""
    here = moment.astimezone(bureau.zone)
    return bureau.at(here.date() - timedelta(days=days), here.time())
