"""A visitor looks at the programme: today, this week, this month, and the archive."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.address import Menu, Page
from bot.desk import Desk
from bot.screen import Button, OutdatedError, Screen, lines, page, paragraphs, with_icon
from dialogs.legal import Days
from storage import programme as books
from storage.tables import Activity

_MOST_LINES = 60
_FIRST_YEAR, _LAST_YEAR = 2021, 2100


class Programme(Page, prefix="g"): ...


class Today(Page, prefix="g1"): ...


class Week(Page, prefix="g2"):
    start: int


class WholeMonth(Page, prefix="g3"):
    first: int


class Archive(Page, prefix="g4"): ...


class OneActivity(Page, prefix="g5"):
    activity: int


class OnlyFor(Page, prefix="g6"):
    whom: str


class OneDay(Page, prefix="g7"):
    day: int


def _number(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def _date(number: int) -> date:
    try:
        day = datetime.strptime(str(number), "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError as nonsense:
        raise OutdatedError(page=Programme()) from nonsense
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise OutdatedError(page=Programme())
    return day


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@page(Programme)
async def programme(desk: Desk) -> Screen:
    """Where to look; the month by its name."""
    first = desk.bureau.today(desk.now).replace(day=1)
    return Screen(
        desk.say("<b>📅 Programme of the bureau</b>"),
        [
            Button(desk.label("☀️ Today"), Today()),
            Button(desk.label("🗓 The next 7 days"), Week(_number(desk.bureau.today(desk.now)))),
            Button(with_icon("📆", desk.language.month(first)), WholeMonth(_number(first))),
            Button(desk.label("🧒 For children"), OnlyFor("children")),
            Button(desk.label("🗣 In my language"), OnlyFor("mine")),
            Button(desk.label("🗄 Other months"), Archive()),
        ],
        back=Menu(),
    )


def _titles(one: Activity) -> dict[str, str]:
    return {text.language: text.title for text in one.texts}


def _line(desk: Desk, one: Activity) -> str:
    title = desk.pick(_titles(one))
    if one.starts_at is None:
        day = desk.language.day(one.day, desk.now)
        return desk.say("{day}, hour not known yet: {title}", day=day, title=title)
    return desk.say("{moment}: {title}", moment=desk.moment(one.starts_at), title=title)


def _buttons(desk: Desk, found: Sequence[Activity]) -> list[Button]:
    """One button a kind of activity, not one a day: the same course is not offered ten times."""
    kinds: dict[str, Activity] = {}
    for one in found:
        kinds.setdefault(one.code, one)
    return [Button(desk.pick(_titles(one)), OneActivity(one.id)) for one in kinds.values()]


async def _listed(desk: Desk, heading: str, found: Sequence[Activity], *, back: Page) -> Screen:
    if not found:
        return Screen(
            paragraphs(heading, desk.say("Nothing is planned.")),
            [Button(desk.label("📅 Programme"), Programme())],
            back=back,
        )
    return Screen(
        paragraphs(heading, lines(*(_line(desk, one) for one in found[:_MOST_LINES]))),
        _buttons(desk, found)[:12],
        back=back,
    )


@page(Today)
async def today(desk: Desk) -> Screen:
    return await one_day(desk, OneDay(_number(desk.bureau.today(desk.now))))


@page(OneDay)
async def one_day(desk: Desk, at: OneDay) -> Screen:
    day = _date(at.day)
    found = await books.activities(desk.session, start=day, end=day + timedelta(days=1))
    heading = desk.say("<b>📅 {day}</b>", day=desk.language.day(day))
    return await _listed(desk, heading, found, back=Programme())


@page(Week)
async def week(desk: Desk, at: Week) -> Screen:
    start = _date(at.start)
    end = start + timedelta(days=7)
    found = await books.activities(desk.session, start=start, end=end)
    heading = desk.say(
        "<b>🗓 {start} – {end}</b>",
        start=desk.language.day(start),
        end=desk.language.day(end - timedelta(days=1)),
    )
    return await _listed(desk, heading, found, back=Programme())


@page(WholeMonth)
async def whole_month(desk: Desk, at: WholeMonth) -> Screen:
    first = _date(at.first).replace(day=1)
    month = await books.month(desk.session, first)
    found = await books.activities(desk.session, start=first, end=_next_month(first))
    heading = paragraphs(
        desk.say("<b>📆 {month}</b>", month=desk.language.month(first)),
        desk.say("This is an invented programme, to try the bot with.")
        if month is not None and month.invented
        else "",
        desk.say("For some activities only the weekday was published. We worked out the dates.")
        if any(one.derived for one in found)
        else "",
        desk.say("🔎 Source: {source}", source=month.source) if month and month.source else "",
    )
    return await _listed(desk, heading, found, back=Archive())


@page(Archive)
async def archive(desk: Desk) -> Screen:
    return Screen(
        desk.say("Which month would you like to see?"),
        [
            Button(with_icon("📆", desk.language.month(one.first)), WholeMonth(_number(one.first)))
            for one in await books.months(desk.session)
        ],
        back=Programme(),
    )


@page(OnlyFor)
async def only_for(desk: Desk, at: OnlyFor) -> Screen:
    """The coming four weeks, for children or in the visitor's own language."""
    start = desk.bureau.today(desk.now)
    every = await books.activities(desk.session, start=start, end=start + timedelta(weeks=4))
    if at.whom == "children":
        found = [one for one in every if "children" in one.audience]
        heading = desk.say("<b>🧒 For children</b>")
    else:
        found = [one for one in every if desk.language.code in one.languages]
        heading = desk.say("<b>🗣 In my language</b>")
    return await _listed(desk, heading, found, back=Programme())


@page(OneActivity)
async def one_activity(desk: Desk, at: OneActivity) -> Screen:
    one = await books.activity(desk.session, at.activity)
    if one is None:
        raise OutdatedError(page=Programme())
    about = desk.pick({text.language: text.about or " " for text in one.texts}).strip()
    spoken = desk.language.listing(
        desk.languages.get(code).name for code in one.languages if code in desk.languages.all
    )
    books_a_time = one.service == "legal" and one.day >= desk.bureau.today(desk.now)
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=desk.pick(_titles(one))),
            desk.say("{about}", about=about) if about else "",
            lines(
                _when(desk, one),
                desk.say("📍 {place}", place=desk.pick(one.place)),
                desk.say("👥 {organisers}", organisers=desk.pick(one.organisers)),
                desk.say("🗣 {languages}", languages=spoken) if one.languages else "",
            ),
        ),
        [Button(desk.label("⚖️ Book a time"), Days(0))] if books_a_time else [],
        back=OneDay(_number(one.day)),
    )


def _when(desk: Desk, one: Activity) -> str:
    if one.starts_at is None or one.ends_at is None:
        return desk.say("🕙 {day}, hour not known yet", day=desk.language.day(one.day))
    return desk.say(
        "🕙 {moment}–{end}",
        moment=desk.moment(one.starts_at),
        end=desk.language.time(one.ends_at),
    )
