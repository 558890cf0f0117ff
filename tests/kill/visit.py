"""The visit as people live it: questions, times, company, a person, and the staff behind them."""

import asyncio

from bot.address import Address
from bot.sandbox import Message
from dialogs.answers import Helped, InTopic, Read, Topics
from dialogs.company import Ask, Confirm, Institutions, WhichDay, WhichLanguage, WhichPart
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.mine import Appointed, AskCancel, Asked, Cancel, Mine, Withdraw
from dialogs.person import AskPerson
from dialogs.staff.cards import TakeAppointment, TakeCase, TakeRequest
from dialogs.staff.cases import Close
from dialogs.staff.home import Decide
from dialogs.staff.requests import Approve, AskRefuse, Refuse, WhichHour
from dialogs.welcome import Speak
from tests.kill import canaries
from tests.kill.people import TABLE, Someone, leading


async def arrive(one: Someone) -> None:
    await one.write("/start")
    await one.press(Speak)


async def wander(one: Someone) -> None:
    """Read, ask, look at times: nothing that stays."""
    match one.dice.randrange(3):
        case 0:
            await one.go(Topics, InTopic, Read)
            if one.sees(Helped):
                await one.press(Helped)
        case 1:
            await one.write(one.dice.choice(canaries.SEARCHED))
        case _:
            if await one.go(Days) and one.sees(Times):
                await one.press(Times)
                if one.sees(Hold):
                    await one.press(Hold)


async def until_asked(one: Someone, goal: type[Address]) -> bool:
    """Answer what is asked once, until the goal's button is there."""
    for _ in range(4):
        if one.sees(goal):
            return True
        if one.sees(Grown):
            await one.press(Grown)
        elif one.sees(Nameless):
            await (one.press(Nameless) if one.dice.random() < 0.5 else one.write(canaries.NAME))
    return bool(one.sees(goal))


async def book(one: Someone) -> None:
    if not await one.go(Days) or not one.sees(Times):
        return
    await one.press(Times)
    if one.sees(Hold):
        await one.press(Hold)
        if await until_asked(one, Book):
            await one.press(Book)


async def cancel(one: Someone) -> None:
    if await one.go(Mine, Appointed, AskCancel) and one.sees(Cancel):
        await one.press(Cancel)


async def ask_for_company(one: Someone) -> None:
    asked = await one.go(Institutions, WhichDay, WhichPart, WhichLanguage, Confirm)
    if asked and await until_asked(one, Ask):
        await one.press(Ask)


async def take_back(one: Someone) -> None:
    if await one.go(Mine, Asked) and one.sees(Withdraw):
        await one.press(Withdraw)


async def write_to_a_person(one: Someone) -> None:
    """Only who sees that words are waited for writes them."""
    asked = await one.go(AskPerson)
    if one.sees(Grown):
        await one.press(Grown)
        asked = await one.go(AskPerson)
    if asked:
        await one.write(f"{canaries.QUESTION} {one.dice.randrange(10**6)}")


PLANS = (book, ask_for_company, write_to_a_person, cancel, take_back)


async def visit(one: Someone, enough: asyncio.Event, *, wishes: int) -> None:
    """Some wishes with staff in between much looking around, for as long as the test lasts."""
    await arrive(one)
    plans = [one.dice.choice(PLANS[:3]), *one.dice.choices(PLANS, k=wishes - 1)]
    while plans or not enough.is_set():
        if plans and (enough.is_set() or one.dice.random() < 0.25):
            await plans.pop(0)(one)
        else:
            await wander(one)
            await asyncio.sleep(one.dice.uniform(0, 0.5))


# The staff


def _cards(one: Someone, chat: int, address: type[Address]) -> list[Message]:
    return [card for card in one.sandbox.town.messages(chat) if any(leading(card, address))]


async def work(one: Someone, group: int, over: asyncio.Event) -> None:
    """Take what comes into the group and bring it to its end."""
    await one.write("/start")
    done: set[int] = set()
    taken: set[str] = set()
    answered: list[Address] = []
    while not over.is_set():
        for kind in (TakeAppointment, TakeRequest, TakeCase):
            for card in _cards(one, group, kind):
                there = set(leading(card, kind))  # a colleague may have been faster meanwhile
                if not there or not taken.isdisjoint(there):
                    continue
                taken |= there
                if kind is not TakeAppointment or one.dice.random() < 0.3:
                    await one.press(kind, message=card)
        for letter in _cards(one, one.id, Decide):
            if letter.message_id not in done and letter is not one.screen():
                done.add(letter.message_id)
                await _decide(one, letter)
        for letter in _cards(one, one.id, Close):
            case = next((TABLE.read(data) for data in leading(letter, Close)), None)
            if case is not None and case.address not in answered:  # to all its words at once
                answered.append(case.address)
                await _answer(one, letter)
        await asyncio.sleep(0.2)


async def _decide(one: Someone, letter: Message) -> None:
    if not any(leading(letter, Decide)):
        return  # it was redrawn: the wish was taken back
    await one.press(Decide, message=letter)
    if one.sees(WhichHour) and one.dice.random() < 0.7:
        await one.press(WhichHour)
        if one.sees(Approve):
            await one.press(Approve)
    elif one.sees(AskRefuse):
        await one.press(AskRefuse)
        if one.sees(Refuse):
            await one.press(Refuse)


async def _answer(one: Someone, letter: Message) -> None:
    await one.write(canaries.REPLY, reply_to=letter.message_id)
    if any(leading(letter, Close)):
        await one.press(Close, message=letter)
