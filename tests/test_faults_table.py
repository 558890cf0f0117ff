"""The table of faults in README.md names tests that exist, for every fault there is."""

import ast
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
README = (HERE / "README.md").read_text(encoding="utf-8")
FAULTS = {*range(1, 39), *range(40, 46), 57, 58, *range(59, 64), *range(65, 69), 87}
"""The numbers of our catalogue of faults; 39 and 46 to 49 are of broadcasts, which come later."""


def rows() -> list[tuple[int, list[str]]]:
    """Each line of the table: the number of a fault, and the tests that show what becomes of it."""
    found = re.findall(r"(?m)^\| (\d+) \|[^|]*\|[^|]*\|([^|]*)\|$", README)
    return [(int(number), re.findall(r"`([^`]+)`", tests)) for number, tests in found]


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, kinds))


def test_every_fault_stands_in_the_table_with_a_test() -> None:
    assert {number for number, tests in rows() if tests} == FAULTS


def test_every_test_named_in_the_table_exists() -> None:
    named = [one for _, tests in rows() for one in tests]
    parts = [one.partition("::") for one in named]
    missing = [
        f"{path}::{test}"
        for path, _, test in parts
        if not (HERE / path).is_file() or test not in names_in(HERE / path)
    ]

    assert missing == []
