"""The state of the town: who is there, what was said, and who listens."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from bot.sandbox.bots import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.errors import Refusal, bad, forbidden
from bot.sandbox.files import Files
from bot.sandbox.messages import Message, Wire, as_reply, thread_of, with_keyboard
from bot.sandbox.people import Chat, Person, Topic
from bot.sandbox.records import Call, Popup, Query, RefusedCall

Listener = Callable[[str, Any], None]

CALLS_SHOWN = 200


class World:
    def __init__(self, bot: Bot, clock: Clock) -> None:
        self.bot = bot
        self.clock = clock
        self.files = Files()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.rooms: dict[int, dict[int, Message]] = {}
        self.queries: dict[str, Query] = {}
        self.popups: list[Popup] = []
        self.ledger: list[Call] = []
        self.refusals: list[RefusedCall] = []
        self.recent: deque[Wire] = deque(maxlen=CALLS_SHOWN)
        self.listeners: list[Listener] = []
        self.in_flight = 0
        self._numbers = itertools.count(1)
        self._albums = itertools.count(13_000_000_000_000_001)
        self._waiters: list[asyncio.Future[None]] = []
        bot.mailbox.on_change = self.ring
        bot.webhook.stamp = clock.stamp
        clock.changed = self._clock_changed

    # -- who listens ------------------------------------------------------------------

    def emit(self, name: str, data: Any) -> None:
        for listener in self.listeners:
            listener(name, data)

    def ring(self) -> None:
        """Wakes those who wait for the town to become quiet."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    @property
    def quiet(self) -> bool:
        """No update waits unconfirmed and no call is being answered."""
        return not self.bot.mailbox.queue and self.in_flight == 0

    async def idle(self) -> None:
        while not self.quiet:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def _clock_changed(self) -> None:
        clock = self.clock
        now = {"now": clock.now().isoformat(), "moving": clock.moving, "frozen": clock.frozen}
        self.emit("clock", now)

    def tell(self, kind: str, content: Wire) -> None:
        """The bot gets an update, if it asked for this kind."""
        self.bot.mailbox.put(kind, content)

    # -- who is there -----------------------------------------------------------------

    def person(self, person_id: int) -> Person:
        if person_id not in self.people:
            raise ValueError(f"There is no person {person_id}")
        return self.people[person_id]

    def chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise ValueError(f"There is no chat {chat_id}")
        return self.chats[chat_id]

    def add_chat(self, chat: Chat) -> Chat:
        # Ids begin at different numbers, so that a message is never found in the wrong chat.
        chat.next_message_id = 100 + abs(chat.id) * 37 % 900
        self.chats[chat.id] = chat
        self.rooms[chat.id] = {}
        self.emit("chat", {"chat": chat.view()})
        return chat

    def known_chat(self, chat_id: int | str) -> Chat:
        """A chat the bot may look at; raises Refusal."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or (chat.person is not None and not chat.person.started):
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise upgraded(chat.migrated_to)
        if not chat.private and chat.bot_status in {"left", "kicked"}:
            raise expelled(chat)
        return chat

    def open_chat(self, chat_id: int | str, what: Wire | None = None) -> Chat:
        """A chat the bot may write to, for example what is given; raises Refusal."""
        chat = self.known_chat(chat_id)
        if chat.person is not None and chat.person.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.bot_may_write:
            raise bad(f"not enough rights to send {named(what or {})} to the chat")
        return chat

    # -- what was said ----------------------------------------------------------------

    def messages(self, chat_id: int) -> list[Message]:
        """Live messages of a chat, in order."""
        return [one for one in self.rooms.get(chat_id, {}).values() if not one.deleted]

    def message(self, chat_id: int, message_id: int) -> Message | None:
        found = self.rooms[chat_id].get(message_id)
        return None if found is None or found.deleted else found

    def post(self, chat: Chat, sender: Wire, content: Wire, markup: Wire | None = None) -> Message:
        wire = {
            "message_id": chat.next_message_id,
            "from": sender,
            "chat": chat.wire(),
            "date": int(self.clock.stamp()),
            **content,
        }
        message = Message(with_keyboard(wire, markup) if markup else wire, markup)
        self.rooms[chat.id][chat.next_message_id] = message
        chat.next_message_id += 1
        if self.listeners:
            self.emit("message", {"chat_id": chat.id, "message": message.view()})
        return message

    def next_album(self) -> str:
        return str(next(self._albums))

    def change(self, message: Message, content: Wire, markup: Wire | None) -> None:
        message.becomes({**content, "edit_date": int(self.clock.stamp())}, markup)
        self.emit("edited", {"chat_id": message.chat_id, "message": message.view()})

    def remove(self, chat: Chat, messages: list[Message]) -> None:
        for message in messages:
            message.deleted = True
            if message.message_id in chat.pinned:
                chat.pinned.remove(message.message_id)
        ids = [message.message_id for message in messages]
        self.emit("deleted", {"chat_id": chat.id, "message_ids": ids})

    def pin(self, chat: Chat, message: Message, by: Wire) -> None:
        """Pinning says so in the chat; the bot hears it even of itself."""
        if message.message_id in chat.pinned:
            return
        chat.pinned.append(message.message_id)
        self.serve(chat, by, {"pinned_message": as_reply(message)}, thread_of(message))
        self.emit("chat", {"chat": chat.view()})

    def unpin(self, chat: Chat, message_id: int) -> None:
        chat.pinned.remove(message_id)
        self.emit("chat", {"chat": chat.view()})

    def serve(self, chat: Chat, by: Wire, told: Wire, thread: int | None = None) -> Message:
        """A message of service: what somebody did is shown in the chat and told to the bot."""
        place = self.in_topic(chat, chat.topics[thread]) if thread in chat.topics else {}
        message = self.post(chat, by, {**place, **told})
        self.tell("message", message.wire)
        return message

    def in_topic(self, chat: Chat, topic: Topic) -> Wire:
        """What a message in a topic carries: one that answers nothing answers its opening."""
        place: Wire = {"message_thread_id": topic.id, "is_topic_message": True}
        opening = self.message(chat.id, topic.id)
        return {**place, "reply_to_message": opening.wire} if opening else place

    @property
    def unanswered(self) -> list[Query]:
        """Presses the bot has not answered, late ones included."""
        return [query for query in self.queries.values() if not query.answered]

    # -- what was called --------------------------------------------------------------

    def accepted(self, method: str, params: Wire, result: Any) -> None:
        call = Call(next(self._numbers), self.clock.now(), method, params, result)
        self.ledger.append(call)
        self._show_call(call, {"ok": True})

    def refused(self, method: str, params: Wire, refusal: Refusal) -> None:
        code, text = refusal.code, refusal.description
        now = self.clock.now()
        call = RefusedCall(next(self._numbers), now, method, params, code, text)
        self.refusals.append(call)
        self._show_call(call, {"ok": False, "error_code": code, "description": text})

    def broken(self, method: str, params: Wire, kind: str, *, accepted: bool) -> None:
        """Notes a call whose answer was spoilt on purpose."""
        told = "accepted, but the client was not told" if accepted else "nothing was done"
        self.refused(method, params, Refusal(0, f"Fault {kind}: {told}"))

    def _show_call(self, call: Call | RefusedCall, outcome: Wire) -> None:
        shown = {
            "number": call.number,
            "at": call.at.isoformat(),
            "method": call.method,
            "chat_id": call.params.get("chat_id"),
            **outcome,
        }
        self.recent.append(shown)
        self.emit("call", shown)


# As Telegram names what one may not send; a venue also holds a location, so it comes first.
SENT = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice notes",
    "video": "videos",
    "video_note": "video notes",
    "audio": "music",
    "sticker": "stickers",
    "contact": "contacts",
    "venue": "venues",
    "location": "locations",
}


def named(content: Wire) -> str:
    return next((words for key, words in SENT.items() if key in content), "text messages")


def upgraded(new_id: int) -> Refusal:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, text, {"migrate_to_chat_id": new_id})


def expelled(chat: Chat) -> Refusal:
    if chat.bot_status == "kicked":
        return forbidden(f"bot was kicked from the {chat.type} chat")
    return forbidden(f"bot is not a member of the {chat.type} chat")
