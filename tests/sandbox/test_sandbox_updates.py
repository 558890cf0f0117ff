"""Updates wait, are handed out, confirmed, repeated and forgotten as with Telegram."""

import asyncio
import time
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox

SHORT = 0.1


async def ids(call: Any, **params: Any) -> list[int]:
    return [one["update_id"] for one in await call.result("getUpdates", **params)]


async def test_an_offset_confirms_what_is_below_it(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    for word in "abc":
        sandbox.town.type(olena.id, word)
    first, second, third = await ids(call)
    assert await ids(call, limit=1) == [first]
    assert await ids(call, offset=second) == [second, third]
    assert await ids(call) == [second, third]
    assert await ids(call, offset=-1) == [third]
    assert (sandbox.town.quiet, await ids(call, offset=third + 1)) == (False, [])
    assert sandbox.town.quiet


async def test_a_long_poll_ends_with_the_first_update(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    poll = asyncio.create_task(call.result("getUpdates", timeout=50))
    await until(lambda: sandbox.town.bot.mailbox.polling)
    sandbox.town.type(olena.id, "hello")
    assert [one["message"]["text"] for one in await poll] == ["hello"]


async def test_a_long_poll_without_news_ends_empty(call: Any) -> None:
    begun = time.monotonic()
    assert await ids(call, timeout=1) == []
    assert time.monotonic() - begun >= 1


async def test_of_two_pollers_the_older_is_sent_away(
    call: Any, sandbox: Sandbox, until: Any
) -> None:
    older = asyncio.create_task(call.refusal("getUpdates", timeout=50))
    await until(lambda: sandbox.town.bot.mailbox.polling)
    await ids(call)  # one that does not wait takes nobody's place
    assert not older.done()
    younger = asyncio.create_task(ids(call, timeout=50))
    assert await older == (
        "409 Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    sandbox.town.inject({"message": {}})
    assert len(await younger) == 1


async def test_a_poller_that_is_gone_is_sent_away_in_silence(
    call: Any, sandbox: Sandbox, until: Any
) -> None:
    gone = asyncio.create_task(call.result("getUpdates", timeout=50))
    await until(lambda: sandbox.town.bot.mailbox.polling)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await ids(call, timeout=1)
    assert sandbox.town.refusals == []


async def test_only_kinds_asked_for_are_kept(call: Any, sandbox: Sandbox, olena: Person) -> None:
    await ids(call, allowed_updates=["callback_query"])
    sandbox.town.type(olena.id, "a")
    assert await ids(call) == []
    await ids(call, allowed_updates=[])
    sandbox.town.type(olena.id, "b")
    assert len(await ids(call)) == 1
    info = await call.result("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("", 1)


async def test_presses_expire_before_messages(
    call: Any, sandbox: Sandbox, olena: Person, question: Any
) -> None:
    sandbox.town.type(olena.id, "a")
    sandbox.town.press(olena.id, question.message_id, label="Yes")
    sandbox.town.age(151)
    assert [set(one) for one in await call.result("getUpdates")] == [{"update_id", "message"}]
    sandbox.town.age(24 * 3600)
    assert await ids(call) == []


async def test_a_confirmed_update_can_come_again(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.type(olena.id, "a")
    [first] = await ids(call)
    await ids(call, offset=first + 1)
    sandbox.town.redeliver(first)
    assert await ids(call, offset=first + 1) == [first]
    assert await ids(call, offset=first + 1) == []


async def test_an_offset_of_another_queue_confirms_nothing(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.type(olena.id, "a")
    [first] = await ids(call)
    assert await ids(call, offset=first + 1000) == [first]
    assert await ids(call, offset=first + 10) == []


async def test_the_same_question_again_is_slowed_down_when_pace_is_kept(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.limits = True
    for word in "abc":
        sandbox.town.type(olena.id, word)
    mailbox = sandbox.town.bot.mailbox
    first, second, third = await ids(call)
    mailbox._asked = (0, mailbox.now() + 30)  # however slow the machine is: just now
    assert await ids(call) == [first]
    sandbox.town.age(1)
    assert await ids(call) == [first, second, third]
    assert [mailbox._pace(third + 1, 100, 0) for _ in range(2)] == [(100, 0), (1, 3)]
    sandbox.town.age(3)
    assert mailbox._pace(third + 1, 100, 0) == (100, 0)


async def test_a_long_poll_lasts_less_than_a_minute(call: Any, sandbox: Sandbox) -> None:
    mailbox = sandbox.town.bot.mailbox
    loop = asyncio.get_running_loop()
    poll = asyncio.create_task(mailbox.fetch(0, 100, 3600))
    await asyncio.sleep(0)
    waits = [handle.when() - loop.time() for handle in loop._scheduled]  # type: ignore[attr-defined]  # asyncio shows its timers nowhere else
    assert max(waits) <= 50
    mailbox.close()
    assert await poll == []
    assert await call.result("getMe")


async def test_any_update_can_be_put_in(call: Any, sandbox: Sandbox) -> None:
    number = sandbox.town.inject({"update_id": 1, "brand_new_kind": {"a": 1}})
    assert await call.result("getUpdates") == [{"update_id": number, "brand_new_kind": {"a": 1}}]


async def test_idle_waits_for_confirmation(call: Any, sandbox: Sandbox, olena: Person) -> None:
    sandbox.town.type(olena.id, "a")
    with pytest.raises(TimeoutError):
        await sandbox.idle(timeout=SHORT)
    waiting = asyncio.create_task(sandbox.idle())
    [first] = await ids(call)
    await ids(call, offset=first + 1)
    await waiting
    assert sandbox.town.quiet


async def test_closing_lets_a_poller_go(sandbox: Sandbox, until: Any) -> None:
    begun = time.monotonic()
    async with sandbox.serve() as address:
        host, port = address.removeprefix("http://").split(":")
        _reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /bot1:sandbox/getUpdates?timeout=50 HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: sandbox.town.bot.mailbox.polling)
    writer.close()
    assert time.monotonic() - begun < 20
