"""A town with one visitor, one group, and somebody who speaks plain HTTP with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Chat, Message, Person, Sandbox


@dataclass
class Caller:
    """Calls the Bot API without any library between."""

    address: str
    session: aiohttp.ClientSession
    token: str = "1:sandbox"

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        url = f"{self.address}/bot{self.token}/{method}"
        async with self.session.post(url, json=params) as response:
            answer: dict[str, Any] = await response.json()
        if not answer["ok"]:
            assert response.status == answer["error_code"]
        return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer["description"]
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        async with self.session.post(f"{self.address}/control/{path}", json=body or {}) as response:
            return await response.json()

    async def see(self, path: str) -> Any:
        async with self.session.get(f"{self.address}/control/{path}") as response:
            return await response.json()


Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """Looks again and again, for what comes soon but says nothing when it does."""

    async def wait(come: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not come():  # noqa: ASYNC110 - nobody sets an event for a test
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def address(sandbox: Sandbox) -> AsyncIterator[str]:
    async with sandbox.serve() as address:
        yield address


@pytest.fixture
async def call(address: str) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(address, session)


@pytest.fixture
def olena(sandbox: Sandbox) -> Person:
    """She has written to the bot; her update is not in the queue any more."""
    person = sandbox.town.add_person("Олена", "uk", username="olena_k", phone="380501234567")
    sandbox.town.type(person.id, "/start")
    sandbox.town.bot.mailbox.drop_all()
    return person


@pytest.fixture
def staff(sandbox: Sandbox) -> Chat:
    maria = sandbox.town.add_person("Мария", "bg")
    group = sandbox.town.add_group("Екип", [maria.id])
    sandbox.town.bot.mailbox.drop_all()
    return group


@pytest.fixture
def question(sandbox: Sandbox, olena: Person) -> Message:
    """A message of the bot with two buttons."""
    row = [{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]
    chat = sandbox.town.chat(olena.id)
    markup = {"inline_keyboard": [row]}
    return sandbox.town.post(chat, sandbox.town.bot.wire(), {"text": "Coming?"}, markup)
