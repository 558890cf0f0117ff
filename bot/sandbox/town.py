"""What people do in the town; each act reaches the bot as an update."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.bots import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Files
from bot.sandbox.members import member_wire
from bot.sandbox.messages import Message, Wire, as_reply
from bot.sandbox.people import Chat, Person
from bot.sandbox.records import Query
from bot.sandbox.texts import LONGEST_TEXT, with_found
from bot.sandbox.world import World

FIRST_PERSON = 5_000_000_001  # more than 32 bits, as real ones
FIRST_GROUP = -1_001_000_000_001
FIRST_QUERY = 4_000_000_000_000_000_001


class Town(World):
    """Acts that cannot be done raise ValueError with a sentence for a person."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        super().__init__(bot, clock)
        self.faults = Faults()
        self.files = Files()

    # -- arriving ---------------------------------------------------------------------

    def add_person(
        self,
        first_name: str,
        language: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        phone: str | None = None,
        id: int | None = None,  # noqa: A002 - the word of the Bot API
    ) -> Person:
        number = id if id is not None else max([FIRST_PERSON - 1, *self.people]) + 1
        if number in self.people or number <= 0:
            raise ValueError(f"The id {number} is taken or not positive")
        phone = phone or f"35988{number % 10_000_000:07d}"  # nobody has an account without one
        person = Person(number, first_name, language, last_name, username, phone)
        self.people[number] = person
        self.emit("person", {"person": person.view()})
        self.add_chat(Chat(number, "private", person=person, status={number: "member"}))
        return person

    def add_group(
        self,
        title: str,
        members: Iterable[int],
        *,
        id: int | None = None,  # noqa: A002 - the word of the Bot API
        forum: bool = False,
        administrators: Iterable[int] = (),
        owner: int | None = None,
    ) -> Chat:
        """A supergroup of these persons, to which the bot was added as administrator."""
        number = id if id is not None else min([FIRST_GROUP + 1, *self.chats]) - 1
        if number in self.chats or number >= 0:
            raise ValueError(f"The id {number} is taken or not negative")
        status = {self.person(one).id: "member" for one in members}
        status |= {self.person(one).id: "administrator" for one in administrators}
        if status or owner is not None:
            status[self.person(owner if owner is not None else next(iter(status))).id] = "creator"
        chat = Chat(number, "supergroup", title, forum=forum, status=status, bot_status="left")
        self.add_chat(chat)
        self.set_bot_status(chat.id, "administrator")
        return chat

    def set_bot_status(self, chat_id: int, status: str) -> None:
        """Adds the bot (member, administrator) or throws it out (kicked, left)."""
        chat = self.chat(chat_id)
        old, chat.bot_status = chat.bot_status, status
        sender = next(iter(chat.status), None)
        by = self.people[sender].wire() if sender is not None else self.bot.wire()
        self._place_changed("my_chat_member", chat, by, self.bot.wire(), (old, status))
        self.emit("chat", {"chat": chat.view()})

    def mute_bot(self, chat_id: int, *, muted: bool = True) -> None:
        self.chat(chat_id).bot_may_write = not muted

    def _place_changed(
        self, kind: str, chat: Chat, by: Wire, whose: Wire, places: tuple[str, str]
    ) -> None:
        self.bot.mailbox.put(
            kind,
            {
                "chat": chat.wire(),
                "from": by,
                "date": int(self.clock.stamp()),
                "old_chat_member": member_wire(whose, places[0]),
                "new_chat_member": member_wire(whose, places[1]),
            },
        )

    # -- talking ----------------------------------------------------------------------

    def type(
        self, person_id: int, text: str, *, chat_id: int | None = None, reply_to: int | None = None
    ) -> Message:
        text = text.strip()
        if not text:
            raise ValueError("Nothing was typed")
        if len(text) > LONGEST_TEXT:
            raise ValueError("Longer than one message can be")
        content: Wire = {"text": text}
        if entities := with_found(text, []):
            content["entities"] = entities
        return self.say(person_id, content, chat_id=chat_id, reply_to=reply_to)

    def say(
        self, person_id: int, content: Wire, *, chat_id: int | None = None,
        reply_to: int | None = None,
    ) -> Message:  # fmt: skip
        """Any content of a message, from a person."""
        person, chat = self._present(person_id, chat_id)
        if reply_to is not None:
            content = {"reply_to_message": as_reply(self._seen(chat, reply_to)), **content}
        if chat.private and not person.started:
            person.started = True
            self.emit("person", {"person": person.view()})
        message = self.post(chat, person.wire(), content)
        self.bot.mailbox.put("message", message.wire)
        return message

    def share_contact(self, person_id: int, *, of: int | None = None) -> Message:
        whose = self.person(of if of is not None else person_id)
        contact = {"phone_number": whose.phone, "first_name": whose.first_name}
        if whose.last_name:
            contact["last_name"] = whose.last_name
        return self.say(person_id, {"contact": {**contact, "user_id": whose.id}})

    def edit(
        self, person_id: int, message_id: int, text: str, *, chat_id: int | None = None
    ) -> Message:
        _person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        if message.sender["id"] != person_id or message.text is None:
            raise ValueError("Only one's own text can be edited")
        wire = {key: value for key, value in message.wire.items() if key != "entities"}
        wire["text"] = text.strip()
        if entities := with_found(wire["text"], []):
            wire["entities"] = entities
        self.change(message, wire, message.markup)
        self.bot.mailbox.put("edited_message", message.wire)
        return message

    def delete(self, person_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """The bot is not told, as with Telegram."""
        _person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        if not chat.private and message.sender["id"] != person_id:
            raise ValueError("Only one's own message can be deleted in a group")
        self.remove(chat, [message])

    def _present(self, person_id: int, chat_id: int | None) -> tuple[Person, Chat]:
        person, chat = self.person(person_id), self.chat(person_id if chat_id is None else chat_id)
        if person_id not in chat.members:
            raise ValueError(f"{person.first_name} is not in this chat")
        if chat.private and person.blocked:
            raise ValueError(f"{person.first_name} blocked the bot; unblock it first")
        return person, chat

    def _seen(self, chat: Chat, message_id: int) -> Message:
        message = self.message(chat.id, message_id)
        if message is None:
            raise ValueError(f"There is no message {message_id} in this chat")
        return message

    # -- pressing ---------------------------------------------------------------------

    def press(
        self, person_id: int, message_id: int, *, chat_id: int | None = None,
        label: str | None = None, data: str | None = None,
    ) -> str:  # fmt: skip
        """The id of the callback query; the button is named by its label or its data."""
        _person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        for button in message.buttons():
            if button.get("callback_data", "") == data or button["text"] == label:
                if "callback_data" not in button:
                    raise ValueError(f"“{button['text']}” sends nothing to the bot")
                return self.press_forged(
                    person_id, message_id, button["callback_data"], chat_id=chat_id
                )
        there = ", ".join(f"“{name}”" for name in message.labels()) or "none"
        raise ValueError(f"There is no button “{label or data}”. There are: {there}")

    def press_forged(
        self, person_id: int, message_id: int, data: str, *, chat_id: int | None = None
    ) -> str:
        person, chat = self._present(person_id, chat_id)
        message = self._seen(chat, message_id)
        query = Query(str(FIRST_QUERY + len(self.queries)), person_id, message, data)
        self.queries[query.id] = query
        sent = {
            "id": query.id,
            "from": person.wire(),
            "message": message.wire,
            "chat_instance": str(7_000_000_000_000_000_000 + chat.id),
            "data": data,
        }
        self.bot.mailbox.put("callback_query", sent)
        return query.id

    # -- coming and going -------------------------------------------------------------

    def block(self, person_id: int) -> None:
        self._block(person_id, blocked=True)

    def unblock(self, person_id: int) -> None:
        self._block(person_id, blocked=False)

    def _block(self, person_id: int, *, blocked: bool) -> None:
        person = self.person(person_id)
        if person.blocked == blocked:
            return
        person.blocked = blocked
        places = ("member", "kicked") if blocked else ("kicked", "member")
        chat = self.chat(person_id)
        self._place_changed("my_chat_member", chat, person.wire(), self.bot.wire(), places)
        self.emit("person", {"person": person.view()})

    def join(self, chat_id: int, person_id: int) -> None:
        self._come_or_go(chat_id, person_id, "member")

    def leave(self, chat_id: int, person_id: int) -> None:
        self._come_or_go(chat_id, person_id, "left")

    def _come_or_go(self, chat_id: int, person_id: int, place: str) -> None:
        person, chat = self.person(person_id), self.chat(chat_id)
        old = chat.status.get(person_id, "left")
        if chat.private or (old == "left") == (place == "left"):
            raise ValueError(f"{person.first_name} is already {'out' if old == 'left' else 'in'}")
        chat.status[person_id] = place
        who = person.wire()
        told = {"left_chat_member": who} if place == "left" else {"new_chat_members": [who]}
        message = self.post(chat, who, told)
        self.bot.mailbox.put("message", message.wire)
        self._place_changed("chat_member", chat, who, who, (old, place))
        self.emit("chat", {"chat": chat.view()})

    # -- trouble ----------------------------------------------------------------------

    def inject(self, update: dict[str, Any]) -> int:
        """Any update, with an id of the town's; unknown kinds are not filtered."""
        return self.bot.mailbox.put_raw(update)

    def redeliver(self, update_id: int) -> None:
        self.bot.mailbox.again(update_id)

    def age(self, seconds: float) -> None:
        """Updates that wait and presses not yet answered become older, as after an outage."""
        self.bot.mailbox.age(seconds)
        for query in self.queries.values():
            query.born -= seconds

    def expect_fault(self, fault: Fault) -> None:
        self.faults.expect(fault)
