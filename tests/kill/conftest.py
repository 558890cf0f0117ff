"""Every test of dying has a town and a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import Grounds, grounds
from tests.kill.scene import Scene, opened

__all__ = ["grounds"]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """On SQLite."""
    async with opened(tmp_path) as there:
        yield there


@pytest.fixture
async def empty(request: pytest.FixtureRequest, grounds: Grounds) -> AsyncIterator[str]:
    """The address of an empty database; tests say on which kinds of server."""
    async with grounds.database(request.param, own=True) as url:
        yield url
