"""The real bot against the local Telegram, with invented people side by side on one web page."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, opened
from bot.sandbox import Sandbox
from bot.sandbox.transcript import Scribe
from bot.settings import Settings
from storage.vault import read_key_file, write_key_file

TOKEN = "1:sandbox"  # noqa: S105  # the local Telegram's token opens nothing
USERNAME = "sofia_bureau_bot"


@dataclass(frozen=True, slots=True)
class Cast:
    """The invented people of the demo, by their ids in the sandbox."""

    omar: int
    olena: int
    maria: int
    georgi: int
    group: int


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: the bot, the local Telegram, where its page is, and who lives there."""

    app: App
    sandbox: Sandbox
    address: str
    cast: Cast


def people_of(sandbox: Sandbox) -> Cast:
    """Two visitors and two of the staff, with their group."""
    town = sandbox.town
    omar = town.add_person("Omar", "ar", phone="+359 88 000 0001")
    olena = town.add_person("Olena", "uk", phone="+359 88 000 0002")
    maria = town.add_person("Maria", "bg", phone="+359 88 000 0003")
    georgi = town.add_person("Georgi", "bg", phone="+359 88 000 0004")
    group = town.add_group("Бюро – екип", [maria.id, georgi.id])
    return Cast(omar.id, olena.id, maria.id, georgi.id, group.id)


@asynccontextmanager
async def demo(*, port: int = 0, folder: Path | None = None) -> AsyncIterator[Demo]:
    """Start everything; without a folder the data is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bureau-") as temporary:
        place = folder or Path(temporary)
        key_file = place / "demo.key"
        if not key_file.exists():
            write_key_file(key_file)
        sandbox = Sandbox(token=TOKEN, username=USERNAME, name="Бюро")
        sandbox.transcript_writer = Scribe(sandbox.town).write
        cast = people_of(sandbox)
        async with sandbox.serve(port=port) as address:
            settings = Settings.model_construct(
                token=SecretStr(TOKEN),
                api_url=address,
                database_url=f"sqlite:///{place / 'demo.db'}",
                staff_chat=cast.group,
                admins=(cast.maria, cast.georgi),
                key_file=key_file,
            )
            vault = read_key_file(key_file)
            async with opened(settings, vault, now=sandbox.clock.now, sample=True) as app:
                sandbox.clock.on_move(lambda to: app.visit_due_moments(to, sandbox.clock.set))
                running = asyncio.ensure_future(app.run())
                try:
                    yield Demo(app, sandbox, address, cast)
                finally:
                    app.stop()
                    await running
