"""Faults on demand: what the client sees, and whether the town did it."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Chat, Fault, Person, Sandbox


async def seen(call: Any, chat_id: int, seconds: float = 20) -> str:
    """What a client notices of one sendMessage, in a word or two."""
    url = f"{call.address}/bot{call.token}/sendMessage"
    patience = aiohttp.ClientTimeout(total=seconds)
    try:
        async with call.session.post(
            url, json={"chat_id": chat_id, "text": "a"}, timeout=patience
        ) as response:
            body = await response.json(content_type=None)
            return f"{response.status} {body['ok']} {body.get('parameters', '')}".strip()
    except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
        return type(problem).__name__


@pytest.mark.parametrize(
    ("kind", "noticed", "done"),
    [
        ("400", "400 False", 0),
        ("401", "401 False", 0),
        ("403", "403 False", 0),
        ("404", "404 False", 0),
        ("409", "409 False", 0),
        ("429", "429 False {'retry_after': 7}", 0),
        ("429-bare", "429 False", 0),
        ("500", "500 False", 0),
        ("500-after", "500 False", 1),
        ("502-html", "JSONDecodeError", 0),
        ("reset-before", "ServerDisconnectedError", 0),
        ("reset-after", "ServerDisconnectedError", 1),
        ("timeout-before", "TimeoutError", 0),
        ("timeout-after", "TimeoutError", 1),
        ("half-body", "ClientPayloadError", 1),
        ("not-json", "JSONDecodeError", 0),
        ("ok-false", "200 False", 0),
        ("slow", "200 True", 1),
    ],
)
async def test_each_kind_of_fault(
    call: Any, sandbox: Sandbox, olena: Person, kind: str, noticed: str, done: int
) -> None:
    sandbox.town.expect_fault(
        Fault("sendMessage", kind, retry_after=7, delay=0.01 if kind == "slow" else 0)
    )
    patience = 0.5 if kind.startswith("timeout") else 20
    assert await seen(call, olena.id, patience) == noticed
    assert len([one for one in sandbox.town.ledger if one.method == "sendMessage"]) == done
    assert len(sandbox.town.refusals) == (kind != "slow")
    assert await seen(call, olena.id) == "200 True"


async def test_a_fault_may_have_words_of_its_own(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.expect_fault(Fault("*", "403:Forbidden: user is deactivated"))
    refusal = await call.refusal("getChat", chat_id=olena.id)
    assert refusal == "403 Forbidden: user is deactivated"


async def test_a_fault_counts_calls_of_its_method_and_chat(
    call: Any, sandbox: Sandbox, olena: Person, staff: Chat
) -> None:
    sandbox.town.expect_fault(Fault("sendMessage", "500", nth=2, times=2, chat=olena.id))
    there = [await seen(call, chat) for chat in (olena.id, staff.id, olena.id, staff.id)]
    assert there == ["200 True", "200 True", "500 False", "200 True"]
    assert [await seen(call, olena.id) for _ in range(2)] == ["500 False", "200 True"]


async def test_a_slow_answer_keeps_the_town_busy(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    sandbox.town.expect_fault(Fault("sendMessage", "500", delay=0.2))
    sending = asyncio.create_task(seen(call, olena.id))
    await until(lambda: not sandbox.town.quiet)
    await sandbox.idle()
    assert await sending == "500 False"


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="No such kind of fault: 418"):
        Fault("sendMessage", "418")


async def test_a_refused_request_does_not_become_accepted(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.expect_fault(Fault("sendMessage", "reset-after"))
    assert await call.refusal("sendMessage", chat_id=olena.id) == (
        "400 Bad Request: message text is empty"
    )
    assert sandbox.town.ledger == []
