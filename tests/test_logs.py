"""No token, no name, no word anybody wrote ever stands in a log, whatever goes wrong."""

import asyncio
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.address import Page
from bot.desk import Desk
from bot.screen import Screen, command, delivers, page
from dialogs.first import Grown
from dialogs.legal import Book, Days, Hold, Times
from dialogs.staff.cards import TakeCase
from tests.core import Town, town
from tests.world import PEOPLE, TOKEN, Ground, person

REAL_TOKEN = "1234567890:AAHzq7-secret_of-botfather-000123"
NAME, WORDS, ANSWER = "Zq7name", "zq7-words-000123", "zq7-answer-000124"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """The bot sets up logging for its whole process; a test gives it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs._CHATTY, "bot", "storage")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_token_is_blotted_out_wherever_it_stands(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("json" if style == "json" else "text")
    logger = logging.getLogger("bot.anything")

    logger.warning("POST https://api.telegram.org/bot%s/sendMessage", REAL_TOKEN)
    logger.error("Bot[%r]", REAL_TOKEN)
    logger.info("no secret: appointment 17 booked at 12:30")
    try:
        int(REAL_TOKEN)
    except ValueError:
        logger.exception("it broke")

    said = capsys.readouterr().err
    assert [one for one in (REAL_TOKEN, "AAHzq7", "Traceback") if one in said] == []
    assert said.count("***") == 2
    assert "appointment 17 booked at 12:30" in said
    assert len(said.splitlines()) == 4


def test_a_warning_of_a_library_is_treated_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"do not use {REAL_TOKEN}", stacklevel=1)

    said = capsys.readouterr().err
    assert (REAL_TOKEN in said, "***" in said) == (False, True)


def test_what_an_exception_says_inside_a_message_is_blotted_out_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("text")

    logging.getLogger("x").error("failed: %s", ValueError(f"/file/bot{REAL_TOKEN}/photo.jpg"))

    assert "secret" not in capsys.readouterr().err


def test_words_with_line_breaks_cannot_invent_a_line_in_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("json")

    logging.getLogger("x").warning("first\n%s", '{"level": "ERROR", "what": "invented"}')

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["level"] == "WARNING"


def test_words_with_line_breaks_cannot_invent_a_line_in_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("text")

    logging.getLogger("x").warning("first\n%s", "2026-11-30 09:00:00,000 ERROR bot: invented")

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_damaged_log_line_does_not_show_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """The standard library would print the line and its arguments, name and all."""
    logs.set_up("text")

    line = "one %s is missing: %s"
    logging.getLogger("x").warning(line, WORDS)

    assert WORDS not in capsys.readouterr().err


def test_libraries_that_show_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text")

    for name in ("httpx", "aiogram.event", "telegram.ext", "sqlalchemy.engine", "aiohttp.access"):
        logging.getLogger(name).info("POST %s", WORDS)

    assert capsys.readouterr().err == ""


# The whole bot, with everything going wrong


class Poisoned(Page, prefix="zq1"): ...


@page(Poisoned)
async def poisoned(desk: Desk) -> Screen:
    raise RuntimeError(f"{WORDS} {desk.person}")


@command("sql")
async def broken_sql(desk: Desk, rest: str) -> None:
    await desk.session.execute(text("INSERT INTO visitors (key) VALUES (:words)"), {"words": rest})


@delivers("zq_broken")
async def broken_words(desk: Desk) -> Screen:
    raise SQLAlchemyError(f"{WORDS} {desk.language}")


FAULTS = (
    "400:Bad Request: can't parse entities", "403", "429", "429-bare", "500", "502-html",
    "not-json", "ok-false", "reset-before", "reset-after", "half-body",
)  # fmt: skip


async def _things_happen(here: Town) -> None:
    """A name, words to a person, an answer, in the middle of trouble."""
    await here.press_all("Olena", Days, Times, Hold, Grown)
    await here.write("Olena", NAME)
    await here.press("Olena", Book)
    await here.write("Olena", "/person")
    await here.write("Olena", WORDS)
    await here.write("Maria", "/start")
    await here.press("Maria", TakeCase)
    message = next(one for one in here.messages(person("Maria")) if WORDS in (one.text or ""))
    here.world.sandbox.town.type(person("Maria"), ANSWER, reply_to=message.message_id)
    await here.settle()


async def _everything_goes_wrong(here: Town) -> None:
    phone = here.world.sandbox.town
    await here.write("Olena", f"/sql {WORDS}")
    await here.forge("Olena", "zq1")
    await here.post("Olena", "broken", "zq_broken")
    phone.inject({"message": {"text": WORDS, "from": {"id": person("Olena"), "first_name": NAME}}})
    phone.inject({f"kind_{WORDS[:3]}": {"text": WORDS}})
    for kind in FAULTS:
        for method in ("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates"):
            here.fault(method, kind, retry_after=1)
        phone.type(person("Olena"), WORDS)
        phone.press_forged(person("Olena"), here.last("Olena").message_id, "t")
        await asyncio.sleep(0.05)
    phone.faults.clear()


async def test_whatever_goes_wrong_no_secret_no_name_and_no_word_is_logged(
    ground: Ground,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    logs.set_up("text")
    logging.getLogger("bot").setLevel(logging.DEBUG)
    logging.getLogger("storage").setLevel(logging.DEBUG)

    async with town(ground, tmp_path) as here:
        here.serve_also(poisoned, broken_sql, broken_words)
        await here.welcome("Olena")
        await _things_happen(here)
        await _everything_goes_wrong(here)

    said = capsys.readouterr().err
    secrets = [TOKEN, "sandbox/", NAME, WORDS, "zq7", ANSWER, *PEOPLE]
    numbers = [str(number) for number, _ in PEOPLE.values()]
    assert len(said.splitlines()) > 10
    assert [one for one in (*secrets, *numbers) if one in said] == []
