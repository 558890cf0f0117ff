"""What the tests of the core share: hands that press and eyes that read in the little town."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import select, update

import dialogs
from bot.address import Action, Address, new_serial, pack
from bot.app import real_time
from bot.intake import Intake
from bot.middleware import Reception
from bot.sandbox import Fault, Message
from bot.screen import Table, View
from bot.told import Told
from dialogs.welcome import Speak
from storage import deliveries, sealed
from storage.tables import Delivery, DeliveryState, Visitor
from tests.world import Ground, World, living, person


@dataclass(frozen=True, slots=True)
class Town:
    """The little town with the bot in it, seen from its phones."""

    world: World

    # What people do

    def knows(self, name: str) -> int:
        return self.world.arrive(name)

    async def welcome(self, name: str, language: str = "en") -> int:
        """Somebody starts the bot and chooses a language."""
        number = self.knows(name)
        await self.write(name, "/start")
        await self.press(name, Speak, code=language)
        return number

    async def write(self, name: str, words: str) -> None:
        self.world.sandbox.town.type(self.knows(name), words)
        await self.settle()

    async def press(self, name: str, kind: type[Address], **fields: int | str) -> None:
        """Presses the newest button that leads to such an address."""
        found = self.button(name, kind, **fields)
        chat = found.chat if found.chat != person(name) else None
        town = self.world.sandbox.town
        town.press(person(name), found.message_id, data=found.data, chat_id=chat)
        await self.settle()

    async def press_all(self, name: str, *kinds: type[Address]) -> None:
        """Presses one button after the other, each leading to the next."""
        for kind in kinds:
            await self.press(name, kind)

    async def forge(self, name: str, data: str, *, chat: int | None = None) -> None:
        """Sends any data, as if a button of the newest message held it."""
        number, town = self.knows(name), self.world.sandbox.town
        message = town.messages(chat or number)[-1]
        town.press_forged(number, message.message_id, data, chat_id=chat)
        await self.settle()

    async def settle(self) -> None:
        async with asyncio.timeout(15):
            await self.world.settle()

    # What people see

    def said(self, name: str) -> list[str]:
        """What the bot has said to somebody, as it stands there now."""
        return [one.text or "" for one in self.messages(person(name))]

    def said_to_group(self) -> list[str]:
        return [one.text or "" for one in self.messages(self.world.group)]

    def messages(self, chat: int) -> list[Message]:
        found = self.world.sandbox.town.messages(chat)
        return [one for one in found if one.sender["is_bot"] and one.text]

    def last(self, name: str) -> Message:
        return self.messages(person(name))[-1]

    def button(self, name: str, kind: type[Address], **fields: int | str) -> "SeenButton":
        """The newest button that leads to such an address: on this phone, or in the group."""
        seen = self.buttons(person(name)) + self.buttons(self.world.group)
        for one in seen:
            if isinstance(one.to, kind) and fields.items() <= asdict(one.to).items():  # type: ignore[call-overload]  # an address
                return one
        raise ValueError(f"Nothing leads to {kind.__name__}. There are: {seen}")

    def buttons(self, chat: int) -> list["SeenButton"]:
        """What can be pressed in a chat, the newest message first."""
        table = self.reception.table
        return [
            SeenButton(chat, message.message_id, one["text"], one["callback_data"], pressed.address)
            for message in reversed(self.world.sandbox.town.messages(chat))
            for one in message.buttons()
            if (pressed := table.read(one.get("callback_data"))) is not None
        ]

    @property
    def popups(self) -> list[str]:
        return [one.text for one in self.world.sandbox.town.popups]

    def calls(self, method: str, chat: int | None = None) -> list[dict[str, Any]]:
        """The calls of a method that Telegram accepted."""
        return [
            one.params
            for one in self.world.sandbox.town.ledger
            if one.method == method and chat in {None, one.params.get("chat_id")}
        ]

    # What goes wrong

    def fault(self, method: str, kind: str, chat: int | None = None, **more: Any) -> None:
        self.world.sandbox.expect_fault(Fault(method, kind, chat=chat, **more))

    # What is in the books

    @property
    def reception(self) -> Reception:
        return self.intake._reception

    @property
    def intake(self) -> Intake:
        return self.world.app.intake

    @property
    def told(self) -> Told:
        return self.world.app.postman.told

    def key(self, name: str) -> str:
        return self.world.app.storage.vault.recognise(person(name))

    async def visitor(self, name: str) -> Visitor:
        async with self.world.app.storage.read() as session:
            found = await session.scalar(select(Visitor).where(Visitor.key == self.key(name)))
        assert found is not None
        return found

    async def outbox(self, kind: str | None = None) -> Sequence[Delivery]:
        async with self.world.app.storage.read() as session:
            found = await session.scalars(select(Delivery).order_by(Delivery.id))
            return [one for one in found if kind in {None, one.kind}]

    async def letter(self, key: str) -> Delivery:
        """The delivery with this key, as it stands in the outbox."""
        [found] = [one for one in await self.outbox() if one.key == key]
        return found

    async def post(
        self, name: str | None, key: str, kind: str, *, after: datetime | None = None, **params: Any
    ) -> None:
        """Puts something on its way, to somebody or to the staff group, and lets it leave."""
        now = self.world.app.now()
        visitor = await self.visitor(name) if name else None
        async with self.world.app.storage.begin() as session:
            await deliveries.write(
                session, key, kind, visitor, due=now, useless_after=after, **params
            )
        self.world.app.postman.wake()

    async def can_be_written_to(self, name: str) -> None:
        """As if there were something to tell this visitor: the chat is known."""
        async with self.world.app.storage.begin() as session:
            found = await session.scalar(select(Visitor).where(Visitor.key == self.key(name)))
            assert found is not None
            sealed.set_chat(session, found, person(name))

    async def until_written(self, key: str, sign: Callable[[Delivery], bool]) -> Delivery:
        """Waits until the outbox says this of a delivery."""
        async with asyncio.timeout(10):
            while not sign(found := await self.letter(key)):  # noqa: ASYNC110  # the outbox rings no bell
                await asyncio.sleep(0.01)
        return found

    async def hurry(self) -> None:
        """Nobody waits for Telegram's patience in a test: what waits may leave at once."""
        async with self.world.app.storage.begin() as session:
            await session.execute(
                update(Delivery)
                .where(Delivery.state == DeliveryState.WAITING)
                .values(not_before=None)
            )
        self.world.app.postman.wake()
        await self.settle()

    def serve_also(self, *views: View) -> None:
        """Adds views to the bot that runs, as one more dialog would."""
        module = ModuleType("made_for_a_test")
        vars(module).update({view.__name__: view for view in views})
        table = Table.of([*dialogs.MODULES, module])
        # The house is frozen for the bot; a test may hang one more picture on its wall.
        object.__setattr__(self.reception.counter.house, "table", table)
        self.reception.table = table


@dataclass(frozen=True, slots=True)
class SeenButton:
    """A button on somebody's phone, and where it leads."""

    chat: int
    message_id: int
    label: str
    data: str
    to: Address


@asynccontextmanager
async def town(ground: Ground, folder: Path) -> AsyncIterator[Town]:
    """The town on an ordinary Monday morning, with the bot running."""
    async with living(ground.copy(folder), ground.key_file) as world:
        yield Town(world)


def drawn_now(address: Address, *, kept: bool = False) -> str:
    """The data of a button to this address, drawn at this moment."""
    serial = new_serial(real_time()) if isinstance(address, Action) else ""
    return pack(address, serial=serial, kept=kept)
