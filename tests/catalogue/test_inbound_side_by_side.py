"""Two processes over one PostgreSQL receive together, and each update has its effect once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.app import opened
from bot.settings import Settings
from bot.turnstile import Turnstile
from dialogs.legal import Book
from storage.vault import read_key_file
from tests.catalogue.house import House, house
from tests.catalogue.inbound import (
    api_of,
    bookings,
    counted,
    counter,
    courier,
    pressed,
    said,
)
from tests.core import Town
from tests.databases import Grounds
from tests.world import HOOK_SECRET, PATIENT, TOKEN, World

pytestmark = pytest.mark.postgres


@pytest.fixture
async def both(grounds: Grounds) -> AsyncIterator[tuple[House, Town]]:
    """The same town seen through each of two bots; Telegram knows the first one's door."""
    async with (
        house(grounds, "postgresql", webhook=True) as first,
        beside(first, grounds) as second,
    ):
        await first.write("Olena", "/start")
        yield first, second


@asynccontextmanager
async def beside(first: House, grounds: Grounds) -> AsyncIterator[Town]:
    """One more process that receives; sending is left to the first."""
    world = first.world
    settings = Settings.model_construct(
        token=SecretStr(TOKEN),
        api_url=api_of(first),
        database_url=first.url,
        staff_chat=world.group,
        key_file=grounds.key_file,
        webhook_url=f"{world.door}/updates",
        webhook_secret=SecretStr(HOOK_SECRET),
    )
    async with (
        opened(
            settings,
            read_key_file(grounds.key_file),
            now=world.sandbox.clock.now,
            turnstile=Turnstile(PATIENT),
            prepared=True,
        ) as app,
        app.door.open("127.0.0.1:0") as door,
    ):
        yield Town(World(world.sandbox, app, world.group, door))


async def test_one_press_brought_to_both_a_hundred_times_books_once(
    both: tuple[House, Town],
) -> None:
    first, second = both
    await first.about_to_book("Olena")
    press = pressed(first, first.button("Olena", Book).data)

    async with courier(first.world.door, second.world.door) as by_hand:
        await by_hand.bring_all([press] * 100)
    await first.settle()

    assert by_hand.answers == {200: 100}
    assert await bookings(first) == (1, 1)


async def test_twenty_messages_of_one_person_brought_to_both_are_counted_one_by_one(
    both: tuple[House, Town],
) -> None:
    for town in both:
        town.serve_also(counter())
    first, second = both

    async with courier(first.world.door, second.world.door) as by_hand:
        await by_hand.bring_all([said(first, "/count") for _ in range(20)])

    assert by_hand.answers == {200: 20}
    assert await counted(first) == 20
