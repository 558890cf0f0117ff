"""Whether a key file and a database belong together: otherwise nobody would be known any more."""

import base64

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from storage.alone import DatabaseRefusedError
from storage.engine import Storage
from storage.tables import Memo
from storage.vault import SealBrokenError, Vault

_NAME, _COLUMN = "key", "memos.value"


async def refuse_foreign_key(storage: Storage) -> None:
    """Raises DatabaseRefusedError if this database was begun with another key file."""
    async with storage.read() as session:
        connection = await session.connection()
        if not await connection.run_sync(lambda there: inspect(there).has_table("memos")):
            return
        kept = await session.get(Memo, _NAME)
    if kept is not None and not _fits(storage.vault, kept.value):
        raise DatabaseRefusedError(
            "BUREAU_KEY_FILE: this key file does not open this database. Use the one it was begun"
            " with, or put a copy of both back: `bureau-bot restore FILE`."
        )


async def remember_key(session: AsyncSession) -> None:
    """Note in a new database which key file is its own."""
    if await session.get(Memo, _NAME) is None:
        vault: Vault = session.info["vault"]
        sealed = vault.seal(_COLUMN, _NAME, vault.fingerprint(_NAME))
        session.add(Memo(_NAME, base64.b64encode(sealed).decode()))


def _fits(vault: Vault, kept: str) -> bool:
    """Both the key we know people by and the one their words are sealed with."""
    try:
        opened = vault.open(_COLUMN, _NAME, base64.b64decode(kept))
    except (SealBrokenError, ValueError):
        return False
    return opened == vault.fingerprint(_NAME)
