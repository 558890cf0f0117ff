"""Our postman with a full outbox and no pace: every letter is worded for its reader."""

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import app, preparing
from bot.carrier import Carrier
from bot.pace import Limits, Pace
from bot.settings import read
from storage import deliveries, sealed
from storage.tables import Visitor
from tests.benchmarks import clock

HURRY = Limits(overall=1e6, bulk=1e6, chat_gap=0.0)


async def write(session: AsyncSession, number: int, now: datetime) -> None:
    """A letter that shows the menu to a visitor of its own."""
    visitor = Visitor(sealed.vault_of(session).recognise(number), "ar", "2026-01")
    sealed.set_chat(session, visitor, number)
    session.add(visitor)
    await session.flush()
    await deliveries.write(
        session, f"letter:{number}", "screen", visitor, due=now, rank=deliveries.BULK, page="m"
    )


async def run() -> None:
    settings = read()
    async with (
        app.opened(settings, preparing.keys(settings)) as running,
        Carrier(settings.bot_token, settings.api_url, Pace(HURRY)) as carrier,
    ):
        async with running.storage.begin() as session:
            for number in range(clock.LETTERS):
                await write(session, number + 1, app.real_time())
        running.postman.carrier = carrier
        await running.postman.run()


if __name__ == "__main__":
    clock.start()
    asyncio.run(run())
