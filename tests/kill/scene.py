"""A town, a bureau's database, and bots that can die."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.sandbox import Sandbox
from bot.sandbox.records import Call, RefusedCall
from storage import deliveries, schema
from storage.engine import Storage
from storage.late_screens import SCREEN
from storage.tables import Delivery, DeliveryState
from storage.vault import read_key_file, write_key_file
from tests.kill import canaries
from tests.kill.lives import Lives, lives
from tests.world import known


@dataclass(frozen=True, slots=True)
class Scene:
    """``lives`` is the first of the bots; tests of several have ``others`` over the same data."""

    sandbox: Sandbox
    storage: Storage
    folder: Path
    lives: Lives
    group: int
    staff: tuple[int, int]
    others: tuple[Lives, ...] = field(default=())

    @property
    def url(self) -> str:
        return self.storage.engine.url.render_as_string(hide_password=False)

    async def is_all_delivered(self) -> bool:
        async with self.storage.read() as session:
            return await deliveries.waiting(session, now=datetime.now(UTC)) == 0

    async def until_all_is_delivered(self, patience: float = 30) -> None:
        async with asyncio.timeout(patience):
            while not await self.is_all_delivered():  # noqa: ASYNC110  # a database rings no bell
                await asyncio.sleep(0.05)

    async def story(self) -> str:
        """What is not delivered as usual, what Telegram said last, and the bots' last words."""
        due = Delivery.due <= datetime.now(UTC)
        unusual = select(Delivery).where(
            due & ((Delivery.state != DeliveryState.SENT) | (Delivery.kind == SCREEN))
        )
        async with self.storage.read() as session:
            rows = (await session.scalars(unusual.order_by(Delivery.id))).all()
            told = [
                f"{one.id} {one.key} to visitor {one.visitor_id}: {one.state} {one.reason}"
                f" tries {one.tries}, rests until {one.not_before}, settled {one.settled_at}"
                for one in rows[-400:]
            ]
        town = self.sandbox.town
        calls: list[Call | RefusedCall] = [*town.ledger, *town.refusals]
        calls.sort(key=lambda one: one.number)
        told += [
            f"{one.number} {one.at:%T} {one.method} {one.params.get('chat_id')}"
            f" {getattr(one, 'description', '')}"
            for one in calls[-90:]
        ]
        for bot in (self.lives, *self.others):
            told += [f"alive: {bot.is_alive}", *bot.last_words(60)]
        return "\n".join(told)

    async def leaks(self) -> list[str]:
        """Words of people in a log, or unsealed in the database. Ask when nobody lives."""
        found = canaries.leaks_in_files(*self.folder.glob("*.log"))
        if self.storage.on_sqlite:
            return found + canaries.leaks_in_files(*self.folder.glob("*.db*"))
        return found + await canaries.leaks_in_postgres(self.url)


@asynccontextmanager
async def opened(
    folder: Path,
    url: str = "",
    *,
    bots: int = 1,
    settings: Mapping[str, str] | None = None,
    each: Sequence[Mapping[str, str]] = (),
) -> AsyncIterator[Scene]:
    """Nobody lives yet. On SQLite the database is always a file in the folder.

    ``settings`` are for all bots, ``each`` has those of the first, the second and so on.
    """
    known()  # what takes long to learn is kept for those who live only a second
    key_file = folder / "bureau.key"
    write_key_file(key_file)
    sandbox = Sandbox(canaries.TOKEN)
    maria, georgi = (canaries.arrives(sandbox.town, "bg").id for _ in range(2))
    group = sandbox.town.add_group("Бюро", [maria, georgi]).id
    if not url.startswith("postgresql"):
        url = f"sqlite:///{folder / 'bureau.db'}"
    storage = Storage(url, read_key_file(key_file))
    await schema.migrate(storage)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(storage.close)
        told = {
            "BUREAU_TOKEN": sandbox.token,
            "BUREAU_API_URL": await stack.enter_async_context(sandbox.serve()),
            "BUREAU_DATABASE_URL": url,
            "BUREAU_STAFF_CHAT": str(group),
            "BUREAU_ADMINS": f"{maria},{georgi}",
            "BUREAU_KEY_FILE": str(key_file),
            "BUREAU_LISTEN": "127.0.0.1:0",
            **(settings or {}),
        }
        first, *others = [
            await stack.enter_async_context(lives({**told, **own}, storage, folder / f"bot{n}.log"))
            for n, own in enumerate(each or [{}] * bots)
        ]
        yield Scene(sandbox, storage, folder, first, group, (maria, georgi), tuple(others))
