"""Commands end with 0, 1 or 2 and one clear line; bad input never shows a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.__main__ import FAILED, OK, WRONG, main
from storage.vault import write_key_file
from tests.aside import local_telegram

ROOT = Path(__file__).parents[1]
COMMANDS = (
    "demo", "run", "sandbox", "check", "migrate", "key",
    "ask", "load", "report", "backup", "restore",
)  # fmt: skip
NOT_YET = ("load", "report", "backup", "restore")
SECRET = "123456789:AAzq7-secret-000123"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in an empty folder: how it ended, and what it said."""
    monkeypatch.chdir(tmp_path)
    for name in [one for one in os.environ if one.startswith("BUREAU_")]:
        monkeypatch.delenv(name)

    def run_it(*arguments: str, **settings: str) -> tuple[int, str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"BUREAU_{name.upper()}", value)
        try:
            code = main(arguments)
        except SystemExit as end:  # argparse ends so
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


def is_one_line(said: str) -> bool:
    return said.startswith("bureau-bot: ") and said.count("\n") == 1 and "Traceback" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")

    assert (code, err) == (OK, "")
    assert out.startswith(f"usage: bureau-bot {command}")


def test_the_program_without_a_command_lists_them_all(run: Run) -> None:
    code, out, _ = run()

    assert code == WRONG
    assert [one for one in COMMANDS if f"\n    {one} " not in out] == []


def test_help_names_no_command_that_is_not_tested_here(run: Run) -> None:
    _, out, _ = run("--help")

    listed = [line.split()[0] for line in out.splitlines() if line.startswith("    ")]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", NOT_YET)
def test_what_cannot_be_done_yet_says_so(run: Run, command: str) -> None:
    code, out, err = run(command)

    assert (code, out, err) == (WRONG, "", f"bureau-bot {command}: not yet.\n")


@pytest.mark.parametrize(
    "arguments",
    [("dance",), ("demo", "--port", "x"), ("run", "--fast"), ("key",), ("check", "more")],
    ids=" ".join,
)
def test_what_is_not_understood_is_said_and_ends_with_two(
    run: Run, arguments: tuple[str, ...]
) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (WRONG, "")
    assert err.splitlines()[-1].startswith("bureau-bot")
    assert "error: " in err.splitlines()[-1]


SETTINGS_NEEDED = [
    (("run",), {}, "BUREAU_STAFF_CHAT is missing"),
    (("run",), {"staff_chat": "x"}, "BUREAU_STAFF_CHAT: "),
    (("run",), {"staff_chat": "-1", "tokn": SECRET}, "Unknown settings: BUREAU_TOKN"),
    (("run",), {"staff_chat": "-1", "token": SECRET}, "BUREAU_KEY_FILE is missing"),
    (("run",), {"staff_chat": "-1", "key_file": "no.key"}, "no.key: no key file here"),
    (("run",), {"webhook_url": "https://x.bg"}, "BUREAU_WEBHOOK_SECRET is missing"),
    (("run",), {"webhook_url": "http://x.bg"}, "BUREAU_WEBHOOK_URL: must begin with https://"),
    (("run",), {"webhook_secret": SECRET}, "BUREAU_WEBHOOK_SECRET: must be 32 to 256 letters"),
    (("run",), {"webhook_secret": ""}, "BUREAU_WEBHOOK_SECRET: must be 32 to 256 letters"),
    (("run",), {"listen": "8080"}, "BUREAU_LISTEN: must be host:port"),
    (("migrate",), {}, "BUREAU_KEY_FILE is missing"),
    (("migrate",), {"key_file": "no.key"}, "no.key: no key file here"),
    (("migrate",), {"database_url": "mysql://x"}, "BUREAU_DATABASE_URL: "),
]


@pytest.mark.parametrize(("arguments", "settings", "said"), SETTINGS_NEEDED)
def test_what_is_missing_is_said_in_one_line(
    run: Run, arguments: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    code, out, err = run(*arguments, **settings)

    assert (code, out) == (WRONG, "")
    assert err.startswith(f"bureau-bot: {said}")
    assert is_one_line(err)
    assert SECRET not in err


def test_a_key_file_is_made_once_and_only_its_owner_reads_it(run: Run, tmp_path: Path) -> None:
    first = run("key", "bureau.key")
    second = run("key", "bureau.key")

    assert (first[0], second[0]) == (OK, WRONG)
    assert is_one_line(second[2])
    assert (tmp_path / "bureau.key").stat().st_mode & 0o777 == 0o400


def test_a_key_file_in_a_folder_that_is_not_there_is_one_line(run: Run) -> None:
    code, _, err = run("key", "no/such/folder/bureau.key")

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_database_is_brought_up_to_date_twice_without_harm(run: Run, tmp_path: Path) -> None:
    run("key", "bureau.key")

    first = run("migrate", key_file="bureau.key")
    second = run("migrate")

    assert (first[0], second[0]) == (OK, OK)
    assert (tmp_path / "bureau.db").exists()


def test_a_damaged_database_is_one_line(run: Run, tmp_path: Path) -> None:
    run("key", "bureau.key")
    (tmp_path / "bureau.db").write_text("this is no database, it is a poem", encoding="utf-8")

    code, _, err = run("migrate", key_file="bureau.key")

    assert (code, is_one_line(err)) == (WRONG, True)


def test_an_address_of_a_database_that_is_none_is_one_line(run: Run) -> None:
    run("key", "bureau.key")

    code, _, err = run(
        "migrate", key_file="bureau.key", database_url="sqlite://elsewhere/bureau.db"
    )

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_database_server_that_is_away_is_one_line(run: Run) -> None:
    run("key", "bureau.key")

    code, _, err = run(
        "migrate", key_file="bureau.key", database_url="postgresql+asyncpg://x@127.0.0.1:1/x"
    )

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_file_of_settings_that_is_no_text_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")

    code, _, err = run("migrate")

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_database_in_a_folder_that_is_not_there_is_one_line(run: Run) -> None:
    run("key", "bureau.key")

    code, _, err = run("migrate", key_file="bureau.key", database_url="sqlite:///no/such/bureau.db")

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_damaged_key_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bureau.key").write_text("{}", encoding="utf-8")
    (tmp_path / "bureau.key").chmod(0o400)

    code, _, err = run("migrate", key_file="bureau.key")

    assert (code, is_one_line(err)) == (WRONG, True)


def test_a_check_that_finds_nothing_says_so(run: Run) -> None:
    code, out, err = run("check")

    assert (code, out, err) == (OK, "Everything is as it should be.\n", "")


def test_a_check_names_what_it_finds_and_ends_with_one(run: Run) -> None:
    code, out, err = run("check", log="loud")

    assert (code, err) == (FAILED, "")
    assert out.splitlines()[0].startswith("BUREAU_LOG: ")
    assert out.splitlines()[-1] == "1 problem"


def test_a_check_asks_telegram_too_and_finds_nothing(run: Run) -> None:
    with local_telegram() as settings:
        code, out, err = run("check", **settings)

    assert (code, out, err) == (OK, "Everything is as it should be.\n", "")


def test_a_check_names_what_telegram_should_be_told(run: Run) -> None:
    with local_telegram() as settings:
        wanted = {"webhook_url": "https://bureau.example/updates", "webhook_secret": "x" * 32}
        code, out, _ = run("check", **{**settings, **wanted, "staff_chat": "-5"})

    assert code == FAILED
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "BUREAU_WEBHOOK_URL",
        "BUREAU_STAFF_CHAT",
        "2 problems",
    ]


def program(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program itself, as a process of its own."""
    given = {f"BUREAU_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(  # noqa: S603  # our own program, no shell
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given},
    )


def test_as_a_program_too_what_cannot_be_done_is_one_line(tmp_path: Path) -> None:
    write_key_file(tmp_path / "bureau.key")
    settings = {"staff_chat": "-1", "key_file": "bureau.key", "token": "zq7-no-token-of-botfather"}

    with taken_port() as port, ThreadPoolExecutor(2) as together:
        asked: dict[str, dict[str, str]] = {
            f"demo --port {port}": {},
            "run": settings,
            "sandbox --port 99999": {},
        }
        ended = list(
            together.map(
                lambda one: program(*one[0].split(), folder=tmp_path, **one[1]), asked.items()
            )
        )

    unclear = [
        (command, one.returncode, one.stdout, one.stderr[-300:])
        for command, one in zip(asked, ended, strict=True)
        if (one.returncode, one.stdout, is_one_line(one.stderr)) != (WRONG, "", True)
    ]
    assert unclear == []
