"""Imports the bot once, then lets a whole bot run in a child of its own for every line it reads.

What the child does is what `bureau-bot run` does; only the two seconds of imports are spared, so
that many lives fit into a test.
"""

import os
import sys

import bot.app  # noqa: F401  # imported here, so that every child has it already
from bot.__main__ import main


def live() -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(main(["run"]))
        print(child, flush=True)  # noqa: T201  # the test reads it
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  # the same


if __name__ == "__main__":
    live()
