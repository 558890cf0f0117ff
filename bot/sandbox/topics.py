"""Topics of forums: opened, renamed, closed, opened again and deleted, each said in the chat."""

from bot.sandbox.messages import Message, Wire, thread_of
from bot.sandbox.people import Chat, Topic
from bot.sandbox.world import World

COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


class Topics(World):
    """`by` is whoever does it, a person or the bot; whether they may is asked before."""

    def open_topic(self, chat: Chat, by: Wire, name: str, color: int = COLORS[0]) -> Topic:
        topic = Topic(chat.next_message_id, name, color, by["id"])
        chat.topics[topic.id] = topic
        self._topic_changed(chat, topic, by, {
            "forum_topic_created": {"name": name, "icon_color": color}
        })  # fmt: skip
        return topic

    def rename_topic(self, chat: Chat, topic: Topic, by: Wire, name: str) -> None:
        topic.name = name
        self._topic_changed(chat, topic, by, {"forum_topic_edited": {"name": name}})

    def close_topic(self, chat: Chat, topic: Topic, by: Wire, *, closed: bool = True) -> None:
        topic.closed = closed
        told = "forum_topic_closed" if closed else "forum_topic_reopened"
        self._topic_changed(chat, topic, by, {told: {}})

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """With all that was said in it; the bot is not told, as with Telegram."""
        del chat.topics[topic.id]
        self.remove(chat, self.said_in(chat, topic.id))
        self.emit("chat", {"chat": chat.view()})

    def said_in(self, chat: Chat, thread: int) -> list[Message]:
        return [one for one in self.messages(chat.id) if thread_of(one) == thread]

    def _topic_changed(self, chat: Chat, topic: Topic, by: Wire, told: Wire) -> None:
        # The page hears of the topic first, so that it knows where to draw the message.
        self.emit("chat", {"chat": chat.view()})
        self.serve(chat, by, told, topic.id)
