"""README.md shows the commands and settings there are, all of them and no others."""

import re
from argparse import ArgumentParser
from pathlib import Path

from bot.__main__ import _parser
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def commands() -> dict[str, ArgumentParser]:
    choices: dict[str, ArgumentParser] = _parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr,assignment]  # argparse has no other way to list them
    return choices


def shown(text: str) -> list[str]:
    """What is shown as code, in a line or in a block."""
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?m)^(?:    |\t)?(make \w+)$", text)


def rows(first_word: str, text: str = README) -> list[str]:
    """The first cells of the table whose heading begins with this word."""
    table = re.search(rf"(?m)^\| {first_word} .*\n\|[-| ]+\n((?:\|.*\n)+)", text)
    assert table is not None
    return [line.split("|")[1] for line in table[1].splitlines()]


def test_every_setting_there_is_is_listed_and_no_other() -> None:
    listed = {name for cell in rows("setting") for name in shown(cell)}

    assert listed == {PREFIX + name.upper() for name in Settings.model_fields}


def test_no_setting_is_named_anywhere_that_does_not_exist() -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", README))

    assert named - {PREFIX + name.upper() for name in Settings.model_fields} == set()


def test_every_command_there_is_is_listed_and_no_other() -> None:
    codes = [code for cell in rows("command") for code in shown(cell)]
    listed = {code.removeprefix("bureau-bot ").split()[0] for code in codes}

    assert listed == set(commands())


def test_every_command_it_shows_is_understood() -> None:
    asked = [one for one in shown(README) if "bureau-bot " in one]
    lines = [one.partition("bureau-bot ")[2].split("#")[0] for one in asked]
    words = [re.sub(r"\[|\]", "", line).split() for line in lines]

    assert asked != []
    assert [one[0] for one in words if one[0] not in commands()] == []
    for name, *options in words:
        known = commands()[name].format_help()
        assert [one for one in options if one.startswith("--") and one not in known] == []


def test_every_target_it_shows_is_in_the_makefile() -> None:
    targets = set(re.findall(r"\bmake ([a-z.][\w./]+)`?", " ".join(shown(README))))
    there = set(re.findall(r"(?m)^([\w$()./]+):", MAKEFILE.replace("$(VENV)", ".venv")))

    assert {"demo", "test"} <= targets
    assert targets - there == set()


def test_the_files_it_links_to_are_there() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)\)", README)

    assert [one for one in links if not (ROOT / one).exists()] == []


def test_defaults_it_names_are_the_defaults() -> None:
    for cell in re.findall(r"(?m)^\| `(BUREAU_\w+)` \|(.*)\|$", README):
        name, means = cell
        for default in re.findall(r"`([^`]+)` \(default\)", means):
            assert default == Settings.model_fields[name.removeprefix(PREFIX).lower()].default
