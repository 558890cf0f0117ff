"""A bot that lives, dies of SIGKILL at any moment, and lives again."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from storage.engine import Storage
from storage.tables import Delivery, DeliveryState, Lease

LAUNCHER = Path(__file__).with_name("launcher.py")
KILLED = -signal.SIGKILL
_RENEWED = timedelta(seconds=3.5)
"""A sender renews its lease of six seconds every two: with less than this left it is dead."""


@dataclass
class Lives:
    """One bot after the other over one database; ``doubtful`` were under way when one died."""

    launcher: asyncio.subprocess.Process
    storage: Storage
    log: Path
    kills: int = 0
    pid: int | None = None
    doubtful: Counter[int] = field(default_factory=Counter)
    _end: asyncio.Task[int] | None = None

    async def begin(self, *command: str, **plan: Any) -> int:
        """Another life, of `bureau-bot run` unless told otherwise; see ``points`` for plans."""
        if self.launcher.stdin is None:
            raise RuntimeError("the launcher has no ear")
        line = json.dumps({"command": command or ("run",), **plan})
        self.launcher.stdin.write(f"{line}\n".encode())
        self.pid = await self._told()
        self._end = asyncio.ensure_future(self._told())
        return self.pid

    async def end(self, how: signal.Signals) -> int:
        """The exit code; negative numbers are signals."""
        self.tell(how)
        return await self.ended()

    async def stop(self) -> None:
        """Politely. Whoever is still starting knows no manners yet, and just ends."""
        assert await self.end(signal.SIGTERM) in {0, -signal.SIGTERM}

    def tell(self, what: signal.Signals) -> None:
        if self.pid is None:
            raise RuntimeError("nobody lives")
        os.kill(self.pid, what)

    async def ended(self) -> int:
        """Wait for the end of this life; given up in between, it may be asked again."""
        if self._end is None:
            raise RuntimeError("nobody lives")
        code = await asyncio.shield(self._end)
        self.pid = self._end = None
        return code

    @property
    def is_alive(self) -> bool:
        return self._end is not None and not self._end.done()

    def forget(self) -> None:
        """Nobody waits for the end of this life any more."""
        if self._end is not None:
            self._end.cancel()
        self.pid = self._end = None

    async def kill(self, *, others_live: bool = False) -> None:
        """Kill the bot. The seconds its sender's lease still has to run are over at once.

        Where others live the lease may be theirs: see ``hurry``.
        """
        code = await self.end(signal.SIGKILL)
        assert code == KILLED, f"it had stopped by itself: {code}, {self.last_words()}"
        self.kills += 1
        await self.note_doubtful()
        if not others_live:
            await self.hurry()

    def last_words(self, most: int = 3) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()[-most:]

    async def note_doubtful(self) -> None:
        async with self.storage.begin() as session:
            sending = select(Delivery.id).where(Delivery.state == DeliveryState.SENDING)
            self.doubtful.update(await session.scalars(sending))

    async def hurry(self, *, others_live: bool = False) -> None:
        """End the lease of a sender that is dead: nobody renews it any more."""
        now = datetime.now(UTC)
        end = update(Lease).values(until=now)
        async with self.storage.begin() as session:
            await session.execute(end.where(Lease.until < now + _RENEWED) if others_live else end)

    async def _told(self) -> int:
        if self.launcher.stdout is None:
            raise RuntimeError("the launcher has no mouth")
        line = await self.launcher.stdout.readline()
        if not line:
            raise RuntimeError("the launcher has ended; see the bot's log")
        return int(line)


@asynccontextmanager
async def lives(
    settings: Mapping[str, str], storage: Storage, log: Path, launcher: Path = LAUNCHER
) -> AsyncIterator[Lives]:
    """A launcher with these settings in its environment; whoever lives at the end is killed."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BUREAU_")}
    root = Path(__file__).parents[2]
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(launcher),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            cwd=log.parent,
            env={**ours, **settings, "PYTHONPATH": str(root)},
            start_new_session=True,
        )
    made = Lives(process, storage, log)
    try:
        yield made
    finally:
        made.forget()
        os.killpg(process.pid, signal.SIGKILL)  # a child that nobody knows of yet, too
        await process.wait()
