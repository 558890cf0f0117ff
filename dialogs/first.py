"""What is asked once, before anything is kept: are you 14 or older, and what may we call you."""

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import appointments, people
from bot.screen import Button, GoTo, Screen, action, lines, page, paragraphs, words
from storage import sealed

_LONGEST_NAME = 40


class Grown(Action, prefix="fg"): ...


class TooYoung(Action, prefix="fz"): ...


class Young(Page, prefix="fy"): ...


class Nameless(Action, prefix="fn"): ...


def age_question(desk: Desk) -> Screen | None:
    """The question before anything is kept, or None if it was answered."""
    if desk.visitor.grown:
        return None
    return Screen(
        desk.say("Before we go on: are you 14 or older?"),
        [
            Button(desk.label("✅ Yes, 14 or older"), Grown()),
            Button(desk.label("🧒 No, younger"), TooYoung()),
        ],
        flow=True,
    )


def first_questions(desk: Desk) -> Screen | None:
    """Both questions, one after the other, or None if they were asked."""
    asked = age_question(desk)
    if asked is not None or desk.visitor.asked_name:
        return asked
    return Screen(
        desk.say("What may we call you? Please write a first name. You may also leave it out."),
        [Button(desk.label("➡️ Without a name"), Nameless())],
        flow=True,
        asks="name",
    )


@action(Grown)
async def grown(desk: Desk) -> GoTo:
    desk.visitor.grown = True
    return GoTo(desk.where_we_were())


@action(TooYoung)
async def too_young(desk: Desk) -> GoTo:
    """Nothing is kept of a child: what was held is free again, what was begun is forgotten."""
    await appointments.let_go_of_holds(desk.session, desk.visitor, now=desk.now)
    await people.unlink(desk.session, desk.visitor)
    desk.draft.forget()
    return GoTo(Young())


@action(Nameless)
async def nameless(desk: Desk) -> GoTo:
    desk.visitor.asked_name = True
    return GoTo(desk.where_we_were())


@words("name")
async def named(desk: Desk, said: str) -> GoTo:
    name = " ".join("".join(char for char in said if char.isprintable()).split())
    desk.visitor.asked_name = True
    sealed.set_name(desk.session, desk.visitor, name[:_LONGEST_NAME] or None)
    return GoTo(desk.where_we_were())


@page(Young)
async def young(desk: Desk) -> Screen:
    """No door is locked: numbers that help children, and an invitation."""
    child = [one for one in desk.bureau.helplines if "child" in one.dangers]
    return Screen(
        paragraphs(
            desk.say(
                "You can read all answers here. To book or to write to us, please ask an adult"
                " you trust, or come to us. We do not keep anything about you."
            ),
            lines(
                *(
                    desk.say("📞 {number}: {name}", number=one.number, name=desk.pick(one.name))
                    for one in child
                )
            ),
            desk.say("📍 {address}", address=desk.pick(desk.bureau.address)),
        ),
        back=Menu(),
    )
