"""The house stands as drawn: imports go down, nothing happens at import, pieces stay small."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

from importlinter.api import read_configuration

ROOT = Path(__file__).parents[1]
HOUSE = [
    path
    for folder in ("bot", "dialogs", "storage")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in path.parts
]
LONGER_THAN_300 = {
    "storage/tables.py": "all tables are one picture, read together",
}
"""Files that may have more than 300 lines, and why."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, int, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with its place and its length in lines, decorators left out."""
    for path in HOUSE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{name(path)}:{node.lineno} {node.name}", length, node


# Imports


def test_the_contracts_are_kept() -> None:
    # As a process of its own: the tool silences every logger there is.
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(  # noqa: S603  # a fixed program, no shell
        [tool, "--no-cache"], check=False, capture_output=True, text=True, timeout=60, cwd=ROOT
    )

    assert done.returncode == 0, done.stdout


def test_the_contracts_speak_of_every_module() -> None:
    """A module in no layer would be free to import whatever it likes."""
    contracts = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    [layers] = [one["layers"] for one in contracts if one["type"] == "layers"]
    drawn = {part.strip() for layer in layers for part in re.split(r"[|:]", layer)}
    there = {f"bot.{path.stem}" for path in (ROOT / "bot").glob("*.py")} - {"bot.__init__"}
    there |= {f"bot.{path.parent.name}" for path in (ROOT / "bot").glob("*/__init__.py")}

    assert there - {"bot.sandbox"} - drawn == set()
    assert drawn - there == {"dialogs", "storage"}


def test_importing_everything_starts_nothing(tmp_path: Path) -> None:
    """No thread, no connection, no file, no log handler, no setting read: only definitions."""
    modules = [
        name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in HOUSE
        if path.name not in {"__main__.py", "env.py"} and "schema" not in path.parts
    ]
    done = subprocess.run(  # noqa: S603  # our own interpreter, no shell
        [sys.executable, "-c", WATCHED.format(modules=modules)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "BUREAU_NONSENSE": "1"},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "quiet\n", "")
    assert list(tmp_path.iterdir()) == []


WATCHED = """
import importlib, logging, sys, threading

happened = []

def watch(event, arguments):
    if event.startswith(("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen")):
        happened.append(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if isinstance(arguments[0], str) and ".pyc" not in arguments[0]:
            happened.append(f"wrote {{arguments[0]}}")

sys.addaudithook(watch)
for one in {modules}:
    importlib.import_module(one)
happened += [one.name for one in threading.enumerate()[1:]]
happened += [str(one) for one in logging.getLogger().handlers]
print("\\n".join(happened) or "quiet")
"""


def test_no_function_gives_a_name_of_its_module_another_value() -> None:
    rebound = [
        f"{name(path)}:{node.lineno}"
        for path in HOUSE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Global)
    ]

    assert rebound == []


# Time and words


def calls(attribute: str, of: set[str]) -> list[str]:
    """Where something like ``datetime.now`` is called, by file."""
    return [
        name(path)
        for path in HOUSE
        if "sandbox" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in of
    ]


def test_the_office_the_dialogs_and_the_storage_are_told_what_time_it_is() -> None:
    asked = {
        *calls("now", {"datetime"}),
        *calls("today", {"date", "datetime"}),
        *calls("time", {"time"}),
    }

    inside = {one for one in asked if one.startswith(("bot/office", "dialogs", "storage"))}
    assert inside == set()


def test_nobody_but_the_storage_commits() -> None:
    said = re.compile(r"\.(commit|rollback)\(")
    committing = {name(path) for path in HOUSE if said.search(path.read_text(encoding="utf-8"))}

    assert {one for one in committing if not one.startswith("bot/sandbox")} == {"storage/engine.py"}


def test_every_exception_to_a_rule_has_its_reason() -> None:
    marks = re.compile(
        r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])(?P<reason>.*)$", re.MULTILINE
    )
    bare = re.compile(r"#\s*noqa\s*(?!:)$|#\s*type:\s*ignore(?!\[)", re.MULTILINE)
    files = [*HOUSE, *sorted((ROOT / "tests").rglob("*.py"))]
    texts = {name(path): path.read_text(encoding="utf-8") for path in files}

    assert [path for path, text in texts.items() if bare.search(text)] == []
    assert [
        (path, found[0])
        for path, text in texts.items()
        for found in marks.finditer(text)
        if len(found["reason"].strip(" -#")) < 4
    ] == []


# The house numbers


def test_functions_are_short() -> None:
    lengths = [length for _, length, _ in functions()]

    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 22


def test_no_function_is_longer_than_45_lines() -> None:
    assert [place for place, length, _ in functions() if length > 45] == []


def test_functions_take_few_things() -> None:
    """The session, at most four things, and what is said by keyword."""
    assert [
        place
        for place, _, node in functions()
        if len([one for one in node.args.args if one.arg not in {"self", "cls", "session"}]) > 6
    ] == []


def test_files_are_short_unless_they_say_why() -> None:
    longer = {
        name(path)
        for path in HOUSE
        if len(path.read_text(encoding="utf-8").splitlines()) > 300 and "sandbox" not in path.parts
    }

    assert longer - set(LONGER_THAN_300) == set()
    assert set(LONGER_THAN_300) - longer == set()


def test_every_module_opens_with_one_sentence() -> None:
    opened = {
        name(path): (ast.get_docstring(tree(path)) or "").splitlines()[:1]
        for path in HOUSE
        if path.read_text(encoding="utf-8").strip()
    }

    assert [one for one, first in opened.items() if not first or first[0][-1] not in ".:"] == []


def test_nobody_leaves_work_for_later_in_a_comment() -> None:
    later = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")

    assert [name(path) for path in HOUSE if later.search(path.read_text(encoding="utf-8"))] == []
