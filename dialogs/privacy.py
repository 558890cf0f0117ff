"""What we keep of a visitor, shown and deleted on their word."""

from bot.address import Action, Page
from bot.desk import Desk
from bot.office import erasure
from bot.screen import Button, GoTo, Screen, action, lines, page, paragraphs
from storage import appointments, cases, sealed


class Privacy(Page, prefix="v"): ...


class FullNotice(Page, prefix="vf"): ...


class MyData(Page, prefix="vd"): ...


class AskErase(Page, prefix="ve"): ...


class Erase(Action, prefix="vx"): ...


class Erased(Page, prefix="vg"): ...


@page(Privacy)
async def privacy(desk: Desk) -> Screen:
    """The first two tiers of the notice; the third is one tap away."""
    return Screen(
        paragraphs(
            desk.say("<b>🔒 Your data</b>"),
            desk.say(
                "We keep your language. When you book or write to a person, we also keep your"
                " appointment, the name you gave, your messages, and how to reach you in this"
                " chat. Names, messages and chat are locked with a key."
            ),
            desk.say(
                "We never ask for your nationality, religion, health or document numbers. What you"
                " look up is not stored."
            ),
        ),
        [
            Button(desk.label("📄 Show my data"), MyData()),
            Button(desk.label("🗑 Delete my data"), AskErase()),
            Button(desk.label("🔎 More about this"), FullNotice()),
        ],
    )


@page(FullNotice)
async def full_notice(desk: Desk) -> Screen:
    """How long what is kept, what we cannot promise, and whom to ask."""
    return Screen(
        paragraphs(
            desk.say("<b>🔒 How long we keep what</b>"),
            lines(
                desk.say("• What you have begun here: 24 hours."),
                desk.say("• Your name and chat: 30 days after your last appointment or question."),
                desk.say("• Messages to a person: 7 days after the question is closed."),
                desk.say("• The link between you and your rating: 24 hours."),
            ),
            desk.say(
                "What we cannot promise: Telegram itself sees this chat, and messages stay on your"
                " own phone until you delete them there."
            ),
            desk.say(
                "Questions about your data: ask us at the bureau, {address}.",
                address=desk.pick(dict(desk.bureau.address)),
            ),
        ),
        back=Privacy(),
    )


@page(MyData)
async def my_data(desk: Desk) -> Screen:
    """Everything there is, to the visitor's own chat only."""
    visitor = desk.visitor
    name = sealed.name_of(desk.session, visitor)
    case = await cases.open_case_of(desk.session, visitor.id)
    booked = await appointments.of_visitor(desk.session, visitor.id, after=desk.now)
    asked = await appointments.requests_of_visitor(desk.session, visitor.id)
    chat = (
        desk.say("• We can write to this chat: yes.")
        if visitor.chat is not None
        else desk.say("• We can write to this chat: no.")
    )
    return Screen(
        paragraphs(
            desk.say("<b>📄 This is all we know about you</b>"),
            lines(
                desk.say("• Language: {language}", language=desk.language.name),
                desk.say("• Last month you wrote: {month}", month=visitor.seen_month),
                desk.say("• Name: {name}", name=name) if name else desk.say("• Name: none"),
                desk.say("• 14 or older: yes") if visitor.grown else "",
                chat,
                *(
                    desk.say(
                        "• Appointment {reference}: {moment}",
                        reference=one.reference,
                        moment=desk.moment(one.slot.starts_at),
                    )
                    for one in booked
                ),
                *(
                    desk.say(
                        "• Request {reference}: {institution}",
                        reference=one.reference,
                        institution=desk.pick(one.institution.titles),
                    )
                    for one in asked
                ),
                desk.say("• Question to a person: {reference}", reference=case.reference)
                if case
                else "",
            ),
        ),
        [Button(desk.label("🗑 Delete my data"), AskErase())],
        back=Privacy(),
    )


@page(AskErase)
async def ask_erase(desk: Desk) -> Screen:
    _ = desk.visitor
    return Screen(
        desk.say(
            "Delete everything we know about you? Appointments and requests that lie ahead are"
            " cancelled first. This cannot be undone."
        ),
        [Button(desk.label("🗑 Yes, delete everything"), Erase(), "danger")],
        back=Privacy(),
    )


@action(Erase)
async def erase(desk: Desk) -> GoTo:
    await erasure.erase(desk.session, desk.visitor, now=desk.now)
    desk.found = None
    return GoTo(Erased())


@page(Erased)
async def erased(desk: Desk) -> Screen:
    return Screen(
        desk.say(
            "Everything is deleted. Messages already in this chat stay on your phone until you"
            " delete them. You are always welcome again: /start"
        ),
        home=False,
    )
