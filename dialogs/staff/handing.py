"""Whoever has a question gives it to a colleague, or back to everybody."""

from bot.address import DESK_STAFF, Action
from bot.desk import Desk
from bot.office import handing_over as office
from bot.office.appointments import Done, Overtaken
from bot.office.cases import is_with
from bot.screen import Button, GoTo, OutdatedError, Screen, action, page, pager, part_of
from dialogs.staff.cases import Release, ToWhom, Written
from dialogs.staff.home import Desks
from dialogs.staff.phrases import name_of
from storage import cases

_ON_A_PAGE = 5


class HandOver(Action, prefix="sc7", roles=DESK_STAFF):
    case: int
    colleague: int
    version: int


@page(ToWhom)
async def to_whom(desk: Desk, at: ToWhom) -> Screen:
    found = await cases.case(desk.session, at.case)
    if found is None or not is_with(found, desk.colleague):
        raise OutdatedError(page=Written(at.case))
    others = await cases.colleagues(desk.session, DESK_STAFF, but=desk.colleague.id)
    shown, earlier, later = part_of(others, at.start, _ON_A_PAGE)
    return Screen(
        desk.say("Who takes question {reference} from you?", reference=found.reference)
        if others
        else desk.say("No colleague can be written to yet. They open the bot and press Start."),
        [
            *[
                Button(
                    desk.label("👤 {name}", name=await name_of(desk, one.id)),
                    HandOver(found.id, one.id, found.version),
                )
                for one in shown
            ],
            *pager(
                desk.language,
                None if earlier is None else ToWhom(found.id, earlier),
                None if later is None else ToWhom(found.id, later),
            ),
        ],
        back=Desks(),
        home=False,
    )


@action(HandOver)
async def hand_over(desk: Desk, at: HandOver) -> GoTo:
    others = await cases.colleagues(desk.session, DESK_STAFF, but=desk.colleague.id)
    to = next((one for one in others if one.id == at.colleague), None)
    if to is None:
        return GoTo(Desks(), notice=desk.say("This colleague cannot be given a question now."))
    match await office.hand_over(
        desk.session, desk.colleague, at.case, to, version=at.version, now=desk.now
    ):
        case Done():
            return GoTo(Written(at.case))
        case Overtaken():
            return GoTo(Desks(), notice=desk.say("You do not have this question now."))


@action(Release)
async def release(desk: Desk, at: Release) -> GoTo:
    match await office.release(desk.session, desk.bureau, desk.colleague, at.case, now=desk.now):
        case Done():
            return GoTo(Written(at.case))
        case Overtaken():
            return GoTo(Desks(), notice=desk.say("You do not have this question now."))
