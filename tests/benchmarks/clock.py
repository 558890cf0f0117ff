"""Inside a measured process: answers every line with the CPU seconds and the peak of memory."""

import os
import resource
import sys
import threading
import time

LETTERS = 500


def start() -> None:
    threading.Thread(target=_tell_the_time, daemon=True).start()


def _tell_the_time() -> None:
    for _ in sys.stdin:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(time.process_time(), peak, flush=True)  # noqa: T201  # the one who measures reads it
    os._exit(0)  # whoever measured is gone
