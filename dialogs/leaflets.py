"""What a visitor takes along: a text to show at a counter, and the first days step by step."""

from bot.address import Page
from bot.desk import Desk
from bot.screen import (
    MOST_CHOICES,
    Button,
    OutdatedError,
    Screen,
    page,
    pager,
    paragraphs,
    part_of,
    with_icon,
)
from dialogs.reading import article_text
from storage import articles

_MOST_STEPS = 8


class Paths(Page, prefix="f1"): ...


class Path(Page, prefix="f2"):
    path: str
    done: int


class Step(Page, prefix="f3"):
    path: str
    done: int
    step: int


class Notes(Page, prefix="q1"):
    start: int


class Note(Page, prefix="q2"):
    note: str


@page(Paths)
async def paths(desk: Desk) -> Screen:
    return Screen(
        desk.say("The first days in Bulgaria, step by step. What describes you best?"),
        [
            Button(with_icon(one.icon, desk.pick(one.titles)), Path(one.code, 0))
            for one in desk.house.leaflets.paths
        ],
    )


@page(Path)
async def path(desk: Desk, at: Path) -> Screen:
    """The steps in their order. What is done stands in the buttons, nowhere else."""
    one = desk.house.leaflets.path(at.path)
    if one is None:
        raise OutdatedError(page=Paths())
    steps = await articles.by_codes(desk.session, one.articles[:_MOST_STEPS])
    done = sum(bool(at.done >> number & 1) for number in range(len(steps)))
    return Screen(
        paragraphs(
            desk.say("<b>{path}</b>", path=with_icon(one.icon, desk.pick(one.titles))),
            desk.count("{n} step done", "{n} steps done", done),
            desk.say("Open a step, do it, and tick it. Only this message remembers it."),
        ),
        [
            Button(
                with_icon("☑️" if at.done >> number & 1 else "⬜️", desk.pick(articles.titles(step))),
                Step(at.path, at.done, number),
            )
            for number, step in enumerate(steps)
        ],
        back=Paths(),
    )


@page(Step)
async def step(desk: Desk, at: Step) -> Screen:
    one = desk.house.leaflets.path(at.path)
    steps = await articles.by_codes(desk.session, one.articles[:_MOST_STEPS]) if one else []
    if not 0 <= at.step < len(steps):
        raise OutdatedError(page=Paths())
    text, _ = article_text(desk, steps[at.step])
    turned = Path(at.path, at.done ^ (1 << at.step))
    is_done = bool(at.done >> at.step & 1)
    return Screen(
        text,
        [
            Button(desk.label("⬜️ Not done yet"), turned)
            if is_done
            else Button(desk.label("☑️ I have done this"), turned, "success")
        ],
        back=Path(at.path, at.done),
    )


@page(Notes)
async def notes(desk: Desk, at: Notes) -> Screen:
    shown, earlier, later = part_of(desk.house.leaflets.notes, at.start, MOST_CHOICES)
    return Screen(
        desk.say("A short text in Bulgarian to show at a counter. What do you need?"),
        [
            *(Button(with_icon("🪧", desk.pick(one.titles)), Note(one.code)) for one in shown),
            *pager(
                desk.language,
                None if earlier is None else Notes(earlier),
                None if later is None else Notes(later),
            ),
        ],
    )


@page(Note)
async def note(desk: Desk, at: Note) -> Screen:
    """The clerk reads the Bulgarian text, the visitor the same in their own language."""
    one = desk.house.leaflets.note(at.note)
    if one is None:
        raise OutdatedError(page=Notes(0))
    mine = desk.pick(one.texts) if desk.language.code != "bg" else ""
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=with_icon("🪧", desk.pick(one.titles))),
            desk.say("Show this to the clerk:"),
            desk.say("🇧🇬 <b>{text}</b>", text=one.texts["bg"]),
            desk.say("It means:\n{text}", text=mine) if mine else "",
        ),
        back=Notes(0),
    )
