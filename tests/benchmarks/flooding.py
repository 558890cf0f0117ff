"""One visitor writes without end and somebody posts mountains; thirty others press as ever."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from statistics import median, quantiles
from time import monotonic
from urllib.parse import urlsplit

from tests.benchmarks.processes import free_port, is_there, running, temporary_folder
from tests.benchmarks.stub import SECRET, SECRET_HEADER, Stub

OTHERS = range(2001, 2031)
_FLOODER = 2099
_GAP = 60 / 1000  # a thousand messages a minute
_MOUNTAIN = b"{" + b" " * 10_000_000
_ROUNDS, _SECONDS = 3, 6


async def p95_with_and_without() -> tuple[float, float]:
    """p95 in milliseconds of thirty people's pages beside a flood, and without: medians."""
    port = free_port()
    door = f"http://127.0.0.1:{port}/updates"
    settings = {
        "BUREAU_WEBHOOK_URL": door,
        "BUREAU_WEBHOOK_SECRET": SECRET,
        "BUREAU_LISTEN": f"127.0.0.1:{port}",
    }
    beside, without = [], []
    stub = Stub(door)
    async with (
        temporary_folder() as folder,
        stub.serve() as url,
        running("bureau_run", url, folder, **settings),
    ):
        await is_there(door)
        await asyncio.gather(*(_arrive(stub, one) for one in (*OTHERS, _FLOODER)))
        await _p95(stub)
        for _ in range(_ROUNDS):
            without.append(await _p95(stub))
            async with _flood(stub), _mountains(door):
                beside.append(await _p95(stub))
    return median(beside), median(without)


async def _arrive(stub: Stub, person: int) -> None:
    await stub.write(person, "/start")
    [arabic] = [one for one in stub.buttons(person) if one.startswith("ls!") and ":ar" in one]
    await stub.press(person, arabic)


async def _p95(stub: Stub) -> float:
    """Each of thirty opens a page once a second."""
    took: list[float] = []

    async def keep_pressing(place: int, person: int) -> None:
        began = monotonic()
        for second in range(_SECONDS):
            await asyncio.sleep(began + second + place / len(OTHERS) - monotonic())
            pressed = monotonic()
            await stub.press(person, "t")
            took.append(monotonic() - pressed)

    await asyncio.gather(*(keep_pressing(*one) for one in enumerate(OTHERS)))
    return quantiles(took, n=100)[94] * 1000


@asynccontextmanager
async def _flood(stub: Stub) -> AsyncIterator[None]:
    async def write_on() -> None:
        while True:
            stub.say(_FLOODER, "Where? Where? Where?")
            await asyncio.sleep(_GAP)

    async with _meanwhile(write_on()):
        yield


@asynccontextmanager
async def _mountains(door: str) -> AsyncIterator[None]:
    async def post_on() -> None:
        while True:
            await asyncio.to_thread(_post, door)  # in the loop it would keep the others waiting
            await asyncio.sleep(1)

    async with _meanwhile(post_on()):
        yield


def _post(door: str) -> None:
    """A body of 10 MB, pushed on until we are thrown out."""
    at = urlsplit(door)
    head = (
        f"POST {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\n{SECRET_HEADER}: {SECRET}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(_MOUNTAIN)}\r\n\r\n"
    )
    with contextlib.suppress(OSError), socket.create_connection((at.hostname, at.port)) as line:
        line.sendall(head.encode())
        line.sendall(_MOUNTAIN)


@asynccontextmanager
async def _meanwhile(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
