"""Real databases to test on: SQLite always, and PostgreSQL in a private cluster of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest
import pytest_asyncio

from bot.office import people, slots
from storage import bureau, schema, seeding
from storage.columns import Base
from storage.engine import Storage
from storage.tables import Role
from storage.vault import Vault, read_key_file, write_key_file
from tests.world import MONDAY, PEOPLE, STAFF, person

VISITORS = ("Olena", "Omar", "Farida")
_LIMITS = "-c max_connections=120 -c fsync=off -c full_page_writes=off -c shared_buffers=32MB"
_TOWN = "town"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
"""The databases every promise is tested on."""

SOFIA_BUREAU = bureau.read()


class NoPostgresError(Exception):
    """There is no PostgreSQL server to start on this machine."""


def _programs() -> Path:
    """The folder of the newest server installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3])
    )
    if not found:
        raise NoPostgresError("no /usr/lib/postgresql/*/bin/initdb (apt-get install postgresql)")
    return found[-1].parent


def _run(*command: str | Path) -> None:
    """Run one of the server's programs; it refuses to be root, so root becomes postgres."""
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(  # noqa: S603  # fixed programs, no shell
        [*become, *map(str, command)],
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would be kept open by the server itself
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise NoPostgresError(f"{command[0]} ended with {done.returncode}")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server of our own, reached by a socket in its folder and by nothing else."""

    folder: Path
    programs: Path

    @classmethod
    def start(cls) -> "Cluster":
        programs = _programs()
        folder = Path(tempfile.mkdtemp(prefix="bureau-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, initdb = folder / "data", programs / "initdb"
        _run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--locale=C")
        made = cls(folder, programs)
        made.resume()
        return made

    def pause(self) -> None:
        """Away at once, as after a fall; ``resume`` brings it back with all that was committed."""
        self._ctl("-m", "immediate", "stop")

    def resume(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' {_LIMITS}"
        self._ctl("-l", self.folder / "log", "-w", "-o", options, "start")

    def _ctl(self, *command: str | Path) -> None:
        _run(self.programs / "pg_ctl", "-D", self.folder / "data", *command)

    def stop(self) -> None:
        self.pause()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def say(self, *statements: str, to: str = "postgres") -> None:
        connection = await asyncpg.connect(user="postgres", host=str(self.folder), database=to)
        for one in statements:
            await connection.execute(one)
        await connection.close()


@dataclass(slots=True)
class Grounds:
    """Databases with schema, seeds and people, prepared once in a session and copied for tests."""

    folder: Path
    cluster: Cluster | None = None
    missing: str = ""
    prepared: set[str] = field(default_factory=set)
    made: int = 0

    @property
    def key_file(self) -> Path:
        path = self.folder / "test.key"
        if not path.exists():
            write_key_file(path)
        return path

    def server(self) -> Cluster:
        """The cluster, started when first asked for. Without one the test is skipped."""
        if self.cluster is None and not self.missing:
            try:
                self.cluster = Cluster.start()
            except NoPostgresError as missing:
                self.missing = str(missing)
        if self.cluster is None:
            say_no = pytest.fail if os.environ.get("CI") else pytest.skip
            say_no(f"PostgreSQL cannot be started: {self.missing}")
        return self.cluster

    def stop(self) -> None:
        if self.cluster is not None:
            self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @asynccontextmanager
    async def database(self, kind: str, *, own: bool = False) -> AsyncIterator[str]:
        """The address of a database as the town was built; an own one is empty and may be bent."""
        if not own and kind not in self.prepared:
            await self._prepare(kind)
            self.prepared.add(kind)
        self.made += 1
        name = f"test{self.made}"
        if kind == "sqlite":
            async with self._sqlite(name, empty=own) as url:
                yield url
        elif own:
            async with self._postgres(name) as url:
                yield url
        else:
            await self.server().say(_rebuild(), to=_TOWN)
            yield self.server().url(_TOWN)

    async def _prepare(self, kind: str) -> None:
        if kind == "sqlite":
            await self._build(f"sqlite:///{self.folder / _TOWN}.db")
        else:
            await self.server().say(f"CREATE DATABASE {_TOWN}")
            await self._build(self.server().url(_TOWN))
            await self.server().say(_remember(), to=_TOWN)

    async def _build(self, url: str) -> None:
        storage = Storage(url, read_key_file(self.key_file))
        await schema.migrate(storage)
        async with storage.begin() as session:
            await seeding.seed_services(session)
            await slots.lay_out_slots(session, SOFIA_BUREAU, MONDAY)
            for name in VISITORS:
                number, language = PEOPLE[name]
                key = storage.vault.recognise(number)
                await people.welcome(session, SOFIA_BUREAU, key, language, now=MONDAY)
            for name in STAFF:
                await people.appoint(
                    session, storage.vault.recognise(person(name)), Role.COORDINATOR
                )
        await storage.close()

    @asynccontextmanager
    async def _sqlite(self, name: str, *, empty: bool) -> AsyncIterator[str]:
        path = self.folder / f"{name}.db"
        if not empty:
            shutil.copyfile(self.folder / f"{_TOWN}.db", path)
        yield f"sqlite:///{path}"
        for one in self.folder.glob(f"{name}.db*"):
            one.unlink()

    @asynccontextmanager
    async def _postgres(self, name: str) -> AsyncIterator[str]:
        await self.server().say(f"CREATE DATABASE {name}")
        yield self.server().url(name)
        await self.server().say(f"DROP DATABASE {name} WITH (FORCE)")


# A database of PostgreSQL takes a while to copy, so one is used for all, and rebuilt row by row.


def _remember() -> str:
    copies = [f"CREATE TABLE town.{one} AS TABLE {one};" for one in Base.metadata.tables]
    return "\n".join(["CREATE SCHEMA town;", *copies])


def _rebuild() -> str:
    """End what an earlier test left open, and put every table back as it was."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    lines = [
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others};",  # noqa: S608  # fixed words
        "SET session_replication_role = replica;",  # no foreign keys, so the order is free
    ]
    for name, table in Base.metadata.tables.items():
        lines += [f"DELETE FROM {name};", f"INSERT INTO {name} SELECT * FROM town.{name};"]  # noqa: S608  # our tables' names
        if "id" in table.columns:
            number = f"COALESCE((SELECT max(id) FROM {name}), 0) + 1"  # noqa: S608  # the same
            lines.append(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {number}, false);")
    return "\n".join(lines)


LACKING = pytest.StashKey[str]()
"""What this machine lacks, for `tests/conftest.py` to say at the end of a run."""


class _Teller:
    """Remembers at the end of a run that half of the promises were not tested."""

    def __init__(self, grounds: Grounds, config: pytest.Config) -> None:
        self._grounds, self._config = grounds, config

    def pytest_sessionfinish(self) -> None:
        if not self._grounds.missing:
            return
        lacking = f"Not tested on PostgreSQL: {self._grounds.missing}."
        self._config.stash[LACKING] = lacking
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["lacking"] = lacking


_GROUNDS = pytest.StashKey[Grounds]()


def grounds_of(config: pytest.Config) -> Grounds:
    """The grounds of this session, prepared once for all folders of tests."""
    if _GROUNDS not in config.stash:
        made = Grounds(Path(tempfile.mkdtemp(prefix="bureau-test-")))
        config.stash[_GROUNDS] = made
        config.add_cleanup(made.stop)
        config.pluginmanager.register(_Teller(made, config))
    return config.stash[_GROUNDS]


# What the tests of the office and of the storage may ask for


@pytest.fixture
def grounds(request: pytest.FixtureRequest) -> Grounds:
    return grounds_of(request.config)


@pytest.fixture
def vault(grounds: Grounds) -> Vault:
    return read_key_file(grounds.key_file)


@pytest_asyncio.fixture(params=BOTH)
async def url(request: pytest.FixtureRequest, grounds: Grounds) -> AsyncIterator[str]:
    """The address of a database in which the town has been built, on each kind of server."""
    async with grounds.database(request.param) as made:
        yield made


@pytest_asyncio.fixture
async def storage(url: str, vault: Vault) -> AsyncIterator[Storage]:
    made = Storage(url, vault)
    yield made
    await made.close()
