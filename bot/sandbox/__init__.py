"""A local Telegram: a Bot API server strict as the real one, with people, a clock and a page."""

from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from bot.sandbox.people import Chat, Person
from bot.sandbox.server import Sandbox, run
from bot.sandbox.town import Town

__all__ = ["Chat", "Fault", "Message", "Person", "Sandbox", "Town", "run"]
