"""A bot that lives, dies of SIGKILL at any moment, and lives again."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, update

from storage.engine import Storage
from storage.tables import Delivery, DeliveryState, Lease

LAUNCHER = Path(__file__).with_name("launcher.py")
KILLED = -signal.SIGKILL


@dataclass
class Lives:
    """One bot after the other over one database; ``doubtful`` were under way when one died."""

    launcher: asyncio.subprocess.Process
    storage: Storage
    kills: int = 0
    pid: int | None = None
    doubtful: Counter[int] = field(default_factory=Counter)

    async def begin(self) -> None:
        if self.launcher.stdin is None:
            raise RuntimeError("the launcher has no ear")
        self.launcher.stdin.write(b"live\n")
        self.pid = await self._told()

    async def end(self, how: signal.Signals) -> int:
        """The exit code; negative numbers are signals."""
        if self.pid is None:
            raise RuntimeError("nobody lives")
        os.kill(self.pid, how)
        code = await self._told()
        self.pid = None
        return code

    async def kill(self) -> None:
        """Kill the bot. The seconds its sender's lease still has to run are over at once."""
        assert await self.end(signal.SIGKILL) == KILLED, "the bot had stopped by itself"
        self.kills += 1
        async with self.storage.begin() as session:
            sending = select(Delivery.id).where(Delivery.state == DeliveryState.SENDING)
            self.doubtful.update(await session.scalars(sending))
            await session.execute(update(Lease).values(until=datetime.now(UTC)))

    async def _told(self) -> int:
        if self.launcher.stdout is None:
            raise RuntimeError("the launcher has no mouth")
        return int(await self.launcher.stdout.readline())


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
        )
    made = Lives(process, storage)
    try:
        yield made
    finally:
        if made.pid is not None:
            await made.end(signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
