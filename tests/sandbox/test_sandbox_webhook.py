"""A webhook is told everything, in its order, again and again until it has heard or it is late."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Chat, Message, Person, Sandbox
from bot.sandbox.hook import Failure, Hook
from tests.sandbox.receiver import Gate, Receiver, Update, fine, receiving, says

SHORT = 0.1


@pytest.fixture
async def hook(call: Any, olena: Person, staff: Chat) -> AsyncIterator[Receiver]:
    """It is up once everybody is there, so that nothing of their coming is told."""
    assert olena.started
    assert staff.members
    async with receiving() as receiver:
        await call.result("setWebhook", url=receiver.url, secret_token="Se-cret_1")
        yield receiver


async def test_updates_come_as_from_telegram(
    hook: Receiver, sandbox: Sandbox, olena: Person
) -> None:
    for text in ("first", "второ"):
        sandbox.town.type(olena.id, text)
    await sandbox.idle()
    assert hook.texts == ["first", "второ"]
    seen = hook.requests[0].headers
    assert {name: seen.get(name) for name in ("Content-Type", "User-Agent", "Accept-Encoding")} == {
        "Content-Type": "application/json",
        "User-Agent": None,
        "Accept-Encoding": "gzip, deflate",
    }
    assert seen["X-Telegram-Bot-Api-Secret-Token"] == "Se-cret_1"
    assert len(hook.doors) == 1  # the connection was kept


async def test_without_a_secret_no_header_speaks_of_one(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    async with receiving() as receiver:
        await call.result("setWebhook", url=receiver.url)
        sandbox.town.type(olena.id, "a")
        await sandbox.idle()
    assert "X-Telegram-Bot-Api-Secret-Token" not in receiver.requests[0].headers


async def test_what_waited_before_the_webhook_comes_first(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    for text in "abc":
        sandbox.town.type(olena.id, text)
    async with receiving() as receiver:
        await call.result("setWebhook", url=receiver.url)
        await sandbox.idle()
    assert receiver.texts == ["a", "b", "c"]


async def test_a_stuck_update_holds_back_its_own_queue_only(
    hook: Receiver, sandbox: Sandbox, olena: Person, staff: Chat, question: Message, until: Any
) -> None:
    town, gate = sandbox.town, Gate("stuck", "stuck too")
    town.bot.mailbox.allow(["message", "callback_query", "chat_member"])
    hook.answer = gate.answer
    town.type(olena.id, "stuck")
    town.type(olena.id, "behind it")
    town.type(staff.members[0], "stuck too", chat_id=staff.id)
    town.press(olena.id, question.message_id, label="Yes")
    town.join(staff.id, olena.id)
    await until(lambda: len(hook.heard) == 4)
    await asyncio.sleep(SHORT)
    assert sorted(hook.texts) == ["chat_member", "stuck", "stuck too", "y"]
    gate.open.set()
    await sandbox.idle()
    assert sorted(hook.texts[4:]) == ["behind it", "message"]


async def test_one_persons_updates_never_run_side_by_side(
    hook: Receiver, sandbox: Sandbox, olena: Person
) -> None:
    for number in range(20):
        sandbox.town.type(olena.id, str(number))
    await sandbox.idle()
    assert (hook.most, hook.texts) == (1, [str(number) for number in range(20)])


@pytest.mark.parametrize("most", [1, 3])
async def test_no_more_connections_than_wished_for(call: Any, sandbox: Sandbox, most: int) -> None:
    async def slow(_update: Update) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    async with receiving() as receiver:
        receiver.answer = slow
        await call.result("setWebhook", url=receiver.url, max_connections=most)
        for number in range(10):
            sandbox.town.type(sandbox.town.add_person(f"P{number}", "en").id, "a")
        await sandbox.idle()
    assert (receiver.most, len(receiver.done)) == (most, 10)


async def test_failures_are_tried_again_at_once_then_later_and_later(
    hook: Receiver, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    hook.answer = says(500)
    sandbox.webhook.hurry = 100  # so that a slow machine takes no part in it
    sandbox.town.type(olena.id, "a")
    [waiting] = sandbox.town.bot.mailbox.queue
    for attempts, seconds in ((2, 200), (3, 400), (4, 800), (5, 1600)):
        await until(lambda attempts=attempts: waiting.failures == attempts)
        sandbox.town.age(seconds - 30)
        await asyncio.sleep(0.03)
        assert len(hook.heard) == attempts
        hook.answer = fine if attempts == 5 else hook.answer
        sandbox.town.age(30)
    await sandbox.idle()
    assert hook.texts == ["a"] * 6


async def test_in_the_end_a_minute_or_two_pass_between_attempts(sandbox: Sandbox) -> None:
    webhook = sandbox.webhook
    waiting = sandbox.town.bot.mailbox
    waiting.put_raw({"message": {}})
    waits = [webhook._delay(waiting.queue[0], Failure("x")) for _ in range(12)]
    assert waits[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= wait <= 120 for wait in waits[7:])


async def test_waits_can_be_hurried(
    hook: Receiver, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    sandbox.webhook.hurry = 0.001
    hook.answer = says(503)
    sandbox.town.type(olena.id, "a")
    await until(lambda: len(hook.heard) == 8)


@pytest.mark.parametrize(("asked", "given"), [(100, 100), (99_999, 3600)])
async def test_retry_after_is_obeyed_up_to_an_hour(
    hook: Receiver, sandbox: Sandbox, olena: Person, until: Any, asked: int, given: int
) -> None:
    hook.answer = says(503, Retry_After=str(asked))
    sandbox.town.type(olena.id, "a")
    await until(lambda: sandbox.webhook.last_error)
    sandbox.town.age(given - 30)
    await asyncio.sleep(SHORT)
    assert len(hook.heard) == 1
    sandbox.town.age(30)
    await until(lambda: len(hook.heard) == 2)


async def test_late_updates_are_given_up(
    hook: Receiver, sandbox: Sandbox, olena: Person, question: Message, until: Any
) -> None:
    hook.answer = says(502)
    sandbox.town.press(olena.id, question.message_id, label="Yes")
    sandbox.town.type(olena.id, "a")
    await until(lambda: len(hook.heard) == 4)
    sandbox.town.age(151)
    await until(lambda: len(hook.heard) == 5)
    assert [one.kind for one in sandbox.town.bot.mailbox.queue] == ["message"]
    sandbox.town.age(24 * 3600)
    await sandbox.idle()
    assert hook.texts.count("y") == 2


async def test_what_would_come_too_late_is_not_waited_for(
    hook: Receiver, sandbox: Sandbox, olena: Person, question: Message
) -> None:
    hook.answer = says(503, Retry_After="151")
    sandbox.town.press(olena.id, question.message_id, label="Yes")
    await sandbox.idle()
    assert hook.texts == ["y"]


async def test_a_webhook_gone_for_a_day_is_given_up(
    hook: Receiver, call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    hook.answer = says(410)
    sandbox.town.type(olena.id, "a")
    await until(lambda: len(hook.heard) == 2)
    sandbox.town.age(22 * 3600)
    await until(lambda: len(hook.heard) == 3)
    assert (await call.result("getWebhookInfo"))["url"] == hook.url
    sandbox.town.age(3700)
    await until(lambda: sandbox.webhook.hook is None)
    assert [one["message"]["text"] for one in await call.result("getUpdates")] == ["a"]


async def hangs(_update: Update) -> web.StreamResponse:
    await asyncio.sleep(0.3)
    return web.Response()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(503), "Wrong response from the webhook: 503 Service Unavailable"),
        (says(401), "Wrong response from the webhook: 401 Unauthorized"),
        (says(302, Location="/hook"), "Wrong response from the webhook: 302 Found"),
        (hangs, "Read timeout expired"),
    ],
)
async def test_what_went_wrong_is_told(
    hook: Receiver, call: Any, sandbox: Sandbox, olena: Person, until: Any, answer: Any, said: str
) -> None:
    sandbox.webhook.patience = SHORT
    hook.answer = answer
    sandbox.town.type(olena.id, "a")
    await until(lambda: sandbox.webhook.last_error)
    info = await call.result("getWebhookInfo")
    assert abs(info.pop("last_error_date") - time.time()) < 20
    assert info == {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "ip_address": "127.0.0.1",
        "last_error_message": said,
    }


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"", "Connection closed"), (b"nonsense\r\n\r\n", "Connection closed")],
)
async def test_a_receiver_that_hangs_up_is_told_of(
    call: Any, sandbox: Sandbox, olena: Person, until: Any, answer: bytes, said: str
) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await call.result("setWebhook", url=f"http://localhost:{port}/")
    sandbox.town.type(olena.id, "a")
    await until(lambda: sandbox.webhook.last_error)
    server.close()
    assert (await call.result("getWebhookInfo"))["last_error_message"] == said


async def test_a_receiver_that_is_not_there_is_told_of(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    async with receiving() as gone:
        url = gone.url
    await call.result("setWebhook", url=url)
    sandbox.town.type(olena.id, "a")
    await until(lambda: sandbox.webhook.last_error)
    assert (await call.result("getWebhookInfo"))["last_error_message"] == "Connection refused"


async def test_nothing_leaves_this_machine(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    await call.result("setWebhook", url="https://bot.example/hook")
    sandbox.town.type(olena.id, "a")
    await until(lambda: sandbox.webhook.last_error)
    info = await call.result("getWebhookInfo")
    assert (info["last_error_message"], "ip_address" in info) == ("Connection timed out", False)


async def test_updates_can_come_twice(hook: Receiver, sandbox: Sandbox, olena: Person) -> None:
    sandbox.webhook.duplicate = 2
    for text in "abcd":
        sandbox.town.type(olena.id, text)
    await sandbox.idle()
    assert sorted(hook.texts) == ["a", "b", "b", "c", "d", "d"]
    assert len({update["update_id"] for update in hook.heard}) == 4


async def test_an_update_of_yesterday_can_come_again(
    hook: Receiver, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.town.type(olena.id, "a")
    sandbox.town.type(olena.id, "b")
    await sandbox.idle()
    sandbox.town.age(23 * 3600)
    sandbox.town.redeliver(int(hook.heard[0]["update_id"]))
    await sandbox.idle()
    assert hook.texts == ["a", "b", "a"]
    assert hook.heard[0] == hook.heard[2]


async def test_queues_can_overtake_each_other(hook: Receiver, sandbox: Sandbox) -> None:
    people = [sandbox.town.add_person(f"P{number}", "en") for number in range(12)]
    sandbox.webhook.shuffle = True
    sandbox.webhook.dice.seed(1)
    for text in "ab":
        for person in people:
            sandbox.town.type(person.id, f"{text}{person.id}")
    await sandbox.idle()
    in_order = [f"{text}{person.id}" for text in "ab" for person in people]
    assert hook.texts != in_order
    assert sorted(hook.texts) == sorted(in_order)
    for person in people:
        own = [text for text in hook.texts if text.endswith(str(person.id))]
        assert own == [f"a{person.id}", f"b{person.id}"]


async def test_idle_waits_for_the_answer(
    hook: Receiver, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    gate = Gate("a")
    hook.answer = gate.answer
    sandbox.town.type(olena.id, "a")
    await until(lambda: hook.heard)
    with pytest.raises(TimeoutError):
        await sandbox.idle(timeout=SHORT)
    gate.open.set()
    await sandbox.idle()
    assert hook.done == hook.heard


async def test_an_update_of_any_kind_is_delivered(hook: Receiver, sandbox: Sandbox) -> None:
    strange: list[Update] = [{"brand_new": {"a": 1}}, {"message": {}}, {"message": None}, {}]
    strange += [{"chat_member": {"old_chat_member": 5}}, {"message": {"chat": {"id": "x"}}}]
    strange += [{"message": {"text": "\ud800", "chat": {"id": 10**30}}}]
    for update in strange:
        sandbox.town.inject(update)
    await sandbox.idle()
    heard = [{k: v for k, v in one.items() if k != "update_id"} for one in hook.heard]
    assert sorted(heard, key=str) == sorted(strange, key=str)


async def test_a_backlog_is_delivered_in_order(call: Any, sandbox: Sandbox, olena: Person) -> None:
    people = [olena, *(sandbox.town.add_person(f"P{number}", "en") for number in range(9))]
    for number in range(3_000):
        sandbox.town.type(people[number % 10].id, str(number))
    async with receiving() as receiver:
        await call.result("setWebhook", url=receiver.url)
        await sandbox.idle(timeout=30)
    for first in range(10):
        own = [int(text) for text in receiver.texts if int(text) % 10 == first]
        assert own == list(range(first, 3_000, 10))


async def test_what_was_on_its_way_when_the_town_closed_comes_again(
    sandbox: Sandbox, until: Any
) -> None:
    person = sandbox.town.add_person("Олена", "uk")
    async with receiving() as receiver:
        gate = Gate("a")
        receiver.answer = gate.answer
        async with sandbox.serve():
            sandbox.webhook.put_up(Hook(receiver.url))
            sandbox.town.type(person.id, "a")
            await until(lambda: receiver.heard)
        sandbox.town.type(person.id, "b")
        gate.open.set()
        async with sandbox.serve():
            await sandbox.idle()
    assert receiver.texts == ["a", "a", "b"]
