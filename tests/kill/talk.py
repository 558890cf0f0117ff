"""A talk between a visitor and the staff in six acts, each of which may be the bot's last."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialogs.first import Grown
from dialogs.person import AskPerson
from dialogs.staff.cards import TakeCase
from dialogs.staff.cases import Close
from storage.tables import Case, CaseMessage, CaseState, Delivery, DeliveryState
from tests.kill import canaries
from tests.kill.people import Someone, is_delivery, leading
from tests.kill.scene import Scene
from tests.kill.stage import Act, Played, Story
from tests.kill.stories import _message, someone
from tests.kill.visit import arrive

FIRST, SECOND = f"{canaries.QUESTION} 1", f"{canaries.QUESTION} 2"
CLOSED = "the visitor is asked whether it was solved, in whatever language"
REPLY, AGAIN = f"{canaries.REPLY} One.", f"{canaries.REPLY} Two."


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks: the visitor at one phone, Maria at the other."""

    scene: Scene
    omar: Someone
    maria: Someone

    async def ask(self) -> Act:
        await self.omar.go(AskPerson)
        if self.omar.sees(Grown):
            await self.omar.press(Grown)
            await self.omar.go(AskPerson)
        return Act(self.omar.id, words=FIRST)

    async def take(self) -> Act:
        card = await _message(self.maria, self.scene.group, TakeCase)
        data = next(leading(card, TakeCase))
        return Act(self.maria.id, data, chat=self.scene.group)

    async def answer(self, words: str) -> Act:
        return Act(self.maria.id, words=words, reply_to=await self._letter())

    async def close(self) -> Act:
        letter = await _message(self.maria, self.maria.id, Close)
        return Act(self.maria.id, next(leading(letter, Close)))

    async def ask_again(self) -> Act:
        await self.omar.go(AskPerson)
        return Act(self.omar.id, words=SECOND)

    async def _letter(self) -> int:
        """Maria's newest message with words of the visitor."""
        await self.scene.until_all_is_delivered()
        letters = [
            one.message_id
            for one in self.scene.sandbox.town.messages(self.maria.id)
            if any(leading(one, Close))
        ]
        return letters[-1]

    async def play(self, act: Act) -> None:
        town = self.scene.sandbox.town
        if act.words:
            town.type(act.person, act.words, reply_to=act.reply_to)
        else:
            message = town.messages(act.chat or act.person)[-1]
            town.press_forged(act.person, message.message_id, act.data, chat_id=act.chat)
        await self.scene.sandbox.idle()
        await self.scene.until_all_is_delivered()


@dataclass(frozen=True, slots=True)
class Scored:
    """An act, and how things stand after it.

    ``asked`` and ``answered`` are the words that stand in the case; the words ``told`` arrive
    through this act, at the ``visitor`` or at Maria; ``before`` is the state the act finds.
    """

    name: str
    begin: Callable[[Talk], Awaitable[Act]]
    asked: Sequence[str]
    answered: Sequence[str]
    before: CaseState | None
    after: CaseState
    told: str = ""


SCORE = (
    Scored("ask", Talk.ask, [FIRST], [], None, CaseState.OPEN),
    Scored("take", Talk.take, [FIRST], [], CaseState.OPEN, CaseState.TAKEN, FIRST),
    Scored(
        "answer",
        partial(Talk.answer, words=REPLY),
        [FIRST],
        [REPLY],
        CaseState.TAKEN,
        CaseState.TAKEN,
        REPLY,
    ),
    Scored("close", Talk.close, [FIRST], [REPLY], CaseState.TAKEN, CaseState.CLOSED, CLOSED),
    Scored(
        "ask again",
        Talk.ask_again,
        [FIRST, SECOND],
        [REPLY],
        CaseState.CLOSED,
        CaseState.TAKEN,
        SECOND,
    ),
    Scored(
        "answer again",
        partial(Talk.answer, words=AGAIN),
        [FIRST, SECOND],
        [REPLY, AGAIN],
        CaseState.TAKEN,
        CaseState.TAKEN,
        AGAIN,
    ),
)


async def _until(place: int, scene: Scene) -> Act:
    """Play everything before this act, and come to it."""
    talk = Talk(scene, someone(scene), someone(scene, scene.staff[0]))
    await talk.maria.write("/start")
    await arrive(talk.omar)
    for one in SCORE[:place]:
        await talk.play(await one.begin(talk))
    return await SCORE[place].begin(talk)


async def _wrong(place: int, played: Played, is_over: bool) -> list[str]:  # noqa: FBT001  # a story's second word
    one = SCORE[place]
    async with played.scene.storage.read() as session:
        cases = (await session.scalars(select(Case))).all()
        asked, answered = await _written(session, staff=False), await _written(session, staff=True)
        wrong = await _wrong_in_the_outbox(session, played, one)
    states: list[CaseState | None] = [case.state for case in cases]
    allowed = {one.after} if is_over else {one.after, one.before}
    if len(cases) > 1 or not set(states or [None]) <= allowed:
        wrong.append(f"the case is {states}")
    for what, there, all_of_it in (
        ("asked", asked, one.asked),
        ("answered", answered, one.answered),
    ):
        if there > len(all_of_it) or (is_over and there < len(all_of_it)):
            wrong.append(f"{what} {there} times")
    sent = _sent(played, one.told)
    if sent and states != [one.after]:
        wrong.append("told, and not done")
    if is_over and one.told and not sent:
        wrong.append("never told")
    return wrong


async def _written(session: AsyncSession, *, staff: bool) -> int:
    rows = await session.scalars(
        select(CaseMessage.id).where(CaseMessage.from_staff.is_not(None) == staff)
    )
    return len(rows.all())


def _sent(played: Played, words: str) -> int:
    """How often Telegram took a message with these words from the postman."""
    told = [one.params for one in played.calls if is_delivery(one.method, one.params)]
    if words == CLOSED:
        others = {played.scene.group, *played.scene.staff}
        return sum(one["chat_id"] not in others for one in told)
    return sum(bool(words) and words in one["text"] for one in told)


async def _wrong_in_the_outbox(session: AsyncSession, played: Played, one: Scored) -> list[str]:
    """What this act tells is told once, or once more with a mark for the one death."""
    rows = (await session.scalars(select(Delivery))).all()
    marked = sum(row.perhaps_sent for row in rows)
    keys = [row.key for row in rows]
    wrong = [f"{key} stands there twice" for key in set(keys) if keys.count(key) > 1]
    parked = [row.key for row in rows if row.state is DeliveryState.PARKED]
    if parked:
        wrong.append(f"parked: {parked}")
    if _sent(played, one.told) > 1 + marked:
        wrong.append(f"told {_sent(played, one.told)} times")
    return wrong


TALK = tuple(
    Story(one.name, partial(_until, place), partial(_wrong, place))
    for place, one in enumerate(SCORE)
)
