"""Imports the bot once, then lets a whole bot run in a child of its own for every line it reads.

What the child does is what `bureau-bot` does; only the seconds of imports are spared, so that many
lives fit into a test. A line is a plan as JSON: which command to run, and where to die (see
``points``). What is written down in answer is the child's number, and later how it ended.
"""

import gc
import json
import os
import sys
from typing import Any

import bot.app  # noqa: F401  # imported here, so that every child has it already
from bot import texts
from bot.__main__ import main
from tests.kill.points import Passed
from tests.world import known


def live() -> None:
    known()  # read and learned once, and every child has it
    texts.load()
    # Nothing of this is rubbish, and a child that looks at it all copies it page by page.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_life(json.loads(line)))
        print(child, flush=True)  # noqa: T201  # the test reads it
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  # the same


def _life(plan: dict[str, Any]) -> int:
    if "points" in plan:
        Passed(plan["points"], plan.get("die_at", ""), armed=plan.get("armed", False)).watch()
    return main(plan["command"])


if __name__ == "__main__":
    live()
