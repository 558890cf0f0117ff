"""A bot in a process of its own, and what it has cost so far."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from storage.vault import write_key_file
from tests.benchmarks.stub import TOKEN

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds since the start, and the peak of memory in MiB."""

    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Process:
    _process: asyncio.subprocess.Process

    async def cost(self) -> Cost:
        inn, out = self._process.stdin, self._process.stdout
        if inn is None or out is None:
            raise RuntimeError("a process without ears or mouth")
        inn.write(b"\n")
        cpu, peak = (await out.readline()).split()
        return Cost(float(cpu), int(peak) / 1024)


@asynccontextmanager
async def running(bot: str, url: str, folder: Path, **settings: str) -> AsyncIterator[Process]:
    """One of ``bots/``, killed in the end; our own keeps its data in the folder."""
    with (folder / f"{bot}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.benchmarks.bots.{bot}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            env={**_without_settings(), **_settings(url, folder), **settings},
        )
    try:
        yield Process(process)
    except TimeoutError:
        sys.stderr.write((folder / f"{bot}.log").read_text(encoding="utf-8")[-3000:])
        raise
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number: int = listening.getsockname()[1]
        return number


async def is_there(url: str) -> None:
    """Wait until somebody listens at this address."""
    at = urlsplit(url)
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection(at.hostname, at.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _without_settings() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("BUREAU_")}


def _settings(url: str, folder: Path) -> Mapping[str, str]:
    key_file = folder / "bureau.key"
    if not key_file.exists():
        write_key_file(key_file)
    return {
        "BENCHMARK_URL": url,
        "BENCHMARK_TOKEN": TOKEN,
        "BUREAU_TOKEN": TOKEN,
        "BUREAU_API_URL": url,
        "BUREAU_DATABASE_URL": f"sqlite:///{folder / 'bureau.db'}",
        "BUREAU_STAFF_CHAT": "-1001",
        "BUREAU_ADMINS": "77",
        "BUREAU_KEY_FILE": str(key_file),
    }


_IMPORTS = """
import resource, sys
import aiogram, telegram.ext
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


async def importing_the_two_libraries() -> tuple[float, float]:
    """Seconds and MiB of a process that imports aiogram and python-telegram-bot, and ends."""
    began = monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _IMPORTS, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return monotonic() - began, int(out) / 1024


@asynccontextmanager
async def temporary_folder() -> AsyncIterator[Path]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)
