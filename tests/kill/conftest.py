"""Every test of dying has a town and a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kill.scene import Scene, opened


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(tmp_path) as there:
        yield there
