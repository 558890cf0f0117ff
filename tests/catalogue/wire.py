"""A bare connection to the bot's door, for what no well-behaved client would say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.catalogue.inbound import host_and_port
from tests.core import Town


@dataclass
class Wire:
    """A bare connection to the bot's door, which says any bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, *what: bytes) -> None:
        self.writer.write(b"".join(what))

    def knock(self, *headers: bytes) -> None:
        """The head of a request; what follows is said apart."""
        self.say(b"POST /updates HTTP/1.1\r\nHost: bot\r\n", *headers, b"\r\n")

    async def status(self) -> int:
        """What the door answers within the time it may take."""
        async with asyncio.timeout(8):
            line = await self.reader.readline()
        return int(line.split()[1]) if line else 0

    async def is_closed(self) -> bool:
        """Whether the door hangs up, after whatever it still says."""
        with suppress(ConnectionResetError):
            async with asyncio.timeout(15):
                await self.reader.read()
        return True


@asynccontextmanager
async def wire(here: Town) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection(*host_and_port(here))
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()
