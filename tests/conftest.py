"""What every test may ask for: the ground the town stands on, and whether talks are recorded."""

from typing import Any

import pytest
import pytest_asyncio

from tests.databases import LACKING
from tests.world import Ground, prepare


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record",
        action="store_true",
        help="rewrite the bot's lines in the transcripts as the bot speaks today",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of the processes that test side by side has ended."""
    lacking = node.workeroutput.get("lacking")
    if lacking:
        node.config.stash[LACKING] = lacking


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say at the end, in plain words, what this machine lacks."""
    if LACKING in config.stash:
        terminalreporter.write_line(config.stash[LACKING], yellow=True)


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--record"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A prepared database, made once; each test copies it."""
    return await prepare(tmp_path_factory.mktemp("ground"))
