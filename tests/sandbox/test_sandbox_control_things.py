"""What people do besides typing, over HTTP: files, places, contacts, topics, pins, upgrades."""

import base64
from typing import Any

import pytest

from bot.sandbox import Chat, Person, Sandbox
from bot.sandbox.transcript import Scribe
from tests.sandbox import samples


def sent(person: int, kind: str, content: bytes, **more: Any) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    return {"person": person, "kind": kind, "content": encoded, **more}


async def test_files_go_up_and_come_down_again(call: Any, olena: Person) -> None:
    told = []
    for kind, content, mime in (
        ("photo", samples.png(), "image/png"),
        ("voice", samples.ogg(), "audio/ogg"),
        ("document", b"<script>", "text/html"),
    ):
        body = sent(olena.id, kind, content, name="я.x", type=f"{mime}; a=b", caption="hi #a")
        message = await call.control("file", body)
        file = message[kind][-1] if kind == "photo" else message[kind]
        url = f"{call.address}/control/file/{file['file_id']}"
        async with call.session.get(url) as response:
            saved = "attachment" in response.headers.get("Content-Disposition", "")
            told.append((message["caption"], response.content_type, saved))
            assert await response.read() == content
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert told == [
        ("hi #a", "image/png", False),
        ("hi #a", "audio/ogg", False),
        ("hi #a", "text/html", True),
    ]
    assert await call.see("file/nothing") == {"error": "There is no such file"}


async def test_albums_places_and_contacts(call: Any, olena: Person, staff: Chat) -> None:
    files = [sent(0, "photo", samples.png(), caption=one) for one in ("", "b")]
    album = await call.control("album", {"person": olena.id, "files": files})
    place = {"person": olena.id, "latitude": 42.7, "longitude": 23}
    point = await call.control("location", place)
    venue = await call.control("location", {**place, "title": "Бюро", "address": "София"})
    contact = await call.control("contact", {"person": olena.id, "of": staff.members[0]})
    assert [one.get("caption") for one in album["messages"]] == [None, "b"]
    assert len({one["media_group_id"] for one in album["messages"]}) == 1
    assert (point["location"], venue["venue"]["title"]) == (
        {"latitude": 42.7, "longitude": 23},
        "Бюро",
    )
    assert contact["contact"]["user_id"] == staff.members[0]


async def test_a_forum_is_led_over_http(call: Any, sandbox: Sandbox, staff: Chat) -> None:
    maria = staff.members[0]
    group = {"title": "Форум", "members": [maria], "forum": True}
    chat = (await call.control("group", group))["id"]
    asked = {"person": maria, "chat": chat}
    topic = await call.control("topic", {**asked, "name": "Визи", "icon_color": 0xFFD67E})
    thread = {"thread": topic["message_thread_id"]}
    typed = await call.control("type", {**asked, **thread, "text": "a"})
    await call.control("file", {**sent(maria, "photo", samples.png()), **asked, **thread})
    pinned = await call.control("pin", {**asked, "message": typed["message_id"]})
    closed = await call.control("topic", {**asked, **thread, "name": "Б", "closed": True})
    assert typed["message_thread_id"] == topic["message_thread_id"]
    assert pinned["pinned"] == [typed["message_id"]]
    assert closed["topics"] == [{**topic, "name": "Б", "closed": True}]
    gone = await call.control("topic", {**asked, **thread, "deleted": True})
    assert (gone["topics"], gone["pinned"], gone["administrators"]) == ([], [], [maria])
    assert sandbox.town.messages(chat) == []


async def test_places_and_upgrades_over_http(call: Any, staff: Chat) -> None:
    maria = staff.members[0]
    small = await call.control("group", {"title": "М", "members": [maria], "basic": True})
    new = await call.control("upgrade", {"chat": small["id"]})
    rights = {"can_pin_messages": False}
    asked = {"chat": new["id"], "status": "administrator"}
    await call.control("bot", {**asked, "rights": rights})
    placed = await call.control("status", {**asked, "person": maria, "status": "member"})
    state = await call.see("state")
    old = next(one for one in state["chats"] if one["id"] == small["id"])
    assert (old["migrated_to"], new["type"], new["members"]) == (new["id"], "supergroup", [maria])
    assert (placed["bot_status"], placed["administrators"]) == ("administrator", [])


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("file", sent(1, "photo", b"a"), "Not a picture: Bad Request: IMAGE_PROCESS_FAILED"),
        ("file", sent(1, "poll", b"a"), "People send no “poll”"),
        ("file", {**sent(1, "photo", b"a"), "content": "é"}, "string argument should contain"),
        ("file", {**sent(1, "voice", b"a"), "content": ""}, "“content” must be some text"),
        ("file", sent(1, "voice", b"a", caption="a" * 1025), "Longer than one message"),
        ("album", {"person": 1, "files": "a"}, "“files” must be a list of objects"),
        ("album", {"person": 1, "files": []}, "An album has 2 to 10 files"),
        ("location", {"person": 1, "latitude": 91, "longitude": 0}, "There is no such place"),
        ("location", {"person": 1, "latitude": "a"}, "“latitude” must be a number"),
        ("upgrade", {"chat": 1}, "Only a basic group becomes a supergroup"),
        ("topic", {"person": 1, "chat": 1, "name": "a"}, "This chat has no topics"),
    ],
)
async def test_what_cannot_be_sent_is_a_sentence(
    call: Any, sandbox: Sandbox, path: str, body: dict[str, Any], sentence: str
) -> None:
    sandbox.town.add_person("A", "en", id=1)
    assert (await call.control(path, body))["error"].startswith(sentence)


async def test_captions_are_edited_by_whoever_wrote_them(call: Any, olena: Person) -> None:
    message = await call.control("file", sent(olena.id, "photo", samples.png(), caption="a"))
    edit = {"person": olena.id, "message": message["message_id"], "text": "b #c"}
    place = await call.control("location", {"person": olena.id, "latitude": 1, "longitude": 1})
    edited = await call.control("edit", edit)
    assert (edited["caption"], len(edited["caption_entities"])) == ("b #c", 1)
    assert (await call.control("edit", {**edit, "message": place["message_id"]})) == {
        "error": "Only one's own text can be edited"
    }


async def test_a_transcript_tells_what_is_not_words_in_short(
    call: Any, sandbox: Sandbox, staff: Chat
) -> None:
    maria, scribe = staff.members[0], Scribe(sandbox.town)
    await call.control("file", sent(maria, "document", b"a", name="a.pdf", caption="b"))
    forum = sandbox.town.add_group("Форум", [maria], forum=True)
    topic = await call.result("createForumTopic", chat_id=forum.id, name="Визи")
    thread = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}
    sandbox.town.forward(maria, sandbox.town.messages(maria)[-1], chat_id=forum.id)
    own = sandbox.town.messages(maria)[-1].wire["document"]["file_id"]
    file = await call.result("sendDocument", **thread, document=own)
    place = {"latitude": 1, "longitude": 1}
    await call.result("sendVenue", chat_id=maria, **place, title="Бюро", address="София")
    await call.result("pinChatMessage", chat_id=forum.id, message_id=file["message_id"])
    await call.result("closeForumTopic", **thread)
    told = [line.strip() for line in scribe.write([maria]).splitlines() if "(" in line]
    assert told == [
        "Мария (bg): (sends a file)",
        "bot> (place)",
        "Staff> (topic “Визи” opened)",
        "Staff> (file a.pdf)",
        "Staff> (pinned “(file a.pdf)”)",
        "Staff> (topic closed)",
    ]
