"""The storage's tests ask real databases; the town's people and times are in them already."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.engine import Storage
from storage.vault import Vault
from tests.databases import Grounds, grounds, storage, url, vault

__all__ = ["grounds", "storage", "url", "vault"]


@pytest_asyncio.fixture
async def on_sqlite(grounds: Grounds, vault: Vault) -> AsyncIterator[Storage]:
    async with grounds.database("sqlite") as address:
        made = Storage(address, vault)
        yield made
        await made.close()


@pytest_asyncio.fixture
async def on_postgres(grounds: Grounds, vault: Vault) -> AsyncIterator[Storage]:
    async with grounds.database("postgresql") as address:
        made = Storage(address, vault)
        yield made
        await made.close()
