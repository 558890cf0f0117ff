"""Bots that know nothing of ours live in `bureau-bot sandbox`, as they would in Telegram."""

import asyncio
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest

from tests.strangers import with_aiogram, with_ptb
from tests.strangers.things import PLACE, VOICE, WORDS, picture

TOKEN = "77:stranger"
ROOT = Path(__file__).parents[2]

Found = TypeVar("Found")
Bot = Callable[[str, str], AbstractAsyncContextManager[None]]


async def until(found: Callable[[], Awaitable[Found | None]]) -> Found:
    """What comes soon, but of which a process of its own does not tell us."""
    async with asyncio.timeout(15):
        while (there := await found()) is None:  # noqa: ASYNC110  # it sets no event for us
            await asyncio.sleep(0.02)
    return there


@dataclass(frozen=True, slots=True)
class Town:
    """The local Telegram as a process of its own, played through its control interface."""

    address: str
    session: aiohttp.ClientSession

    async def do(self, act: str, **asked: Any) -> Any:
        async with self.session.post(f"{self.address}/control/{act}", json=asked) as response:
            answer = await response.json()
        assert response.status == 200, answer
        return answer

    async def state(self) -> Any:
        async with self.session.get(f"{self.address}/control/state") as response:
            return await response.json()

    async def messages(self, chat: int) -> list[dict[str, Any]]:
        """What the bot has said in a chat."""
        there = (await self.state())["messages"][str(chat)]
        return [one for one in there if one["from"]["is_bot"]]

    async def until_it_said(self, chat: int, so_many: int) -> list[dict[str, Any]]:
        async def enough() -> list[dict[str, Any]] | None:
            said = await self.messages(chat)
            return said if len(said) >= so_many else None

        return await until(enough)

    async def bytes_of(self, file_id: str) -> bytes:
        async with self.session.get(f"{self.address}/control/file/{file_id}") as response:
            return await response.read()


@asynccontextmanager
async def town() -> AsyncIterator[Town]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", "--token", TOKEN),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    told = (await process.stdout.readline()).decode()
    address = told.partition("stands at ")[2].partition(";")[0]
    try:
        async with aiohttp.ClientSession() as session:
            yield Town(address, session)
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture(params=["python-telegram-bot", "aiogram"])
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    running: Bot = with_ptb.running if request.param.startswith("p") else with_aiogram.running
    async with town() as made, running(TOKEN, made.address):
        yield made


@pytest.fixture
async def omar(here: Town) -> int:
    person = await here.do("person", first_name="Omar", language_code="ar", phone="359888000123")
    number: int = person["id"]
    return number


async def test_its_pictures_files_voice_places_and_contacts_arrive(here: Town, omar: int) -> None:
    await here.do("type", person=omar, text="/show")
    first, second, papers, again, voice, venue, contact, last = await here.until_it_said(omar, 8)

    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("Two pictures", False)
    assert await here.bytes_of(second["photo"][-1]["file_id"]) == picture(200)
    assert await here.bytes_of(papers["document"]["file_id"]) == b"papers"
    assert again["document"]["file_unique_id"] == papers["document"]["file_unique_id"]
    assert await here.bytes_of(voice["voice"]["file_id"]) == VOICE
    assert (venue["venue"]["title"], venue["venue"]["address"]) == PLACE[2:]
    assert contact["contact"]["phone_number"] == "+359888000000"
    assert last["entities"] == [{"type": "bold", "offset": 0, "length": 11}]


async def test_its_buttons_are_answered_and_change_the_message(here: Town, omar: int) -> None:
    await here.do("type", person=omar, text="/show")
    last = (await here.until_it_said(omar, 8))[-1]
    await here.do("press", person=omar, message=last["message_id"], label="✅ Done")

    async def changed() -> dict[str, Any] | None:
        newest = (await here.messages(omar))[-1]
        return newest if newest["text"] == "Seen" else None

    assert (await until(changed))["message_id"] == last["message_id"]


async def test_a_number_is_shared_and_a_picture_taken(here: Town, omar: int) -> None:
    await here.do("type", person=omar, text="/number")
    await here.until_it_said(omar, 1)
    await here.do("contact", person=omar)
    await here.until_it_said(omar, 2)
    content = picture(100)
    sent = b64encode(content).decode()
    await here.do("file", person=omar, kind="photo", name="a.png", type="image/png", content=sent)
    _, number, size = await here.until_it_said(omar, 3)

    assert number["text"] == "I call 359888000123"
    assert size["text"] == f"{len(content)} bytes"


async def test_it_opens_a_topic_writes_there_pins_renames_and_closes_it(
    here: Town, omar: int
) -> None:
    group = (await here.do("group", title="Team", members=[omar], forum=True))["id"]
    await here.do("type", person=omar, chat=group, text="/topic")

    async def closed() -> dict[str, Any] | None:
        return next((one for one in await _topics(here, group) if one["closed"]), None)

    topic = await until(closed)
    said = next(one for one in await here.messages(group) if one.get("text") == "In here")

    assert topic["name"] == "Answers"
    assert said["message_thread_id"] == topic["message_thread_id"]


async def _topics(here: Town, group: int) -> list[dict[str, Any]]:
    chats = (await here.state())["chats"]
    found: list[dict[str, Any]] = next(one for one in chats if one["id"] == group)["topics"]
    return found


async def test_its_commands_are_known_in_each_language(here: Town, omar: int) -> None:
    del omar
    known = (await here.state())["commands"]
    told = {one["language_code"]: one["commands"][0]["description"] for one in known}

    assert told == {"": WORDS["en"], "ar": WORDS["ar"], "uk": WORDS["uk"]}
