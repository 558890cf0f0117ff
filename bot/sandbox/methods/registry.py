"""A method is a plain function from the town and the checked parameters to the result."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.town import Town

Params = dict[str, Any]
Method = Callable[[Town, Params], Any]


class Methods(dict[str, Method]):
    """The methods of one file; each function carries the Bot API's own name in snake case."""

    def offer(self, function: Method) -> Method:
        first, *rest = function.__name__.split("_")
        self[first + "".join(word.capitalize() for word in rest)] = function
        return function
