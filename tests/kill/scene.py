"""A town, a bureau's database, and a bot that can die."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox import Sandbox
from storage import deliveries
from storage.engine import Storage
from storage.vault import read_key_file, write_key_file
from tests.kill.lives import Lives, lives


@dataclass(frozen=True, slots=True)
class Scene:
    sandbox: Sandbox
    storage: Storage
    lives: Lives
    group: int
    staff: tuple[int, int]

    async def is_all_delivered(self) -> bool:
        async with self.storage.read() as session:
            return await deliveries.waiting(session, now=datetime.now(UTC)) == 0


@asynccontextmanager
async def opened(folder: Path, url: str = "") -> AsyncIterator[Scene]:
    """Nobody lives yet. Without an address of a database it is a file in the folder."""
    key_file = folder / "bureau.key"
    write_key_file(key_file)
    sandbox = Sandbox()
    maria, georgi = (sandbox.town.add_person(name, "bg").id for name in ("Maria", "Georgi"))
    group = sandbox.town.add_group("Бюро", [maria, georgi]).id
    url = url or f"sqlite+aiosqlite:///{folder / 'bureau.db'}"
    storage = Storage(url, read_key_file(key_file))
    async with sandbox.serve() as address:
        settings = {
            "BUREAU_TOKEN": sandbox.token,
            "BUREAU_API_URL": address,
            "BUREAU_DATABASE_URL": url,
            "BUREAU_STAFF_CHAT": str(group),
            "BUREAU_ADMINS": f"{maria},{georgi}",
            "BUREAU_KEY_FILE": str(key_file),
        }
        async with lives(settings, storage, folder / "bot.log") as bot:
            yield Scene(sandbox, storage, bot, group, (maria, georgi))
    await storage.close()
