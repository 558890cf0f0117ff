"""What people do in the town; each act reaches the bot as an update."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox import voices
from bot.sandbox.bots import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.members import RIGHTS, STATUSES, member_wire
from bot.sandbox.messages import Wire
from bot.sandbox.people import Chat, Person, Topic
from bot.sandbox.records import Query
from bot.sandbox.speech import Speech
from bot.sandbox.topics import COLORS

FIRST_PERSON = 5_000_000_001  # more than 32 bits, as real ones
FIRST_GROUP = -1_001_000_000_001
FIRST_BASIC_GROUP = -4_000_000_001
LOWEST_BASIC_GROUP = -(10**12)
FIRST_QUERY = 4_000_000_000_000_000_001


class Town(Speech):
    """Acts that cannot be done raise ValueError with a sentence for a person."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        super().__init__(bot, clock)
        self.faults = Faults()

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
        basic: bool = False,
        administrators: Iterable[int] = (),
        owner: int | None = None,
    ) -> Chat:
        """A group of these persons, to which the bot was added as administrator.

        A supergroup, unless basic: a small group that can become one (`upgrade_group`).
        """
        number = id if id is not None else self._next_group(basic=basic)
        if number in self.chats or number >= 0:
            raise ValueError(f"The id {number} is taken or not negative")
        if basic and (forum or number <= LOWEST_BASIC_GROUP):
            raise ValueError("A basic group has no topics and a short id")
        status = {self.person(one).id: "member" for one in members}
        status |= {self.person(one).id: "administrator" for one in administrators}
        if status or owner is not None:
            status[self.person(owner if owner is not None else next(iter(status))).id] = "creator"
        kind = "group" if basic else "supergroup"
        chat = Chat(number, kind, title, forum=forum, status=status, bot_status="left")
        self.add_chat(chat)
        self.set_bot_status(chat.id, "administrator")
        return chat

    def _next_group(self, *, basic: bool) -> int:
        taken = [one for one in self.chats if basic <= (LOWEST_BASIC_GROUP < one < 0)]
        return min([(FIRST_BASIC_GROUP if basic else FIRST_GROUP) + 1, *taken]) - 1

    def upgrade_group(self, chat_id: int) -> Chat:
        """A basic group becomes a supergroup with another id; the old chat is closed."""
        old = self.chat(chat_id)
        if old.type != "group" or old.migrated_to is not None:
            raise ValueError("Only a basic group becomes a supergroup, and only once")
        new = Chat(
            self._next_group(basic=False),
            "supergroup",
            old.title,
            status=dict(old.status),
            bot_status=old.bot_status,
            bot_rights=dict(old.bot_rights),
        )
        self.add_chat(new)
        self.serve(old, self._somebody(old), {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self.emit("chat", {"chat": old.view()})
        voice = voices.hidden_administrator(new)
        self.serve(new, voice["from"], {**voice, "migrate_from_chat_id": old.id})
        return new

    # -- places in a chat -------------------------------------------------------------

    def set_bot_status(
        self, chat_id: int, status: str, *, rights: dict[str, bool] | None = None
    ) -> None:
        """Adds the bot (member, administrator), mutes it (restricted) or throws it out.

        `rights` are those of an administrator that differ from what most are given.
        """
        chat = self.chat(chat_id)
        if status not in STATUSES - {"creator"} or (rights or {}).keys() - RIGHTS.keys():
            raise ValueError(f"A bot cannot be “{status}” with such rights")
        old = member_wire(self.bot.wire(), chat.bot_status, chat.bot_rights)
        chat.bot_status, chat.bot_rights = status, dict(rights or {})
        new = member_wire(self.bot.wire(), status, chat.bot_rights)
        self._place_changed("my_chat_member", chat, self._somebody(chat), (old, new))
        self.emit("chat", {"chat": chat.view()})

    def mute_bot(self, chat_id: int, *, muted: bool = True) -> None:
        self.set_bot_status(chat_id, "restricted" if muted else "member")

    def set_status(self, chat_id: int, person_id: int, status: str) -> None:
        """Makes a person of a group an administrator or a member again, or throws them out."""
        person, chat = self.person(person_id), self.chat(chat_id)
        if chat.private or status not in {"administrator", "member", "kicked"}:
            raise ValueError(f"{person.first_name} cannot be “{status}” here")
        old = member_wire(person.wire(), chat.status.get(person_id, "left"))
        chat.status[person_id] = status
        new = member_wire(person.wire(), status)
        self._place_changed("chat_member", chat, self._somebody(chat), (old, new))
        self.emit("chat", {"chat": chat.view()})

    def _somebody(self, chat: Chat) -> Wire:
        """Whoever manages the chat; where nobody is, the bot."""
        first = next(iter(chat.administrators or chat.status), None)
        return self.people[first].wire() if first is not None else self.bot.wire()

    def _place_changed(self, kind: str, chat: Chat, by: Wire, places: tuple[Wire, Wire]) -> None:
        told = {"chat": chat.wire(), "from": by, "date": int(self.clock.stamp())}
        self.tell(kind, {**told, "old_chat_member": places[0], "new_chat_member": places[1]})

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
        self.tell("callback_query", sent)
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
        member, kicked = (member_wire(self.bot.wire(), one) for one in ("member", "kicked"))
        places = (member, kicked) if blocked else (kicked, member)
        self._place_changed("my_chat_member", self.chat(person_id), person.wire(), places)
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
        self.serve(
            chat, who, {"left_chat_member": who} if place == "left" else {"new_chat_members": [who]}
        )
        places = (member_wire(who, old), member_wire(who, place))
        self._place_changed("chat_member", chat, who, places)
        self.emit("chat", {"chat": chat.view()})

    # -- topics -----------------------------------------------------------------------

    def start_topic(
        self, person_id: int, chat_id: int, name: str, *, color: int = COLORS[0]
    ) -> Topic:
        person, chat = self._present(person_id, chat_id)
        if not chat.forum:
            raise ValueError("This chat has no topics")
        if not name.strip() or color not in COLORS:
            raise ValueError("A topic has a name and one of Telegram's six colours")
        return self.open_topic(chat, person.wire(), name.strip(), color)

    def change_topic(
        self, person_id: int, chat_id: int, thread: int, *, name: str | None = None,
        closed: bool | None = None, deleted: bool = False,
    ) -> None:  # fmt: skip
        """For administrators and whoever opened the topic."""
        person, chat = self._present(person_id, chat_id)
        topic = chat.topics.get(thread)
        if topic is None or person_id not in {topic.creator, *chat.administrators}:
            raise ValueError(f"{person.first_name} may not change such a topic")
        if name is not None and name.strip():
            self.rename_topic(chat, topic, person.wire(), name.strip())
        if closed is not None and closed != topic.closed:
            self.close_topic(chat, topic, person.wire(), closed=closed)
        if deleted:
            self.delete_topic(chat, topic)

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
