"""What the page and other processes may do with the town, over HTTP."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Message, Person, Sandbox
from bot.sandbox.server import serve_until_stopped

TOMORROW = datetime(2030, 5, 6, 10, tzinfo=UTC)


async def test_a_whole_day_through_the_control_interface(call: Any) -> None:
    ali = await call.control("person", {"first_name": "علي", "language_code": "ar"})
    group = await call.control("group", {"title": "Екип", "members": [ali["id"]]})
    typed = await call.control("type", {"person": ali["id"], "text": "/start"})
    row = [{"text": "نعم", "callback_data": "y"}]
    asked = await call.result(
        "sendMessage", chat_id=ali["id"], text="?", reply_markup={"inline_keyboard": [row]}
    )
    press = {"person": ali["id"], "message": asked["message_id"], "label": "نعم"}
    query = (await call.control("press", press))["query"]
    contact = await call.control("contact", {"person": ali["id"]})
    await call.control("edit", {"person": ali["id"], "message": typed["message_id"], "text": "x"})
    await call.control("delete", {"person": ali["id"], "message": typed["message_id"]})
    await call.control("leave", {"person": ali["id"], "chat": group["id"]})
    await call.control("join", {"person": ali["id"], "chat": group["id"]})
    await call.control("block", {"person": ali["id"], "blocked": True})
    updates = await call.result("getUpdates")
    assert [next(key for key in one if key != "update_id") for one in updates] == [
        "my_chat_member", "message", "callback_query", "message", "edited_message",
        "message", "message", "my_chat_member",
    ]  # fmt: skip
    assert (updates[2]["callback_query"]["id"], updates[2]["callback_query"]["data"]) == (
        query,
        "y",
    )
    assert contact["contact"]["user_id"] == ali["id"]


@pytest.mark.usefixtures("question")
async def test_the_state_tells_everything(call: Any, olena: Person) -> None:
    await call.result("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
    state = await call.see("state")
    assert [one["text"] for one in state["messages"][str(olena.id)]] == ["/start", "Coming?"]
    assert state["people"] == [
        {
            "id": olena.id,
            "is_bot": False,
            "first_name": "Олена",
            "last_name": None,
            "username": "olena_k",
            "language_code": "uk",
            "phone": "380501234567",
            "blocked": False,
            "started": True,
        }
    ]
    assert [(one["id"], one["type"], one["members"]) for one in state["chats"]] == [
        (olena.id, "private", [olena.id])
    ]
    assert state["commands"][0]["scope"] == {"type": "default"}
    assert (state["bot"]["username"], "sendMessage" in state["methods"]) == (
        "sofia_bureau_bot",
        True,
    )
    assert [(one["method"], one["ok"]) for one in state["calls"]] == [("setMyCommands", True)]


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("person", {"first_name": "A"}, "“language_code” must be some text"),
        ("type", {"person": 1, "text": "a"}, "There is no person 1"),
        ("type", {"person": "1", "text": "a"}, "“person” must be a number"),
        ("group", {"title": "a", "members": "all"}, "“members” must be a list of numbers"),
        ("fault", {"method": "getMe", "kind": "418"}, "No such kind of fault: 418"),
        ("fault", {"method": "getMe", "kind": "500", "size": 1}, "A fault has no “size”"),
        ("redeliver", {"update_id": 1}, "There was no update 1"),
        ("clock", {"to": "2030-01-01"}, "Say the time with its zone"),
        ("clock", {"by": -5}, "The clock only moves forward"),
        ("clock", {"to": "tomorrow"}, "Invalid isoformat string"),
    ],
)
async def test_what_cannot_be_done_is_a_sentence(
    call: Any, path: str, body: dict[str, Any], sentence: str
) -> None:
    answer = await call.control(path, body)
    assert answer["error"].startswith(sentence)


async def test_other_web_pages_may_not_control_the_town(call: Any, sandbox: Sandbox) -> None:
    url, person = f"{call.address}/control/person", {"first_name": "A", "language_code": "en"}
    statuses = []
    for origin in ("https://x.bg", call.address):
        async with call.session.post(url, json=person, headers={"Origin": origin}) as response:
            statuses.append(response.status)
    assert (statuses, len(sandbox.town.people)) == ([403, 200], 1)


async def test_a_button_that_is_not_there_names_those_that_are(
    call: Any, question: Message
) -> None:
    press = {"person": question.chat_id, "message": question.message_id, "label": "Maybe"}
    assert await call.control("press", press) == {
        "error": "There is no button “Maybe”. There are: “Yes”, “No”"
    }


async def test_the_clock_waits_for_those_who_move_it(call: Any, sandbox: Sandbox) -> None:
    visited: list[datetime] = []

    async def mover(to: datetime) -> None:
        halfway = sandbox.clock.now() + (to - sandbox.clock.now()) / 2
        sandbox.clock.set(halfway)
        visited.append(sandbox.clock.now())

    sandbox.clock.on_move(mover)
    await call.control("clock", {"frozen": True})
    moved = await call.control("clock", {"to": TOMORROW.isoformat()})
    assert (moved, len(visited)) == ({"now": TOMORROW.isoformat(), "frozen": True}, 1)
    assert (await call.see("clock"))["now"] == TOMORROW.isoformat()


async def test_the_clock_runs_on_from_where_it_was_put(sandbox: Sandbox) -> None:
    sandbox.clock.set(TOMORROW)
    await asyncio.sleep(0.05)
    gone = sandbox.clock.now() - TOMORROW
    assert timedelta(0) < gone < timedelta(seconds=5)


async def test_messages_bear_the_towns_time(sandbox: Sandbox, olena: Person) -> None:
    sandbox.clock.freeze()
    sandbox.clock.set(TOMORROW)
    assert sandbox.town.type(olena.id, "a").date == TOMORROW.timestamp()


async def next_event(stream: Any) -> tuple[str, Any]:
    name = (await stream.readline()).decode().removeprefix("event: ").strip()
    data = json.loads((await stream.readline()).decode().removeprefix("data: "))
    await stream.readline()
    return name, data


async def test_whatever_happens_is_told_live(
    call: Any, sandbox: Sandbox, olena: Person, question: Message
) -> None:
    async with call.session.get(f"{call.address}/control/events") as response:
        told = [await next_event(response.content)]
        sandbox.town.type(olena.id, "hi")
        where = {"chat_id": olena.id, "message_id": question.message_id}
        await call.result("sendChatAction", chat_id=olena.id, action="typing")
        await call.result("editMessageText", **where, text="b")
        await call.result("deleteMessage", **where)
        told += [await next_event(response.content) for _ in range(7)]
    names = ["hello", "message", "action", "call", "edited", "call", "deleted", "call"]
    assert [name for name, _ in told] == names
    assert told[1][1]["message"]["text"] == "hi"
    assert told[6][1] == {"chat_id": olena.id, "message_ids": [question.message_id]}
    assert (told[7][1]["method"], told[7][1]["ok"]) == ("deleteMessage", True)


async def test_two_hundred_pages_hear_the_same(call: Any, sandbox: Sandbox, olena: Person) -> None:
    url = f"{call.address}/control/events"
    everybody = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=everybody) as session, AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(session.get(url)) for _ in range(200)]
        sandbox.town.type(olena.id, "hi")
        for page in pages:
            told = [await next_event(page.content) for _ in range(2)]
            assert [name for name, _ in told] == ["hello", "message"]


async def test_reply_keyboards_are_told_to_the_page_only(call: Any, olena: Person) -> None:
    markup = {"keyboard": [[{"text": "Share", "request_contact": True}]]}
    sent = await call.result("sendMessage", chat_id=olena.id, text="a", reply_markup=markup)
    state = await call.see("state")
    shown = state["messages"][str(olena.id)][-1]
    assert ("reply_markup" in sent, shown["reply_markup"]) == (False, markup)


async def test_nobody_writes_transcripts_unless_told_to(call: Any, sandbox: Sandbox) -> None:
    url = f"{call.address}/control/transcript?people=1,2"
    async with call.session.get(url) as response:
        assert response.status == 404
    sandbox.transcript_writer = lambda people: f"{len(people)} people"
    async with call.session.get(url) as response:
        assert (await response.text(), response.content_type) == ("2 people", "text/plain")


async def test_the_ledger_can_be_read_from_where_one_stopped(call: Any) -> None:
    await call.result("getMe")
    await call.result("setMyName", name="Б")
    calls = (await call.see("ledger?after=1"))["calls"]
    assert [(one["number"], one["method"], one["result"]) for one in calls] == [
        (2, "setMyName", True)
    ]


async def test_faults_can_be_ordered_and_taken_back(call: Any) -> None:
    await call.control("fault", {"method": "getMe", "kind": "500", "times": 9})
    assert await call.refusal("getMe") == "500 Internal Server Error"
    async with call.session.delete(f"{call.address}/control/fault"):
        pass
    assert (await call("getMe"))["ok"] is True


async def test_it_says_where_it_stands() -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    serving = asyncio.create_task(serve_until_stopped(0, said.put_nowait))
    assert (await said.get()).startswith("A local Telegram stands at http://127.0.0.1:")
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
