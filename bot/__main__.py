"""The commands. Bad input gets one clear line and exit code 2, never a traceback."""

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError, read
from storage.alone import DatabaseRefusedError, alone
from storage.shelf import ContentError
from storage.vault import KeyFileError, write_key_file

if TYPE_CHECKING:
    from bot.app import App
    from bot.asking import Answers

OK, FAILED, WRONG = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: something is not as it should be; 2: it could not be tried."""
    # python-telegram-bot gives times after a 429 as numbers or as durations; durations it shall be.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return WRONG
    try:
        done: int = options.run(options)
    except (
        SettingsError, KeyFileError, DatabaseRefusedError, ContentError,
        OSError, OverflowError, UnicodeDecodeError,
    ) as wrong:  # fmt: skip
        print(f"bureau-bot: {wrong}", file=sys.stderr)
        return WRONG
    except SQLAlchemyError as wrong:
        print(f"bureau-bot: BUREAU_DATABASE_URL: {type(wrong).__name__}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return OK
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bureau-bot", description="The Telegram bot of Sofia's bureau for foreign citizens."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], told: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        return made

    demo = command("demo", _demo, "Talk to the bot in a web page: no token, invented people.")
    demo.add_argument("--port", type=int, default=8080, help="of the page (default: 8080)")
    command("run", _run, "The bot against Telegram. Settings: see README.md.")
    sandbox = command("sandbox", _sandbox, "Only the local Telegram and its page, for any bot.")
    sandbox.add_argument("--port", type=int, default=8081, help="of the page (default: 8081)")
    sandbox.add_argument("--token", type=_token, default="1:sandbox", help="default: 1:sandbox")
    sandbox.add_argument("--username", default="sofia_bureau_bot", help="of the bot")
    command("check", _check, "Look for everything that can be wrong, with file and line.")
    command("migrate", _migrate, "Bring the database up to date.")
    key = command("key", _key, "Make a key file. Once; keep a copy in a safe place.")
    key.add_argument("file", type=Path)
    ask = command("ask", _ask, "Search from the terminal, as a visitor would in the chat.")
    ask.add_argument("--language", metavar="CODE", help="the language the visitor has chosen")
    ask.add_argument("--json", action="store_true", help="say it as a script would read it")
    ask.add_argument("--batch", action="store_true", help=_BATCH)
    ask.add_argument("question", nargs="?")
    load = command("load", _later, "Load programme, articles, times, workers (not yet).")
    load.add_argument("files", nargs="*", type=Path)
    report = command("report", _later, "The public report of a month (not yet).")
    for option in ("--month", "--language", "--output"):
        report.add_argument(option)
    for name, told in (("backup", "Keep a copy of all data"), ("restore", "Put a copy back")):
        command(name, _later, f"{told} (not yet).").add_argument("file", nargs="?", type=Path)
    return parser


_BATCH = 'read lines like {"id": 1, "question": "…", "ui": "ar"}, write a line of JSON for each'


def _token(word: str) -> str:
    if not re.fullmatch(r"[0-9]{1,15}:[A-Za-z0-9_-]+", word):
        raise argparse.ArgumentTypeError(f"{word} is no token: it looks like 1:sandbox")
    return word


def _later(options: argparse.Namespace) -> int:
    print(f"bureau-bot {options.command}: not yet.", file=sys.stderr)
    return WRONG


def _ask(options: argparse.Namespace) -> int:
    from bot import asking  # noqa: PLC0415  # numpy takes its time; --help need not wait

    if options.batch == (options.question is not None):
        print("bureau-bot: ask takes a question, or --batch and lines to read.", file=sys.stderr)
        return WRONG
    languages = asking.languages()
    if options.language not in {None, *languages}:
        ours = ", ".join(languages)
        print(f"bureau-bot: --language is none of our languages: {ours}.", file=sys.stderr)
        return WRONG
    answers = asking.ready()
    if options.batch:
        return _batch(answers)
    found = answers.find(options.question, options.language)
    shown = json.dumps(asking.in_json(found)) if options.json else asking.in_words(found, answers)
    print(shown)
    return OK


def _batch(answers: "Answers") -> int:
    from bot import asking  # noqa: PLC0415  # as above

    code = OK
    for number, answer in asking.batch(answers, sys.stdin.buffer):
        if isinstance(answer, asking.QuestionError):
            print(f"bureau-bot: line {number}: {answer}", file=sys.stderr)
            code = FAILED
        else:
            print(answer)
    return code


def _key(options: argparse.Namespace) -> int:
    write_key_file(options.file)
    print(f"{options.file}: new key file. Without it nobody can read names and chats: copy it.")
    return OK


def _demo(options: argparse.Namespace) -> int:
    from bot import logs  # noqa: PLC0415  # the libraries take two seconds; --help need not wait
    from bot.demo import demo  # noqa: PLC0415  # the same

    logs.set_up("text")

    async def serve() -> int:
        async with demo(port=options.port) as running:
            print(f"\n  The demo is open: {running.address}/\n  Stop it with Ctrl+C.\n", flush=True)
            await _until_stopped(running.app.stop, running.app.intake.stopped)
        return OK

    return asyncio.run(serve())


def _run(_: argparse.Namespace) -> int:
    settings = read()
    if settings.webhook_url is not None:
        settings.secret  # noqa: B018  # asked now: without it the start is refused
    if settings.staff_chat is None:
        raise SettingsError("BUREAU_STAFF_CHAT is missing: the id of the staff group.")
    from bot import app, logs, preparing  # noqa: PLC0415  # the libraries take two seconds
    from bot.intake import TokenRefusedError  # noqa: PLC0415  # the same

    logs.set_up(settings.log)

    async def serve() -> int:
        async with app.opened(settings, preparing.keys(settings)) as running:
            _stop_on_signals(running)
            async with running.door.open(settings.listen):
                await running.run()
        return OK

    try:
        return asyncio.run(serve())
    except TokenRefusedError as refused:
        print(f"bureau-bot: {refused}", file=sys.stderr)
        return WRONG


def _stop_on_signals(running: "App") -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, running.stop)


async def _until_stopped(stop: Callable[[], None], stopped: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await stopped()


def _sandbox(options: argparse.Namespace) -> int:
    from bot.sandbox import server  # noqa: PLC0415  # the libraries take a second

    server.run(options.port, options.token, options.username)
    return OK


def _check(_: argparse.Namespace) -> int:
    from bot.checking import problems  # noqa: PLC0415  # the libraries take two seconds

    found = asyncio.run(problems())
    for one in found:
        print(one)
    counted = f"{len(found)} problem" + ("" if len(found) == 1 else "s")
    print(counted if found else "Everything is as it should be.")
    return FAILED if found else OK


def _migrate(_: argparse.Namespace) -> int:
    settings = read()
    from bot import preparing  # noqa: PLC0415  # the libraries take two seconds
    from storage import schema  # noqa: PLC0415  # the same
    from storage.engine import Storage  # noqa: PLC0415  # the same

    async def move() -> int:
        storage = Storage(settings.database_url, preparing.keys(settings))
        try:
            await schema.migrate(storage)
        finally:
            await storage.close()
        return OK

    with alone(settings.database_url):
        return asyncio.run(move())


if __name__ == "__main__":
    sys.exit(main())
