"""A database is opened by one program, from a disk of this machine, and never once damaged."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import fitting, schema
from storage.alone import DatabaseRefusedError, alone, kind_of_disk
from storage.engine import Storage
from storage.vault import Vault, read_key_file, write_key_file
from tests.databases import Grounds

PAGE = 4096
HOLDER = """
import sys
from storage.alone import alone
with alone(sys.argv[1]):
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bureau.db"


@pytest.fixture
async def kept(file: Path, vault: Vault) -> Path:
    """A database that was in use, and everything of it is in the file."""
    storage = Storage(_url(file), vault)
    await schema.migrate(storage)
    async with storage.begin() as session:
        await fitting.remember_key(session)
    await storage.close()
    return file


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def _refusal(url: str) -> str:
    with pytest.raises(DatabaseRefusedError) as refused, alone(url):
        pass
    return str(refused.value)


# One program at a time


def test_a_second_program_is_refused_until_the_first_has_gone(file: Path) -> None:
    with alone(_url(file)):
        second = _refusal(_url(file))
    with alone(_url(file)):
        pass

    assert second == (
        f"{file}: another bureau-bot has this database."
        " Stop that one, or use PostgreSQL for several."
    )


def test_whoever_was_killed_leaves_the_database_to_the_next(file: Path) -> None:
    command = [sys.executable, "-c", HOLDER, _url(file)]
    with subprocess.Popen(  # noqa: S603  # our own program, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"mine\n"
        while_it_lives = _refusal(_url(file))
        other.kill()
    with alone(_url(file)):
        pass

    assert "another bureau-bot has this database" in while_it_lives


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+asyncpg://x@127.0.0.1:1/x"])
def test_what_is_no_file_needs_nobody_to_be_alone(url: str) -> None:
    with alone(url), alone(url):
        pass


async def test_the_file_beside_it_is_for_its_owner_alone(kept: Path) -> None:
    with alone(_url(kept)):
        pass

    assert Path(f"{kept}-lock").stat().st_mode & 0o777 == 0o600


# Damage


def _flip(file: Path, first: int, last: int) -> None:
    content = bytearray(file.read_bytes())
    for place in range(first, min(last, len(content))):
        content[place] ^= 0xFF
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("first", "last"),
    [(0, 100), (100, PAGE), (3 * PAGE, 6 * PAGE), (0, 10**9)],
    ids=["head", "first page", "in the middle", "all of it"],
)
async def test_a_damaged_database_is_refused_and_left_as_it_is(
    kept: Path, first: int, last: int
) -> None:
    _flip(kept, first, last)
    before = kept.read_bytes()

    said = _refusal(_url(kept))

    assert said.startswith(f"{kept}: is damaged")
    assert said.endswith("Nothing was changed. Put a copy back: `bureau-bot restore FILE`.")
    assert said.count("\n") == 0
    assert kept.read_bytes() == before


async def test_half_a_database_is_refused(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[: 5 * PAGE])

    assert _refusal(_url(kept)).startswith(f"{kept}: is damaged")


@pytest.mark.parametrize("is_there", [True, False])
async def test_an_empty_database_is_never_made_beside_the_log_of_a_lost_one(
    kept: Path, *, is_there: bool
) -> None:
    kept.unlink()
    Path(f"{kept}-wal").write_bytes(b"what was written last")
    if is_there:
        kept.touch()

    said = _refusal(_url(kept))

    assert "is missing or empty, though its log bureau.db-wal is there" in said
    assert Path(f"{kept}-wal").read_bytes() == b"what was written last"


async def test_what_a_killed_program_left_in_the_log_is_not_taken_for_damage(
    kept: Path, tmp_path: Path, vault: Vault
) -> None:
    storage = Storage(_url(kept), vault)
    async with storage.begin() as session:
        await session.execute(text("INSERT INTO memos VALUES ('a', 'b')"))
    copied = tmp_path / "killed.db"
    for end in ("", "-wal"):
        Path(f"{copied}{end}").write_bytes(Path(f"{kept}{end}").read_bytes())
    await storage.close()

    with alone(_url(copied)):
        again = Storage(_url(copied), vault)
        async with again.read() as session:
            found = await session.scalar(text("SELECT value FROM memos WHERE name = 'a'"))
        await again.close()

    assert found == "b"


def test_a_new_database_and_one_that_was_only_begun_are_welcome(file: Path) -> None:
    with alone(_url(file)):
        file.touch()
    with alone(_url(file)):
        pass

    assert file.stat().st_size == 0


def test_what_cannot_be_opened_is_one_line(file: Path) -> None:
    file.mkdir()

    assert _refusal(_url(file)) == f"{file}: cannot be opened (unable to open database file)."


# Network shares

MOUNTS = (
    "22 1 254:1 / / rw,relatime shared:1 - overlay overlay rw",
    "30 22 0:26 / /srv rw,nosuid shared:5 - ext4 /dev/sda1 rw",
    r"31 22 0:27 / /srv/our\040data rw shared:6 master:2 - nfs4 nas:/data rw,vers=4.2",
    "32 22 0:28 / /mnt/office rw - cifs //nas/office rw",
    "33 22 0:29 / /mnt/far rw - fuse.sshfs far:/ rw",
    "34 22 0:30 / /var/lib rw - nfs nas:/lib rw",
    "35 34 0:31 / /var/lib rw - xfs /dev/sdb rw",
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/bureau.db", ""),
        ("/srv/bureau.db", "ext4"),
        ("/srv/our data/bureau.db", "nfs4"),
        ("/srv/our database/bureau.db", "ext4"),
        ("/mnt/office/deep/down/bureau.db", "cifs"),
        ("/mnt/far/bureau.db", "fuse.sshfs"),
        ("/var/lib/bureau.db", "xfs"),
    ],
)
def test_the_kind_of_disk_is_told_by_the_innermost_mount(path: str, kind: str) -> None:
    assert kind_of_disk(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_database_on_a_network_share_is_refused_before_it_is_touched(
    file: Path, kind: str
) -> None:
    mounts = file.parent / "mountinfo"
    mounts.write_text(f"30 22 0:26 / {file.parent} rw - {kind} nas:/ rw\n", encoding="utf-8")

    with pytest.raises(DatabaseRefusedError) as refused, alone(_url(file), mounts=mounts):
        pass

    assert str(refused.value) == (
        f"{file}: lies on a network share ({kind}), where SQLite loses data."
        " Use a disk of this machine, or PostgreSQL."
    )
    assert [one.name for one in file.parent.iterdir()] == ["mountinfo"]


def test_a_machine_that_does_not_tell_its_mounts_is_trusted(file: Path) -> None:
    with alone(_url(file), mounts=file.parent / "no-such-file"):
        pass


# The key that fits


async def _refuses(url: str, vault: Vault) -> str:
    storage = Storage(url, vault)
    try:
        await fitting.refuse_foreign_key(storage)
    except DatabaseRefusedError as refused:
        return str(refused)
    finally:
        await storage.close()
    return ""


async def test_a_foreign_key_file_is_refused_in_one_line(
    url: str, storage: Storage, vault: Vault, tmp_path: Path
) -> None:
    write_key_file(tmp_path / "other.key")
    async with storage.begin() as session:
        await fitting.remember_key(session)
    async with storage.begin() as session:
        await fitting.remember_key(session)  # a second start

    foreign = await _refuses(url, read_key_file(tmp_path / "other.key"))
    own = await _refuses(url, vault)

    assert own == ""
    assert foreign.startswith("BUREAU_KEY_FILE: this key file does not open this database.")
    assert "`bureau-bot restore FILE`" in foreign
    assert foreign.count("\n") == 0


async def test_a_database_without_tables_takes_any_key(grounds: Grounds, vault: Vault) -> None:
    async with grounds.database("sqlite", own=True) as url:
        assert await _refuses(url, vault) == ""
