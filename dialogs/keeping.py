"""A visitor lets us keep a question we could not answer, without their name."""

from bot.address import Action, drawn_for
from bot.desk import Desk
from bot.office import kept as office
from bot.office.cases import masked
from bot.screen import Button, GoTo, OutdatedError, Screen, action, delivers, page, paragraphs
from dialogs.answers import title_button
from dialogs.person import KEPT, AskPerson, AskToKeep
from storage import articles


class Keep(Action, prefix="pk1"):
    """``shown`` is what the visitor has seen: other words are not kept by an old button."""

    shown: str


class KeepAndTell(Action, prefix="pk2"):
    shown: str


@page(AskToKeep)
async def ask_to_keep(desk: Desk) -> Screen:
    """Their own words are shown, so that they know what they give."""
    said = masked(_question(desk))
    shown = drawn_for(said)
    return Screen(
        paragraphs(
            desk.say("May we keep your question, so that we can write an answer for everybody?"),
            desk.say("<blockquote>{words}</blockquote>", words=said),
            desk.say("We keep it without your name, for 90 days. Long numbers are hidden."),
        ),
        [
            Button(desk.label("✅ Yes, keep it"), Keep(shown)),
            Button(desk.label("🔔 Yes, and tell me the answer"), KeepAndTell(shown)),
        ],
        back=AskPerson(),
    )


def _question(desk: Desk) -> str:
    """What was asked in vain; there is none any more when the flow was left, or kept before."""
    said = desk.draft.choices.get("question")
    if said is None or KEPT in desk.draft.choices:
        raise OutdatedError(page=AskPerson())
    return said


@action(Keep)
async def keep(desk: Desk, at: Keep) -> GoTo:
    await _keep(desk, at.shown, tell=False)
    return GoTo(AskPerson(), notice=desk.say("Thank you. This helps us to answer others."))


@action(KeepAndTell)
async def keep_and_tell(desk: Desk, at: KeepAndTell) -> GoTo:
    await _keep(desk, at.shown, tell=True)
    return GoTo(AskPerson(), notice=desk.say("Thank you. We write here once there is an answer."))


async def _keep(desk: Desk, shown: str, *, tell: bool) -> None:
    said = _question(desk)
    if drawn_for(masked(said)) != shown:
        raise OutdatedError(page=AskToKeep())
    language = desk.house.search.find(said, desk.language.code).language
    await office.keep(
        desk.session,
        desk.bureau,
        language,
        said,
        now=desk.now,
        tells=desk.visitor if tell else None,
    )
    desk.draft.choices[KEPT] = "yes"


@delivers("answer_there")
async def answer_there(desk: Desk, article: int) -> Screen | None:
    """Once, to those who wanted to know. What they asked is forgotten by then."""
    found = await articles.article(desk.session, article)
    if found is None:
        return None
    return Screen(
        desk.say("You asked something we had no answer to. Now there is one:"),
        [title_button(desk, found)],
    )
