"""What `bureau-bot run` runs, turnstile and all."""

from bot.__main__ import main
from tests.benchmarks import clock

if __name__ == "__main__":
    clock.start()
    main(["run"])
