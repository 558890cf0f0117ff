"""What people say in the town: words, files, places, contacts; edited, forwarded, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox import media, voices
from bot.sandbox.errors import Refusal
from bot.sandbox.files import KINDS, StoredFile, check_photo
from bot.sandbox.messages import Message, Wire, as_reply, content_of, thread_of
from bot.sandbox.people import Chat, Person
from bot.sandbox.texts import LONGEST_CAPTION, LONGEST_TEXT, with_found
from bot.sandbox.topics import Topics
from bot.sandbox.values import Upload


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a person sends it."""

    kind: str
    upload: Upload
    caption: str = ""


class Speech(Topics):
    """`where` may say chat_id, thread (a topic) and reply_to (a message)."""

    def type(
        self,
        person_id: int,
        text: str,
        *,
        chat_id: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Message:
        if not text.strip():
            raise ValueError("Nothing was typed")
        content = worded(text, "text", LONGEST_TEXT)
        return self.say(person_id, content, chat_id=chat_id, thread=thread, reply_to=reply_to)

    def say(
        self,
        person_id: int,
        content: Wire,
        *,
        chat_id: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Message:
        """Any content of a message, from a person."""
        person, chat = self._present(person_id, chat_id)
        place = self._place(chat, person_id, thread, reply_to)
        if chat.private and not person.started:
            person.started = True
            self.emit("person", {"person": person.view()})
        message = self.post(chat, person.wire(), {**place, **content})
        self.tell("message", message.wire)
        return message

    def say_as(self, voice: Wire, content: Wire, *, chat_id: int) -> Message:
        """From one who is no person; see voices.py."""
        message = self.post(self.chat(chat_id), voice["from"], {**voice, **content})
        self.tell("message", message.wire)
        return message

    def _place(self, chat: Chat, person_id: int, thread: int | None, reply_to: int | None) -> Wire:
        """What a message carries of the topic it stands in and of what it answers."""
        first = None if reply_to is None else self._seen(chat, reply_to)
        answer = {} if first is None else {"reply_to_message": as_reply(first)}
        if thread is None and first is not None:
            thread = thread_of(first)
        if thread is None:
            return answer
        if thread not in chat.topics:
            raise ValueError(f"There is no topic {thread} in this chat")
        topic = chat.topics[thread]
        if topic.closed and person_id not in {topic.creator, *chat.administrators}:
            raise ValueError(f"The topic “{topic.name}” is closed")
        return {**self.in_topic(chat, topic), **answer}

    # -- not words --------------------------------------------------------------------

    def share_contact(
        self, person_id: int, *, of: int | None = None, **where: int | None
    ) -> Message:
        whose = self.person(of if of is not None else person_id)
        contact = {"phone_number": whose.phone, "first_name": whose.first_name}
        if whose.last_name:
            contact["last_name"] = whose.last_name
        return self.say(person_id, {"contact": {**contact, "user_id": whose.id}}, **where)

    def send_location(
        self, person_id: int, at: tuple[float, float], **where: int | None
    ) -> Message:
        return self.say(person_id, {"location": point(*at)}, **where)

    def send_venue(
        self, person_id: int, at: tuple[float, float], named: tuple[str, str], **where: int | None
    ) -> Message:
        """A place with a title and an address."""
        place, (title, address) = point(*at), named
        venue = {"location": place, "title": title, "address": address}
        return self.say(person_id, {"location": place, "venue": venue}, **where)

    def send_file(self, person_id: int, sent: Sent, **where: int | None) -> Message:
        file = self._taken(sent)
        content = {**media.shown(file), **worded(sent.caption, "caption", LONGEST_CAPTION)}
        message = self.say(person_id, content, **where)
        self.files.keep(file)
        return message

    def send_album(
        self, person_id: int, files: Sequence[Sent], **where: int | None
    ) -> list[Message]:
        if not 2 <= len(files) <= 10:
            raise ValueError("An album has 2 to 10 files")
        album = {"media_group_id": self.next_album()}
        return [self._send_one(person_id, one, album, where) for one in files]

    def _send_one(
        self, person_id: int, sent: Sent, album: Wire, where: dict[str, int | None]
    ) -> Message:
        file = self.files.keep(self._taken(sent))
        words = worded(sent.caption, "caption", LONGEST_CAPTION)
        return self.say(person_id, {**album, **media.shown(file), **words}, **where)

    def _taken(self, sent: Sent) -> StoredFile:
        """A file a person's Telegram would send."""
        if sent.kind not in KINDS:
            raise ValueError(f"People send no “{sent.kind}”, only {', '.join(KINDS)}")
        if not sent.upload.content:
            raise ValueError("The file is empty")
        if sent.kind == "photo":
            try:
                check_photo(sent.upload.content)
            except Refusal as refusal:
                raise ValueError(f"Not a picture: {refusal.description}") from None
        return self.files.made(sent.upload, sent.kind)

    # -- what was said before ---------------------------------------------------------

    def forward(
        self, person_id: int, message: Message, *, hidden: bool = False, **where: int | None
    ) -> Message:
        """A message this person saw anywhere, passed on; its writer may hide the account."""
        origin = voices.origin(message.sender, message.date, hidden=hidden)
        return self.say(person_id, {"forward_origin": origin, **content_of(message)}, **where)

    def edit(
        self, person_id: int, message_id: int, text: str, *, chat_id: int | None = None
    ) -> Message:
        """One's own words, or those under one's own file."""
        _person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        key = "text" if message.text is not None else "caption"
        captioned = any(kind in message.wire for kind in media.CAPTIONED)
        if message.sender["id"] != person_id or (key == "caption" and not captioned):
            raise ValueError("Only one's own text can be edited")
        if key == "text" and not text.strip():
            raise ValueError("Nothing was typed")
        longest = LONGEST_TEXT if key == "text" else LONGEST_CAPTION
        old = {key, entities_of(key)}
        wire = {name: value for name, value in message.wire.items() if name not in old}
        self.change(message, {**wire, **worded(text, key, longest)}, message.markup)
        self.tell("edited_message", message.wire)
        return message

    def delete(self, person_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """The bot is not told, as with Telegram."""
        _person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        own = message.sender["id"] == person_id
        if not own and not chat.private and person_id not in chat.administrators:
            raise ValueError("Only one's own message can be deleted in a group")
        self.remove(chat, [message])

    def pin_message(
        self, person_id: int, message_id: int, *, chat_id: int | None = None, pinned: bool = True
    ) -> None:
        person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        if pinned:
            self.pin(chat, message, person.wire())
        elif message_id in chat.pinned:
            self.unpin(chat, message_id)

    def _present(self, person_id: int, chat_id: int | None) -> tuple[Person, Chat]:
        person, chat = self.person(person_id), self.chat(person_id if chat_id is None else chat_id)
        if person_id not in chat.members:
            raise ValueError(f"{person.first_name} is not in this chat")
        if chat.private and person.blocked:
            raise ValueError(f"{person.first_name} blocked the bot; unblock it first")
        if chat.migrated_to is not None:
            raise ValueError(f"This group became the supergroup {chat.migrated_to}")
        return person, chat

    def _seen(self, chat: Chat, message_id: int) -> Message:
        message = self.message(chat.id, message_id)
        if message is None:
            raise ValueError(f"There is no message {message_id} in this chat")
        return message


def entities_of(key: str) -> str:
    return "entities" if key == "text" else "caption_entities"


def worded(text: str, key: str, longest: int) -> Wire:
    """Typed words with what Telegram finds in them; nothing for no words."""
    text = text.strip()
    if len(text) > longest:
        raise ValueError("Longer than one message can be")
    content: Wire = {key: text} if text else {}
    if entities := with_found(text, []):
        content[entities_of(key)] = entities
    return content


def point(latitude: float, longitude: float) -> dict[str, Any]:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("There is no such place on earth")
    return {"latitude": latitude, "longitude": longitude}
