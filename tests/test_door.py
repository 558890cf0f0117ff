"""The bot's port: what is there, what is not, and that nobody inside is turned out at the end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.address import Menu
from bot.desk import Desk
from bot.door import Door
from bot.pulse import Pulse
from bot.screen import GoTo, command
from tests.catalogue.inbound import courier, said, town, update
from tests.core import Town
from tests.world import Ground


async def nobody_looks() -> None:
    """There is no database here."""


async def test_a_bot_that_polls_has_no_door_for_updates() -> None:
    async with (
        Door(Pulse(), nobody_looks).open("127.0.0.1:0") as address,
        aiohttp.ClientSession() as client,
        client.post(f"{address}/updates", json=update(poll={})) as told,
        client.get(f"{address}/health") as health,
    ):
        assert (told.status, health.status) == (404, 200)


async def test_the_door_also_opens_on_the_newer_kind_of_address() -> None:
    async with Door(Pulse(), nobody_looks).open("[::1]:0") as address:
        assert address.startswith("http://[::1]:")


async def test_a_port_that_is_taken_is_said_at_once() -> None:
    async with Door(Pulse(), nobody_looks).open("127.0.0.1:0") as address:
        with pytest.raises(OSError, match="in use"):
            async with Door(Pulse(), nobody_looks).open(address.removeprefix("http://")):
                pass


@pytest.fixture
async def behind(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, "webhook") as made:
        yield made


async def test_who_is_inside_when_the_bot_stops_is_served_and_who_comes_then_is_put_off(
    behind: Town,
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    @command("wait")
    async def wait(desk: Desk, rest: str) -> GoTo:
        del rest
        begun.set()
        await may_end.wait()
        return GoTo(Menu(), desk.say("Served"))

    behind.serve_also(wait)
    async with courier(behind.world.door) as by_hand:
        inside = asyncio.ensure_future(by_hand.bring(said(behind, "/wait")))
        await begun.wait()
        behind.intake.stop()
        late = await by_hand.bring(said(behind, "/menu"))
        may_end.set()

        assert (await inside, late) == (200, 503)
    assert behind.said("Olena")[-1].startswith("Served")
