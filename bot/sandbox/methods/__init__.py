"""The methods of the Bot API the sandbox offers, by name."""

from bot.sandbox.methods.change import CHANGE
from bot.sandbox.methods.chats import CHATS
from bot.sandbox.methods.files import FILES
from bot.sandbox.methods.profile import PROFILE
from bot.sandbox.methods.registry import Method, Methods, Params
from bot.sandbox.methods.talk import TALK
from bot.sandbox.methods.topics import TOPICS
from bot.sandbox.methods.updates import UPDATES

METHODS = Methods(UPDATES | PROFILE | TALK | CHANGE | FILES | TOPICS | CHATS)

__all__ = ["METHODS", "Method", "Params"]
