"""Visitors straight into the database, and a letter to each, for tests of the postman alone."""

from datetime import UTC, datetime

from bot.address import Menu, pack
from bot.office import people
from storage import bureau, deliveries, sealed
from storage.late_screens import SCREEN
from tests.kill import canaries
from tests.kill.scene import Scene

_BUREAU = bureau.read()


async def write(scene: Scene, number: int) -> None:
    """One letter each to so many new visitors, all due now."""
    now = datetime.now(UTC)
    async with scene.storage.begin() as session:
        for _ in range(number):
            person = canaries.arrives(scene.sandbox.town, "en")
            person.started = True
            key = scene.storage.vault.recognise(person.id)
            visitor = await people.welcome(session, _BUREAU, key, "en", now=now)
            sealed.set_chat(session, visitor, person.id)
            # As if an update long before this day had left it: whatever comes is younger.
            name = f"{SCREEN}:{-visitor.id}"
            await deliveries.write(session, name, SCREEN, visitor, due=now, page=pack(Menu()))
