"""The bot does not open over a damaged database or with a foreign key, and changes neither."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.__main__ import WRONG, main
from bot.app import opened
from bot.sandbox import Sandbox
from bot.settings import Settings
from storage.alone import DatabaseRefusedError
from storage.vault import read_key_file, write_key_file
from tests.world import MONDAY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bureau.db"


async def _start(file: Path, key_file: Path) -> str:
    """Opens the bot and closes it again: what it said against it."""
    sandbox = Sandbox()
    async with sandbox.serve() as address:
        settings = Settings.model_construct(
            token=SecretStr(sandbox.token),
            api_url=address,
            database_url=f"sqlite:///{file}",
            key_file=key_file,
        )
        try:
            async with opened(settings, read_key_file(key_file), now=lambda: MONDAY):
                return ""
        except DatabaseRefusedError as refused:
            return str(refused)


async def test_a_foreign_key_or_a_damaged_file_is_refused_and_nothing_is_written_over(
    file: Path,
) -> None:
    own, foreign = file.parent / "own.key", file.parent / "foreign.key"
    write_key_file(own)
    write_key_file(foreign)
    first = await _start(file, own)
    whole = file.read_bytes()

    with_foreign_key = await _start(file, foreign)
    after_it = file.read_bytes()
    again = await _start(file, own)

    damaged = whole[:5000] + bytes(len(whole) - 5000)
    file.write_bytes(damaged)
    over_damage = await _start(file, own)

    assert (first, again) == ("", "")
    assert with_foreign_key.startswith("BUREAU_KEY_FILE: this key file does not open this database")
    assert after_it == whole
    assert over_damage.startswith(f"{file}: is damaged")
    assert file.read_bytes() == damaged


def test_as_a_command_it_is_one_line_that_names_the_way_back(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_key_file(file.parent / "own.key")
    monkeypatch.chdir(file.parent)
    monkeypatch.setenv("BUREAU_KEY_FILE", "own.key")
    file.write_bytes(b"SQLite format 3\0 and then a poem")

    code = main(["migrate"])

    assert code == WRONG
    assert capsys.readouterr().err == (
        "bureau-bot: bureau.db: is damaged (file is not a database)."
        " Nothing was changed. Put a copy back: `bureau-bot restore FILE`.\n"
    )
