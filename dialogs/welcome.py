"""A person says hello and chooses a language; the menu leads everywhere else."""

from bot.address import Action, Continue, Leave, Menu, Page
from bot.desk import Desk
from bot.office import appointments, people
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    command,
    lines,
    page,
    paragraphs,
    words,
)
from bot.texts import N_
from dialogs.answers import Topics
from dialogs.company import Institutions
from dialogs.legal import Days
from dialogs.mine import Mine
from dialogs.person import AskPerson
from dialogs.privacy import Privacy
from dialogs.programme import Programme
from dialogs.staff.home import Desks, works_at_desk
from storage import counts


class Languages(Page, prefix="l"): ...


class Speak(Action, prefix="ls"):
    code: str


class NoLanguage(Page, prefix="ln"): ...


class Hello(Page, prefix="h"): ...


@command("start")
async def start(desk: Desk, payload: str) -> GoTo:
    """What follows /start is a hint, never an authority: whatever it says, it leads to a page."""
    del payload
    if works_at_desk(desk):
        return GoTo(Desks())
    desk.draft.misses = 0
    return GoTo(Menu())


@page(Languages)
async def languages(desk: Desk) -> Screen:
    """One message; the phone's language first, the others in the register's order."""
    closest = desk.languages.closest(desk.person.app_language)
    offered = sorted(desk.languages.offered(), key=lambda one: one is not closest)
    return Screen(
        lines(*(one.say("👋 Hello! Please choose your language.") for one in offered)),
        [
            *(Button(one.name, Speak(one.code)) for one in offered),
            Button("➕ Other language · Друг език", NoLanguage()),
        ],
        home=desk.found is not None,
    )


@action(Speak)
async def speak(desk: Desk, at: Speak) -> GoTo:
    """From now on we speak the chosen language everywhere, whatever the phone says."""
    if at.code not in {one.code for one in desk.languages.offered()}:
        raise OutdatedError(page=Languages())
    first = desk.found is None
    desk.found = await people.welcome(
        desk.session, desk.bureau, desk.person.key, at.code, now=desk.now
    )
    desk.language = desk.languages.get(at.code)
    if first:
        return GoTo(Hello())
    return GoTo(desk.where_we_were())


@page(NoLanguage)
async def no_language(desk: Desk) -> Screen:
    """Nobody is sent away: English and Bulgarian are always there, and a person is."""
    english, bulgarian = desk.languages.get("en"), desk.languages.get("bg")
    sentence = N_("Your language is not here yet. You can use English or Bulgarian, or come to us.")
    return Screen(
        paragraphs(
            english.say(sentence),
            bulgarian.say(sentence),
            bulgarian.say("📍 {address}", address=bulgarian.pick(dict(desk.bureau.address))),
        ),
        [Button(english.name, Speak("en")), Button(bulgarian.name, Speak("bg"))],
        back=Languages(),
        home=False,
    )


@page(Hello)
async def hello(desk: Desk) -> Screen:
    """The notice in one sentence, then the menu."""
    screen = await menu(desk)
    notice = desk.say(
        "You can ask without giving your name. We keep only your language, until you book or ask"
        " a person. More: {command}",
        command="/privacy",
    )
    return Screen(
        paragraphs(
            desk.say("<b>{name}</b>", name=desk.pick(desk.bureau.name)), notice, screen.text
        ),
        screen.buttons,
        home=False,
    )


@page(Menu)
async def menu(desk: Desk) -> Screen:
    if desk.found is None:
        return await languages(desk)
    last = (
        Button(desk.label("▶️ Continue where I stopped"), Continue())
        if desk.draft.at
        else Button(desk.label("🌐 Language"), Languages())
    )
    return Screen(
        desk.say("How can we help you? Press a button, or write your question in your own words."),
        [
            Button(desk.label("❓ Questions and answers"), Topics()),
            Button(desk.label("📅 Programme"), Programme()),
            Button(desk.label("⚖️ Legal help"), Days(0)),
            Button(desk.label("🤝 Someone to go with me"), Institutions()),
            Button(desk.label("🗂 My appointments"), Mine()),
            Button(desk.label("💬 Ask a person"), AskPerson()),
            last,
        ],
        home=False,
    )


@page(Continue)
async def go_on(desk: Desk) -> Screen:
    """Lead to the step where the flow stopped, as it is today."""
    return Screen(
        desk.say("You had begun something. Would you like to go on?"),
        [
            Button(desk.label("▶️ Go on"), desk.where_we_were()),
            Button(desk.label("✖️ Leave it"), Leave()),
        ],
    )


@action(Leave)
async def leave(desk: Desk) -> GoTo:
    return await _stop(desk)


async def _stop(desk: Desk) -> GoTo:
    desk.draft.forget()
    if desk.found is not None:
        await appointments.let_go_of_holds(desk.session, desk.found, now=desk.now)
    return GoTo(Menu(), notice=desk.say("Stopped. Nothing was sent."))


@command("menu")
async def menu_command(desk: Desk, rest: str) -> GoTo:
    del desk, rest
    return GoTo(Menu())


@command("lang")
async def lang_command(desk: Desk, rest: str) -> GoTo:
    del desk, rest
    return GoTo(Languages())


@command("person")
async def person_command(desk: Desk, rest: str) -> GoTo:
    del desk, rest
    return GoTo(AskPerson())


@command("mine")
async def mine_command(desk: Desk, rest: str) -> GoTo:
    del desk, rest
    return GoTo(Mine())


@command("stop")
async def stop_command(desk: Desk, rest: str) -> GoTo:
    del rest
    return await _stop(desk)


@command("privacy")
async def privacy_command(desk: Desk, rest: str) -> GoTo:
    del desk, rest
    return GoTo(Privacy())


class NotText(Page, prefix="nt"): ...


@words("other")
async def other_kind(desk: Desk, kind: str) -> GoTo:
    """A voice message, a photo, a place: nothing is stored or downloaded."""
    await counts.add(desk.session, desk.bureau.today(desk.now), f"sent_{kind}"[:40])
    return GoTo(NotText())


@page(NotText)
async def not_text(desk: Desk) -> Screen:
    return Screen(
        desk.say(
            "I can only read written words. Please do not send photos of documents here:"
            " bring them to the bureau. A person can help you."
        ),
        [Button(desk.label("💬 Ask a person"), AskPerson())],
        asks=desk.draft.asks,  # what was asked before may still be answered
    )
