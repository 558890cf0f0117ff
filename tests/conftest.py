"""What every test may ask for: the ground the town stands on, and whether talks are recorded."""

import pytest
import pytest_asyncio

from tests.world import Ground, prepare


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record",
        action="store_true",
        help="rewrite the bot's lines in the transcripts as the bot speaks today",
    )


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--record"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A prepared database, made once; each test copies it."""
    return await prepare(tmp_path_factory.mktemp("ground"))
