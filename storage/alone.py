"""SQLite's file: on a disk of this machine, sound, and open in one program at a time."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

_SHARES = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "davfs"),
        *("gfs2", "ocfs2", "lustre", "vboxsf", "virtiofs", "prl_fs"),
    }
)
_MOUNTS = Path("/proc/self/mountinfo")


class DatabaseRefusedError(Exception):
    """The database must not be opened as it is; the message is one line with the mend."""


@contextmanager
def alone(url: str, *, mounts: Path = _MOUNTS) -> Iterator[None]:
    """Nobody else may open this database like this until the end, even if we are killed.

    Raises DatabaseRefusedError if another program has it, if it lies on a network share, or if it
    is damaged: then nothing is written over it. PostgreSQL sees to all that itself.
    """
    path = _file_of(url)
    if path is None:
        yield
        return
    _refuse_share(path, mounts)
    # A file beside it: SQLite loses its own locks when anybody here closes the database's file.
    beside = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(beside, path)
        _refuse_unsound(path)
        yield
    finally:
        os.close(beside)


def _file_of(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(parsed.database or "")


def _take(beside: int, path: Path) -> None:
    try:
        fcntl.flock(beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        raise DatabaseRefusedError(
            f"{path}: another bureau-bot has this database. Stop that one, or use PostgreSQL for"
            " several."
        ) from taken


# A share: its locks and its shared memory do not hold what SQLite's log is built on


def _refuse_share(path: Path, mounts: Path) -> None:
    try:
        told = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return  # not Linux: nothing tells us
    kind = kind_of_disk(path.resolve(), told.splitlines())
    if kind in _SHARES or kind.startswith("fuse."):
        raise DatabaseRefusedError(
            f"{path}: lies on a network share ({kind}), where SQLite loses data. Use a disk of this"
            " machine, or PostgreSQL."
        )


def kind_of_disk(path: Path, mounts: Iterable[str]) -> str:
    """The kind of file system a path lies on, as told by the lines of mountinfo.

    Empty for the root: that of a container may look like a share, and is none.
    """
    best, kind = Path("/"), ""
    for line in mounts:
        place, _, told = line.partition(" - ")
        mounted = Path(_unescaped(place.split()[4]))
        # Of two on one place the later one hides the other.
        if path.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts) > 0:
            best, kind = mounted, "" if mounted == Path("/") else told.split()[0]
    return kind


def _unescaped(place: str) -> str:
    """Blanks and the like stand as octal numbers in mountinfo."""
    for number in (0o40, 0o11, 0o12, 0o134):
        place = place.replace(f"\\{number:03o}", chr(number))
    return place


# Soundness


def _refuse_unsound(path: Path) -> None:
    log = Path(f"{path}-wal")
    if not path.exists() or path.stat().st_size == 0:
        if log.exists() and log.stat().st_size > 0:
            raise DatabaseRefusedError(
                f"{path}: is missing or empty, though its log {log.name} is there. {_MEND}"
            )
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as closed:
        raise DatabaseRefusedError(f"{path}: cannot be opened ({closed}).") from closed
    except sqlite3.DatabaseError as broken:
        raise DatabaseRefusedError(f"{path}: is damaged ({broken}). {_MEND}") from broken
    if found != "ok":
        raise DatabaseRefusedError(f"{path}: is damaged. {_MEND}")


_MEND = "Nothing was changed. Put a copy back: `bureau-bot restore FILE`."
